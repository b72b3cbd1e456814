"""Row "grid histogram": the marginal of two parameters on BINS x BINS cells by an AMNRE of 7 x 256, 4096 cells at a time.

Usage: grid_histogram.py BINS
"""

import math
import sys

import torch

import networks
import slcp
import turns

bins, = map(int, sys.argv[1:])
net = networks.ArbitraryRatioEstimator(256, 7)
x = slcp.draw(1)[1]
mask = torch.tensor([0.0, 0.0, 1.0, 1.0, 0.0])
log_prior = -2 * math.log(slcp.HIGH - slcp.LOW)
volume = ((slcp.HIGH - slcp.LOW) / bins) ** 2


@torch.no_grad()
def work():
    centres = slcp.LOW + (torch.arange(bins) + 0.5) * (slcp.HIGH - slcp.LOW) / bins
    theta = torch.zeros(bins * bins, networks.PARAMETERS)
    theta[:, 2:4] = torch.cartesian_prod(centres, centres)
    masses = torch.cat([net(part, x, mask) for part in theta.split(4096)])
    masses = (masses + log_prior).exp().nan_to_num(0) * volume
    return masses / masses.sum()


turns.take_turns(work)
