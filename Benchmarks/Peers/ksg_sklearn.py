"""KSG 1 on scikit-learn's trees: seconds of processor time by dimensions a side, as JSON.

The usual recipe: neighbours in (x, y) by a k-d tree under the maximum norm, then counts in x and in y.
"""

import json
import time

import numpy as np
from scipy.special import digamma
from sklearn.neighbors import KDTree

SAMPLES, NEIGHBOURS, CORRELATION = 10_000, 3, 0.6


def estimate(x, y):
    both = np.hstack([x, y])
    tree = KDTree(both, metric="chebyshev")
    radius = np.nextafter(tree.query(both, k=NEIGHBOURS + 1)[0][:, -1], 0)
    nx = KDTree(x, metric="chebyshev").query_radius(x, radius, count_only=True)
    ny = KDTree(y, metric="chebyshev").query_radius(y, radius, count_only=True)
    # The counts hold the sample itself, which is the + 1 of the formula.
    return (digamma(NEIGHBOURS) + digamma(SAMPLES)
            - np.mean(digamma(nx) + digamma(ny)))


def main():
    times = {}
    for dimensions in (2, 5, 10):
        random = np.random.default_rng(1)
        x = random.standard_normal((SAMPLES, dimensions))
        noise = random.standard_normal((SAMPLES, dimensions))
        y = CORRELATION * x + np.sqrt(1 - CORRELATION**2) * noise
        best = np.inf
        for _ in range(3):
            start = time.process_time()
            estimate(x, y)
            best = min(best, time.process_time() - start)
        times[str(dimensions)] = best
    print(json.dumps(times))


main()
