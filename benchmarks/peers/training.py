"""One step of training as every estimator takes it: draw, forward, backward, clip, AdamW."""

import torch
from torch import nn

import slcp

BATCH = 1024


def steps(net, loss, count):
    """Work that takes `count` steps; loss(theta, x) is a scalar."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4)

    def work():
        for _ in range(count):
            value = loss(*slcp.draw(BATCH))
            if not value.isfinite():
                continue
            optimizer.zero_grad()
            value.backward()
            if nn.utils.clip_grad_norm_(net.parameters(), 10.0).isfinite():
                optimizer.step()

    return work


def pair_loss(joint, others):
    """Binary cross-entropy of telling joint pairs from the others, both (N,) or (N, masks)."""
    logsigmoid = nn.functional.logsigmoid
    return -(logsigmoid(joint) + logsigmoid(-others)).sum() / BATCH


def beside_others(theta):
    """Each row's parameters and those of the row before: (2, N, 5)."""
    return torch.stack((theta, theta.roll(1, 0)))
