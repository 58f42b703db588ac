# SPDX-License-Identifier: Apache-2.0
"""The latent space, fixed beforehand instead of learned, so that all parts train independently.

A latent cell stands for 8×8 pixels. Three of its four channels are the mean colour of the pixels,
the fourth tells how far inside or outside of an object the cell's centre lies. All of it is scaled
to a mean of 0 and a deviation of about 1. The encoder learns to see this, the decoder to draw it.
"""

import numpy as np
import torch
import torch.nn.functional as F

from scenes import COLOURS, SHAPES, SLOTS, coverage, distance_field, place

FACTOR = 8
REACH = 1.5
"""Cells from the rim at which the fourth channel saturates."""

SLOT_NAMES = list(SLOTS)
PALETTE = torch.tensor(list(COLOURS.values()), dtype=torch.float32) / 127.5 - 1
COLOUR_SCALE, INSIDE_MEAN, INSIDE_SCALE = 0.7, -0.65, 0.65


def inside(distance):
    """The fourth channel at each point, -1 (far outside) to 1, of a distance counted in cells."""
    return (-distance / REACH).clip(-1, 1)


def normalised(colour, within):
    """Latents out of mean colours (B,3,h,w) in -1..1 and the unscaled fourth channel (B,1,h,w)."""
    return torch.cat([colour / COLOUR_SCALE, (within - INSIDE_MEAN) / INSIDE_SCALE], dim=1)


def composite(cover, first, second, background):
    """Colours (B,3,h,w) of up to two objects on a background.

    cover is (B,2,h,w); the colours are (B,3); an absent object has a cover of 0.
    """
    def flat(colour):
        return colour[:, :, None, None]
    return (flat(background) + cover[:, :1] * flat(first - background)
            + cover[:, 1:] * flat(second - background))


def stamps(cells: int, each: int, rng) -> torch.Tensor:
    """Objects as latents see them: (slot, shape, each, 2, cells, cells) of cover and fourth channel."""
    fine = 4
    made = np.empty((len(SLOT_NAMES), len(SHAPES), each, 2, cells, cells), np.float16)
    for s, slot in enumerate(SLOT_NAMES):
        for k, shape in enumerate(SHAPES):
            for n in range(each):
                field = distance_field(shape, place(slot, rng), cells * fine)
                blocks = coverage(field).reshape(cells, fine, cells, fine)
                middle = field.reshape(cells, fine, cells, fine)[:, 1:3, :, 1:3].mean((1, 3))
                made[s, k, n, 0] = blocks.mean((1, 3))
                made[s, k, n, 1] = inside(middle * cells)
    return torch.from_numpy(made)


def canvases(size: int, count: int, rng) -> tuple:
    """Uncoloured scenes for the VAE: cover in bytes (count,2,size,size), fourth channel (count,1,h,w)."""
    cells = size // FACTOR
    cover = np.zeros((count, 2, size, size), np.uint8)
    within = np.full((count, 1, cells, cells), -1, np.float32)
    for n in range(count):
        layout = (["centre"], ["left", "right"], ["top", "bottom"])[rng.choice(3, p=[0.3, 0.35, 0.35])]
        for m, slot in enumerate(layout):
            field = distance_field(str(rng.choice(SHAPES)), place(slot, rng), size)
            cover[n, m] = np.round(coverage(field) * 255)
            middle = field.reshape(cells, FACTOR, cells, FACTOR)[:, 3:5, :, 3:5].mean((1, 3))
            within[n, 0] = np.maximum(within[n, 0], inside(middle * cells))
    return torch.from_numpy(cover), torch.from_numpy(within)


def coloured(cover, within, generator, palette_share=0.75):
    """Pictures in -1..1 and their latents, of canvases in random colours."""
    count = len(cover)
    picks = torch.rand(count, len(PALETTE), generator=generator).argsort(1)[:, :3]
    # one picture in six has two objects of one colour
    same = torch.rand(count, generator=generator) < 1 / 6
    picks[:, 1] = torch.where(same, picks[:, 0], picks[:, 1])
    colours = PALETTE[picks]
    odd = torch.rand(count, 1, 1, generator=generator) > palette_share
    colours = torch.where(odd, torch.rand(colours.shape, generator=generator) * 2 - 1, colours)
    pictures = composite(cover.float() / 255, *colours.unbind(1))
    return pictures, normalised(F.avg_pool2d(pictures, FACTOR), within)
