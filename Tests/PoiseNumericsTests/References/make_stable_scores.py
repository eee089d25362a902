"""Reference values of the scores of the alpha-stable law, for StableScoreTests.

    python3 make_stable_scores.py > stable_scores.json

d ln f / d(x, alpha, beta), scale 1, location 0, parameterisation S0; every input is the exact binary
number. Two methods, neither of them the program's:

* away from alpha = 1: fourth-order differences of the 45-digit ln f of make_stable.py, with steps of 1e-4
  of the distance to the nearest singularity, so that 16 digits remain;
* at and beside alpha = 1: the Fourier integral on the real axis differentiated under the integral.

Columns: alpha, beta, x, and the three derivatives.
"""
import json
import sys
from mpmath import mp, mpf, mpc, pi, tan, log, exp
from make_stable import RULE, law


def slope(f, h):
    return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h)


def by_differences(a, b, x):
    a, b, x = mpf(a), mpf(b), mpf(x)
    y = abs(x + b * tan(pi * a / 2))
    step = mpf(10) ** -4
    ln = lambda da, db, dx: law(a + da, b + db, x + dx)[0]
    return [
        slope(lambda d: ln(0, 0, d), step * max(y, mpf(1) / 10)),
        slope(lambda d: ln(d, 0, 0), step * min(2 - a, a, abs(1 - a))),
        slope(lambda d: ln(0, d, 0), step * (1 - abs(b))),
    ]


def by_fourier(a, b, x):
    """At |alpha - 1| < 1e-2 with alpha = 1 itself a limit: c = T (t - t^alpha) and dc/dalpha."""
    a, b, x = mpf(a), mpf(b), mpf(x)

    def parts(t):
        L = log(t)
        if a == 1:
            c, dc = 2 / pi * t * L, t * L * L / pi
        else:
            T = tan(pi * a / 2)
            c, dc = T * (t - t**a), pi / 2 * (1 + T * T) * (t - t**a) - T * t**a * L
        e = exp(mpc(-(t**a), -t * x - b * c))
        return mpc(e), mpc(-(t**a) * L, -b * dc), mpc(0, -c)

    # t = top s^4 takes the logarithm off the end; 36 Gauss-Legendre nodes on each of 120 panels.
    top, n = mpf(60) ** (1 / a), 120
    sums = [mpf(0)] * 4
    for k in range(n):
        for node, weight in RULE:
            s = (k + (1 + node) / 2) / n
            t = top * s**4
            e, da, db = parts(t)
            e *= weight / (2 * n) * 4 * top * s**3
            for i, value in enumerate((e, e * mpc(0, -t), e * da, e * db)):
                sums[i] += value.real
    return [v / sums[0] for v in sums[1:]]


rows = []


def add(a, b, x, values):
    rows.append([a, b, x] + [mp.nstr(v, 17, min_fixed=0, max_fixed=0) for v in values])
    print(len(rows), *rows[-1], file=sys.stderr, flush=True)


mp.dps = 25
for a, b, x in [
    (1.0, 0.0, 0.5), (1.0, 0.0, 6.0), (1.0, 0.0625, -2.0), (1.0, 0.5, -3.0), (1.0, 0.5, -0.75), (1.0, 0.5, 0.25),
    (1.0, 0.5, 6.0), (1.0, 0.9375, -2.0), (1.0, 0.9375, 1.5), (1.0009765625, 0.5, -1.0),
    (1.0009765625, 0.5, 2.0), (0.9990234375, 0.75, 0.0),
]:
    add(a, b, x, by_fourier(a, b, x))
mp.dps = 45
for a in [0.5, 0.9375, 1.0625, 1.5, 1.95, 1.999]:
    for b in [0.0, 0.5, 0.9375] if a < 1 else [0.5]:
        for x in [-2.0, 0.5, 12.0, 1e4]:
            if b == 0 and x < 0:
                continue
            add(a, b, x, by_differences(a, b, x))
print(json.dumps({"columns": ["alpha", "beta", "x", "dx", "dalpha", "dbeta"], "rows": rows}, indent=0))
