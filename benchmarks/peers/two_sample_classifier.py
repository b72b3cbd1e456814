"""Row "C2ST classifier": STEPS steps of the ReLU network that tells two samples apart (2 layers of 50, batches of 200).

Usage: two_sample_classifier.py STEPS
"""

import sys

import torch
from torch import nn

import turns

BATCH, SIZE = 200, 5
count, = map(int, sys.argv[1:])
width = 10 * SIZE
net = nn.Sequential(nn.Linear(SIZE, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))
weights = [p for p in net.parameters() if p.dim() == 2]
biases = [p for p in net.parameters() if p.dim() == 1]
optimizer = torch.optim.Adam([{"params": weights, "weight_decay": 1e-4 / BATCH}, {"params": biases}], lr=1e-3)
data, labels = torch.randn(BATCH, SIZE), (torch.rand(BATCH) < 0.5).float()


def work():
    for _ in range(count):
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(net(data).squeeze(-1), labels)
        loss.backward()
        optimizer.step()


turns.take_turns(work)
