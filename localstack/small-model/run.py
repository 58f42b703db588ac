# SPDX-License-Identifier: Apache-2.0
"""How any part trains: the optimizer's steps, the log, the state on disk, one process or several."""

import copy
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn


class Run:
    """What every part needs: state on disk, a rate that falls towards the end, a moving average."""

    def __init__(self, args, name, modules, rate):
        self.args, self.name, self.modules = args, name, modules
        self.path = Path(args.work) / f"{name}.pt"
        self.parameters = [p for m in modules.values() for p in m.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, rate, betas=(0.9, 0.98), weight_decay=1e-4,
                                           fused=True)
        self.mean = {k: copy.deepcopy(m) for k, m in modules.items()}
        self.rate, self.step, self.samples, self.seconds = rate, 0, 0, 0.0
        self.sums = {}
        if self.path.exists():
            state = torch.load(self.path, weights_only=True)
            for k in modules:
                modules[k].load_state_dict(state["modules"][k])
                self.mean[k].load_state_dict(state["mean"][k])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.samples, self.seconds = state["step"], state["samples"], state["seconds"]
        self.clock = self.saved = self.logged = time.time()
        self.rank, self.peers = 0, 1
        if "RANK" in os.environ:
            dist.init_process_group("gloo")
            self.rank, self.peers = dist.get_rank(), dist.get_world_size()
        self.progress = self.measured_progress()

    def measured_progress(self):
        """0 at the start, 1 when the minutes are over."""
        return (self.seconds + time.time() - self.clock) / 60 / self.args.minutes

    def generator(self, apart=True):
        """Random numbers, others after each resumption, and in each process if apart."""
        return torch.Generator().manual_seed(self.step * 16 + (self.rank if apart else 8))

    def agree(self):
        """Averages gradients and progress over the processes."""
        self.progress = self.measured_progress()
        if self.peers > 1:
            held = [p for p in self.parameters if p.grad is not None]
            flat = torch.cat([p.grad.flatten() for p in held] + [torch.tensor([self.progress])])
            dist.all_reduce(flat)
            flat /= self.peers
            self.progress = flat[-1].item()
            for p, part in zip(held, flat[:-1].split([p.numel() for p in held])):
                p.grad.copy_(part.view_as(p))

    def current_rate(self):
        late = min(1.0, max(0.0, (self.progress - self.args.hold) / (1 - self.args.hold)))
        return self.rate * min(1, (self.step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * late)))

    def update(self, loss, samples, **figures):
        """One step of the optimizer; logs and saves now and then."""
        self.optimizer.zero_grad()
        loss.backward()
        self.agree()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self.current_rate()
        self.optimizer.step()
        self.step += 1
        self.samples += samples * self.peers
        decay = min(self.args.decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for k, m in self.modules.items():
                mean, fresh = list(self.mean[k].parameters()), list(m.parameters())
                torch._foreach_lerp_(mean, fresh, 1 - decay)
        for key, value in {"loss": loss.item(), **figures}.items():
            total, count = self.sums.get(key, (0.0, 0))
            self.sums[key] = total + value, count + 1
        now = time.time()
        if now - self.logged > 30:
            self.log()
        if now - self.saved > 120:
            self.save()

    def log(self):
        if self.rank:
            return
        now = time.time()
        line = {"part": self.name, "minutes": round((self.seconds + now - self.clock) / 60, 1),
                "step": self.step, "samples": self.samples, "rate": round(self.current_rate(), 7),
                **{k: round(total / count, 5) for k, (total, count) in self.sums.items()}}
        self.sums, self.logged = {}, now
        print(json.dumps(line), flush=True)
        with open(Path(self.args.work) / "training-log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")

    def save(self):
        if self.rank:
            return
        now = time.time()
        self.seconds, self.clock, self.saved = self.seconds + now - self.clock, now, now
        state = {"modules": {k: m.state_dict() for k, m in self.modules.items()},
                 "mean": {k: m.state_dict() for k, m in self.mean.items()},
                 "optimizer": self.optimizer.state_dict(),
                 "step": self.step, "samples": self.samples, "seconds": self.seconds}
        part = self.path.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.path)


def bf16():
    return torch.autocast("cpu", torch.bfloat16)


def cached(path, make):
    """What make() returns, kept in a file."""
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}")
        torch.save(make(), part)
        part.replace(path)
    return torch.load(path, weights_only=True)
