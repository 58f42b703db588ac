# SPDX-License-Identifier: Apache-2.0
"""Tells what a picture shows by its pixels alone: background, objects, their colours and places."""

import functools
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from scenes import COLOURS, SHAPES, Scene, coverage, distance_field

_NAMES = list(COLOURS)
_VALUES = np.array(list(COLOURS.values()), np.float32)
_GRID = 48

FOREGROUND = 45
"""Distance in colour from the background from which a pixel belongs to an object."""
OBJECT, SPECK = 0.015, 0.003
"""Share of the picture an object has at least, and that a stray spot may have at most."""
LIKENESS = 0.75
"""Overlap over union with the drawn shape that counts as that shape."""


@dataclass(frozen=True)
class Seen:
    colour: str
    shape: str
    x: float
    y: float
    likeness: float


def _nearest(pixels):
    """The number of the nearest named colour of each pixel."""
    return ((pixels[..., None, :] - _VALUES) ** 2).sum(-1).argmin(-1)


def _majority(numbers, share):
    """The name most numbers stand for, or None if fewer than that share do."""
    counts = np.bincount(numbers.ravel(), minlength=len(_NAMES))
    return _NAMES[counts.argmax()] if counts.max() >= share * max(1, numbers.size) else None


def _normal(mask, scale=1.0):
    """The mask resampled to a fixed grid: its centre in the middle, and its area brought to one size."""
    ys, xs = np.nonzero(mask)
    side = np.sqrt(len(ys)) * 2.2 * scale
    axis = ((np.arange(_GRID) + 0.5) / _GRID - 0.5) * side
    rows, columns = (np.round(along.mean() + axis).astype(int) for along in (ys, xs))
    inside = (rows >= 0) & (rows < mask.shape[0])
    across = (columns >= 0) & (columns < mask.shape[1])
    picked = mask[np.ix_(rows.clip(0, mask.shape[0] - 1), columns.clip(0, mask.shape[1] - 1))]
    return picked & inside[:, None] & across[None, :]


@functools.cache
def _templates():
    return {shape: [_normal(coverage(distance_field(shape, (0.5, 0.5, 0.4), 256)) > 0.5, scale)
                    for scale in (0.95, 1.0, 1.05)] for shape in SHAPES}


def _shape(mask):
    mine = _normal(mask)
    scores = {shape: max((mine & t).sum() / (mine | t).sum() for t in scales)
              for shape, scales in _templates().items()}
    best = max(scores, key=scores.get)
    return best, float(scores[best])


def look(picture: np.ndarray) -> tuple:
    """(background, objects) of an H×W×3 byte picture; background None or a spot among the objects if unclear."""
    pixels = picture.astype(np.float32)
    side = picture.shape[0]
    frame = np.ones(picture.shape[:2], bool)
    edge = max(2, side // 40)
    frame[edge:-edge, edge:-edge] = False
    background = _majority(_nearest(pixels[frame]), 0.9)
    away = np.sqrt(((pixels - np.median(pixels[frame], axis=0)) ** 2).sum(-1)) > FOREGROUND
    labels, count = ndimage.label(away, np.ones((3, 3)))
    objects = []
    for n in range(1, count + 1):
        mask = labels == n
        share = mask.mean()
        if share < SPECK:
            continue
        if share < OBJECT:
            objects.append(Seen("none", "spot", 0, 0, 0))
            continue
        core = ndimage.binary_erosion(mask, iterations=max(1, side // 64))
        colour = _majority(_nearest(pixels[core]), 0.75) if core.any() else None
        shape, likeness = _shape(mask)
        y, x = map(float, ndimage.center_of_mass(mask))
        named = shape if likeness >= LIKENESS else "blob"
        objects.append(Seen(colour or "none", named, round(x / side, 2), round(y / side, 2), round(likeness, 2)))
    return background, objects


def right(picture: np.ndarray, scene: Scene) -> dict:
    """What of the scene the picture has right; "all" is everything together."""
    background, objects = look(picture)
    placed = scene.placed()
    if scene.layout == "one":
        relation = True
    elif len(objects) == 2:
        dx, dy = objects[0].x - objects[1].x, objects[0].y - objects[1].y
        row = abs(dx) > abs(dy)
        objects.sort(key=lambda o: o.x if row else o.y)
        relation = row == (scene.layout == "row")
    else:
        relation = False
    found = {
        "background": background == scene.backdrop,
        "count": len(objects) == len(placed),
        "colours": [o.colour for o in objects] == [c for _, c, _ in placed],
        "shapes": [o.shape for o in objects] == [s for _, _, s in placed],
        "relation": relation,
    }
    return {**found, "all": all(found.values())}
