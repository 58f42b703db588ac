# SPDX-License-Identifier: Apache-2.0
"""Judges the model on the 200 held-out prompts, or the judge and the VAE themselves.

    python evaluate.py --base-url http://127.0.0.1:8188     through a running server
    python evaluate.py --torch shapes-sd1.safetensors       directly
    python evaluate.py --round-trip shapes-sd1.safetensors  drawn pictures through the VAE
    python evaluate.py --drawn                              drawn pictures: the classifier alone
"""

import argparse
import collections
import io
import json
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
from PIL import Image

import classify
import scenes


def workflow(prompt, seed, args):
    """Text to image, in the API's format."""
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": args.checkpoint}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": prompt}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": ""}},
        "4": {"class_type": "EmptyLatentImage",
              "inputs": {"width": args.size, "height": args.size, "batch_size": 1}},
        "5": {"class_type": "KSampler", "inputs": {
            "model": ["1", 0], "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0],
            "seed": seed, "steps": args.steps, "cfg": args.cfg, "sampler_name": "euler",
            "scheduler": "normal", "denoise": 1.0}},
        "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "evaluate"}},
    }


def from_server(cases, args):
    """Pictures drawn by a server, one at a time."""
    def get(path):
        with urllib.request.urlopen(args.base_url.rstrip("/") + path) as answer:
            return answer.read()

    for prompt, _, seed in cases:
        body = json.dumps({"prompt": workflow(prompt, seed, args)}).encode()
        request = urllib.request.Request(args.base_url.rstrip("/") + "/prompt", body,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            number = json.load(answer)["prompt_id"]
        end = time.time() + args.timeout
        while not (entry := json.loads(get(f"/history/{number}")).get(number)):
            if time.time() > end:
                raise TimeoutError(f"no picture of {prompt!r} within {args.timeout} s")
            time.sleep(0.1)
        images = [image for output in entry["outputs"].values() for image in output.get("images", [])]
        if not images:
            raise RuntimeError(f"{prompt!r}: {json.dumps(entry.get('status'))}")
        image = {k: images[0][k] for k in ("filename", "subfolder", "type")}
        yield np.array(Image.open(io.BytesIO(get("/view?" + urllib.parse.urlencode(image)))).convert("RGB"))


def from_torch(cases, args):
    """Pictures drawn here."""
    import torch
    import model
    import sample
    torch.set_num_threads(args.threads)
    parts = model.load(args.torch)
    batch = max(1, 20 * 128 * 128 // args.size ** 2)
    for n in range(0, len(cases), batch):
        some = cases[n:n + batch]
        yield from sample.sample(parts, [c[0] for c in some], [c[2] for c in some], args.size, args.steps, args.cfg)


def drawn(cases, args):
    """Pictures drawn by the script, if asked so encoded and decoded."""
    if args.round_trip:
        import torch
        import model
        import sample
        torch.set_num_threads(args.threads)
        vae = model.load(args.round_trip)["vae"]
    for _, scene, seed in cases:
        picture = scenes.draw(scene, args.size, np.random.default_rng(seed))
        if args.round_trip:
            with torch.no_grad():
                x = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
                picture = sample.to_bytes(vae.decode(vae.encode(x)))[0]
        yield picture


def sheet(pictures, columns=20):
    """All pictures on one."""
    pictures = pictures + [np.zeros_like(pictures[0])] * (-len(pictures) % columns)
    rows = [np.concatenate(pictures[n:n + columns], 1) for n in range(0, len(pictures), columns)]
    return Image.fromarray(np.concatenate(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--base-url")
    source.add_argument("--torch", metavar="FILE")
    source.add_argument("--round-trip", metavar="FILE")
    source.add_argument("--drawn", action="store_true")
    parser.add_argument("--checkpoint", default="shapes-sd1.safetensors", help="its name on the server")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--cfg", type=float, default=4.5)
    parser.add_argument("--each", type=int, default=100, help="prompts of one and of two objects")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=120, help="seconds a server may take for a picture")
    parser.add_argument("--sheet", type=Path, help="a PNG with all pictures")
    parser.add_argument("--wrong", action="store_true", help="list what came out wrong")
    args = parser.parse_args()
    cases = scenes.held_out_prompts(args.each)
    source = from_server if args.base_url else from_torch if args.torch else drawn
    tally = collections.defaultdict(list)
    pictures, start = [], time.time()
    for (prompt, scene, _), picture in zip(cases, source(cases, args)):
        pictures.append(picture)
        found = classify.right(picture, scene)
        for key, value in found.items():
            tally["one object" if scene.layout == "one" else "two objects", key].append(value)
        if args.wrong and not found["all"]:
            print(f"{prompt}: not {', '.join(k for k, v in found.items() if not v)}; {classify.look(picture)}", flush=True)
    for objects in ("one object", "two objects"):
        shares = {key: 100 * np.mean(values) for (which, key), values in tally.items() if which == objects}
        print(f"{objects} at {args.size}², n {args.each}: " + ", ".join(f"{k} {v:.0f} %" for k, v in shares.items()))
    print(f"{(time.time() - start) / len(cases):.2f} s a picture")
    if args.sheet:
        sheet(pictures).save(args.sheet)


if __name__ == "__main__":
    main()
