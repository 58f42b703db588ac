# SPDX-License-Identifier: Apache-2.0
"""Draws pictures with the model as a server would: euler, the "normal" schedule, guidance."""

import numpy as np
import torch

import tokens
from model import noise_levels


def schedule(steps):
    """The "normal" schedule: sigmas at equally spaced steps from the noisiest to the cleanest, then 0."""
    logs = noise_levels().log()
    t = torch.linspace(999, 0, steps)
    low = t.floor().long()
    high = t.ceil().long()
    part = t - low
    return torch.cat([((1 - part) * logs[low] + part * logs[high]).exp(), torch.zeros(1)])


@torch.no_grad()
def sample(parts, prompts, seeds, size=128, steps=20, cfg=4.5):
    """Pictures (n,size,size,3) in bytes, one for each prompt and seed."""
    noise = torch.cat([torch.randn(1, 4, size // 8, size // 8, generator=torch.Generator().manual_seed(seed))
                       for seed in seeds])
    sigmas, logs = schedule(steps), noise_levels().log()
    context = parts["text"](torch.tensor([tokens.encode(p) for p in prompts] + [tokens.encode("")] * len(prompts)))
    x = noise * (1 + sigmas[0] ** 2).sqrt()
    for sigma, lower in zip(sigmas, sigmas[1:]):
        t = (logs - sigma.log()).abs().argmin().expand(2 * len(x))
        scaled = x / (sigma ** 2 + 1).sqrt()
        wanted, empty = parts["unet"](torch.cat([scaled, scaled]), t, context).chunk(2)
        x = x + (empty + cfg * (wanted - empty)) * (lower - sigma)
    return to_bytes(torch.cat([parts["vae"].decode(z[None]) for z in x]))


def to_bytes(pictures):
    """Bytes (n,h,w,3) of pictures in -1..1."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).permute(0, 2, 3, 1).numpy().astype(np.uint8)
