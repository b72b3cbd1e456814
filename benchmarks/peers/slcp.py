"""The simulator SLCP: five parameters, four points of a normal distribution in the plane."""

import torch

LOW, HIGH = -3.0, 3.0


def draw(rows):
    """Parameters (rows, 5) from the uniform prior, and observations (rows, 8)."""
    theta = torch.rand(rows, 5) * (HIGH - LOW) + LOW
    mean = theta[:, None, :2]
    first = theta[:, 2:3] ** 2 + 1e-8
    second = theta[:, 3:4] ** 2 + 1e-8
    correlation = theta[:, 4:5].tanh()
    noise = torch.randn(rows, 4, 2)
    across = noise[..., 0] * correlation + noise[..., 1] * (1 - correlation ** 2).sqrt()
    deviation = torch.stack((first * noise[..., 0], second * across), dim=-1)
    return theta, (mean + deviation).flatten(1)
