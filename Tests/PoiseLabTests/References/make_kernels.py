"""Kernels and regression on the digits by plain numpy: kernels.json.

Own recursion by arccos (relu) and arcsin (erf), own standardisation, Cholesky of scipy. Rows 0 to
999 are learned, the other 797 predicted. Run from this folder.
"""

import gzip
import json

import numpy as np
from scipy.linalg import cho_factor, cho_solve

DATA = "../../../Sources/PoiseData/Resources/digits.csv.gz"
WEIGHTS, BIASES, DEPTH, NOISE, TRAIN, WIDTH = 1.7, 0.1, 3, 1e-3, 1000, 64


def digits():
    with gzip.open(DATA, "rt") as file:
        lines = [line.strip().split(",") for line in file]
    if not lines[0][0].replace(".", "").isdigit():
        lines = lines[1:]
    table = np.array(lines, float)
    raw, labels = table[:, :64], table[:, 64].astype(int)
    deviation = raw.std(axis=0)
    floor = 0.05 * np.sqrt(np.mean(deviation**2))
    x = (raw - raw.mean(axis=0)) / np.maximum(deviation, floor)
    return x / np.sqrt(np.mean(x**2)), labels


def relu(k):
    root = np.sqrt(np.diag(k))
    scale = np.outer(root, root)
    c = np.clip(k / scale, -1, 1)
    np.fill_diagonal(c, 1)
    angle = np.arccos(c)
    value = scale * (np.sqrt(1 - c * c) + (np.pi - angle) * c) / (2 * np.pi)
    return value, (np.pi - angle) / (2 * np.pi)


def erf(k):
    q = np.diag(k)
    wide = np.outer(1 + 2 * q, 1 + 2 * q)
    value = 2 / np.pi * np.arcsin(2 * k / np.sqrt(wide))
    return value, 4 / np.pi / np.sqrt(wide - 4 * k * k)


def kernels(average, x, width=None):
    """K and T in the NTK parametrisation, or the standard one with hidden layers of a width."""
    product = x @ x.T
    k = WEIGHTS * product / x.shape[1] + BIASES
    t = k.copy() if width is None else product + 1
    for _ in range(DEPTH):
        value, slope = average(k)
        k = WEIGHTS * value + BIASES
        t = (k if width is None else width * value + 1) + WEIGHTS * slope * t
    return k, t


def regression(kernel, labels):
    factor = cho_factor(kernel[:TRAIN, :TRAIN] + NOISE * np.eye(TRAIN), lower=True)
    targets = np.eye(10)[labels[:TRAIN]]
    cross = kernel[TRAIN:, :TRAIN]
    mean = cross @ cho_solve(factor, targets)
    variance = np.diag(kernel)[TRAIN:] - np.sum(cross * cho_solve(factor, cross.T).T, axis=1)
    right = int(np.sum(np.argmax(mean, axis=1) == labels[TRAIN:]))
    return {
        "right": right,
        "mean": mean[:20].tolist(),
        "variance": variance[:20].tolist(),
        "meanVariance": float(np.mean(variance)),
        "squaredError": float(np.mean((mean - np.eye(10)[labels[TRAIN:]]) ** 2)),
    }


def main():
    x, labels = digits()
    answer = {}
    for average in (relu, erf):
        k, t = kernels(average, x)
        _, standard = kernels(average, x, WIDTH)
        some = slice(0, 12)
        answer[average.__name__] = {
            "nngp": k[some, some].tolist(),
            "ntk": t[some, some].tolist(),
            "standard": standard[some, some].tolist(),
            "nngpRegression": regression(k, labels),
            "ntkRegression": regression(t, labels),
        }
    with open("kernels.json", "w") as file:
        json.dump(answer, file)
        file.write("\n")


main()
