# TorchScript, not Python: the operations of Tensor and Torch, one function each. Only aten operators exist here.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def shape(self, x: Tensor) -> List[int]:
    return torch.size(x)

  def dtype(self, x: Tensor) -> int:
    return ops.prim.dtype(x)

  def item(self, x: Tensor) -> float:
    return float(torch.item(x))

  def to_host_f32(self, x: Tensor) -> Tensor:
    return torch.contiguous(torch.to(x, torch.device("cpu"), 6))

  def from_bytes(self, bytes: Tensor, dtype: int, shape: List[int], device: str) -> Tensor:
    return torch.to(torch.reshape(torch.view_copy(bytes, dtype=dtype), shape), torch.device(device), dtype)

  def generator(self, seed: int) -> Generator:
    return torch.Generator(device=torch.device("cpu"), seed=seed)

  def randn(self, source: Generator, shape: List[int], device: str) -> Tensor:
    return torch.to(torch.randn(shape, generator=source, dtype=6), torch.device(device), 6)

  def full(self, shape: List[int], value: float, device: str) -> Tensor:
    return torch.full(shape, value, dtype=6, device=torch.device(device))

  def empty_list(self) -> List[Tensor]:
    return annotate(List[Tensor], [])

  def cat(self, parts: List[Tensor], dim: int) -> Tensor:
    return torch.cat(parts, dim)

  def add(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.add(a, b)

  def add_scalar(self, a: Tensor, b: float) -> Tensor:
    return torch.add(a, b)

  def sub(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.sub(a, b)

  def mul(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.mul(a, b)

  def mul_scalar(self, a: Tensor, b: float) -> Tensor:
    return torch.mul(a, b)

  def div(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.div(a, b)

  def div_scalar(self, a: Tensor, b: float) -> Tensor:
    return torch.div(a, b)

  def add_scaled(self, a: Tensor, b: Tensor, factor: float) -> Tensor:
    return torch.add(a, torch.mul(b, factor))

  def lerp(self, a: Tensor, end: Tensor, weight: float) -> Tensor:
    return torch.lerp(a, end, weight)

  def neg(self, x: Tensor) -> Tensor:
    return torch.neg(x)

  def abs(self, x: Tensor) -> Tensor:
    return torch.abs(x)

  def sqrt(self, x: Tensor) -> Tensor:
    return torch.sqrt(x)

  def exp(self, x: Tensor) -> Tensor:
    return torch.exp(x)

  def clamp(self, x: Tensor, least: float, most: float) -> Tensor:
    return torch.clamp(x, least, most)

  def maximum(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.maximum(a, b)

  def minimum(self, a: Tensor, b: Tensor) -> Tensor:
    return torch.minimum(a, b)

  def at_least(self, x: Tensor, number: float) -> Tensor:
    return torch.to(torch.ge(x, number), 6)

  def mean(self, x: Tensor, dims: List[int], keep: bool) -> Tensor:
    return torch.mean(x, dims, keep)

  def sum(self, x: Tensor, dims: List[int], keep: bool) -> Tensor:
    return torch.sum(x, dims, keep)

  def std(self, x: Tensor, dims: List[int], keep: bool) -> Tensor:
    return torch.std(x, dims, correction=1, keepdim=keep)

  def reshape(self, x: Tensor, shape: List[int]) -> Tensor:
    return torch.reshape(x, shape)

  def permute(self, x: Tensor, order: List[int]) -> Tensor:
    return torch.permute(x, order)

  def repeat(self, x: Tensor, times: List[int]) -> Tensor:
    return torch.repeat(x, times)

  def slice(self, x: Tensor, dim: int, start: int, end: int) -> Tensor:
    return torch.slice(x, dim, start, end)

  def index_select(self, x: Tensor, dim: int, indexes: List[int]) -> Tensor:
    return torch.index_select(x, dim, torch.tensor(indexes, dtype=4, device=ops.prim.device(x)))

  def flip(self, x: Tensor, dim: int) -> Tensor:
    return torch.flip(x, [dim])

  def pad(self, x: Tensor, sides: List[int], value: float) -> Tensor:
    return torch.constant_pad_nd(x, sides, value)

  def copy(self, x: Tensor) -> Tensor:
    return torch.clone(x, memory_format=0)

  def to_dtype(self, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

  def to_device(self, x: Tensor, dtype: int, device: str) -> Tensor:
    return torch.to(x, torch.device(device), dtype)

  def interpolate_nearest(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch.upsample_nearest2d(x, [height, width])

  def interpolate_nearest_exact(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch._upsample_nearest_exact2d(x, [height, width])

  def interpolate_bilinear(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch.upsample_bilinear2d(x, [height, width], False)

  def interpolate_bicubic(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch.upsample_bicubic2d(x, [height, width], False)

  def interpolate_area(self, x: Tensor, height: int, width: int) -> Tensor:
    return torch.adaptive_avg_pool2d(x, [height, width])
