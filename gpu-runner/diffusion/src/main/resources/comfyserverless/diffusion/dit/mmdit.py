# TorchScript, not Python: the blocks of Stable Diffusion 3's transformer (MMDiT), one call each. A block's weights are
# two lists, the text's and the picture's: adaLN, qkv, norms of q and k (two or none), then, if the side is written too,
# proj, fc1, fc2, and for a second attention of the picture alone its qkv, norms and proj. `vec` is silu of the embeddings.
# What runs through the blocks is added to in place, so that a pass holds one copy of it.
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
    h = torch.conv2d(self.even(x), w[0], w[1], [2, 2], [0, 0], [1, 1], 1)
    return torch.transpose(torch.flatten(h, 2, 3), 1, 2)

  def placed(self, tokens: Tensor, table: Tensor, side: int, height: int, width: int) -> Tensor:
    whole = torch.reshape(table, [side, side, -1])
    top = torch.floordiv(torch.sub(side, height), 2)
    left = torch.floordiv(torch.sub(side, width), 2)
    cut = torch.slice(torch.slice(whole, 0, top, torch.add(top, height)), 1, left, torch.add(left, width))
    return torch.add(tokens, torch.unsqueeze(torch.flatten(cut, 0, 1), 0))

  def picture(self, tokens: Tensor, height: int, width: int) -> Tensor:
    h = torch.floordiv(torch.add(height, 1), 2)
    v = torch.floordiv(torch.add(width, 1), 2)
    channels = torch.floordiv(torch.size(tokens, 2), 4)
    cut = torch.reshape(tokens, [torch.size(tokens, 0), h, v, 2, 2, channels])
    whole = torch.reshape(torch.permute(cut, [0, 5, 1, 3, 2, 4]), [torch.size(tokens, 0), channels, torch.mul(h, 2), torch.mul(v, 2)])
    return torch.slice(torch.slice(whole, 2, 0, height), 3, 0, width)

  def linear(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(x, w[0], w[1])

  def two_layers(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(torch.silu(torch.linear(x, w[0], w[1])), w[2], w[3])

  def sinusoids(self, t: Tensor, w: List[Tensor]) -> Tensor:
    steps = torch.arange(128, dtype=6, device=ops.prim.device(t))
    frequencies = torch.exp(torch.div(torch.mul(steps, -9.210340371976184), 128))
    angles = torch.mul(torch.unsqueeze(t, 1), torch.unsqueeze(frequencies, 0))
    embedding = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    return self.two_layers(torch.to(embedding, ops.prim.dtype(w[0])), w)

  def silu(self, x: Tensor) -> Tensor:
    return torch.silu(x)

  def norm(self, x: Tensor) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 2)], None, None, 1e-06, True)

  def modulation(self, vec: Tensor, w: List[Tensor], i: int, parts: int) -> List[Tensor]:
    return torch.chunk(torch.unsqueeze(torch.linear(vec, w[i], w[torch.add(i, 1)]), 1), parts, 2)

  def heads_of(self, x: Tensor, w: List[Tensor], i: int, norms: int, heads: int) -> List[Tensor]:
    qkv = torch.linear(x, w[i], w[torch.add(i, 1)])
    cut = torch.permute(torch.view(qkv, [torch.size(x, 0), torch.size(x, 1), 3, heads, -1]), [2, 0, 3, 1, 4])
    q = torch.select(cut, 0, 0)
    k = torch.select(cut, 0, 1)
    if torch.gt(norms, 0):
      width = [torch.size(q, 3)]
      q = torch.rms_norm(q, width, w[torch.add(i, 2)], 1e-06)
      k = torch.rms_norm(k, width, w[torch.add(i, 3)], 1e-06)
    return [q, k, torch.select(cut, 0, 2)]

  def attention(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    out = torch.scaled_dot_product_attention(q, k, v, None, 0., False)
    return torch.flatten(torch.transpose(out, 1, 2), 2, 3)

  def forward_part(self, x: Tensor, shift: Tensor, scale: Tensor, gate: Tensor, w: List[Tensor], i: int) -> Tensor:
    n = torch.addcmul(shift, self.norm(x), torch.add(scale, 1.))
    h = torch.gelu(torch.linear(n, w[i], w[torch.add(i, 1)]), approximate="tanh")
    h = torch.linear(h, w[torch.add(i, 2)], w[torch.add(i, 3)])
    return torch.add_(x, torch.mul(gate, h))

  def joint_block(self, context: Tensor, x: Tensor, vec: Tensor, cw: List[Tensor], xw: List[Tensor], norms: int, heads: int) -> List[Tensor]:
    after = torch.add(4, norms)
    written = torch.gt(torch.len(cw), after)
    dual = torch.gt(torch.len(xw), torch.add(after, 6))
    texts = torch.size(context, 1)
    cm = self.modulation(vec, cw, 0, torch.floordiv(torch.size(cw[0], 0), torch.size(x, 2)))
    xm = self.modulation(vec, xw, 0, torch.floordiv(torch.size(xw[0], 0), torch.size(x, 2)))
    c = self.heads_of(torch.addcmul(cm[0], self.norm(context), torch.add(cm[1], 1.)), cw, 2, norms, heads)
    n = self.norm(x)
    p = self.heads_of(torch.addcmul(xm[0], n, torch.add(xm[1], 1.)), xw, 2, norms, heads)
    seen = self.attention(torch.cat([c[0], p[0]], 2), torch.cat([c[1], p[1]], 2), torch.cat([c[2], p[2]], 2))
    ours = torch.linear(torch.slice(seen, 1, texts, torch.size(seen, 1)), xw[after], xw[torch.add(after, 1)])
    h = torch.add_(x, torch.mul(xm[2], ours))
    if dual:
      i = torch.add(after, 6)
      d = self.heads_of(torch.addcmul(xm[6], n, torch.add(xm[7], 1.)), xw, i, norms, heads)
      j = torch.add(i, torch.add(2, norms))
      own = torch.linear(self.attention(d[0], d[1], d[2]), xw[j], xw[torch.add(j, 1)])
      h = torch.add_(h, torch.mul(xm[8], own))
    h = self.forward_part(h, xm[3], xm[4], xm[5], xw, torch.add(after, 2))
    if written:
      theirs = torch.linear(torch.slice(seen, 1, 0, texts), cw[after], cw[torch.add(after, 1)])
      t = torch.add_(context, torch.mul(cm[2], theirs))
      return [h, self.forward_part(t, cm[3], cm[4], cm[5], cw, torch.add(after, 2))]
    else:
      return [h]

  def head(self, x: Tensor, vec: Tensor, w: List[Tensor]) -> Tensor:
    mod = self.modulation(vec, w, 2, 2)
    return torch.linear(torch.addcmul(mod[0], self.norm(x), torch.add(mod[1], 1.)), w[0], w[1])
