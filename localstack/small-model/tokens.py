# SPDX-License-Identifier: Apache-2.0
"""CLIP's byte-pair tokenizer, as far as plain English needs it.

The merges are those of CLIP, read from the open_clip_torch package (MIT), which must be installed.
"""

import functools
import gzip
import importlib.util
import re
from pathlib import Path

START, END, LENGTH = 49406, 49407, 77


def _byte_letters():
    """The printable letter that stands for each byte, in the order of the vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {b: chr(b) for b in plain} | {b: chr(256 + n) for n, b in enumerate(others)}


@functools.cache
def _tables():
    package = importlib.util.find_spec("open_clip").submodule_search_locations[0]
    lines = gzip.open(Path(package) / "bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8").read()
    merges = [tuple(line.split()) for line in lines.split("\n")[1:49152 - 256 - 2 + 1]]
    letters = list(_byte_letters().values())
    words = letters + [c + "</w>" for c in letters] + ["".join(pair) for pair in merges]
    return {pair: rank for rank, pair in enumerate(merges)}, {w: n for n, w in enumerate(words)}


@functools.cache
def _word(word: str) -> tuple:
    ranks, vocabulary = _tables()
    letters = _byte_letters()
    parts = [letters[b] for b in word.encode()]
    parts[-1] += "</w>"
    while len(parts) > 1:
        pairs = list(zip(parts, parts[1:]))
        best = min(pairs, key=lambda pair: ranks.get(pair, 1 << 30))
        if best not in ranks:
            break
        merged, n = [], 0
        while n < len(parts):
            if tuple(parts[n:n + 2]) == best:
                merged.append(parts[n] + parts[n + 1])
                n += 2
            else:
                merged.append(parts[n])
                n += 1
        parts = merged
    return tuple(vocabulary[part] for part in parts)


def encode(text: str) -> list:
    """The 77 token numbers of a prompt: start, words, end, padded with ends."""
    words = re.findall(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+|_+", text.lower())
    found = [token for word in words for token in _word(word)][:LENGTH - 2]
    return [START, *found] + [END] * (LENGTH - 1 - len(found))
