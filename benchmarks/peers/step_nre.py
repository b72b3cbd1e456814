"""Row "NRE step": STEPS steps of LAYERS x WIDTH over all five parameters, batch 1024.

Usage: step_nre.py LAYERS WIDTH STEPS
"""

import sys

import networks
import training
import turns

layers, width, count = map(int, sys.argv[1:])
net = networks.RatioEstimator(width, layers)


def loss(theta, x):
    return training.pair_loss(*net(training.beside_others(theta), x))


turns.take_turns(training.steps(net, loss, count))
