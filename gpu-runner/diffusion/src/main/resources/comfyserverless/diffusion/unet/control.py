# TorchScript, not Python: what a ControlNet has besides the blocks of a UNet (cldm.py).
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def hint(self, pictures: Tensor, w: List[Tensor]) -> Tensor:
    h = pictures
    layers = torch.floordiv(torch.len(w), 2)
    for i in range(layers):
      stride = 1
      if torch.eq(torch.remainder(i, 2), 0):
        if torch.gt(i, 0):
          stride = 2
      h = torch.conv2d(h, w[torch.mul(i, 2)], w[torch.add(torch.mul(i, 2), 1)], [stride, stride], [1, 1], [1, 1], 1)
      if torch.lt(i, torch.sub(layers, 1)):
        h = torch.silu_(h)
    return h

  def projected(self, h: Tensor, w: List[Tensor], averaged: int, strength: float) -> Tensor:
    out = torch.conv2d(h, w[0], w[1], [1, 1], [0, 0], [1, 1], 1)
    if torch.eq(averaged, 1):
      out = torch.expand_as(torch.mean(out, [2, 3], True), out)
    return torch.mul(out, strength)
