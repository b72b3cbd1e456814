"""Row "MNRE step": STEPS steps of 16 networks of LAYERS x WIDTH, one for each single parameter, each pair, and all.

Usage: step_mnre.py LAYERS WIDTH STEPS
"""

import itertools
import sys

import torch
from torch import nn

import networks
import training
import turns

layers, width, count = map(int, sys.argv[1:])
every = range(networks.PARAMETERS)
subsets = [kept for size in (1, 2, networks.PARAMETERS) for kept in itertools.combinations(every, size)]
nets = nn.ModuleList(networks.RatioEstimator(width, layers, [i in kept for i in every]) for kept in subsets)


def loss(theta, x):
    pairs = training.beside_others(theta)
    return training.pair_loss(*torch.stack([net(pairs, x) for net in nets], dim=-1))


turns.take_turns(training.steps(nets, loss, count))
