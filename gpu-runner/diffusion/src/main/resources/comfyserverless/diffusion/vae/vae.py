# TorchScript, not Python: the autoencoder (ldm's AutoencoderKL), encoder and decoder each as one function.
# Weights are one list in the order in which they are used; `stages` and `blocks` say how many levels and blocks it has.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def conv(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    pad = torch.floordiv(torch.size(weight, 2), 2)
    return torch.conv2d(x, weight, bias, [1, 1], [pad, pad], [1, 1], 1)

  def norm_silu(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.silu_(torch.group_norm(x, 32, weight, bias, 1e-06, True))

  def residual(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    h = self.conv(self.norm_silu(x, w[i], w[torch.add(i, 1)]), w[torch.add(i, 2)], w[torch.add(i, 3)])
    h = self.conv(self.norm_silu(h, w[torch.add(i, 4)], w[torch.add(i, 5)]), w[torch.add(i, 6)], w[torch.add(i, 7)])
    if torch.eq(torch.size(x, 1), torch.size(h, 1)):
      return torch.add_(h, x)
    else:
      return torch.add_(h, self.conv(x, w[torch.add(i, 8)], w[torch.add(i, 9)]))

  def residual_weights(self, x: Tensor, w: List[Tensor], i: int) -> int:
    if torch.eq(torch.size(x, 1), torch.size(w[torch.add(i, 6)], 0)):
      return 8
    else:
      return 10

  def attention(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    n = torch.group_norm(x, 32, w[i], w[torch.add(i, 1)], 1e-06, True)
    q = self.tokens(self.conv(n, w[torch.add(i, 2)], w[torch.add(i, 3)]))
    k = self.tokens(self.conv(n, w[torch.add(i, 4)], w[torch.add(i, 5)]))
    v = self.tokens(self.conv(n, w[torch.add(i, 6)], w[torch.add(i, 7)]))
    out = torch.scaled_dot_product_attention(q, k, v, None, 0., False)
    h = torch.reshape(torch.transpose(torch.squeeze(out, 1), 1, 2), torch.size(x))
    return torch.add_(self.conv(h, w[torch.add(i, 8)], w[torch.add(i, 9)]), x)

  def tokens(self, x: Tensor) -> Tensor:
    return torch.contiguous(torch.unsqueeze(torch.transpose(torch.flatten(x, 2, 3), 1, 2), 1))

  def middle(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    h = self.residual(x, w, i)
    h = self.attention(h, w, torch.add(i, 8))
    return self.residual(h, w, torch.add(i, 18))

  def decode(self, latent: Tensor, w: List[Tensor], blocks: List[int]) -> Tensor:
    i = 0
    h = latent
    if torch.eq(torch.size(w[0], 2), 1):
      h = self.conv(h, w[0], w[1])
      i = 2
    h = self.conv(h, w[i], w[torch.add(i, 1)])
    h = self.middle(h, w, torch.add(i, 2))
    i = torch.add(i, 28)
    levels = torch.len(blocks)
    for level in range(levels):
      for block in range(blocks[level]):
        used = self.residual_weights(h, w, i)
        h = self.residual(h, w, i)
        i = torch.add(i, used)
      if torch.lt(level, torch.sub(levels, 1)):
        size = [torch.mul(torch.size(h, 2), 2), torch.mul(torch.size(h, 3), 2)]
        h = self.conv(torch.upsample_nearest2d(h, size), w[i], w[torch.add(i, 1)])
        i = torch.add(i, 2)
    h = self.norm_silu(h, w[i], w[torch.add(i, 1)])
    return self.conv(h, w[torch.add(i, 2)], w[torch.add(i, 3)])

  def encode(self, picture: Tensor, w: List[Tensor], blocks: List[int]) -> Tensor:
    h = self.conv(picture, w[0], w[1])
    i = 2
    levels = torch.len(blocks)
    for level in range(levels):
      for block in range(blocks[level]):
        used = self.residual_weights(h, w, i)
        h = self.residual(h, w, i)
        i = torch.add(i, used)
      if torch.lt(level, torch.sub(levels, 1)):
        h = torch.constant_pad_nd(h, [0, 1, 0, 1], 0.)
        h = torch.conv2d(h, w[i], w[torch.add(i, 1)], [2, 2], [0, 0], [1, 1], 1)
        i = torch.add(i, 2)
    h = self.middle(h, w, i)
    i = torch.add(i, 26)
    h = self.norm_silu(h, w[i], w[torch.add(i, 1)])
    h = self.conv(h, w[torch.add(i, 2)], w[torch.add(i, 3)])
    if torch.gt(torch.len(w), torch.add(i, 4)):
      h = self.conv(h, w[torch.add(i, 4)], w[torch.add(i, 5)])
    return torch.chunk(h, 2, 1)[0]

  def from_pictures(self, pictures: Tensor, top: int, left: int, height: int, width: int, dtype: int) -> Tensor:
    cropped = torch.slice(torch.slice(pictures, 1, top, torch.add(top, height)), 2, left, torch.add(left, width))
    channels = torch.permute(torch.slice(cropped, 3, 0, 3), [0, 3, 1, 2])
    return torch.to(torch.contiguous(torch.sub(torch.mul(channels, 2.), 1.)), dtype)

  def to_pictures(self, raw: Tensor) -> Tensor:
    unit = torch.clamp_(torch.div_(torch.add(torch.to(raw, 6), 1.), 2.), 0., 1.)
    return torch.contiguous(torch.permute(unit, [0, 2, 3, 1]))
