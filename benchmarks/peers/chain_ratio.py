"""Row "chains on the ratio": STEPS Metropolis steps of CHAINS chains on the ratio of an AMNRE of 7 x 256.

Usage: chain_ratio.py CHAINS STEPS
"""

import sys

import torch

import networks
import slcp
import turns

chains, steps = map(int, sys.argv[1:])
net = networks.ArbitraryRatioEstimator(256, 7)
x = slcp.draw(1)[1]
mask = torch.ones(networks.PARAMETERS)
sigma = 0.02 * (slcp.HIGH - slcp.LOW)


def log_density(theta):
    """log r + log prior, up to a constant: minus infinity outside the prior's box."""
    inside = ((theta >= slcp.LOW) & (theta < slcp.HIGH)).all(-1)
    return torch.where(inside, net(theta, x, mask), torch.tensor(-torch.inf))


@torch.no_grad()
def work():
    state = slcp.draw(chains)[0]
    density = log_density(state)
    for _ in range(steps):
        proposal = state + sigma * torch.randn_like(state)
        proposed = log_density(proposal)
        accepted = torch.rand(chains) < (proposed - density).exp()
        density = torch.where(accepted, proposed, density)
        state = torch.where(accepted[:, None], proposal, state)


turns.take_turns(work)
