"""Elementwise functions and random numbers of numpy: nanoseconds per element, as JSON."""

import json
import time

import numpy as np

COUNT = 8192
PASSES = 400


def per_element(body):
    """Best of nine repetitions of PASSES passes, processor time."""
    body()
    best = float("inf")
    for _ in range(9):
        start = time.process_time()
        for _ in range(PASSES):
            body()
        best = min(best, time.process_time() - start)
    return 1e9 * best / (COUNT * PASSES)


def main():
    answer = {}
    t = (np.arange(COUNT) + 0.5) / COUNT
    for kind, dtype in (("double", np.float64), ("float", np.float32)):
        signed = (16 * t - 8).astype(dtype)
        positive = (100 * t).astype(dtype)
        out = np.empty(COUNT, dtype)
        for name in ("tanh", "exp", "log", "sin"):
            function = getattr(np, name)
            x = positive if name == "log" else signed
            answer[f"{name} {kind}"] = per_element(lambda: function(x, out=out))
        generator = np.random.Generator(np.random.PCG64(1))
        answer[f"normal {kind}"] = per_element(
            lambda: generator.standard_normal(out=out, dtype=dtype)
        )
        answer[f"uniform {kind}"] = per_element(lambda: generator.random(out=out, dtype=dtype))
    print(json.dumps(answer))


main()
