# TorchScript, not Python: tensors inside a mapped file.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def map_file(self, path: str, count: int, dtype: int) -> Tensor:
    return torch.from_file(path, False, count, dtype=dtype)

  def view(self, base: Tensor, shape: List[int], strides: List[int], offset: int) -> Tensor:
    return torch.as_strided(base, shape, strides, offset)

  def copy_out(self, bytes: Tensor, begin: int, end: int, dtype: int, shape: List[int], strides: List[int]) -> Tensor:
    numbers = torch.view_copy(torch.clone(torch.slice(bytes, 0, begin, end)), dtype=dtype)
    return torch.as_strided(numbers, shape, strides, 0)
