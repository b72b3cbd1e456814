"""Losses of ratio estimators on a small batch, straight from the papers' probabilities, in double precision: the numbers of
ContrastiveLossTests. Needs PyTorch.

log r(theta, x) = w theta x with w = 1; the contrastive parameters of row i are those of the rows before it, around the batch."""

import torch

torch.set_default_dtype(torch.float64)
THETA = torch.tensor([0.5, -1.0, 2.0, 0.25, -1.5])
X = torch.tensor([1.0, 0.5, -0.75, 2.0, 0.125])


def ratios(w, count):
    """e^h of each row's own parameter and of `count` others: (N, 1 + count)."""
    rows = len(THETA)
    return torch.stack([torch.stack([torch.exp(w * THETA[(i - j) % rows] * X[i]) for j in range(1 + count)]) for i in range(rows)])


def nre_c(w, k, gamma):
    """Equations 7 and 8 of Miller, Weniger and Forré (2022)."""
    r = ratios(w, k)
    none = k / (k + gamma * r[:, 1:].sum(1))
    right = gamma * r[:, 0] / (k + gamma * r[:, :k].sum(1))
    return -(torch.log(none).mean() + gamma * torch.log(right).mean()) / (1 + gamma)


def nre_b(w, k):
    """Durkan, Murray and Papamakarios (2020)."""
    r = ratios(w, k - 1)
    return -torch.log(r[:, 0] / r.sum(1)).mean()


def bnre(w, penalty):
    """Delaunoy et al. (2022)."""
    r = ratios(w, 1)
    joint, marginal = r[:, 0] / (1 + r[:, 0]), r[:, 1] / (1 + r[:, 1])
    return -(torch.log(joint) + torch.log(1 - marginal)).mean() + penalty * (joint.mean() + marginal.mean() - 1) ** 2


for name, loss in [
    ("NRE-C 1 1", lambda w: nre_c(w, 1, 1.0)),
    ("NRE-C 3 0.5", lambda w: nre_c(w, 3, 0.5)),
    ("NRE-C 4 20", lambda w: nre_c(w, 4, 20.0)),
    ("NRE-B 2", lambda w: nre_b(w, 2)),
    ("NRE-B 4", lambda w: nre_b(w, 4)),
    ("BNRE 100", lambda w: bnre(w, 100.0)),
    ("BNRE 3", lambda w: bnre(w, 3.0)),
]:
    weight = torch.tensor(1.0, requires_grad=True)
    value = loss(weight)
    value.backward()
    print(f"{name}: {value.item():.10f} {weight.grad.item():.10f}")
