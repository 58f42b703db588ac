# TorchScript, not Python: the CLIP text encoder as one function. Weights may be stored in half precision; each is
# widened where it is used, so that all maths is float32.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def f32(self, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def linear(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    return torch.linear(x, self.f32(w[i]), self.f32(w[torch.add(i, 1)]))

  def norm(self, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    width = torch.size(x, 2)
    return torch.layer_norm(x, [width], self.f32(w[i]), self.f32(w[torch.add(i, 1)]), 1e-05, True)

  def split(self, x: Tensor, heads: int) -> Tensor:
    width = torch.floordiv(torch.size(x, 2), heads)
    return torch.transpose(torch.view(x, [torch.size(x, 0), -1, heads, width]), 1, 2)

  def embed(self, ids: Tensor, places: List[int], vectors: List[Tensor], w: List[Tensor]) -> Tensor:
    x = self.f32(torch.embedding(w[0], ids))
    for i in range(torch.len(vectors)):
      row = torch.select(x, 0, places[torch.mul(2, i)])
      at = torch.select(row, 0, places[torch.add(torch.mul(2, i), 1)])
      torch.copy_(at, vectors[i])
    return torch.add(x, torch.slice(self.f32(w[1]), 0, 0, torch.size(x, 1)))

  def layer(self, x: Tensor, w: List[Tensor], i: int, heads: int, quick: int) -> Tensor:
    n = self.norm(x, w, i)
    q = self.split(self.linear(n, w, torch.add(i, 2)), heads)
    k = self.split(self.linear(n, w, torch.add(i, 4)), heads)
    v = self.split(self.linear(n, w, torch.add(i, 6)), heads)
    out = torch.transpose(torch.scaled_dot_product_attention(q, k, v, None, 0., True), 1, 2)
    x = torch.add(x, self.linear(torch.reshape(out, torch.size(x)), w, torch.add(i, 8)))
    h = self.linear(self.norm(x, w, torch.add(i, 10)), w, torch.add(i, 12))
    if torch.eq(quick, 1):
      h = torch.mul(h, torch.sigmoid(torch.mul(h, 1.702)))
    else:
      h = torch.gelu(h)
    return torch.add(x, self.linear(h, w, torch.add(i, 14)))

  def encode(self, ids: Tensor, places: List[int], vectors: List[Tensor], ends: List[int], w: List[Tensor], heads: int, layers: int, quick: int, normed: int, projected: int, wanted: List[int]) -> List[Tensor]:
    x = self.embed(ids, places, vectors, w)
    hidden = annotate(List[Tensor], [])
    for n in range(layers):
      x = self.layer(x, w, torch.add(4, torch.mul(16, n)), heads, quick)
      if torch.__contains__(wanted, n):
        if torch.eq(normed, 1):
          torch.append(hidden, self.norm(x, w, 2))
        else:
          torch.append(hidden, x)
    last = self.norm(x, w, 2)
    if torch.__contains__(wanted, layers):
      torch.append(hidden, last)
    rows = annotate(List[Tensor], [])
    for r in range(torch.len(ends)):
      torch.append(rows, torch.select(torch.select(last, 0, r), 0, ends[r]))
    pooled = torch.stack(rows, 0)
    after = torch.add(4, torch.mul(16, layers))
    if torch.eq(projected, 1):
      if torch.gt(torch.len(w), after):
        pooled = torch.linear(pooled, self.f32(w[after]))
    torch.append(hidden, pooled)
    return hidden

  def part(self, parts: List[Tensor], i: int) -> Tensor:
    return parts[i]

  def weigh(self, hidden: Tensor, weights: Tensor) -> Tensor:
    chunks = torch.sub(torch.size(hidden, 0), 1)
    z = torch.slice(hidden, 0, 0, chunks)
    empty = torch.slice(hidden, 0, chunks, torch.add(chunks, 1))
    weighted = torch.add(torch.mul(torch.sub(z, empty), weights), empty)
    return torch.where(torch.eq(weights, 1.), z, weighted)

  def join(self, hidden: Tensor, chunks: int) -> Tensor:
    width = torch.size(hidden, 2)
    return torch.reshape(torch.slice(hidden, 0, 0, chunks), [1, -1, width])
