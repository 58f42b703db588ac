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
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import latents
import model
from prompts import Prompts, Reader
from run import Run, bf16, cached


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


# ------------------------------------------------------------------------------------------- text

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
    sigmas = model.noise_levels()
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


PARTS = {"text": text, "decoder": decoder, "encoder": encoder, "unet": unet, "export": export}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=PARTS)
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
    PARTS[args.part](args)


if __name__ == "__main__":
    main()
