"""Row "matrix products": 20 of ROWS x 256 x 256.

Usage: products.py ROWS
"""

import sys

import torch

import turns

rows, = map(int, sys.argv[1:])
a, b = torch.randn(rows, 256), torch.randn(256, 256)


def work():
    for _ in range(20):
        a @ b


turns.take_turns(work)
