"""Reference values of the alpha-stable law, at 30 digits, for StableReferenceTests.

    python3 make_stable.py > stable.json

Scale 1, location 0, parameterisation S0; every input is the exact binary number. Two methods:

* the Zolotarev-Nolan integral over the angle, Gauss-Legendre panels between the angles where ln g takes
  given values, 45 digits of working precision (so that 1/|alpha-1| and end points cost nothing);
* the tail series in y = x + beta tan(pi alpha/2) for y > 1e6, alpha != 1.

Both are checked against the plain Fourier integral (mpmath.quad) on a few points before anything is
written. Columns: alpha, beta, x, pdf, ln pdf, cdf, sf.
"""
import json
import sys
from mpmath import mp, mpf, pi, sin, cos, tan, atan, exp, log, quad, gamma, inf, sqrt, expm1

mp.dps = 45


def gauss_legendre(n):
    rule = []
    for k in range(n):
        x = cos(pi * (k + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(9):
            p0, p1 = mpf(1), x
            for m in range(2, n + 1):
                p0, p1 = p1, ((2 * m - 1) * x * p1 - (m - 1) * p0) / m
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        rule.append((x, 2 / ((1 - x * x) * slope**2)))
    return rule


RULE = gauss_legendre(36)


def geometry(a, b):
    T = tan(pi * a / 2)
    return T, atan(b * T) / a


def upper(a, b, x):
    """pdf, cdf, sf for x above the centre zeta (a != 1), or any x with b > 0 (a = 1)."""
    if a == 1:
        lo, hi = -pi / 2, pi / 2
        base = mpf(0)

        def logg(th):
            v = (pi / 2 + b * th)
            return -pi * x / (2 * b) + log(2 / pi) + log(v) - log(cos(th)) + v * tan(th) / b

        front = 1 / (2 * b)
    else:
        T, th0 = geometry(a, b)
        y = x + b * T
        lo, hi = -th0, pi / 2
        base = mpf(1) / 2 - th0 / pi
        c0 = log(cos(a * th0)) / (a - 1) + a / (a - 1) * log(y)

        def logg(th):
            A = a * (th0 + th)
            return (c0 + a / (a - 1) * (log(cos(th)) - log(sin(A))) + log(cos(A - th)) - log(cos(th)))

        front = a / (pi * abs(a - 1) * y)
    rising = a <= 1
    width = hi - lo

    def angle(z):  # logit coordinate; keeps both ends
        return lo + width / (1 + exp(-z)) if z < 0 else hi - width / (1 + exp(z))

    def level(z):
        try:
            v = logg(angle(z))
            return mpf(v.real) if hasattr(v, "imag") and v.imag == 0 else mpf(v.real)
        except (ValueError, ZeroDivisionError):
            return None

    Z = mpf(75)
    sgn = 1 if rising else -1
    zs = []
    for target in [-60, -30, -15, -6, -2, 0, 1, 2, 3, 4, 5, 6]:
        left, right = -Z, Z
        if (level(left) - target) * sgn > 0 or (level(right) - target) * sgn < 0:
            continue
        for _ in range(30):
            mid = (left + right) / 2
            if (level(mid) - target) * sgn < 0:
                left = mid
            else:
                right = mid
        zs.append((left + right) / 2)
    smallest = level(-Z) if rising else level(Z)
    g0 = exp(smallest) if smallest > -50 else mpf(0)
    cuts = sorted(set([-Z] + zs + [Z] + [mpf(k) for k in range(-72, 73, 4)]))
    sums = [mpf(0)] * 3
    for p, q in zip(cuts, cuts[1:]):
        low = level(p) if rising else level(q)
        if low > 200 or exp(low) > g0 + 150:  # nothing but the constant 1 of the last integral
            sums[2] += (angle(q) - angle(p))
            continue
        for node, weight in RULE:
            z = (p + q) / 2 + (q - p) / 2 * node
            e = exp(-abs(z))
            d = weight * (q - p) / 2 * width * e / (1 + e) ** 2
            g = exp(logg(angle(z)))
            h = exp(-(g - g0))
            sums[0] += d * g * h
            sums[1] += d * h
            sums[2] += d * -expm1(-g)
    logpdf = log(front) + log(sums[0]) - g0
    E = sums[1] * exp(-g0) / pi
    N = sums[2] / pi
    if rising:  # a <= 1
        return logpdf, base + E, N
    return logpdf, base + N, E


def series(a, b, x):
    T, th0 = geometry(a, b)
    y = x + b * T
    ph, m = pi * a / 2 + a * th0, sqrt(1 + (b * T) ** 2)
    f = s = mpf(0)
    for k in range(1, 14):
        term = (-1) ** (k + 1) * gamma(a * k + 1) / gamma(mpf(k + 1)) * m**k * sin(k * ph) * y ** (-a * k - 1) / pi
        f += term
        s += term * y / (a * k)
    return log(f), 1 - s, s


def law(a, b, x):
    a, b, x = mpf(a), mpf(b), mpf(x)
    flip = False
    if a == 1:
        if b == 0:
            s = atan(1 / x) / pi if x > 0 else 1 - atan(-1 / x) / pi if x < 0 else mpf(1) / 2
            return -log(pi * (1 + x * x)), 1 - s, s
        flip = b < 0
    else:
        flip = x + b * tan(pi * a / 2) < 0
    if flip:
        b, x = -b, -x
    if a != 1 and x + b * tan(pi * a / 2) > 1e6 and abs(a - 1) > 0.01 and 1 + b > 0.01:
        r = series(a, b, x)
    else:
        r = upper(a, b, x)
    return (r[0], r[2], r[1]) if flip else r


def fourier(a, b, x):
    a, b, x = mpf(a), mpf(b), mpf(x)
    T = tan(pi * a / 2) if a != 1 else None

    def f(t):
        im = -b * T * (t - t**a) if a != 1 else -b * 2 / pi * t * log(t)
        return exp(-(t**a)) * cos(-t * x + im)

    top = mpf(80) ** (1 / a)
    n = 60
    return quad(f, [top * (mpf(k) / n) ** 2 for k in range(n + 1)]) / pi


def check():
    for a, b, x in [(1.5, 0, 0.5), (1.5, 0.5, -1), (1, 0.5, 1), (1.01, 0.25, -0.5), (1.9, -1, 1), (1.2, 0.75, 2)]:
        mine, direct = exp(law(a, b, x)[0]), fourier(a, b, x)
        if abs(mine / direct - 1) > mpf(10) ** -17:
            sys.exit(f"{a} {b} {x}: {mine} against {direct}")


def points():
    symmetric = [0.1, 0.2, 0.3, 0.4375, 0.5, 0.7, 0.8125, 0.89, 0.91, 0.99, 1.0, 1.0009765625, 1.05, 1.09, 1.11, 1.2, 1.5, 1.75,
                 1.9, 1.95, 1.99, 1.999, 1.99999]
    for a in symmetric:
        for x in [1e-8, 0.01, 0.3, 1.0, 2.5, 7.0, 20.0, 1e3, 1e12]:
            yield a, 0.0, x
    skew = [0.15, 0.3, 0.5, 0.8, 0.95, 0.999, 1.0, 1.0009765625, 1.03, 1.2, 1.5, 1.8, 1.95, 1.999]
    for a in skew:
        for b in [0.01, 0.5, 0.9375, 1.0]:
            T = float(tan(pi * mpf(a) / 2)) if a != 1 else 0.0
            xs = [-30.0, -3.0, -0.7, 0.0, 0.4, 2.0, 12.0, 1e4]
            if 0.2 < abs(T) < 200:
                xs += [-b * T + 1e-3, -b * T - 1e-3]
            for x in xs:
                if b == 1.0 and a < 1 and x <= -T + 0.02:
                    continue
                yield a, b, x
    for a in [0.91, 0.93, 0.96, 0.99, 1.03, 1.05, 1.09]:  # about zeta, where the formulas meet
        T = float(tan(pi * mpf(a) / 2))
        for b in [0.125, 0.5, 0.9375]:
            near = [-b * T + d for d in (-3, -1, -0.3, 0.3, 1, 2, 4)]
            for x in near + [-9.5, -6.0, -1.5, 0.25, 0.75, 3.0, 6.5, 8.0, 9.5, 40.0, 1e7]:
                yield a, b, x
    for a in (1.3, 1.7, 1.9):  # deep in the light side
        for x in (-6.0, -12.0):
            yield a, 1.0, x


if __name__ == "__main__":
    check()
    rows = []
    for a, b, x in points():
        mp.dps = 45
        l, c, s = law(a, b, x)
        mp.dps = 25
        rows.append([a, b, x] + [mp.nstr(v, 20, min_fixed=0, max_fixed=0) for v in (exp(l), l, c, s)])
        print(len(rows), a, b, x, mp.nstr(exp(l), 12), file=sys.stderr, flush=True)
    print(json.dumps({"columns": ["alpha", "beta", "x", "pdf", "logpdf", "cdf", "sf"], "rows": rows}, indent=0))
