"""Row "NPE step": STEPS steps of TRANSFORMS autoregressive transforms of BLOCKS blocks of WIDTH, batch 1024.

Usage: step_npe.py TRANSFORMS WIDTH BLOCKS STEPS
"""

import sys

import networks
import training
import turns

transforms, width, blocks, count = map(int, sys.argv[1:])
net = networks.Flow(transforms, width, blocks)


def loss(theta, x):
    return -net(theta, x).sum() / training.BATCH


turns.take_turns(training.steps(net, loss, count))
