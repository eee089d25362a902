"""Singular values of the end-to-end Jacobian of a tanh network by its product: seconds, as JSON.

Values below 1e-16 of the largest are lost on the way.
"""

import json
import time

import numpy as np

WIDTH, LAYERS, VARIANCE, BIAS = 1000, 20, 1.05, 0.001


def main():
    generator = np.random.default_rng(1)
    x = np.full(WIDTH, 0.5)
    factors = []
    for _ in range(LAYERS):
        weights = generator.standard_normal((WIDTH, WIDTH)) * np.sqrt(VARIANCE / WIDTH)
        x = np.tanh(weights @ x + generator.standard_normal(WIDTH) * np.sqrt(BIAS))
        factors.append((1 - x * x)[:, None] * weights)
    times = []
    for _ in range(2):
        start = time.process_time()
        product = factors[0]
        for factor in factors[1:]:
            product = factor @ product
        np.linalg.svd(product, compute_uv=False)
        times.append(time.process_time() - start)
    print(json.dumps({"seconds": min(times)}))


main()
