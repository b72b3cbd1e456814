"""The peers' half of taking turns: Amnre measures itself, asks for one repetition here, and so on."""

import sys
import time

import torch


def take_turns(work):
    """Says which PyTorch this is, then repeats work() for each line of input and prints its seconds."""
    torch.set_num_interop_threads(1)
    work()
    work()
    print(f"PyTorch {torch.__version__}", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        work()
        print(time.perf_counter() - begin, flush=True)
