"""Haar matrices, a forward pass and one network of the main job with numpy: seconds, as JSON."""

import json
import time

import numpy as np

WIDTH, DEPTH, ROWS = 256, 64, 256


def haar(generator):
    """Q of a Gaussian matrix with the signs that make the law Haar."""
    q, r = np.linalg.qr(generator.standard_normal((WIDTH, WIDTH)))
    return q * np.sign(np.diag(r))


def forward(layers, x):
    for weights, biases in layers:
        x = np.tanh(x @ weights.T + biases)
    return x


def network(generator, x):
    """Samples a network, measures lengths and overlaps, sends gradients back."""
    layers, slopes, measured = [], [], []
    for _ in range(DEPTH):
        weights = np.sqrt(1.1) * haar(generator)
        biases = 0.01 * generator.standard_normal(WIDTH)
        h = x @ weights.T + biases
        total = h.sum(axis=0)
        squares = np.einsum("ij,ij->i", h, h)
        measured.append((squares, total @ total - squares.sum()))
        x = np.tanh(h)
        layers.append(weights)
        slopes.append(1 - x * x)
    g = generator.standard_normal((ROWS, WIDTH))
    for layer in range(DEPTH - 1, 0, -1):
        g = (g @ layers[layer]) * slopes[layer - 1]
        norms = np.sqrt(np.einsum("ij,ij->i", g, g))
        measured.append(norms)
        g /= norms[:, None]
    return measured


def best(count, body):
    body()
    times = []
    for _ in range(count):
        start = time.process_time()
        body()
        times.append(time.process_time() - start)
    return min(times)


def main():
    generator = np.random.Generator(np.random.PCG64(1))
    x = generator.standard_normal((ROWS, WIDTH))
    layers = [
        (generator.standard_normal((WIDTH, WIDTH)) / 16, generator.standard_normal(WIDTH))
        for _ in range(DEPTH)
    ]
    print(
        json.dumps(
            {
                "haarSeconds": best(9, lambda: haar(generator)),
                "forwardSeconds": best(7, lambda: forward(layers, x)),
                "networkSeconds": best(2, lambda: network(generator, x)),
            }
        )
    )


main()
