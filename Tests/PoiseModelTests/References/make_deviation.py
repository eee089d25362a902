#!/usr/bin/env python3
"""Writes activation_deviation.json: phi(x) - phi(0) - phi'(0) x and phi'(x) - phi'(0), 30 digits.

phi'(0) is the mean of both sides where phi' jumps. Needs mpmath. Run: python3 make_deviation.py
"""

import json
import pathlib

from mpmath import mp, mpf, cos, erf, exp, log, nstr, pi, sin, sqrt, tanh

mp.dps = 80

LAMBDA = mpf("1.0507009873554804934193349852946")
ALPHA = mpf("1.6732632423543772848170429916717")


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return log(1 + exp(x))


def mish_slope(x):
    t, s = tanh(softplus(x)), sigmoid(x)
    return t + x * (1 - t * t) * s


# name: phi, phi', phi'(0)
PHI = {
    "linear": (lambda x: x, lambda x: mpf(1), 1),
    "relu": (lambda x: max(x, mpf(0)), lambda x: mpf(x > 0), mpf(1) / 2),
    "abs": (abs, lambda x: mpf(1 if x > 0 else -1), 0),
    "erf": (erf, lambda x: 2 / sqrt(pi) * exp(-x * x), 2 / sqrt(pi)),
    "erf_unit_slope": (lambda x: erf(sqrt(pi) * x / 2), lambda x: exp(-pi * x * x / 4), 1),
    "tanh": (tanh, lambda x: 1 - tanh(x) ** 2, 1),
    "hard_tanh": (lambda x: min(max(x, mpf(-1)), mpf(1)), lambda x: mpf(abs(x) < 1), 1),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), mpf(1) / 4),
    "softplus": (softplus, sigmoid, mpf(1) / 2),
    "gelu": (
        lambda x: x * (1 + erf(x / sqrt(2))) / 2,
        lambda x: (1 + erf(x / sqrt(2))) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi),
        mpf(1) / 2,
    ),
    "silu": (
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
        mpf(1) / 2,
    ),
    "mish": (lambda x: x * tanh(softplus(x)), mish_slope, mpf(3) / 5),
    "elu": (
        lambda x: x if x > 0 else exp(x) - 1,
        lambda x: mpf(1) if x > 0 else exp(x),
        1,
    ),
    "selu": (
        lambda x: LAMBDA * x if x > 0 else LAMBDA * ALPHA * (exp(x) - 1),
        lambda x: LAMBDA if x > 0 else LAMBDA * ALPHA * exp(x),
        LAMBDA * (1 + ALPHA) / 2,
    ),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, 1),
    "sin": (sin, cos, 1),
}
PHI["leaky_relu_0.01"] = (
    lambda x: x if x > 0 else mpf("0.01") * x,
    lambda x: mpf(1) if x > 0 else mpf("0.01"),
    mpf("1.01") / 2,
)

POINTS = [2.0**-40, 2.0**-20, 2.0**-10, 0.0625, 0.21875, 0.34375, 0.375, 0.5, 0.875, 1.25]
POINTS += [3.0, 6.5, 20.0]

entries = []
for name, (phi, slope, at_zero) in sorted(PHI.items()):
    for x in [sign * point for point in POINTS for sign in (-1, 1)]:
        argument = mpf(x)
        entries.append(
            {
                "activation": name,
                "x": x,
                "value": nstr(phi(argument) - phi(mpf(0)) - at_zero * argument, 30),
                "derivative": nstr(slope(argument) - at_zero, 30),
            }
        )

path = pathlib.Path(__file__).with_name("activation_deviation.json")
lines = ",\n".join(json.dumps(entry) for entry in entries)
path.write_text("[\n" + lines + "\n]\n")
