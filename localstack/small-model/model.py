# SPDX-License-Identifier: Apache-2.0
"""The three parts of a latent-diffusion model, with the key names of the original SD1 checkpoint.

Widths, levels and blocks are small; the arithmetic is SD1's, so a loader that reads the sizes from
the keys and shapes runs the file as it is.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

HEADS = 8
SCALE = 0.18215


def _norm(width, eps):
    return nn.GroupNorm(32, width, eps=eps)


def _zero(layer):
    for p in layer.parameters():
        nn.init.zeros_(p)
    return layer


def attention(q, k, v, mask=None):
    """Plain attention over (batch, heads, tokens, width); faster to train here than the fused one."""
    weights = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if mask is not None:
        weights = weights + mask
    return weights.softmax(-1) @ v


# ------------------------------------------------------------------------------------------- UNet

class ResBlock(nn.Module):
    """Two convolutions with the timestep added between them."""

    def __init__(self, width, out, time):
        super().__init__()
        self.in_layers = nn.Sequential(_norm(width, 1e-5), nn.SiLU(), nn.Conv2d(width, out, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(time, out))
        self.out_layers = nn.Sequential(_norm(out, 1e-5), nn.SiLU(), nn.Dropout(0),
                                        _zero(nn.Conv2d(out, out, 3, padding=1)))
        self.skip_connection = nn.Identity() if width == out else nn.Conv2d(width, out, 1)

    def forward(self, x, time):
        h = self.in_layers(x) + self.emb_layers(time)[:, :, None, None]
        return self.skip_connection(x) + self.out_layers(h)


class CrossAttention(nn.Module):
    def __init__(self, width, context):
        super().__init__()
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.Sequential(nn.Linear(width, width), nn.Dropout(0))

    def forward(self, x, context):
        q, k, v = (t.unflatten(-1, (HEADS, -1)).transpose(1, 2)
                   for t in (self.to_q(x), self.to_k(context), self.to_v(context)))
        return self.to_out(attention(q, k, v).transpose(1, 2).flatten(2))


class Geglu(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.proj = nn.Linear(width, inner * 2)

    def forward(self, x):
        x, gate = self.proj(x).chunk(2, dim=-1)
        return x * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.net = nn.Sequential(Geglu(width, width * 4), nn.Dropout(0), nn.Linear(width * 4, width))

    def forward(self, x):
        return self.net(x)


class TransformerBlock(nn.Module):
    def __init__(self, width, context):
        super().__init__()
        self.attn1 = CrossAttention(width, width)
        self.ff = FeedForward(width)
        self.attn2 = CrossAttention(width, context)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))

    def forward(self, x, context):
        n = self.norm1(x)
        x = x + self.attn1(n, n)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class SpatialTransformer(nn.Module):
    def __init__(self, width, context):
        super().__init__()
        self.norm = _norm(width, 1e-6)
        self.proj_in = nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(width, context)])
        self.proj_out = _zero(nn.Conv2d(width, width, 1))

    def forward(self, x, context):
        h = self.proj_in(self.norm(x)).flatten(2).transpose(1, 2)
        for block in self.transformer_blocks:
            h = block(h, context)
        return x + self.proj_out(h.transpose(1, 2).unflatten(2, x.shape[2:]))


class Downsample(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.op = nn.Conv2d(width, width, 3, stride=2, padding=1)

    def forward(self, x):
        return self.op(x)


class Upsample(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Stage(nn.ModuleList):
    """Layers run in turn, each given what it needs besides the picture."""

    def forward(self, x, time, context):
        for layer in self:
            if isinstance(layer, ResBlock):
                x = layer(x, time)
            elif isinstance(layer, SpatialTransformer):
                x = layer(x, context)
            else:
                x = layer(x)
        return x


def noise_levels():
    """sigma of each of the 1000 steps, as SD1 has them."""
    betas = torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000, dtype=torch.float64) ** 2
    kept = torch.cumprod(1 - betas, 0)
    return ((1 - kept) / kept).sqrt().float()


def timestep_embedding(t, width):
    """Cosines, then sines, of the step at falling frequencies."""
    half = width // 2
    rates = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / half)
    angles = t.float()[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


class UNet(nn.Module):
    """SD1's UNet; `attend` names the levels that have transformers."""

    def __init__(self, widths=(64, 96, 96), blocks=1, attend=(1, 2), context=64):
        super().__init__()
        base, time = widths[0], widths[0] * 4
        self.base = base
        self.time_embed = nn.Sequential(nn.Linear(base, time), nn.SiLU(), nn.Linear(time, time))
        self.input_blocks = nn.ModuleList([Stage([nn.Conv2d(4, base, 3, padding=1)])])
        width, skips = base, [base]
        for level, out in enumerate(widths):
            for _ in range(blocks):
                layers = [ResBlock(width, out, time)]
                if level in attend:
                    layers.append(SpatialTransformer(out, context))
                self.input_blocks.append(Stage(layers))
                width = out
                skips.append(width)
            if level + 1 < len(widths):
                self.input_blocks.append(Stage([Downsample(width)]))
                skips.append(width)
        self.middle_block = Stage([ResBlock(width, width, time), SpatialTransformer(width, context),
                                   ResBlock(width, width, time)])
        self.output_blocks = nn.ModuleList()
        for level, out in reversed(list(enumerate(widths))):
            for n in range(blocks + 1):
                layers = [ResBlock(width + skips.pop(), out, time)]
                width = out
                if level in attend:
                    layers.append(SpatialTransformer(out, context))
                if level and n == blocks:
                    layers.append(Upsample(out))
                self.output_blocks.append(Stage(layers))
        self.out = nn.Sequential(_norm(width, 1e-5), nn.SiLU(), _zero(nn.Conv2d(width, 4, 3, padding=1)))

    def forward(self, x, t, context):
        time = self.time_embed(timestep_embedding(t, self.base).to(x.dtype))
        skips = []
        for stage in self.input_blocks:
            x = stage(x, time, context)
            skips.append(x)
        x = self.middle_block(x, time, context)
        for stage in self.output_blocks:
            x = stage(torch.cat([x, skips.pop()], dim=1), time, context)
        return self.out(x)


# -------------------------------------------------------------------------------------------- VAE

class VaeBlock(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.norm1 = _norm(width, 1e-6)
        self.conv1 = nn.Conv2d(width, out, 3, padding=1)
        self.norm2 = _norm(out, 1e-6)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1)
        if width != out:
            self.nin_shortcut = nn.Conv2d(width, out, 1)

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        return (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x) + h


class VaeAttention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = _norm(width, 1e-6)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(width, width, 1) for _ in range(4))

    def forward(self, x):
        n = self.norm(x)
        q, k, v = (f(n).flatten(2).transpose(1, 2)[:, None] for f in (self.q, self.k, self.v))
        h = attention(q, k, v)[:, 0].transpose(1, 2).unflatten(2, x.shape[2:])
        return x + self.proj_out(h)


class VaeDownsample(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=2)

    def forward(self, x):
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class _Bare(nn.Module):
    """A holder of named parts."""


def _middle(width):
    mid = _Bare()
    mid.block_1, mid.attn_1, mid.block_2 = VaeBlock(width, width), VaeAttention(width), VaeBlock(width, width)
    return mid


def _run_middle(mid, x):
    return mid.block_2(mid.attn_1(mid.block_1(x)))


class Encoder(nn.Module):
    def __init__(self, widths=(32, 32, 64, 96), blocks=1):
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down = nn.ModuleList()
        width = widths[0]
        for n, out in enumerate(widths):
            level = _Bare()
            level.block = nn.ModuleList()
            for _ in range(blocks):
                level.block.append(VaeBlock(width, out))
                width = out
            if n + 1 < len(widths):
                level.downsample = VaeDownsample(width)
            self.down.append(level)
        self.mid = _middle(width)
        self.norm_out = _norm(width, 1e-6)
        self.conv_out = nn.Conv2d(width, 8, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for level in self.down:
            for block in level.block:
                x = block(x)
            if hasattr(level, "downsample"):
                x = level.downsample(x)
        return self.conv_out(F.silu(self.norm_out(_run_middle(self.mid, x))))


class Decoder(nn.Module):
    def __init__(self, widths=(64, 64, 64, 96), blocks=1):
        super().__init__()
        width = widths[-1]
        self.conv_in = nn.Conv2d(4, width, 3, padding=1)
        self.mid = _middle(width)
        levels = []
        for n, out in reversed(list(enumerate(widths))):
            level = _Bare()
            level.block = nn.ModuleList()
            for _ in range(blocks + 1):
                level.block.append(VaeBlock(width, out))
                width = out
            if n:
                level.upsample = Upsample(width)
            levels.insert(0, level)
        self.up = nn.ModuleList(levels)
        self.norm_out = _norm(width, 1e-6)
        self.conv_out = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, z):
        x = _run_middle(self.mid, self.conv_in(z))
        for level in reversed(self.up):
            for block in level.block:
                x = block(x)
            if hasattr(level, "upsample"):
                x = level.upsample(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()
        self.quant_conv = nn.Conv2d(8, 8, 1)
        self.post_quant_conv = nn.Conv2d(4, 4, 1)
        with torch.no_grad():  # the variance is constant and tiny: encoding is deterministic
            self.quant_conv.weight.copy_(torch.eye(8)[:, :, None, None])
            self.quant_conv.weight[4:] = 0
            self.quant_conv.bias.zero_()
            self.quant_conv.bias[4:] = -30
            self.quant_conv.weight[:4] /= SCALE
            self.post_quant_conv.weight.copy_(torch.eye(4)[:, :, None, None] * SCALE)
            self.post_quant_conv.bias.zero_()
        self.quant_conv.requires_grad_(False)
        self.post_quant_conv.requires_grad_(False)

    def encode(self, pictures):
        """Scaled latents, as the UNet sees them, of pictures in -1..1."""
        return self.quant_conv(self.encoder(pictures))[:, :4] * SCALE

    def decode(self, latents):
        """Pictures in about -1..1 of scaled latents."""
        return self.decoder(self.post_quant_conv(latents / SCALE))


# --------------------------------------------------------------------------------------- text

class ClipAttention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x, mask):
        q, k, v = (f(x).unflatten(-1, (-1, 64)).transpose(1, 2)
                   for f in (self.q_proj, self.k_proj, self.v_proj))
        return self.out_proj(attention(q, k, v, mask).transpose(1, 2).flatten(2))


class ClipLayer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.self_attn = ClipAttention(width)
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, width * 4), "fc2": nn.Linear(width * 4, width)})

    def forward(self, x, mask):
        x = x + self.self_attn(self.layer_norm1(x), mask)
        h = self.mlp["fc1"](self.layer_norm2(x))
        return x + self.mlp["fc2"](h * torch.sigmoid(1.702 * h))


class TextModel(nn.Module):
    def __init__(self, width=64, layers=4):
        super().__init__()
        self.embeddings = nn.ModuleDict({"token_embedding": nn.Embedding(49408, width),
                                         "position_embedding": nn.Embedding(77, width)})
        self.encoder = nn.ModuleDict({"layers": nn.ModuleList(ClipLayer(width) for _ in range(layers))})
        self.final_layer_norm = nn.LayerNorm(width)
        nn.init.zeros_(self.embeddings["token_embedding"].weight)  # rows never trained stay 0
        nn.init.normal_(self.embeddings["position_embedding"].weight, std=0.3)
        self.register_buffer("mask", torch.full((77, 77), float("-inf")).triu(1), persistent=False)

    def forward(self, tokens=None, embedded=None):
        if embedded is None:
            embedded = self.embeddings["token_embedding"](tokens)
        x = embedded + self.embeddings["position_embedding"].weight
        for layer in self.encoder["layers"]:
            x = layer(x, self.mask.to(x.dtype))
        return self.final_layer_norm(x)


# ------------------------------------------------------------------------------------- file

PREFIXES = {"unet": "model.diffusion_model.", "vae": "first_stage_model.",
            "text": "cond_stage_model.transformer.text_model."}


def build():
    """New parts, untrained: {"unet", "vae", "text"}."""
    return {"unet": UNet(), "vae": Vae(), "text": TextModel()}


def to_checkpoint(parts) -> dict:
    """All weights under the checkpoint's names, in half precision."""
    return {PREFIXES[name] + key: value.detach().half().contiguous()
            for name, part in parts.items() for key, value in part.state_dict().items()}


def load(file, parts=None) -> dict:
    """Reads a shipped file into parts (new ones unless given)."""
    from safetensors.torch import load_file
    weights = load_file(str(file))
    parts = parts or build()
    for name, part in parts.items():
        prefix = PREFIXES[name]
        part.load_state_dict({key[len(prefix):]: value.float() for key, value in weights.items()
                              if key.startswith(prefix)})
    return parts
