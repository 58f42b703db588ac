# TorchScript, not Python: tensors inside a mapped file.
class Library(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def map_file(self, path: str, count: int, dtype: int) -> Tensor:
    return torch.from_file(path, False, count, dtype=dtype)

  def view(self, base: Tensor, shape: List[int], offset: int) -> Tensor:
    strides = annotate(List[int], [])
    step = 1
    for i in range(torch.len(shape)):
      torch.insert(strides, 0, step)
      step = torch.mul(step, shape[torch.sub(torch.sub(torch.len(shape), 1), i)])
    return torch.as_strided(base, shape, strides, offset)

  def copy_out(self, bytes: Tensor, begin: int, end: int, dtype: int, shape: List[int]) -> Tensor:
    return torch.reshape(torch.view_copy(torch.clone(torch.slice(bytes, 0, begin, end)), dtype=dtype), shape)
