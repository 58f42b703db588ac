"""Writes the files beside it: tensors by torch.save in both layouts, and files that must be refused. Needs PyTorch (2.7)."""
import collections
import os
import torch

base = torch.arange(12, dtype=torch.float32)
tensors = collections.OrderedDict(
    whole=base.reshape(3, 4),
    turned=base.reshape(3, 4).t(),
    part=base[5:8],
    half=torch.tensor([1, -2, 0.5]).half(),
    brain=torch.tensor([1, -2, 0.5]).bfloat16(),
    parameter=torch.nn.Parameter(torch.tensor([7.0])),
    scalar=torch.tensor(3.5),
)
torch.save(tensors, "zip.pth")
torch.save({"epoch": 3, "params_ema": tensors}, "wrapped.pth")
torch.save({"state_dict": tensors, "loss": 0.25}, "old.ckpt", _use_new_zipfile_serialization=False)


class Runs:
    def __reduce__(self):
        return os.system, ("exit 1",)


torch.save({"w": torch.zeros(2), "x": Runs()}, "runs.pth")
torch.save({"w": torch.zeros(2), "x": Runs()}, "runs-old.pth", _use_new_zipfile_serialization=False)
