# TorchScript, not Python: the operations of Tensor and Torch, one function each. Only aten operators exist here.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def shape(self, x: Tensor) -> List[int]:
    return torch.size(x)

  def to_host_f32(self, x: Tensor) -> Tensor:
    return torch.contiguous(torch.to(x, torch.device("cpu"), 6))

  def from_bytes(self, bytes: Tensor, dtype: int, shape: List[int], device: str) -> Tensor:
    return torch.to(torch.reshape(torch.view_copy(bytes, dtype=dtype), shape), torch.device(device), dtype)

  def full(self, shape: List[int], value: float, device: str) -> Tensor:
    return torch.full(shape, value, dtype=6, device=torch.device(device))

  def empty_list(self) -> List[Tensor]:
    return annotate(List[Tensor], [])

  def cat(self, parts: List[Tensor], dim: int) -> Tensor:
    return torch.cat(parts, dim)

  def add(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.add(a, b)

  def sub(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.sub(a, b)

  def mul(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.mul(a, b)

  def permute(self, x: Tensor, order: List[int]) -> Tensor:
    return torch.permute(x, order)

  def slice(self, x: Tensor, dim: int, start: int, end: int) -> Tensor:
    return torch.slice(x, dim, start, end)

  def to_dtype(self, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  def to_device(self, x: Tensor, dtype: int, device: str) -> Tensor:
    return torch.to(x, torch.device(device), dtype)
