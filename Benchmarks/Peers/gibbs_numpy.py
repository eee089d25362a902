"""Blocked Gibbs sweeps of a deep linear network, one output: P 100, N 200, three hidden layers, one thread.

The peer of `GibbsChain`: pathwise conditioning with the kernel of the inputs found once. Prints CPU seconds of
1000 sweeps without any observable.
"""
import json
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time  # noqa: E402

import numpy as np  # noqa: E402
from scipy.linalg import cho_factor, cho_solve  # noqa: E402

P, N, DEPTH, T = 100, 200, 3, 0.1
rng = np.random.default_rng(1)
inputs, labels = rng.standard_normal((P, N)), rng.standard_normal(P)
weights = [rng.standard_normal((N, N)) for _ in range(DEPTH)]
gain = 1 / np.sqrt(N)
kernel = inputs @ inputs.T


def forward():
    signals = [inputs]
    for w in weights:
        signals.append(gain * signals[-1] @ w.T)
    return signals


def sweep(signals):
    below = signals[DEPTH]
    readout = rng.standard_normal(N)
    rest = labels - np.sqrt(T) * rng.standard_normal(P) - gain * below @ readout
    system = gain**2 * below @ below.T + T * np.eye(P)
    readout += gain * below.T @ cho_solve(cho_factor(system), rest)
    above = gain * readout
    for layer in reversed(range(DEPTH)):
        below = signals[layer]
        weights[layer] = rng.standard_normal((N, N))
        rest = labels - np.sqrt(T) * rng.standard_normal(P) - gain * below @ (above @ weights[layer])
        square = kernel if layer == 0 else below @ below.T
        system = gain**2 * (above @ above) * square + T * np.eye(P)
        step = cho_solve(cho_factor(system), rest)
        weights[layer] += gain * np.outer(above, step @ below)
        above = gain * above @ weights[layer]
    return forward()


state = forward()
for _ in range(20):
    state = sweep(state)
best = float("inf")
for _ in range(3):
    start = time.process_time()
    for _ in range(100):
        state = sweep(state)
    best = min(best, (time.process_time() - start) * 10)
print(json.dumps({"1000 sweeps": best}))
