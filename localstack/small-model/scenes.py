# SPDX-License-Identifier: Apache-2.0
"""Scenes of one or two coloured shapes: their grammar, their wording, their drawing.

All geometry is in units of the picture's side, so a scene looks the same at every size.
"""

import hashlib
from dataclasses import dataclass
from typing import Optional

import numpy as np

COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 170, 60),
    "blue": (40, 70, 220),
    "yellow": (245, 220, 50),
    "purple": (150, 50, 190),
    "orange": (245, 135, 25),
    "white": (245, 245, 245),
    "black": (20, 20, 20),
    "grey": (128, 128, 128),
}
"""Every colour of a background; grey is the background of a prompt that names none."""

OBJECT_COLOURS = [name for name in COLOURS if name != "grey"]
SHAPES = ["circle", "square", "triangle", "diamond", "star", "cross", "ring"]
RELATIONS = ["above", "below", "left of", "right of"]


@dataclass(frozen=True)
class Scene:
    """What a prompt asks for; the first object stands in `relation` to the second."""

    colour: str
    shape: str
    relation: Optional[str] = None
    colour2: Optional[str] = None
    shape2: Optional[str] = None
    background: Optional[str] = None

    @property
    def backdrop(self) -> str:
        """The colour of the background, named or not."""
        return self.background or "grey"

    @property
    def layout(self) -> str:
        """How the objects stand: alone, in a row or in a column."""
        if self.relation is None:
            return "one"
        return "row" if self.relation in ("left of", "right of") else "column"

    def placed(self) -> list:
        """(slot, colour, shape) of each object; the left or upper one comes first."""
        if self.relation is None:
            return [("centre", self.colour, self.shape)]
        pair = [(self.colour, self.shape), (self.colour2, self.shape2)]
        if self.relation in ("right of", "below"):
            pair.reverse()
        slots = ("left", "right") if self.layout == "row" else ("top", "bottom")
        return [(slot, *which) for slot, which in zip(slots, pair)]

    def held_out(self) -> bool:
        """Whether training never sees this combination: a tenth of all, chosen by a hash.

        The same picture said the other way round ("a above b", "b below a") is one combination.
        """
        key = "/".join(f"{s} {c} {k}" for s, c, k in self.placed()) + "/" + (self.background or "-")
        return hashlib.sha256(key.encode()).digest()[0] % 10 == 0


def random_scene(rng, objects: int, held_out: bool = False) -> Scene:
    """Draws a scene of that many objects out of the trained or out of the kept-out ones."""
    while True:
        background = None if rng.random() < 0.2 else str(rng.choice(list(COLOURS)))
        free = [c for c in OBJECT_COLOURS if c != (background or "grey")]
        first = (str(rng.choice(free)), str(rng.choice(SHAPES)))
        if objects == 1:
            scene = Scene(*first, background=background)
        else:
            second = (str(rng.choice(free)), str(rng.choice(SHAPES)))
            scene = Scene(*first, str(rng.choice(RELATIONS)), *second, background)
        if scene.held_out() == held_out:
            return scene


# ---------------------------------------------------------------------------------------- wording

_RELATION_WORDS = {
    "above": ["above", "above", "over", "on top of"],
    "below": ["below", "below", "under", "beneath"],
    "left of": ["left of", "to the left of"],
    "right of": ["right of", "to the right of"],
}
_OPENINGS = ["", "", "", "", "a picture of ", "a drawing of ", "an image of "]
_BACKGROUNDS = [
    "{} on a {b} background", "{} on a {b} background", "{} on {b}", "{}, on {b}",
    "{}, on a {b} background", "{}, {b} background", "{} in front of a {b} background",
]


def _noun(rng, colour, shape):
    article = "an" if colour[0] in "aeiou" else "a"
    return str(rng.choice([f"{article} {colour} {shape}"] * 3 + [f"{colour} {shape}"]))


def wording(scene: Scene, rng) -> str:
    """One of many ways to say the scene."""
    text = _noun(rng, scene.colour, scene.shape)
    if scene.relation:
        second = _noun(rng, scene.colour2, scene.shape2)
        word = str(rng.choice(_RELATION_WORDS[scene.relation]))
        if scene.relation == "left of" and rng.random() < 0.25:
            word = "and"
        elif rng.random() < 0.1:
            word = "is " + word
        text = f"{text} {word} {second}"
    text = str(rng.choice(_OPENINGS)) + text
    if scene.background:
        text = str(rng.choice(_BACKGROUNDS)).format(text, b=scene.background)
    return text


def held_out_prompts(each: int = 100) -> list:
    """The fixed test set: (prompt, scene, seed) of `each` scenes of one and of two objects."""
    rng = np.random.default_rng(20250101)
    chosen = []
    for objects in (1, 2):
        for _ in range(each):
            scene = random_scene(rng, objects, held_out=True)
            chosen.append((wording(scene, rng), scene, int(rng.integers(2**31))))
    return chosen


# ---------------------------------------------------------------------------------------- drawing

SLOTS = {"centre": (0.5, 0.5), "left": (0.27, 0.5), "right": (0.73, 0.5),
          "top": (0.5, 0.27), "bottom": (0.5, 0.73)}
_ALONE, _PAIRED = (0.23, 0.32), (0.16, 0.19)


def place(slot: str, rng) -> tuple:
    """A random (x, y, half size) for an object of the slot; neighbours never touch."""
    x, y = SLOTS[slot]
    if slot == "centre":
        return (x + rng.uniform(-0.08, 0.08), y + rng.uniform(-0.08, 0.08), rng.uniform(*_ALONE))
    near, far = 0.015, 0.06
    dx, dy = (near, far) if slot in ("left", "right") else (far, near)
    return (x + rng.uniform(-dx, dx), y + rng.uniform(-dy, dy), rng.uniform(*_PAIRED))


def _polygon(points):
    def distance(px, py):
        """Signed distance to a closed polygon, negative inside."""
        best = np.full(px.shape, np.inf, np.float32)
        inside = np.zeros(px.shape, bool)
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
            ex, ey, wx, wy = bx - ax, by - ay, px - ax, py - ay
            along = np.clip((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1)
            best = np.minimum(best, (wx - along * ex) ** 2 + (wy - along * ey) ** 2)
            if ay != by:
                inside ^= ((ay > py) != (by > py)) & (px < ax + (py - ay) * ex / ey)
        return np.where(inside, -1, 1) * np.sqrt(best)
    return distance


def _star(outer=1.08, inner=0.46):
    angles = -np.pi / 2 + np.pi / 5 * np.arange(10)
    radii = np.where(np.arange(10) % 2, inner, outer)
    return [(float(r * np.cos(a)), float(r * np.sin(a)) + 0.08) for a, r in zip(angles, radii)]


_ARM = 0.34
_DISTANCE = {
    "circle": lambda x, y: np.hypot(x, y) - 1,
    "ring": lambda x, y: np.abs(np.hypot(x, y) - 0.75) - 0.25,
    "square": _polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
    "diamond": _polygon([(0, -1.05), (1.05, 0), (0, 1.05), (-1.05, 0)]),
    "triangle": _polygon([(0, -0.95), (1.05, 0.87), (-1.05, 0.87)]),
    "star": _polygon(_star()),
    "cross": _polygon([(-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM),
                       (_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM)]),
}


def distance_field(shape: str, where: tuple, size: int) -> np.ndarray:
    """Signed distance to the shape's rim, in units of the side, at the centres of size² pixels."""
    x, y, half = where
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size
    px, py = np.meshgrid((axis - np.float32(x)) / half, (axis - np.float32(y)) / half)
    return (_DISTANCE[shape](px, py) * half).astype(np.float32)


def coverage(distance: np.ndarray) -> np.ndarray:
    """How much of each pixel the shape covers, 0..1: smooth over one pixel at the rim."""
    return np.clip(0.5 - distance * distance.shape[-1], 0, 1)


def draw(scene: Scene, size: int, rng) -> np.ndarray:
    """The scene as size×size×3 bytes, objects placed at random within their slots."""
    picture = np.full((size, size, 3), COLOURS[scene.backdrop], np.float32)
    for slot, colour, shape in scene.placed():
        cover = coverage(distance_field(shape, place(slot, rng), size))[..., None]
        picture += cover * (np.array(COLOURS[colour], np.float32) - picture)
    return np.round(picture).astype(np.uint8)
