"""Row "classify": ROWS rows and as many of others' parameters, through an AMNRE of 7 x 256, for three subsets.

Usage: classify.py ROWS
"""

import sys

import torch

import networks
import slcp
import training
import turns

rows, = map(int, sys.argv[1:])
net = networks.ArbitraryRatioEstimator(256, 7)
theta, x = slcp.draw(rows)
masks = torch.tensor([[0, 0, 1, 0, 0], [0, 0, 1, 1, 0], [1, 1, 1, 1, 1]]).float()


@torch.no_grad()
def work():
    for mask in masks:
        joint, others = net(training.beside_others(theta), x, mask)
        labels = torch.cat((torch.ones(rows), torch.zeros(rows)))
        torch.stack((labels, torch.cat((joint, others)).sigmoid(), torch.ones(2 * rows)), dim=-1)


turns.take_turns(work)
