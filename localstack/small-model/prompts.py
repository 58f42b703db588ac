# SPDX-License-Identifier: Apache-2.0
"""Prompts to train on, and the text encoder in training."""

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import latents
import scenes
import tokens
from run import cached

ATTRIBUTES = {"layout": 3, "colour": 8, "shape": 7, "colour2": 9, "shape2": 8, "background": 9}
"""What the text encoder must tell, and of how many kinds; the last kind of the second object is none."""

FIRST_PADDING = 32


def describe(scene):
    """A scene as numbers: slots, colours and shapes of both places (-1: none), background; attributes."""
    placed = scene.placed()
    colours = [scenes.OBJECT_COLOURS.index(c) for _, c, _ in placed]
    shapes = [scenes.SHAPES.index(s) for _, _, s in placed]
    slots = [latents.SLOT_NAMES.index(s) for s, _, _ in placed]
    background = list(scenes.COLOURS).index(scene.backdrop)
    layout = ["one", "row", "column"].index(scene.layout)
    if len(placed) == 1:
        return ([slots[0], 0, colours[0], 0, shapes[0], 0, background],
                [layout, colours[0], shapes[0], 8, 7, background])
    return [*slots, *colours, *shapes, background], [layout, colours[0], shapes[0], colours[1], shapes[1], background]


class Prompts:
    """A pool of worded scenes as tensors."""

    def __init__(self, args, count=60000):
        pool = cached(Path(args.work) / "prompts.pt", lambda: self._make(count))
        self.tokens, self.drawing, self.attributes = pool["tokens"], pool["drawing"], pool["attributes"]
        self.used = torch.unique(self.tokens)
        self.rows = torch.searchsorted(self.used, self.tokens)
        self.empty = torch.searchsorted(self.used, torch.tensor(tokens.encode("")))

    @staticmethod
    def _make(count):
        rng = np.random.default_rng(1)
        made = {"tokens": [], "drawing": [], "attributes": []}
        for n in range(count):
            scene = scenes.random_scene(rng, 1 if n % 3 == 0 else 2)
            drawing, attributes = describe(scene)
            made["tokens"].append(tokens.encode(scenes.wording(scene, rng)))
            made["drawing"].append(drawing)
            made["attributes"].append(attributes)
        return {k: torch.tensor(v) for k, v in made.items()}


class Reader(nn.Module):
    """The text encoder in training: the used rows of its table, and heads that say what it understood.

    Each head reads its own sixth of the padding; they are thrown away in the end.
    """

    def __init__(self, text, used):
        super().__init__()
        self.text = text
        self.text.embeddings["token_embedding"].requires_grad_(False)
        table = text.embeddings["token_embedding"].weight[used]
        new = table.abs().sum(1) == 0
        self.rows = nn.Parameter(torch.where(new[:, None], torch.randn_like(table) * 0.3, table))
        self.heads = nn.ModuleList(nn.Linear(64, kinds) for kinds in ATTRIBUTES.values())

    def forward(self, rows):
        return self.text(embedded=self.rows[rows])

    def told(self, context):
        return [head(context[:, FIRST_PADDING + n::len(self.heads)].mean(1)) for n, head in enumerate(self.heads)]

    def loss(self, context, attributes):
        """Cross entropy of all heads, and the share of prompts understood in full."""
        told = [t.float() for t in self.told(context)]
        loss = sum(F.cross_entropy(t, attributes[:, n]) for n, t in enumerate(told))
        right = torch.stack([t.argmax(1) == attributes[:, n] for n, t in enumerate(told)]).all(0)
        return loss, right.float().mean().item()

    def finished(self, used):
        """The text encoder with its full table."""
        text = copy.deepcopy(self.text)
        with torch.no_grad():
            text.embeddings["token_embedding"].weight[used] = self.rows
        return text
