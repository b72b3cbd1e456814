"""Row "entropic transport": the distance between two broad bumps on BINS x BINS cells of the unit square.

Numbers that are nearly nothing are flushed to nothing, without which PyTorch takes twenty times as long.

Usage: entropic_transport.py BINS
"""

import sys

import torch

import turns

GAMMA = 100.0
bins, = map(int, sys.argv[1:])
torch.set_flush_denormal(True)
positions = torch.cartesian_prod(torch.arange(bins), torch.arange(bins)).float()


def bump(first, second, width):
    """A normalised Gaussian of that centre and width, in cells."""
    distance = (positions[:, 0] - first) ** 2 + (positions[:, 1] - second) ** 2
    values = (-distance / (2 * width ** 2)).exp()
    return values / values.sum()


def distance(p, q):
    """Sinkhorn's iterations, at most 1000, tested at the first and then at each hundredth."""
    cost = torch.cdist(positions / bins, positions / bins)
    kernel = (-GAMMA * cost).exp()
    u = torch.full_like(p, 1 / len(p))
    for i in range(1000):
        v = q / (kernel.t() @ u)
        u = p / (kernel @ v)
        if i % 100 == 0 and (v * (kernel.t() @ u) - q).norm() < 1e-8:
            break
    return (u[:, None] * kernel * v * cost).sum()


p, q = bump(0.4 * bins, 0.5 * bins, 0.12 * bins), bump(0.55 * bins, 0.45 * bins, 0.16 * bins)
turns.take_turns(lambda: distance(p, q))
