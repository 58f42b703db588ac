# TorchScript, not Python: the blocks of Flux, one call each. A block's weights are one list; the order of each is
# written beside the Java class. `vec` is silu of the sum of the embeddings; `pe` what `rope` gives. What runs through
# the blocks is added to in place, so that a pass holds one copy of it.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def part(self, parts: List[Tensor], i: int) -> Tensor:
    return parts[i]

  def even(self, x: Tensor) -> Tensor:
    below = torch.remainder(torch.size(x, 2), 2)
    right = torch.remainder(torch.size(x, 3), 2)
    if torch.eq(torch.add(below, right), 0):
      return x
    else:
      return torch.pad(x, [0, right, 0, below], "circular")

  def patches(self, x: Tensor, w: List[Tensor]) -> Tensor:
    whole = self.even(x)
    h = torch.floordiv(torch.size(whole, 2), 2)
    v = torch.floordiv(torch.size(whole, 3), 2)
    cut = torch.reshape(whole, [torch.size(x, 0), torch.size(x, 1), h, 2, v, 2])
    tokens = torch.reshape(torch.permute(cut, [0, 2, 4, 1, 3, 5]), [torch.size(x, 0), torch.mul(h, v), torch.mul(4, torch.size(x, 1))])
    return torch.linear(tokens, w[0], w[1])

  def picture(self, tokens: Tensor, height: int, width: int) -> Tensor:
    h = torch.floordiv(torch.add(height, 1), 2)
    v = torch.floordiv(torch.add(width, 1), 2)
    channels = torch.floordiv(torch.size(tokens, 2), 4)
    cut = torch.reshape(tokens, [torch.size(tokens, 0), h, v, channels, 2, 2])
    whole = torch.reshape(torch.permute(cut, [0, 3, 1, 4, 2, 5]), [torch.size(tokens, 0), channels, torch.mul(h, 2), torch.mul(v, 2)])
    return torch.slice(torch.slice(whole, 2, 0, height), 3, 0, width)

  def linear(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(x, w[0], w[1])

  def two_layers(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(torch.silu(torch.linear(x, w[0], w[1])), w[2], w[3])

  def sinusoids(self, t: Tensor, w: List[Tensor]) -> Tensor:
    steps = torch.arange(128, dtype=6, device=ops.prim.device(t))
    frequencies = torch.exp(torch.div(torch.mul(steps, -9.210340371976184), 128))
    angles = torch.mul(torch.unsqueeze(torch.mul(t, 1000.), 1), torch.unsqueeze(frequencies, 0))
    embedding = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    return self.two_layers(torch.to(embedding, ops.prim.dtype(w[0])), w)

  def told(self, guidance: Tensor, w: List[Tensor]) -> Tensor:
    embedding = self.sinusoids(torch.nan_to_num(guidance, 0.), w)
    return torch.where(torch.unsqueeze(torch.isnan(guidance), 1), torch.zeros_like(embedding), embedding)

  def silu(self, x: Tensor) -> Tensor:
    return torch.silu(x)

  def axis(self, positions: Tensor, width: int) -> Tensor:
    last = torch.div(torch.sub(width, 2), width)
    scale = torch.linspace(0, last, torch.floordiv(width, 2), dtype=7, device=ops.prim.device(positions))
    turns = torch.reciprocal(torch.pow(10000., scale))
    return torch.mul(torch.unsqueeze(positions, 1), torch.unsqueeze(turns, 0))

  def rope(self, like: Tensor, text: int, height: int, width: int) -> List[Tensor]:
    on = ops.prim.device(like)
    nowhere = torch.zeros([text], dtype=7, device=on)
    rows = torch.repeat_interleave(torch.arange(height, dtype=7, device=on), width)
    columns = torch.repeat(torch.arange(width, dtype=7, device=on), [height])
    y = torch.cat([nowhere, rows], 0)
    x = torch.cat([nowhere, columns], 0)
    angles = torch.cat([self.axis(torch.zeros_like(y), 16), self.axis(y, 56), self.axis(x, 56)], 1)
    c = torch.to(torch.cos(angles), 6)
    s = torch.to(torch.sin(angles), 6)
    return [torch.stack([c, s], 2), torch.stack([torch.neg(s), c], 2)]

  def rotate(self, x: Tensor, pe: List[Tensor]) -> Tensor:
    pairs = torch.reshape(torch.to(x, 6), [torch.size(x, 0), torch.size(x, 1), torch.size(x, 2), -1, 2])
    turned = torch.add(torch.mul(pe[0], torch.slice(pairs, 4, 0, 1)), torch.mul(pe[1], torch.slice(pairs, 4, 1, 2)))
    return torch.to(torch.reshape(turned, torch.size(x)), ops.prim.dtype(x))

  def attention(self, q: Tensor, k: Tensor, v: Tensor, pe: List[Tensor]) -> Tensor:
    out = torch.scaled_dot_product_attention(self.rotate(q, pe), self.rotate(k, pe), v, None, 0., False)
    return torch.flatten(torch.transpose(out, 1, 2), 2, 3)

  def modulated(self, x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    n = torch.layer_norm(x, [torch.size(x, 2)], None, None, 1e-06, True)
    return torch.addcmul(shift, n, torch.add(scale, 1.))

  def modulation(self, vec: Tensor, w: List[Tensor], i: int, parts: int) -> List[Tensor]:
    return torch.chunk(torch.unsqueeze(torch.linear(vec, w[i], w[torch.add(i, 1)]), 1), parts, 2)

  def heads_of(self, qkv: Tensor, heads: int, query: Tensor, key: Tensor) -> List[Tensor]:
    cut = torch.permute(torch.view(qkv, [torch.size(qkv, 0), torch.size(qkv, 1), 3, heads, -1]), [2, 0, 3, 1, 4])
    v = torch.select(cut, 0, 2)
    width = [torch.size(v, 3)]
    q = torch.rms_norm(torch.select(cut, 0, 0), width, query, 1e-06)
    k = torch.rms_norm(torch.select(cut, 0, 1), width, key, 1e-06)
    return [q, k, v]

  def finite(self, x: Tensor) -> Tensor:
    if torch.eq(ops.prim.dtype(x), 5):
      return torch.nan_to_num_(x, 0., 65504., -65504.)
    else:
      return x

  def read(self, x: Tensor, mod: List[Tensor], w: List[Tensor], i: int, heads: int) -> List[Tensor]:
    qkv = torch.linear(self.modulated(x, mod[0], mod[1]), w[torch.add(i, 2)], w[torch.add(i, 3)])
    return self.heads_of(qkv, heads, w[torch.add(i, 4)], w[torch.add(i, 5)])

  def write(self, x: Tensor, seen: Tensor, mod: List[Tensor], w: List[Tensor], i: int) -> Tensor:
    x = torch.add_(x, torch.mul(torch.linear(seen, w[torch.add(i, 6)], w[torch.add(i, 7)]), mod[2]))
    h = torch.linear(self.modulated(x, mod[3], mod[4]), w[torch.add(i, 8)], w[torch.add(i, 9)])
    h = torch.linear(torch.gelu(h, approximate="tanh"), w[torch.add(i, 10)], w[torch.add(i, 11)])
    return torch.add_(x, torch.mul(h, mod[5]))

  def double_block(self, img: Tensor, txt: Tensor, vec: Tensor, pe: List[Tensor], w: List[Tensor], heads: int) -> List[Tensor]:
    of_img = self.modulation(vec, w, 0, 6)
    of_txt = self.modulation(vec, w, 12, 6)
    i = self.read(img, of_img, w, 0, heads)
    t = self.read(txt, of_txt, w, 12, heads)
    q = torch.cat([t[0], i[0]], 2)
    k = torch.cat([t[1], i[1]], 2)
    v = torch.cat([t[2], i[2]], 2)
    seen = self.attention(q, k, v, pe)
    texts = torch.size(txt, 1)
    img = self.write(img, torch.slice(seen, 1, texts, torch.size(seen, 1)), of_img, w, 0)
    txt = self.write(txt, torch.slice(seen, 1, 0, texts), of_txt, w, 12)
    return [img, self.finite(txt)]

  def joined(self, img: Tensor, txt: Tensor) -> Tensor:
    return torch.cat([txt, self.finite(img)], 1)

  def single_block(self, x: Tensor, vec: Tensor, pe: List[Tensor], w: List[Tensor], heads: int) -> Tensor:
    mod = self.modulation(vec, w, 6, 3)
    width = torch.size(x, 2)
    both = torch.linear(self.modulated(x, mod[0], mod[1]), w[0], w[1])
    qkv = torch.contiguous(torch.slice(both, 2, 0, torch.mul(3, width)))
    h = self.heads_of(qkv, heads, w[4], w[5])
    seen = self.attention(h[0], h[1], h[2], pe)
    mlp = torch.gelu(torch.slice(both, 2, torch.mul(3, width), torch.size(both, 2)), approximate="tanh")
    out = torch.linear(torch.cat([seen, mlp], 2), w[2], w[3])
    return self.finite(torch.add_(x, torch.mul(out, mod[2])))

  def head(self, x: Tensor, texts: int, vec: Tensor, w: List[Tensor]) -> Tensor:
    img = torch.slice(x, 1, texts, torch.size(x, 1))
    mod = self.modulation(vec, w, 2, 2)
    return torch.linear(self.modulated(img, mod[0], mod[1]), w[0], w[1])
