"""Reference values of the estimators, by definitions and exhaustive search: python3 estimators.py

Independent of Poise: numpy and scipy only. Samples are frac(p_j (i + 1)^2) of square roots of primes,
pushed through smooth functions, so that no random numbers have to be shared.
"""

import json

import numpy as np
from scipy.special import digamma

PRIMES = [2, 3, 5, 7, 11, 13]


def uniform(count, dimension, offset):
    i = np.arange(1, count + 1, dtype=float)
    columns = [np.modf(np.sqrt(PRIMES[offset + j]) * i * i * 1e-2)[0] for j in range(dimension)]
    return np.stack(columns, axis=1)


def samples(count, dimension):
    x = uniform(count, dimension, 0)
    y = np.sin(3 * x) + 0.4 * uniform(count, dimension, 3)
    return x, y


def ksg(x, y, k, variant):
    n = len(x)
    dx = np.abs(x[:, None] - x[None]).max(axis=2)
    dy = np.abs(y[:, None] - y[None]).max(axis=2)
    joint = np.maximum(dx, dy)
    total = 0.0
    for i in range(n):
        others = [j for j in range(n) if j != i]
        near = sorted(others, key=lambda j: joint[i, j])[:k]
        if variant == 1:
            radius = joint[i, near[-1]]
            nx = sum(dx[i, j] < radius for j in others)
            ny = sum(dy[i, j] < radius for j in others)
            total += digamma(nx + 1) + digamma(ny + 1)
        else:
            rx, ry = max(dx[i, j] for j in near), max(dy[i, j] for j in near)
            nx = sum(dx[i, j] <= rx for j in others)
            ny = sum(dy[i, j] <= ry for j in others)
            total += digamma(nx) + digamma(ny)
    shift = 0 if variant == 1 else 1 / k
    return digamma(k) - shift + digamma(n) - total / n


def bottleneck(eigenvalues, information):
    """Bisection on ln beta, as the parametric formula has it."""
    eigenvalues = np.array(eigenvalues)

    def rate(log_beta):
        beta, excess = np.exp(log_beta), np.expm1(log_beta)
        use = eigenvalues[eigenvalues < excess / beta]
        return 0.5 * np.sum(np.log(excess * (1 - use) / use)), use, beta

    low, high = 1e-12, 200.0
    for _ in range(300):
        middle = 0.5 * (low + high)
        if rate(middle)[0] < information:
            low = middle
        else:
            high = middle
    value, use, beta = rate(0.5 * (low + high))
    return value - 0.5 * np.sum(np.log(beta * (1 - use)))


def scalar_channel(inner=0.3, noise=0.5):
    """I(x; T) for T = tanh(x + inner z) + N(0, noise), x ~ N(0, 1), by quadrature."""
    z = np.linspace(-9, 9, 1201)
    w = np.exp(-z * z / 2)
    w /= w.sum()
    t = np.linspace(-7, 7, 2801)
    step = t[1] - t[0]

    def density(centres):
        kernel = np.exp(-((t[:, None] - centres[None]) ** 2) / (2 * noise))
        return kernel @ w / np.sqrt(2 * np.pi * noise)

    def entropy(p):
        return -np.sum(p * np.log(np.maximum(p, 1e-300))) * step

    given = sum(
        wx * entropy(density(np.tanh(x + inner * z))) for x, wx in zip(z[::4], w[::4] * 4))
    return entropy(density(np.tanh(np.sqrt(1 + inner**2) * z))) - given


def main():
    table = {"ksg": [], "bottleneck": [], "logdet": [], "scalarChannel": scalar_channel()}
    for count, dimension, k in [(150, 1, 3), (150, 2, 4), (200, 3, 1), (90, 2, 6)]:
        x, y = samples(count, dimension)
        for variant in (1, 2):
            table["ksg"].append(
                dict(count=count, dimension=dimension, neighbours=k, variant=variant,
                     value=ksg(x, y, k, variant)))
    for eigenvalues in ([0.3], [0.05, 0.2, 0.21, 0.7, 0.99], [0.5, 0.5, 0.5, 1e-6]):
        for information in (0.01, 0.4, 2.5, 11.0):
            table["bottleneck"].append(
                dict(eigenvalues=eigenvalues, informationX=information,
                     value=bottleneck(eigenvalues, information)))
    for count, dimension in [(30, 3), (3, 6)]:
        y = uniform(count, dimension, 0)
        covariance = np.cov(y.T)
        for noise in (0.01, 0.5):
            determinant = np.linalg.slogdet(np.eye(dimension) + covariance / noise)[1]
            table["logdet"].append(
                dict(count=count, dimension=dimension, noise=noise, value=determinant / 2))
    print(json.dumps(table, indent=1))


main()
