# SPDX-License-Identifier: Apache-2.0
"""Trains the small model, a part at a time; every part can be stopped and taken up again.

    python train.py text    --work DIR --minutes 3
    python train.py decoder --work DIR --minutes 25
    python train.py encoder --work DIR --minutes 10
    python train.py unet    --work DIR --minutes 90
    python train.py export  --work DIR --to shapes-sd1.safetensors

The parts depend on each other in one place only: `unet` starts from what `text` learned. With
`--init FILE` a part starts from a finished checkpoint and a fresh optimizer. Under
`torchrun --nproc-per-node 2 train.py ...` two processes share the samples of a step.
"""

import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn

import latents
import model
import scenes
import tokens


class Run:
    """What every part needs: state on disk, a rate that falls towards the end, a moving average."""

    def __init__(self, args, name, modules, rate):
        self.args, self.name, self.modules = args, name, modules
        self.path = Path(args.work) / f"{name}.pt"
        self.parameters = [p for m in modules.values() for p in m.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, rate, betas=(0.9, 0.98), weight_decay=1e-4,
                                           fused=True)
        self.mean = {k: copy.deepcopy(m) for k, m in modules.items()}
        self.rate, self.step, self.samples, self.seconds = rate, 0, 0, 0.0
        self.sums = {}
        if self.path.exists():
            state = torch.load(self.path, weights_only=True)
            for k in modules:
                modules[k].load_state_dict(state["modules"][k])
                self.mean[k].load_state_dict(state["mean"][k])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.samples, self.seconds = state["step"], state["samples"], state["seconds"]
        self.clock = self.saved = self.logged = time.time()
        self.rank, self.peers = 0, 1
        if "RANK" in os.environ:
            dist.init_process_group("gloo")
            self.rank, self.peers = dist.get_rank(), dist.get_world_size()
        self.progress = self.measured_progress()

    def measured_progress(self):
        """0 at the start, 1 when the minutes are over."""
        return (self.seconds + time.time() - self.clock) / 60 / self.args.minutes

    def generator(self, apart=True):
        """Random numbers, others after each resumption, and in each process if apart."""
        return torch.Generator().manual_seed(self.step * 16 + (self.rank if apart else 8))

    def agree(self):
        """Averages gradients and progress over the processes."""
        self.progress = self.measured_progress()
        if self.peers > 1:
            held = [p for p in self.parameters if p.grad is not None]
            flat = torch.cat([p.grad.flatten() for p in held] + [torch.tensor([self.progress])])
            dist.all_reduce(flat)
            flat /= self.peers
            self.progress = flat[-1].item()
            for p, part in zip(held, flat[:-1].split([p.numel() for p in held])):
                p.grad.copy_(part.view_as(p))

    def current_rate(self):
        late = min(1.0, max(0.0, (self.progress - self.args.hold) / (1 - self.args.hold)))
        return self.rate * min(1, (self.step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * late)))

    def update(self, loss, samples, **figures):
        """One step of the optimizer; logs and saves now and then."""
        self.optimizer.zero_grad()
        loss.backward()
        self.agree()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self.current_rate()
        self.optimizer.step()
        self.step += 1
        self.samples += samples * self.peers
        decay = min(self.args.decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for k, m in self.modules.items():
                mean, fresh = list(self.mean[k].parameters()), list(m.parameters())
                torch._foreach_lerp_(mean, fresh, 1 - decay)
        for key, value in {"loss": loss.item(), **figures}.items():
            total, count = self.sums.get(key, (0.0, 0))
            self.sums[key] = total + value, count + 1
        now = time.time()
        if now - self.logged > 30:
            self.log()
        if now - self.saved > 120:
            self.save()

    def log(self):
        if self.rank:
            return
        now = time.time()
        line = {"part": self.name, "minutes": round((self.seconds + now - self.clock) / 60, 1),
                "step": self.step, "samples": self.samples, "rate": round(self.current_rate(), 7),
                **{k: round(total / count, 5) for k, (total, count) in self.sums.items()}}
        self.sums, self.logged = {}, now
        print(json.dumps(line), flush=True)
        with open(Path(self.args.work) / "training-log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")

    def save(self):
        if self.rank:
            return
        now = time.time()
        self.seconds, self.clock, self.saved = self.seconds + now - self.clock, now, now
        state = {"modules": {k: m.state_dict() for k, m in self.modules.items()},
                 "mean": {k: m.state_dict() for k, m in self.mean.items()},
                 "optimizer": self.optimizer.state_dict(),
                 "step": self.step, "samples": self.samples, "seconds": self.seconds}
        part = self.path.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.path)


def bf16():
    return torch.autocast("cpu", torch.bfloat16)


def cached(path, make):
    """What make() returns, kept in a file."""
    if not path.exists():
        torch.save(make(), path)
    return torch.load(path, weights_only=True)


# -------------------------------------------------------------------------------------------- VAE

def canvas_pool(args, size, count):
    return cached(Path(args.work) / f"canvases-{size}.pt",
                  lambda: latents.canvases(size, count, np.random.default_rng(size)))


def pick(pool, count, generator):
    cover, within = pool
    chosen = torch.randint(len(cover), (count,), generator=generator)
    return latents.coloured(cover[chosen], within[chosen], generator)


def crop(pictures, code, size, generator):
    """Random cuts of the pictures, along cells, that show a rim where one can be found."""
    cells, all_cells = size // 8, code.shape[-1]
    cut_p, cut_c = [], []
    for picture, z in zip(pictures, code):
        rim = (z[3].abs() < 1.5).nonzero()  # cells near a rim: not saturated
        y, x = rim[torch.randint(len(rim), (1,), generator=generator)][0].tolist()
        shift = torch.randint(cells, (2,), generator=generator).tolist()
        y, x = (min(max(0, v - s), all_cells - cells) for v, s in zip((y, x), shift))
        cut_p.append(picture[:, y * 8:y * 8 + size, x * 8:x * 8 + size])
        cut_c.append(z[:, y:y + cells, x:x + cells])
    return torch.stack(cut_p), torch.stack(cut_c)


def picture_loss(made, true):
    """L1, L2 and the L1 of the slopes."""
    off = made - true
    slopes = (off[..., 1:] - off[..., :-1]).abs().mean() + (off[..., 1:, :] - off[..., :-1, :]).abs().mean()
    return off.abs().mean() + off.square().mean() + slopes


def decoder(args):
    """Learns to draw from latents: on cuts at first, on whole pictures later."""
    parts = initial(args)
    run = Run(args, "decoder", {"decoder": parts["vae"].decoder}, args.rate or 2e-3)
    small, large = canvas_pool(args, 128, 1500), canvas_pool(args, 256, 250)
    generator = run.generator()
    while run.progress < 1:
        kind = torch.rand(1, generator=generator).item()
        pool = large if kind < 0.25 else small
        if run.progress < 0.25:
            count, size = 32, 32
        elif kind < 0.6 or run.progress < 0.4:
            count, size = 12, 64
        else:
            count, size = 3, 0
        pictures, code = pick(pool, count, generator)
        if size:
            pictures, code = crop(pictures, code, size, generator)
        noise = torch.rand(count, 1, 1, 1, generator=generator) * 0.15
        code = code + noise * torch.randn(code.shape, generator=generator)
        with bf16():
            made = run.modules["decoder"](code)
        made = made.float()
        error = (made - pictures).square().mean().item()
        run.update(picture_loss(made, pictures), count, decibel=-10 * math.log10(error / 4))
    run.log()
    run.save()


def encoder(args):
    """Learns to see the latents in pictures."""
    parts = initial(args)
    run = Run(args, "encoder", {"encoder": parts["vae"].encoder}, args.rate or 2e-3)
    pools = [(canvas_pool(args, 128, 1500), 12), (canvas_pool(args, 256, 250), 3)]
    generator = run.generator()
    while run.progress < 1:
        pool, count = pools[int(torch.rand(1, generator=generator) < 0.3)]
        pictures, code = pick(pool, count, generator)
        with bf16():
            seen = run.modules["encoder"](pictures)[:, :4]
        off = seen.float() - code
        run.update(off.square().mean() + off.abs().mean(), count, colour=off[:, :3].abs().mean().item(),
                   inside=off[:, 3].abs().mean().item())
    run.log()
    run.save()


# ------------------------------------------------------------------------------------- prompts

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


def text(args):
    """Learns what stands where, before there is a UNet."""
    prompts = Prompts(args)
    run = Run(args, "text", {"reader": Reader(initial(args)["text"], prompts.used)}, args.rate or 2e-3)
    generator = run.generator()
    while run.progress < 1:
        chosen = torch.randint(len(prompts.rows), (128,), generator=generator)
        with bf16():
            context = run.modules["reader"](prompts.rows[chosen])
        loss, right = run.modules["reader"].loss(context.float(), prompts.attributes[chosen])
        run.update(loss, 128, right=right)
    run.log()
    run.save()


# ------------------------------------------------------------------------------------------- UNet

def noise_levels():
    """sigma of each of the 1000 steps, as SD1 has them."""
    betas = torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000, dtype=torch.float64) ** 2
    kept = torch.cumprod(1 - betas, 0)
    return ((1 - kept) / kept).sqrt().float()


class Pictures:
    """Latents of scenes, made of stamps."""

    def __init__(self, args):
        self.stamps = {cells: cached(Path(args.work) / f"stamps-{cells}.pt",
                                     lambda: latents.stamps(cells, each, np.random.default_rng(cells)))
                       for cells, each in ((16, 300), (32, 100), (64, 8))}

    def __call__(self, drawing, cells, generator):
        slot, slot2, colour, colour2, shape, shape2, background = drawing.unbind(1)
        pool = self.stamps[cells]
        each = torch.randint(pool.shape[2], (2, len(drawing)), generator=generator)
        pair = (slot != 0)[:, None, None]  # slot 0 is the centre: there the object is alone
        first = pool[slot, shape, each[0]].float()
        second = pool[slot2, shape2, each[1]].float()
        cover = torch.stack([first[:, 0], second[:, 0] * pair], 1)
        within = torch.where(pair, torch.maximum(first[:, 1], second[:, 1]), first[:, 1])
        palette = latents.PALETTE
        picture = latents.composite(cover, palette[colour], palette[colour2], palette[background])
        return latents.normalised(picture, within[:, None])


@torch.no_grad()
def frozen(run, prompts):
    """The encodings of all prompts, the empty one last, by the averaged text encoder, which stays so."""
    reader = run.mean["reader"]
    run.modules["reader"].load_state_dict(reader.state_dict())
    prompts.rows = prompts.rows[:30000]
    with bf16():
        rows = torch.cat([prompts.rows, prompts.empty[None]])
        return torch.cat([reader(some).bfloat16() for some in rows.split(256)])


def unet(args):
    """Learns to draw latents, jointly with the text encoder."""
    prompts, pictures = Prompts(args), Pictures(args)
    parts = initial(args)
    reader = Reader(parts["text"], prompts.used)
    warm = Path(args.work) / "text.pt"
    if warm.exists() and not args.init:
        reader.load_state_dict(torch.load(warm, weights_only=True)["mean"]["reader"])
    run = Run(args, "unet", {"unet": parts["unet"], "reader": reader}, args.rate or 1e-3)
    sigmas = noise_levels()
    density = (5 * sigmas ** 2).clamp(max=1)  # min-SNR weights, as a density
    generator, shared = run.generator(), run.generator(apart=False)
    mix = json.loads(args.mix)
    contexts = frozen(run, prompts) if args.freeze else None
    while run.progress < 1:
        shares = next(share for until, share in mix if run.progress <= until)
        cells = (16, 32, 64)[torch.multinomial(torch.tensor(shares, dtype=torch.float32), 1, generator=shared)]
        count = {16: args.batch, 32: args.batch // 4, 64: max(1, args.batch // 24)}[cells]
        chosen = torch.randint(len(prompts.rows), (count,), generator=generator)
        x = pictures(prompts.drawing[chosen], cells, generator)
        rows = prompts.rows[chosen]
        empty = torch.rand(count, generator=generator) < 0.1
        rows = torch.where(empty[:, None], prompts.empty, rows)
        t = torch.multinomial(density, count, replacement=True, generator=generator)
        noise = torch.randn(x.shape, generator=generator)
        noise = noise + 0.05 * torch.randn(*x.shape[:2], 1, 1, generator=generator)
        sigma = sigmas[t][:, None, None, None]
        with bf16():
            context = reader(rows) if contexts is None else torch.where(
                empty[:, None, None], contexts[-1], contexts[chosen])
            guess = run.modules["unet"]((x + sigma * noise) / (sigma ** 2 + 1).sqrt(), t, context)
        loss = F.mse_loss(guess.float(), noise)
        figures, extra = {f"noise{cells}": loss.item()}, 0
        if contexts is None:
            told, figures["right"] = reader.loss(context.float()[~empty], prompts.attributes[chosen][~empty])
            extra = args.told * told
        run.update(loss + extra, count, **figures)
    run.log()
    run.save()


# ------------------------------------------------------------------------------------------- file

def initial(args):
    """New parts, or those of a finished checkpoint."""
    parts = model.build()
    if args.init:
        model.load(args.init, parts)
    return parts


def export(args):
    """Writes the averaged weights of all parts as one checkpoint; parts not trained come from --init."""
    from safetensors.torch import save_file
    work, parts = Path(args.work), initial(args)

    def mean(name):
        path = work / f"{name}.pt"
        return torch.load(path, weights_only=True)["mean"] if path.exists() else None

    for name in ("encoder", "decoder"):
        if (state := mean(name)) is not None:
            getattr(parts["vae"], name).load_state_dict(state[name])
    for name in ("text", "unet"):
        if (state := mean(name)) is not None:
            used = Prompts(args).used
            reader = Reader(parts["text"], used)
            reader.load_state_dict(state["reader"])
            parts["text"] = reader.finished(used)
            if name == "unet":
                parts["unet"].load_state_dict(state["unet"])
    save_file(model.to_checkpoint(parts), args.to, metadata={"format": "pt", "license": "Apache-2.0"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["text", "decoder", "encoder", "unet", "export"])
    parser.add_argument("--work", required=True, help="folder of the states, caches and the log")
    parser.add_argument("--minutes", type=float, default=60, help="in all, earlier runs of the part counted in")
    parser.add_argument("--init", help="a finished checkpoint to start from")
    parser.add_argument("--to", default="shapes-sd1.safetensors", help="where export writes")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, help="peak learning rate")
    parser.add_argument("--hold", type=float, default=0.5, help="share of the time before the rate falls")
    parser.add_argument("--decay", type=float, default=0.998, help="of the moving average of the weights")
    parser.add_argument("--batch", type=int, default=32, help="of the UNet, at 128² pixels")
    parser.add_argument("--told", type=float, default=0.02, help="weight of the text encoder's own loss")
    parser.add_argument("--freeze", action="store_true",
                        help="for the UNet: leave the text encoder as it is, which saves a sixth of the time")
    parser.add_argument("--mix", default="[[1, [1, 0, 0]]]",
                        help="for the UNet: [[until this progress, [shares of steps at 128², 256², 512²]], ...]")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    Path(args.work).mkdir(parents=True, exist_ok=True)
    globals()[args.part](args)


if __name__ == "__main__":
    main()
