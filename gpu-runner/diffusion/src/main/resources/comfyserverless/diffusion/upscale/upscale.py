# TorchScript, not Python: upscalers, each as one function (RRDBNet and SRVGGNetCompact, spandrel 0.4).
# Weights are one list in the order in which they are used.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def conv(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    return torch.conv2d(x, w[i], w[torch.add(i, 1)], [1, 1], [1, 1], [1, 1], 1)

  def leaky(self, x: Tensor) -> Tensor:
    return torch.leaky_relu_(x, 0.2)

  def dense(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    parts = [x]
    for layer in range(4):
      h = self.conv(torch.cat(parts, 1), w, torch.add(i, torch.mul(layer, 2)))
      torch.append(parts, self.leaky(h))
    last = self.conv(torch.cat(parts, 1), w, torch.add(i, 8))
    return torch.add_(torch.mul_(last, 0.2), x)

  def block(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    h = self.dense(x, w, i)
    h = self.dense(h, w, torch.add(i, 10))
    h = self.dense(h, w, torch.add(i, 20))
    return torch.add_(torch.mul_(h, 0.2), x)

  def enlarge(self, picture: Tensor, w: List[Tensor], blocks: int, doublings: int) -> Tensor:
    x = self.conv(picture, w, 0)
    i = 2
    h = x
    for block in range(blocks):
      h = self.block(h, w, i)
      i = torch.add(i, 30)
    h = torch.add_(self.conv(h, w, i), x)
    i = torch.add(i, 2)
    for doubling in range(doublings):
      size = [torch.mul(torch.size(h, 2), 2), torch.mul(torch.size(h, 3), 2)]
      h = self.leaky(self.conv(torch.upsample_nearest2d(h, size), w, i))
      i = torch.add(i, 2)
    h = self.leaky(self.conv(h, w, i))
    return self.conv(h, w, torch.add(i, 2))

  def residual(self, picture: Tensor, w: List[Tensor], blocks: int, doublings: int, shuffle: int) -> Tensor:
    if torch.eq(shuffle, 1):
      return self.enlarge(picture, w, blocks, doublings)
    else:
      height = torch.size(picture, 2)
      width = torch.size(picture, 3)
      below = torch.remainder(torch.neg(height), 4)
      right = torch.remainder(torch.neg(width), 4)
      padded = torch.reflection_pad2d(picture, [0, right, 0, below])
      large = self.enlarge(torch.pixel_unshuffle(padded, shuffle), w, blocks, doublings)
      scale = torch.floordiv(torch.size(large, 2), torch.size(padded, 2))
      rows = torch.slice(large, 2, 0, torch.mul(height, scale))
      return torch.slice(rows, 3, 0, torch.mul(width, scale))

  def compact(self, picture: Tensor, w: List[Tensor], scale: int) -> Tensor:
    h = picture
    i = 0
    while torch.lt(i, torch.len(w)):
      if torch.eq(torch.dim(w[i]), 4):
        h = self.conv(h, w, i)
        i = torch.add(i, 2)
      else:
        h = torch.prelu(h, w[i])
        i = torch.add(i, 1)
    size = [torch.mul(torch.size(picture, 2), scale), torch.mul(torch.size(picture, 3), scale)]
    return torch.add_(torch.pixel_shuffle(h, scale), torch.upsample_nearest2d(picture, size))
