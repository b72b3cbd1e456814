"""Row "AMNRE step": STEPS steps of LAYERS x WIDTH, batch 1024, a random subset for each row.

Usage: step_amnre.py LAYERS WIDTH STEPS
"""

import sys

import torch

import networks
import training
import turns

layers, width, count = map(int, sys.argv[1:])
net = networks.ArbitraryRatioEstimator(width, layers)
powers = 2 ** torch.arange(networks.PARAMETERS)


def loss(theta, x):
    """The same subsets for both halves: uniform among all but the empty one."""
    subsets = torch.randint(1, 2 ** networks.PARAMETERS, (len(theta), 1))
    mask = (subsets & powers).ne(0).float()
    return training.pair_loss(*net(training.beside_others(theta), x, mask))


turns.take_turns(training.steps(net, loss, count))
