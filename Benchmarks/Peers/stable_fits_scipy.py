"""Processor seconds of what SciPy and NumPy can do of the stable benchmarks in reasonable time."""

import json
import time

import numpy as np
from scipy import stats

rng = np.random.default_rng(1)
alpha = 1.5
u = rng.uniform(-np.pi / 2, np.pi / 2, 5_000_000)
e = rng.exponential(size=u.size)
x = (
    np.sin(alpha * u)
    / np.cos(u) ** (1 / alpha)
    * (np.cos((1 - alpha) * u) / e) ** ((1 - alpha) / alpha)
)


def best(repetitions, body):
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        body()
        times.append(time.process_time() - start)
    return min(times)


def tail(count):
    """The distances of `count` thresholds, evenly spaced in the logarithm of the rank."""
    y = np.log(np.sort(np.abs(x)))[::-1]
    sums = np.cumsum(y)
    smallest = np.inf
    for m in np.unique(np.geomspace(10, y.size, count).astype(int)):
        a = m / (sums[m - 1] - m * y[m - 1])
        p = np.exp(-a * (y[:m] - y[m - 1]))
        j = np.arange(m)
        smallest = min(smallest, max(np.abs(j / m - p).max(), np.abs((j + 1) / m - p).max()))
    return smallest


print(
    json.dumps(
        {
            "quantileStart": best(5, lambda: stats.levy_stable._fitstart(x[:10_000])),
            "studentFit": best(1, lambda: stats.t.fit(x[:10_000])),
            "tailHundred": best(1, lambda: tail(100)),
        }
    )
)
