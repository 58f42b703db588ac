#!/usr/bin/env python3
"""How long a step of sampling takes: the default workflow through whole servers, in turns.

    python localstack/bench/steps.py --base-url http://127.0.0.1:8188 [--base-url http://127.0.0.1:8189 ...]
                                     --checkpoint NAME [--size 512] [--steps 6] [--rounds 3] [--sampler euler]

Each round posts one job to each server in turn. Printed for each server: the median of the milliseconds between two
`progress` messages of the sampler, which is a step at cfg 7 (both prompts), and of the whole job from POST /prompt to
its last message. The first job of each server, which loads the checkpoint, is not counted. Standard library only.
"""
import argparse
import random
import statistics
import time

from client import Client


def graph(arguments):
    latent = {"width": arguments.size, "height": arguments.size, "batch_size": 1}
    sampling = {
        "model": ["1", 0],
        "positive": ["2", 0],
        "negative": ["3", 0],
        "latent_image": ["4", 0],
        "seed": random.getrandbits(48),
        "steps": arguments.steps,
        "cfg": 7,
        "sampler_name": arguments.sampler,
        "scheduler": "normal",
        "denoise": 1,
    }
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": arguments.checkpoint}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "a red circle on a blue background"}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": ""}},
        "4": {"class_type": "EmptyLatentImage", "inputs": latent},
        "5": {"class_type": "KSampler", "inputs": sampling},
        "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "steps"}},
    }


def measure(client, arguments):
    """Seconds of each step but the first, and of the whole."""
    began = time.perf_counter()
    ticks, last = [], began
    for at, message in client.until_end(client.post(graph(arguments))):
        last = at
        if message["type"] == "progress" and message["data"].get("node") == "5":
            ticks.append((message["data"]["value"], at))
    # a server that holds back ticks skips values: then the time belongs to several steps
    steps = [(t2 - t1) / (v2 - v1) for (v1, t1), (v2, t2) in zip(ticks, ticks[1:]) if v2 > v1]
    return steps, last - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", action="append", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sampler", default="euler")
    arguments = parser.parse_args()
    results = {Client(base): [] for base in arguments.base_url}
    for client in results:
        measure(client, arguments)
    for _ in range(arguments.rounds):
        for client, runs in results.items():
            runs.append(measure(client, arguments))
    for client, runs in results.items():
        steps = [step for run, _ in runs for step in run]
        print(
            f"{arguments.size} px  {client.base}  {statistics.median(steps) * 1e3:.0f} ms a step "
            f"(best {min(steps) * 1e3:.0f}), job {statistics.median(whole for _, whole in runs):.2f} s"
        )


if __name__ == "__main__":
    main()
