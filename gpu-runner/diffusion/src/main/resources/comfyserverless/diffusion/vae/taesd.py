# TorchScript, not Python: the tiny autoencoder (TAESD), each half as one function over its layers.
# `kinds` says what each layer is; a layer's weights follow those of the one before.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def conv(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    return torch.conv2d(x, w[i], w[torch.add(i, 1)], [1, 1], [1, 1], [1, 1], 1)

  def block(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    h = torch.relu_(self.conv(x, w, i))
    h = torch.relu_(self.conv(h, w, torch.add(i, 2)))
    return torch.relu_(torch.add_(self.conv(h, w, torch.add(i, 4)), x))

  def run(self, x: Tensor, w: List[Tensor], kinds: List[int]) -> Tensor:
    h = x
    i = 0
    for layer in range(torch.len(kinds)):
      kind = kinds[layer]
      if torch.eq(kind, 2):
        h = self.block(h, w, i)
        i = torch.add(i, 6)
      elif torch.eq(kind, 1):
        h = torch.conv2d(h, w[i], None, [2, 2], [1, 1], [1, 1], 1)
        i = torch.add(i, 1)
      elif torch.eq(kind, 4):
        size = [torch.mul(torch.size(h, 2), 2), torch.mul(torch.size(h, 3), 2)]
        h = torch.conv2d(torch.upsample_nearest2d(h, size), w[i], None, [1, 1], [1, 1], [1, 1], 1)
        i = torch.add(i, 1)
      elif torch.eq(kind, 3):
        h = torch.relu_(self.conv(h, w, i))
        i = torch.add(i, 2)
      else:
        h = self.conv(h, w, i)
        i = torch.add(i, 2)
    return h

  def encode(self, picture: Tensor, w: List[Tensor], kinds: List[int], factor: float, shift: float) -> Tensor:
    unit = torch.add(torch.mul(picture, 0.5), 0.5)
    return torch.add(torch.div(self.run(unit, w, kinds), factor), shift)

  def decode(self, latent: Tensor, w: List[Tensor], kinds: List[int], factor: float, shift: float) -> Tensor:
    x = torch.mul(torch.sub(latent, shift), factor)
    x = torch.mul(torch.tanh(torch.div(x, 3.)), 3.)
    return torch.mul(torch.sub(self.run(x, w, kinds), 0.5), 2.)
