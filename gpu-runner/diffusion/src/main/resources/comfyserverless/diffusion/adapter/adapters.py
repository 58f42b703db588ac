# TorchScript, not Python: what an adapter makes of a weight (float32), one function for each kind. `t` are its tensors
# in the order written at WeightPatch.Kind, an absent one is empty; `given` is 1 where the file has an alpha.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def factor(self, alpha: float, given: int, rank: int) -> float:
    if torch.eq(given, 1):
      return torch.div(alpha, rank)
    else:
      return 1.

  def finish(self, w: Tensor, change: Tensor, factor: float, strength: float, dora: List[Tensor]) -> Tensor:
    if torch.eq(torch.len(dora), 0):
      return torch.add(w, torch.mul(change, torch.mul(strength, factor)))
    else:
      return self.decompose(w, torch.mul(change, factor), strength, dora[0])

  def norms(self, w: Tensor) -> Tensor:
    rows = torch.size(w, 0)
    shape = [rows]
    for i in range(torch.sub(torch.dim(w), 1)):
      torch.append(shape, 1)
    return torch.reshape(torch.linalg_vector_norm(torch.reshape(w, [rows, -1]), 2, [1], True), shape)

  def decompose(self, w: Tensor, change: Tensor, strength: float, dora: Tensor) -> Tensor:
    moved = torch.add(w, change)
    if torch.eq(torch.size(dora, 0), torch.size(moved, 0)):
      norm = self.norms(w)
    else:
      norm = torch.transpose(self.norms(torch.transpose(moved, 0, 1)), 0, 1)
    scaled = torch.mul(moved, torch.div(dora, torch.add(norm, 1.1920928955078125e-07)))
    if torch.eq(strength, 1.):
      return scaled
    else:
      return torch.add(w, torch.mul(torch.sub(scaled, w), strength))

  def lora(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    down = t[1]
    factor = self.factor(alpha, given, torch.size(down, 0))
    if torch.gt(torch.numel(t[2]), 0):
      mid = t[2]
      shape = [torch.size(down, 1), torch.size(down, 0), torch.size(mid, 2), torch.size(mid, 3)]
      joined = torch.mm(torch.flatten(torch.transpose(down, 0, 1), 1, -1), torch.flatten(torch.transpose(mid, 0, 1), 1, -1))
      down = torch.transpose(torch.reshape(joined, shape), 0, 1)
    change = torch.mm(torch.flatten(t[0], 1, -1), torch.flatten(down, 1, -1))
    return self.finish(w, torch.reshape(change, torch.size(w)), factor, strength, dora)

  def tucker(self, t: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return torch.einsum("i j k l, j r, i p -> p r k l", [t, b, a], path=None)

  def loha(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    factor = self.factor(alpha, given, torch.size(t[1], 0))
    if torch.gt(torch.numel(t[4]), 0):
      first = self.tucker(t[4], t[0], t[1])
      second = self.tucker(t[5], t[2], t[3])
    else:
      first = torch.mm(t[0], t[1])
      second = torch.mm(t[2], t[3])
    return self.finish(w, torch.reshape(torch.mul(first, second), torch.size(w)), factor, strength, dora)

  def lokr(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    rank = 0
    first = t[0]
    second = t[3]
    if torch.eq(torch.numel(t[0]), 0):
      rank = torch.size(t[2], 0)
      first = torch.mm(t[1], t[2])
    if torch.eq(torch.numel(t[3]), 0):
      rank = torch.size(t[5], 0)
      if torch.gt(torch.numel(t[6]), 0):
        second = self.tucker(t[6], t[4], t[5])
      else:
        second = torch.mm(t[4], t[5])
    if torch.eq(torch.dim(second), 4):
      first = torch.unsqueeze(torch.unsqueeze(first, 2), 2)
    factor = 1.
    if torch.gt(rank, 0):
      factor = self.factor(alpha, given, rank)
    return self.finish(w, torch.reshape(torch.kron(first, second), torch.size(w)), factor, strength, dora)

  def glora(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    a1 = torch.flatten(t[0], 1, -1)
    a2 = torch.flatten(t[1], 1, -1)
    b1 = torch.flatten(t[2], 1, -1)
    b2 = torch.flatten(t[3], 1, -1)
    flat = torch.flatten(w, 1, -1)
    r = torch.size(t[0], 0)
    old = False
    if torch.eq(torch.size(t[3], 1), r):
      if torch.eq(torch.size(t[2], 0), r):
        if torch.eq(torch.size(t[1], 1), r):
          old = True
    rank = r
    n = torch.size(t[1], 0)
    if torch.eq(torch.size(t[3], 0), n):
      if torch.eq(torch.size(t[2], 1), n):
        if torch.eq(torch.size(t[0], 1), n):
          square = False
          if torch.eq(n, torch.size(w, 0)):
            if torch.eq(torch.size(w, 0), torch.size(w, 1)):
              square = old
          if torch.__not__(square):
            old = False
            rank = n
    if old:
      change = torch.add(torch.mm(b2, b1), torch.mm(torch.mm(flat, a2), a1))
    else:
      shape = torch.size(w)
      places = torch.reshape(w, [shape[0], shape[1], -1])
      step = torch.einsum("o i k, i j -> o j k", [places, a1], path=None)
      change = torch.flatten(torch.einsum("o i k, i j -> o j k", [step, a2], path=None), 1, -1)
      change = torch.add(change, torch.reshape(torch.mm(b1, b2), torch.size(change)))
    return self.finish(w, torch.reshape(change, torch.size(w)), self.factor(alpha, given, rank), strength, dora)

  def rotation(self, blocks: Tensor, limit: float) -> Tensor:
    one = torch.eye(torch.size(blocks, -1), dtype=6, device=ops.prim.device(blocks))
    q = torch.sub(blocks, torch.transpose(blocks, -1, -2))
    if torch.gt(limit, 0.):
      norm = torch.add(torch.linalg_vector_norm(q, 2, None, False), 1e-08)
      if torch.gt(torch.item(norm), limit):
        q = torch.div(torch.mul(q, limit), norm)
    return torch.matmul(torch.add(q, one), torch.inverse(torch.sub(one, q)))

  def oft(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    r = self.rotation(t[0], alpha)
    one = torch.eye(torch.size(r, -1), dtype=6, device=ops.prim.device(r))
    turned = torch.sub(torch.mul(r, strength), torch.mul(one, strength))
    blocks = torch.reshape(w, [torch.size(r, 0), torch.size(r, 1), -1])
    change = torch.reshape(torch.matmul(torch.transpose(turned, 1, 2), blocks), torch.size(w))
    if torch.eq(torch.len(dora), 0):
      return torch.add(w, torch.mul(change, strength))
    else:
      return self.decompose(w, torch.mul(change, alpha), strength, dora[0])

  def boft(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    r = self.rotation(t[0], alpha)
    side = torch.size(r, -1)
    one = torch.eye(side, dtype=6, device=ops.prim.device(r))
    rest = torch.floordiv(torch.numel(w), torch.size(w, 0))
    x = torch.reshape(w, [-1, rest])
    k = torch.floordiv(side, 2)
    for i in range(torch.size(r, 0)):
      b = torch.select(r, 0, i)
      if torch.ne(strength, 1.):
        b = torch.add(torch.mul(b, strength), torch.mul(one, torch.sub(1., strength)))
      x = torch.transpose(torch.reshape(x, [-1, 2, k, rest]), 1, 2)
      x = torch.matmul(b, torch.reshape(x, [-1, side, rest]))
      x = torch.reshape(torch.transpose(torch.reshape(x, [-1, k, 2, rest]), 1, 2), [-1, rest])
      k = torch.mul(k, 2)
    turned = torch.reshape(x, torch.size(w))
    if torch.gt(torch.numel(t[1]), 0):
      turned = torch.mul(turned, t[1])
    change = torch.sub(turned, w)
    if torch.eq(torch.len(dora), 0):
      return torch.add(w, torch.mul(change, strength))
    else:
      return self.decompose(w, torch.mul(change, alpha), strength, dora[0])

  def difference(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    return torch.add(w, torch.mul(torch.view(t[0], torch.size(w)), strength))

  def replacement(self, w: Tensor, t: List[Tensor], alpha: float, given: int, strength: float, dora: List[Tensor]) -> Tensor:
    return torch.expand_as(t[0], w)
