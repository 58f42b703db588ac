# TorchScript, not Python: what patches change inside a UNet. Weights of transformers lie as in unet.py.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def heads_of(self, x: Tensor, heads: int) -> Tensor:
    d = torch.floordiv(torch.size(x, 2), heads)
    return torch.transpose(torch.view(x, [torch.size(x, 0), -1, heads, d]), 1, 2)

  def attention(self, tokens: Tensor, context: Tensor, w: List[Tensor], block: int, cross: int, heads: int, q: float, k: float, v: float, out: float, values: int) -> Tensor:
    i = torch.add(torch.add(6, torch.mul(7, cross)), torch.mul(20, block))
    n = torch.layer_norm(tokens, [torch.size(tokens, 2)], w[i], w[torch.add(i, 1)], 1e-05, True)
    if torch.eq(cross, 1):
      source = context
    else:
      source = n
    vs = torch.mul(torch.linear(source, w[torch.add(i, 4)]), v)
    if torch.eq(values, 1):
      mixed = vs
    else:
      qs = self.heads_of(torch.mul(torch.linear(n, w[torch.add(i, 2)]), q), heads)
      ks = self.heads_of(torch.mul(torch.linear(source, w[torch.add(i, 3)]), k), heads)
      a = torch.scaled_dot_product_attention(qs, ks, self.heads_of(vs, heads), None, 0., False)
      mixed = torch.reshape(torch.transpose(a, 1, 2), [torch.size(tokens, 0), -1, torch.size(vs, 2)])
    return torch.mul(torch.linear(mixed, w[torch.add(i, 5)], w[torch.add(i, 6)]), out)

  def looked_at(self, tokens: Tensor, w: List[Tensor], block: int, heads: int, start: int, end: int) -> Tensor:
    i = torch.add(6, torch.mul(20, block))
    some = torch.slice(tokens, 0, start, end)
    n = torch.layer_norm(some, [torch.size(some, 2)], w[i], w[torch.add(i, 1)], 1e-05, True)
    qs = torch.to(self.heads_of(torch.linear(n, w[torch.add(i, 2)]), heads), 6)
    ks = torch.to(self.heads_of(torch.linear(n, w[torch.add(i, 3)]), heads), 6)
    scale = torch.pow(torch.size(qs, 3), -0.5)
    scores = torch.softmax(torch.mul(torch.matmul(qs, torch.transpose(ks, 2, 3)), scale), -1)
    return torch.sum(torch.mean(scores, [1]), [1])

  def fourier(self, x: Tensor, scale: float) -> Tensor:
    f = torch.fft_fftshift(torch.fft_fftn(torch.to(x, 6), None, [-2, -1], None), [-2, -1])
    row = torch.floordiv(torch.size(x, 2), 2)
    column = torch.floordiv(torch.size(x, 3), 2)
    mask = torch.ones([torch.size(x, 2), torch.size(x, 3)], dtype=6, device=ops.prim.device(x))
    rows = torch.slice(mask, 0, torch.sub(row, 1), torch.add(row, 1))
    low = torch.fill_(torch.slice(rows, 1, torch.sub(column, 1), torch.add(column, 1)), scale)
    g = torch.fft_ifftshift(torch.mul(f, mask), [-2, -1])
    return torch.to(torch.real(torch.fft_ifftn(g, None, [-2, -1], None)), ops.prim.dtype(x))

  def backbone(self, h: Tensor, factor: float, second: int) -> Tensor:
    c = torch.size(h, 1)
    half = torch.floordiv(c, 2)
    first = torch.slice(h, 1, 0, half)
    if torch.eq(second, 1):
      mean = torch.mean(h, [1], True)
      flat = torch.flatten(mean, 1)
      most = torch.unsqueeze(torch.unsqueeze(torch.amax(flat, [1], True), 2), 3)
      least = torch.unsqueeze(torch.unsqueeze(torch.amin(flat, [1], True), 2), 3)
      share = torch.div(torch.sub(mean, least), torch.sub(most, least))
      scaled = torch.mul(first, torch.add(torch.mul(share, torch.sub(factor, 1.)), 1.))
    else:
      scaled = torch.mul(first, factor)
    return torch.cat([scaled, torch.slice(h, 1, half, c)], 1)

  def between(self, x: Tensor, dim: int, length: int) -> Tensor:
    n = torch.size(x, dim)
    steps = torch.arange(n, dtype=6, device=ops.prim.device(x))
    next = torch.clamp(torch.add(steps, 1.), None, torch.sub(n, 1))
    at = torch.flatten(torch.upsample_bilinear2d(torch.view(steps, [1, 1, 1, n]), [1, length], False))
    at2 = torch.flatten(torch.upsample_bilinear2d(torch.view(next, [1, 1, 1, n]), [1, length], False))
    if torch.eq(dim, 2):
      r = torch.view(torch.sub(at, torch.floor(at)), [1, 1, length, 1])
    else:
      r = torch.view(torch.sub(at, torch.floor(at)), [1, 1, 1, length])
    a = torch.index_select(x, dim, torch.to(at, 4))
    b = torch.index_select(x, dim, torch.to(at2, 4))
    la = torch.sqrt(torch.sum(torch.mul(a, a), [1], True))
    lb = torch.sqrt(torch.sum(torch.mul(b, b), [1], True))
    ua = torch.where(torch.eq(la, 0.), torch.zeros_like(a), torch.div(a, la))
    ub = torch.where(torch.eq(lb, 0.), torch.zeros_like(b), torch.div(b, lb))
    cosine = torch.sum(torch.mul(ua, ub), [1], True)
    angle = torch.acos(cosine)
    rest = torch.add(torch.neg(r), 1.)
    wa = torch.div(torch.sin(torch.mul(rest, angle)), torch.sin(angle))
    wb = torch.div(torch.sin(torch.mul(r, angle)), torch.sin(angle))
    length_between = torch.add(torch.mul(la, rest), torch.mul(lb, r))
    turned = torch.mul(torch.add(torch.mul(wa, ua), torch.mul(wb, ub)), length_between)
    same = torch.where(torch.gt(cosine, 0.99999), a, turned)
    straight = torch.add(torch.mul(a, rest), torch.mul(b, r))
    return torch.where(torch.lt(cosine, -0.99999), straight, same)

  def resize(self, x: Tensor, height: int, width: int, method: str) -> Tensor:
    if torch.eq(method, "bilinear"):
      out = torch.upsample_bilinear2d(x, [height, width], False)
    elif torch.eq(method, "bicubic"):
      out = torch.upsample_bicubic2d(x, [height, width], False)
    elif torch.eq(method, "bislerp"):
      turned = self.between(self.between(torch.to(x, 6), 3, width), 2, height)
      out = torch.to(turned, ops.prim.dtype(x))
    elif torch.eq(method, "area"):
      out = torch.adaptive_avg_pool2d(x, [height, width])
    else:
      out = torch._upsample_nearest_exact2d(x, [height, width])
    return out
