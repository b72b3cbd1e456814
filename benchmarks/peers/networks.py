"""The estimators of SLCP (5 parameters, 8 observed numbers), built of PyTorch's own modules."""

import torch
from torch import nn

PARAMETERS, OBSERVED = 5, 8


def perceptron(inputs, width, layers, outputs=1):
    """An ELU network of a first layer, `layers` square ones, and a last one."""
    modules = [nn.Linear(inputs, width), nn.ELU()]
    for _ in range(layers):
        modules += [nn.Linear(width, width), nn.ELU()]
    return nn.Sequential(*modules, nn.Linear(width, outputs))


class RatioEstimator(nn.Module):
    """NRE: log r(theta, x) of the parameters that `mask` keeps; all of them by default."""

    def __init__(self, width, layers, mask=(True,) * PARAMETERS):
        super().__init__()
        self.register_buffer("kept", torch.tensor(mask).nonzero().flatten())
        self.isigma = 3 ** 0.5 / 3.0  # U(-3, 3) has the deviation sqrt(3)
        self.net = perceptron(len(self.kept) + OBSERVED, width, layers)

    def forward(self, theta, x):
        theta = theta[..., self.kept] * self.isigma
        return self.net(torch.cat((theta, x.expand(*theta.shape[:-1], OBSERVED)), dim=-1)).squeeze(-1)


class ArbitraryRatioEstimator(nn.Module):
    """AMNRE: one network for every subset; the mask is part of its input."""

    def __init__(self, width, layers):
        super().__init__()
        self.isigma = 3 ** 0.5 / 3.0
        self.net = perceptron(2 * PARAMETERS + OBSERVED, width, layers)

    def forward(self, theta, x, mask):
        theta = theta * self.isigma * mask
        shape = theta.shape[:-1]
        inputs = (theta, (2 * mask - 1).expand(*shape, PARAMETERS), x.expand(*shape, OBSERVED))
        return self.net(torch.cat(inputs, dim=-1)).squeeze(-1)


class MaskedLinear(nn.Linear):
    """A linear layer some of whose weights are always zero."""

    def __init__(self, mask):
        super().__init__(mask.shape[1], mask.shape[0])
        self.register_buffer("mask", mask.float())

    def forward(self, x):
        return nn.functional.linear(x, self.weight * self.mask, self.bias)


class AutoregressiveTransform(nn.Module):
    """MADE conditioned on x: z = scale * theta + shift, each parameter's own by those before it."""

    def __init__(self, width, blocks):
        super().__init__()
        inputs = torch.arange(1, PARAMETERS + 1)
        hidden = torch.arange(width) % (PARAMETERS - 1) + 1
        outputs = inputs.repeat_interleave(2)
        self.initial = MaskedLinear(hidden[:, None] >= inputs)
        self.context = nn.Linear(OBSERVED, width)
        self.blocks = nn.ModuleList(MaskedLinear(hidden[:, None] >= hidden) for _ in range(blocks))
        self.final = MaskedLinear(outputs[:, None] > hidden)

    def forward(self, theta, x):
        hidden = self.initial(theta) + nn.functional.elu(self.context(x))
        hidden = nn.functional.elu(hidden)
        for block in self.blocks:
            hidden = nn.functional.elu(block(hidden))
        unscaled, shift = self.final(hidden).view(-1, PARAMETERS, 2).unbind(-1)
        scale = nn.functional.softplus(unscaled) + 1e-3
        return scale * theta + shift, scale.log().sum(-1)


class Flow(nn.Module):
    """NPE: log p(theta | x) by masked autoregressive transforms with fixed permutations between them."""

    def __init__(self, transforms, width, blocks):
        super().__init__()
        self.isigma = 3 ** 0.5 / 3.0
        self.transforms = nn.ModuleList(AutoregressiveTransform(width, blocks) for _ in range(transforms))
        self.permutations = [torch.randperm(PARAMETERS) for _ in range(transforms)]

    def forward(self, theta, x):
        z, total = theta * self.isigma, 0
        for transform, permutation in zip(self.transforms, self.permutations):
            z, log_scale = transform(z, x)
            z, total = z[:, permutation], total + log_scale
        return total - 0.5 * (z ** 2).sum(-1)
