"""Writes schedules.json: learning rates of the schedulers of transformers, steps 1 to 120.

Their value at s + 1 is ours at s. Run: python schedules.py (transformers 5.18, torch 2.13)
"""
import json
import pathlib

import torch
from transformers import get_constant_schedule_with_warmup, get_cosine_with_min_lr_schedule_with_warmup


def rates(make, peak):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    schedule = make(optimizer)
    values = []
    for _ in range(120):
        optimizer.step()
        schedule.step()
        values.append(schedule.get_last_lr()[0])
    return values


reference = {
    "cosine": rates(
        lambda o: get_cosine_with_min_lr_schedule_with_warmup(
            o, num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1
        ),
        3e-4,
    ),
    "constant": rates(lambda o: get_constant_schedule_with_warmup(o, num_warmup_steps=7), 1e-6),
}
pathlib.Path(__file__).with_name("schedules.json").write_text(json.dumps(reference, indent=1) + "\n")
