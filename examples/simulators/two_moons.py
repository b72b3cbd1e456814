"""Two moons (Greenberg, Nonnenmacher, Macke: Automatic posterior transformation, ICML 2019) as a simulator program."""
import struct
import sys

import numpy as np


def simulate(theta, seed):
    """One observation. A fresh generator from the row's own seed: a row depends on its theta and its seed alone."""
    random = np.random.default_rng(seed)
    angle, radius = random.uniform(-np.pi / 2, np.pi / 2), random.normal(0.1, 0.01)
    crescent = np.array([radius * np.cos(angle) + 0.25, radius * np.sin(angle)])
    return crescent + np.array([-abs(theta[0] + theta[1]), theta[1] - theta[0]]) / np.sqrt(2)


def simulate_rows(theta, seeds):
    return np.array([simulate(t, s) for t, s in zip(theta.astype(float), seeds)], "<f4")


def main():
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    while head := requests.read(40):
        magic, version, batch, n, d, _seed, _first = struct.unpack("<4sIQIIQQ", head)
        assert (magic, version) == (b"AMRQ", 1)
        seeds = np.frombuffer(requests.read(8 * n), "<u8")
        theta = np.frombuffer(requests.read(4 * n * d), "<f4").reshape(n, d)
        x = simulate_rows(theta, seeds)
        replies.write(struct.pack("<4sIQII", b"AMRP", 1, batch, n, x[0].size) + x.tobytes())
        replies.flush()


if __name__ == "__main__":
    main()
