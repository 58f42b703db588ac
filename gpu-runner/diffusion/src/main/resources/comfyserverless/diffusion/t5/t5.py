# TorchScript, not Python: T5's encoder as one function. Weights may be stored in 16 or 8 bits; each is widened where it
# is used, so that all maths is float32. Order: token table, final norm, position table, then nine for each layer.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def f32(self, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def linear(self, x: Tensor, weight: Tensor) -> Tensor:
    return torch.linear(x, self.f32(weight))

  def norm(self, x: Tensor, weight: Tensor) -> Tensor:
    variance = torch.mean(torch.mul(x, x), [-1], True)
    return torch.mul(self.f32(weight), torch.mul(x, torch.rsqrt(torch.add(variance, 1e-06))))

  def split(self, x: Tensor, heads: int) -> Tensor:
    width = torch.floordiv(torch.size(x, 2), heads)
    return torch.transpose(torch.view(x, [torch.size(x, 0), -1, heads, width]), 1, 2)

  def embed(self, ids: Tensor, places: List[int], vectors: List[Tensor], table: Tensor) -> Tensor:
    x = torch.nan_to_num(self.f32(torch.index_select(table, 0, torch.flatten(ids))))
    x = torch.reshape(x, [torch.size(ids, 0), torch.size(ids, 1), torch.size(table, 1)])
    for i in range(torch.len(vectors)):
      torch.copy_(torch.select(torch.select(x, 0, 0), 0, places[i]), vectors[i])
    return x

  # Distances in either direction have 16 places each: eight for the nearest ones, eight that grow up to 128 tokens.
  def bias(self, length: int, table: Tensor) -> Tensor:
    at = torch.arange(length, dtype=4, device=ops.prim.device(table))
    distance = torch.sub(torch.unsqueeze(at, 0), torch.unsqueeze(at, 1))
    side = torch.mul(torch.to(torch.gt(distance, 0), 4), 16)
    far = torch.abs(distance)
    grown = torch.mul(torch.div(torch.log(torch.div(self.f32(far), 8)), 2.772588722239781), 8)
    bucket = torch.clamp_max(torch.add(torch.to(torch.clamp_min(grown, 0.), 4), 8), 15)
    place = torch.add(side, torch.where(torch.lt(far, 8), far, bucket))
    values = torch.embedding(self.f32(table), place)
    return torch.contiguous(torch.unsqueeze(torch.permute(values, [2, 0, 1]), 0))

  def layer(self, x: Tensor, bias: Tensor, w: List[Tensor], i: int, heads: int) -> Tensor:
    n = self.norm(x, w[i])
    q = self.split(self.linear(n, w[torch.add(i, 1)]), heads)
    k = self.split(self.linear(n, w[torch.add(i, 2)]), heads)
    v = self.split(self.linear(n, w[torch.add(i, 3)]), heads)
    k = torch.mul(k, torch.pow(torch.size(k, 3), 0.5))
    out = torch.transpose(torch.scaled_dot_product_attention(q, k, v, bias, 0., False), 1, 2)
    width = torch.mul(heads, torch.size(q, 3))
    out = torch.reshape(out, [torch.size(x, 0), -1, width])
    x = torch.add(x, self.linear(out, w[torch.add(i, 4)]))
    n = self.norm(x, w[torch.add(i, 5)])
    gate = torch.gelu(self.linear(n, w[torch.add(i, 6)]), approximate="tanh")
    h = torch.mul(gate, self.linear(n, w[torch.add(i, 7)]))
    return torch.add(x, self.linear(h, w[torch.add(i, 8)]))

  def encode(self, ids: Tensor, places: List[int], vectors: List[Tensor], w: List[Tensor], heads: int, layers: int) -> Tensor:
    x = self.embed(ids, places, vectors, w[0])
    bias = self.bias(torch.size(x, 1), w[2])
    for n in range(layers):
      x = self.layer(x, bias, w, torch.add(3, torch.mul(9, n)), heads)
    return self.norm(x, w[1])

  def weigh(self, hidden: Tensor, weights: Tensor) -> Tensor:
    z = torch.slice(hidden, 0, 0, 1)
    empty = torch.slice(hidden, 0, 1, 2)
    weighted = torch.add(torch.mul(torch.sub(z, empty), weights), empty)
    return torch.where(torch.eq(weights, 1.), z, weighted)
