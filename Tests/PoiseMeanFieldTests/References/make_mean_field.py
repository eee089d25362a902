"""Mean-field reference values by mpmath, independent of Poise: python3 make_mean_field.py [PART].

One-dimensional Gaussian averages by a double-exponential rule on each half line (hard_tanh: closed
forms), pairs by a trapezoidal rule in rotated coordinates, by closed conditional means, by Mehler's
series or by closed forms. Each PART (moments, fixed, critical, pairs, chaos, gaps) is one file.
"""
import functools
import json
import sys
from pathlib import Path

from mpmath import mp, mpf, mpc, sqrt, exp, log, pi, erf, erfc, sin, cos, sinh, cosh, tanh, atan2
from mpmath import asin, acos, expm1, log1p, npdf, ncdf, quad, findroot, nstr, inf

mp.dps = 36
LAMBDA = mpf("1.0507009873554804934193349852946")
ALPHA = mpf("1.6732632423543772848170429916717")


def sig(x):
    return 1 / (1 + exp(-x)) if x > 0 else exp(x) / (1 + exp(x))


def softplus(x):
    return max(x, mpf(0)) + log1p(exp(-abs(x)))


def sech2(x):
    t = exp(-2 * abs(x))
    return 4 * t / (1 + t) ** 2


def mish(x):
    t, s = tanh(softplus(x)), sig(x)
    return x * t, t + x * (1 - t * t) * s


def silu(x):
    s = sig(x)
    return x * s, s * (1 + x * (1 - s))


def gelu(x):
    p = erfc(-x / sqrt(2)) / 2
    return x * p, p + x * exp(-x * x / 2) / sqrt(2 * pi)


def elu(x, lam=mpf(1), alpha=mpf(1)):
    return (lam * x, lam) if x > 0 else (lam * alpha * expm1(x), lam * alpha * exp(x))


def softsign(x):
    return x / (1 + abs(x)), 1 / (1 + abs(x)) ** 2


def tanh_(x):
    return tanh(x), sech2(x)


def sigmoid(x):
    s = sig(x)
    return s, s * sig(-x)


HALF = sqrt(pi) / 2
FUNCTIONS = {
    "linear": lambda x: (x, mpf(1)),
    "relu": lambda x: (x, mpf(1)) if x > 0 else (mpf(0), mpf(0)),
    "leaky_relu_0.01": lambda x: (x, mpf(1)) if x > 0 else (x / 100, mpf(1) / 100),
    "leaky_relu_0.3": lambda x: (x, mpf(1)) if x > 0 else (x * 3 / 10, mpf(3) / 10),
    "abs": lambda x: (x, mpf(1)) if x > 0 else (-x, mpf(-1)),
    "erf": lambda x: (erf(x), 2 / sqrt(pi) * exp(-x * x)),
    "erf_unit_slope": lambda x: (erf(HALF * x), exp(-HALF * HALF * x * x)),
    "sin": lambda x: (sin(x), cos(x)),
    "tanh": tanh_,
    "hard_tanh": lambda x: (max(mpf(-1), min(mpf(1), x)), mpf(1 if abs(x) < 1 else 0)),
    "sigmoid": sigmoid,
    "softplus": lambda x: (softplus(x), sig(x)),
    "gelu": gelu,
    "silu": silu,
    "mish": mish,
    "elu": elu,
    "selu": lambda x: elu(x, LAMBDA, ALPHA),
    "softsign": softsign,
}
STRIP = {"tanh": pi / 2, "sigmoid": pi, "softplus": pi, "silu": pi, "mish": 3 * pi / 4}
SLOPES = {
    "linear": (mpf(1), mpf(1)), "relu": (mpf(0), mpf(1)), "leaky_relu_0.01": (mpf(1) / 100, mpf(1)),
    "leaky_relu_0.3": (mpf(3) / 10, mpf(1)), "abs": (mpf(-1), mpf(1)),
}


@functools.lru_cache(None)
def half_line(inverse_step):
    """z = exp(t − e^−t): nodes and weights of ∫₀^∞ dz p(z)."""
    h = mpf(1) / inverse_step
    nodes = []
    for i in range(int(-4.6 * inverse_step), int(2.62 * inverse_step)):
        t = i * h
        z = exp(t - exp(-t))
        w = h * z * (1 + exp(-t)) * exp(-z * z / 2) / sqrt(2 * pi)
        if w > mpf(10) ** -44:
            nodes.append((z, w))
    return nodes


def average(name, q, pick, inverse_step=64):
    """E of several functions pick(x, φ, φ′) → tuple."""
    r = sqrt(q)
    f = FUNCTIONS[name]
    sums = None
    for z, w in half_line(inverse_step):
        for x in (r * z, -r * z):
            v = pick(x, *f(x))
            sums = [w * a for a in v] if sums is None else [s + w * a for s, a in zip(sums, v)]
    return sums


@functools.lru_cache(100000)
def moments(name, q):
    """E φ², E φ′², E φ′⁴, E xφφ′/q."""
    if name in SLOPES:
        a, b = SLOPES[name]
        m = (a * a + b * b) / 2
        return q * m, m, (a**4 + b**4) / 2, m
    if name == "hard_tanh":
        p = erf(1 / sqrt(2 * q))
        g = sqrt(2 / (pi * q)) * exp(-1 / (2 * q))
        return q * p - q * g + erfc(1 / sqrt(2 * q)), p, p, p - g
    pick = lambda x, v, d: (v * v, d * d, d**4, x * v * d)
    steps = 40 if q < 30 else 64
    a, b, c, d = average(name, q, pick, steps)
    return a, b, c, d / q


def vmap(name, sw2, sb2, q):
    return sw2 * moments(name, q)[0] + sb2


def q_star(name, sw2, sb2):
    """First fixed point from q = 0.001 upward."""
    mp.dps, keep = 18, mp.dps
    q = mpf("0.001")
    last = q
    for _ in range(4000):
        new = vmap(name, sw2, sb2, q)
        if abs(new - q) < mpf("1e-3") * q or (name in SLOPES):
            break
        q, last = new, q
    mp.dps = keep
    if name in SLOPES:
        return sb2 / (1 - sw2 * moments(name, mpf(1))[1])
    for _ in range(60):  # Newton on V(q) − q
        m = moments(name, q)
        step = (sw2 * m[0] + sb2 - q) / (1 - sw2 * m[3])
        q += step
        if abs(step) < mpf(10) ** -28 * q:
            break
    else:
        raise ValueError((name, sw2, sb2))
    return q


# ---- pairs of equal length ----
@functools.lru_cache(None)
def hermite_squares(name, q, count):
    """c_k² by the trapezoidal rule (analytic φ)."""
    h = min(2 * pi * STRIP[name] / (sqrt(q) * 72), 2 * pi / (2 * sqrt(mpf(count)) + 26))
    n = int(13 / h) + 1
    f = FUNCTIONS[name]
    z = [i * h for i in range(-n, n + 1)]
    w = [h * exp(-x * x / 2) / sqrt(2 * pi) * f(sqrt(q) * x)[0] for x in z]
    previous, current = [mpf(0)] * len(z), [mpf(1)] * len(z)
    out = []
    for k in range(count):
        c = mp.fdot(w, current)
        out.append(c * c)
        up, down = 1 / sqrt(mpf(k + 1)), sqrt(mpf(k))
        previous, current = current, [
            (x * a - down * b) * up for x, a, b in zip(z, current, previous)]
    return out


def rotated(name, q, c):
    half = acos(c) / 2
    r = sqrt(q)
    f = FUNCTIONS[name]
    digits = 62
    cap = mpf("0.5")
    hs = min(cap, 2 * pi * STRIP[name] / (r * cos(half) * digits))
    hd = min(cap, 2 * pi * STRIP[name] / (r * sin(half) * digits))
    ns, nd = int(mpf("11.2") / hs) + 1, int(mpf("11.2") / hd) + 1
    a = b = mpf(0)
    for i in range(-ns, ns + 1):
        s = i * hs
        ws = exp(-s * s / 2)
        for j in range(0, nd + 1):
            d = j * hd
            w = ws * exp(-d * d / 2) * (1 if j == 0 else 2)
            if w < mpf(10) ** -28:
                break
            v1, g1 = f(r * (s * cos(half) + d * sin(half)))
            v2, g2 = f(r * (s * cos(half) - d * sin(half)))
            a += w * v1 * v2
            b += w * g1 * g2
    scale = hs * hd / (2 * pi)
    return a * scale, b * scale


def ramp(m, s):
    return m * ncdf(m / s) + s * npdf(m / s)


def conditional_mean(name, m, s):
    if name in ("elu", "selu"):
        lam, alpha = (LAMBDA, ALPHA) if name == "selu" else (mpf(1), mpf(1))
        tail = exp(m + s * s / 2) * ncdf(-m / s - s)
        return (lam * (ramp(m, s) + alpha * (tail - ncdf(-m / s))),
                lam * (ncdf(m / s) + alpha * tail))
    raise ValueError(name)


def one_sided(name, q, c):
    s = sqrt(q * (1 - c * c))
    r = sqrt(q)
    f = FUNCTIONS[name]
    width = sqrt(1 - c * c) / max(abs(c), mpf("1e-6"))
    cuts = sorted({mpf(x) for x in (-13, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 13)}
                  | {sg * width * k for sg in (-1, 1) for k in (1, 3, 6, 10) if width * k < 12})

    def inner(z, slot):
        x = r * z
        return npdf(z) * f(x)[slot] * conditional_mean(name, c * x, s)[slot]

    return (quad(lambda z: inner(z, 0), cuts, maxdegree=7),
            quad(lambda z: inner(z, 1), cuts, maxdegree=7))


def softsign_pair(q, c, inverse_step=40):
    nodes = half_line(inverse_step)
    s2 = 1 - c * c
    r = sqrt(q)
    data = []
    for z, w in nodes:
        # half_line carries exp(−z²/2); the pair needs exp(−z²/(2 s²)).
        w2 = w * exp(z * z / 2 - z * z / (2 * s2))
        data.append((z, w2, *softsign(r * z)))
    a = b = mpf(0)
    for i, (x, wx, vx, gx) in enumerate(data):
        t = c * x / s2
        for j in range(i + 1):
            y, wy, vy, gy = data[j]
            w = wx * wy * (1 if i == j else 2)
            e = exp(t * y)
            a += w * vx * vy * (e - 1 / e)
            b += w * gx * gy * (e + 1 / e)
    scale = 2 / sqrt(s2)
    return a * scale, b * scale


def hard_tanh_pair(q, c):
    def bend(t):
        d = 2 * pi * q * sqrt(1 - t * t)
        same, other = exp(-1 / (q * (1 + t))), exp(-1 / (q * (1 - t)))
        return 2 * (same - other) / d

    p = erf(1 / sqrt(2 * q))
    top = asin(c)
    kd = p * p + q * quad(lambda u: bend(sin(u)) * cos(u), [0, top / 2, top])
    value = q * c * p * p + q * q * quad(
        lambda u: (c - sin(u)) * bend(sin(u)) * cos(u), [0, top / 2, top])
    return value, kd


def pair(name, q, c):
    k = q * c
    if name in SLOPES:
        m, p = SLOPES[name]
        a, b = (p + m) / 2, (p - m) / 2
        return (a * a * k + b * b * q * 2 / pi * (sqrt(1 - c * c) + c * asin(c)),
                a * a + b * b * 2 / pi * asin(c))
    if name in ("erf", "erf_unit_slope"):
        s = mpf(1) if name == "erf" else pi / 4
        d = sqrt((1 + 2 * s * q) ** 2 - 4 * s * s * k * k)
        return 2 / pi * atan2(2 * s * k, d), 4 * s / pi / d
    if name == "sin":
        return exp(-q) * sinh(k), exp(-q) * cosh(k)
    if name == "gelu":
        d = (1 + q) ** 2 - k * k
        a0 = mpf(1) / 4 + atan2(k, sqrt(d)) / (2 * pi)
        return (k * a0 + (q * q - k * k + 2 * k * k / (1 + q)) / (2 * pi * sqrt(d)),
                a0 + (2 * k / (1 + q) + k / d) / (2 * pi * sqrt(d)))
    if name == "hard_tanh":
        return hard_tanh_pair(q, c)
    if name in ("elu", "selu"):
        return one_sided(name, q, c)
    if name == "softsign":
        return softsign_pair(q, c)
    if abs(c) > mpf("0.9"):
        return rotated(name, q, c)
    count = int(58 / -log(abs(c))) + 10 if c else 3
    squares = hermite_squares(name, q, 40 * (count // 40 + 1))
    power = mpf(1)
    a, b = squares[0], mpf(0)
    for j in range(1, len(squares)):
        b += j * squares[j] * power
        power *= c
        a += squares[j] * power
    return a, b / q


ENTRIES = []


def put(quantity, value, **parameters):
    ENTRIES.append({
        "id": f"{len(ENTRIES) + 1}", "quantity": quantity,
        "parameters": {k: str(v) for k, v in parameters.items()}, "value": nstr(value, 24)})
    print(quantity, parameters, nstr(value, 12), flush=True)


def part_moments():
    for name in FUNCTIONS:
        for q in ("1e-12", "1e-6", "1e-2", "1", "30", "1e4", "1e8"):
            if name == "sin" and mpf(q) > 100:
                continue
            if name in SLOPES and q != "1":
                continue
            base = moments(name, mpf(q))
            if name not in SLOPES and name not in ("hard_tanh",):
                steps = (100 if name != "sin" else 200)
                pick = lambda x, v, d: (v * v, d * d, d**4, x * v * d)
                a, b, c, d = average(name, mpf(q), pick, steps)
                fine = (a, b, c, d / mpf(q))
                worst = max(abs(x / y - 1) for x, y in zip(fine, base))
                if worst > mpf(10) ** -22:
                    print("difference", name, q, nstr(worst, 3))
                base = fine
            if name == "sin":
                base = (*base[:3], exp(-2 * mpf(q)))
            for quantity, value in zip(
                    ("moment_phi2", "moment_dphi2", "moment_dphi4", "moment_slope"), base):
                put(quantity, value, activation=name, q=q)


PLACES = [
    ("linear", "0.8", "0.3"), ("relu", "1.3", "0.2"), ("leaky_relu_0.01", "1.35", "0.1"),
    ("leaky_relu_0.3", "1.1", "0.4"), ("abs", "0.9", "0.3"), ("erf", "0.7", "0.01"),
    ("erf", "2.5", "0.05"), ("erf_unit_slope", "1.4", "0.2"), ("sin", "1.3", "0.1"),
    ("tanh", "0.9", "0.1"), ("tanh", "1.02", "1e-3"), ("tanh", "10", "1"),
    ("hard_tanh", "0.95", "0.3"), ("hard_tanh", "5", "0.1"), ("sigmoid", "1", "0"),
    ("sigmoid", "20", "0.5"), ("softplus", "1", "0.2"), ("softplus", "0.5", "1"),
    ("gelu", "1.2", "0.1"), ("gelu", "1.4", "0.6"), ("silu", "1.35", "0.2"),
    ("silu", "1.2", "1.5"), ("mish", "1.38", "0.1"), ("mish", "0.9", "0.7"),
    ("elu", "1.2", "0.3"), ("elu", "0.8", "0"), ("selu", "0.7", "0.5"), ("selu", "0.95", "0.02"),
    ("softsign", "1.2", "0.2"), ("softsign", "6", "0.4"), ("tanh", "1", "0.001"),
    ("silu", "1.41", "0.5"), ("mish", "1.4", "0.6"), ("gelu", "1.41", "0.1"),
]


def part_fixed():
    for name, sw, sb in PLACES:
        sw2, sb2 = mpf(sw) ** 2, mpf(sb) ** 2
        if name == "elu" and sb == "0":
            continue
        q = q_star(name, sw2, sb2)
        m = moments(name, q)
        at = dict(activation=name, sigma_w=sw, sigma_b=sb)
        put("q_star", q, **at)
        put("chi_1", sw2 * m[1], **at)
        put("chi_q", sw2 * m[3], **at)
        if abs(m[3]) * sw2 < 1:
            put("xi_q", -1 / log(abs(sw2 * m[3])), **at)
        if sw2 * m[1] < 1:
            put("xi_c", -1 / log(sw2 * m[1]), **at)
    for name, sw, sb, q1, layers in (
            ("silu", "1.3", "0.4", "2.5", 7), ("softsign", "3", "0", "1e-3", 12),
            ("relu", "sqrt(2)", "0.3", "1", 20), ("elu", "1.3", "0.1", "5", 4),
            ("gelu", "1.5", "0.1", "1", 15), ("sin", "2", "0.1", "0.3", 5)):
        sw2 = mpf(2) if sw == "sqrt(2)" else mpf(sw) ** 2
        q = mpf(q1)
        for _ in range(layers):
            q = vmap(name, sw2, mpf(sb) ** 2, q)
        put("length_after", q, activation=name, sigma_w=sw, sigma_b=sb, q1=q1, layers=layers)


def bias_variance(name, q):
    m = moments(name, q)
    return q - m[0] / m[1]


SMOOTH = ["erf", "erf_unit_slope", "sin", "tanh", "hard_tanh", "gelu", "silu", "mish", "elu", "selu",
          "softsign"]


def second(name, x):
    if name == "tanh":
        return -2 * tanh(x) * sech2(x)
    if name == "softsign":
        return -2 / (1 + abs(x)) ** 3
    if name == "elu":
        return mpf(0) if x > 0 else exp(x)
    if name == "gelu":
        return (2 - x * x) * exp(-x * x / 2) / sqrt(2 * pi)
    if name == "erf":
        return -4 * x / sqrt(pi) * exp(-x * x)
    s = sig(x)
    if name == "silu":
        return s * (1 - s) * (2 + x * (1 - 2 * s))
    if name == "sigmoid":
        return s * (1 - s) * (1 - 2 * s)
    if name == "mish":
        return mp.diff(lambda y: mish(y)[1], x)
    raise ValueError(name)


def part_critical():
    for name in SMOOTH:
        for q in ("1e-6", "1e-3", "0.5", "5", "50"):
            m = moments(name, mpf(q))
            at = dict(activation=name, q=q)
            put("critical_sigma_w_at_q", 1 / sqrt(m[1]), **at)
            put("critical_sigma_b_at_q", sqrt(bias_variance(name, mpf(q))), **at)
        for sb, q0 in (("0.1", "0.2"), ("0.5", "1.5"), ("1e-4", "1e-3")):
            target = mpf(sb) ** 2
            lo, hi = mpf("-16"), mpf("9")
            g = lambda t: log(bias_variance(name, exp(t)) / target)
            mp.dps, keep = 20, mp.dps
            for _ in range(12):
                mid = (lo + hi) / 2
                if bias_variance(name, exp(mid)) > target:
                    hi = mid
                else:
                    lo = mid
            mp.dps = keep
            t = findroot(g, (lo, hi), tol=mpf(10) ** -50, maxsteps=40, verify=False, solver="secant")
            assert abs(g(t)) < mpf(10) ** -20, (name, sb, g(t))
            at = dict(activation=name, sigma_b=sb)
            put("critical_q", exp(t), **at)
            put("critical_sigma_w", 1 / sqrt(moments(name, exp(t))[1]), **at)
    for name, sb, q0 in (("sigmoid", "0.1", "45.8"), ("sigmoid", "2", "60")):
        q = findroot(lambda x: bias_variance(name, x) - mpf(sb) ** 2, (mpf(q0), mpf(q0) + 1),
                     tol=mpf(10) ** -50, verify=False)
        assert abs(bias_variance(name, q) - mpf(sb) ** 2) < mpf(10) ** -24
        at = dict(activation=name, sigma_b=sb)
        put("critical_q", q, **at)
        put("critical_sigma_w", 1 / sqrt(moments(name, q)[1]), **at)
    for q in ("46", "100", "1000"):
        at = dict(activation="sigmoid", q=q)
        put("critical_sigma_w_at_q", 1 / sqrt(moments("sigmoid", mpf(q))[1]), **at)
        put("critical_sigma_b_at_q", sqrt(bias_variance("sigmoid", mpf(q))), **at)
    for name, q0 in (("gelu", "3.5"), ("silu", "14.3"), ("mish", "1.67")):
        q = findroot(lambda x: moments(name, x)[3] / moments(name, x)[1] - 1,
                     (mpf(q0), mpf(q0) * mpf("1.001")), tol=mpf(10) ** -50, verify=False)
        put("half_stable_q", q, activation=name)
    for name in ("tanh", "softsign", "elu", "gelu", "erf", "silu", "sigmoid", "mish"):
        for q in ("0.02", "0.7", "8"):
            if name == "mish" and q != "0.7":
                continue
            bend = average(name, mpf(q), lambda x, v, d: (second(name, x) ** 2,), 40)[0]
            put("corr_decay_coefficient", 2 * moments(name, mpf(q))[1] / (mpf(q) * bend),
                activation=name, q=q)


def part_pairs():
    for name in ("tanh", "sigmoid", "softplus", "mish", "silu", "softsign", "elu", "selu",
                 "hard_tanh"):
        places = [("0.01", "-0.95"), ("0.01", "0.5"), ("1", "-0.4"), ("1", "0.999"), ("3", "0.85"),
                  ("100", "0.3"), ("100", "-0.7"), ("30", "-0.95"), ("30", "0.999")]
        for q, c in places:
            if name == "softsign" and abs(mpf(c)) > mpf("0.96"):
                continue
            if name in STRIP and q == "30":
                continue
            v, d = pair(name, mpf(q), mpf(c))
            put("pair_phi", v, activation=name, q=q, c=c)
            put("pair_dphi", d, activation=name, q=q, c=c)


CHAOS = [
    ("tanh", "1.5", "0"), ("tanh", "5", "1e-6"), ("tanh", "10", "0.5"), ("tanh", "3", "0.1"),
    ("tanh", "1.3", "0.02"), ("erf", "5", "0.3"), ("erf_unit_slope", "2", "0.1"),
    ("sin", "1.5", "0.1"), ("hard_tanh", "5", "0.05"), ("hard_tanh", "1.5", "0.3"),
    ("sigmoid", "20", "0.5"), ("sigmoid", "15", "0"), ("gelu", "1.41", "2"), ("silu", "1.4", "3"),
    ("silu", "1.41", "6"), ("mish", "1.41", "4"), ("elu", "1.3", "0.1"), ("elu", "1.35", "0"),
    ("selu", "0.95", "0.02"), ("selu", "0.97", "0.1"), ("softsign", "4", "0.2"),
    ("softsign", "2.5", "0.05"), ("hard_tanh", "3", "1e-4"), ("erf", "2", "1e-7"),
    ("softsign", "3", "1e-5"), ("sin", "1.8", "1e-6"),
]
DROPOUT = [
    ("tanh", "1.2", "0.2", "0.9"), ("tanh", "2", "0.3", "0.5"), ("tanh", "1.1", "0", "0.99"),
    ("relu", "1", "0.3", "0.8"), ("gelu", "1.2", "0.2", "0.95"), ("sigmoid", "3", "0.5", "0.5"),
    ("silu", "1.1", "0.3", "0.9"), ("elu", "1.05", "0.2", "0.8"), ("softsign", "2", "0.3", "0.7"),
    ("hard_tanh", "1.3", "0.2", "0.9"), ("softplus", "0.7", "0.1", "0.99"),
    ("sin", "1.2", "0.1", "0.9"),
]


def c_star(name, sw2, sb2, q, guess):
    c = mpf(guess)
    for _ in range(40):
        v, d = pair(name, q, c)
        step = (c - (sw2 * v + sb2) / q) / (1 - sw2 * d)
        c -= step
        if abs(step) < mpf(10) ** -14:
            # quadratic: the next step would be below 1e-24
            v, d = pair(name, q, c)
            c -= (c - (sw2 * v + sb2) / q) / (1 - sw2 * d)
            return c, sw2 * d
    raise ValueError((name, sw2, sb2, c))


def part_chaos():
    for name, sw, sb, *rest in CHAOS + DROPOUT:
        sw2, sb2 = mpf(sw) ** 2, mpf(sb) ** 2
        keep = mpf(rest[0]) if rest else mpf(1)
        at = dict(activation=name, sigma_w=sw, sigma_b=sb)
        if rest:
            at["keep"] = rest[0]
        try:
            q = q_star(name, sw2 / keep, sb2)
            if not rest and sw2 * moments(name, q)[1] <= 1:
                print("not chaotic", at)
                continue
            mean_zero = name in ("tanh", "erf", "erf_unit_slope", "sin", "hard_tanh", "softsign")
            if sb == "0" and mean_zero:
                c, slope = mpf(0), sw2 * pair(name, q, mpf(0))[1]
            else:
                mp.dps = 18
                mp.dps = 36
                # fixed-point iteration to the stable root, then Newton
                c = mpf(0)
                v0 = pair(name, q, mpf(0))[0]
                c = (sw2 * v0 + sb2) / q
                for _ in range(6):
                    v, d = pair(name, q, c)
                    step = (c - (sw2 * v + sb2) / q) / (1 - sw2 * d)
                    c -= step
                    if abs(step) < mpf("1e-4"):
                        break
                c, slope = c_star(name, sw2, sb2, q, c)
        except Exception as problem:
            print("FAILED", at, repr(problem)[:100], flush=True)
            continue
        put("c_star_dropout" if rest else "c_star", c, **at)
        if not rest:
            put("xi_c", -1 / log(slope), **at)


def part_gaps():
    # Mehler: (E φ² − E φφ) = Σ c_k² (1 − cᵏ), terms of one sign.
    for name, sw, sb, gap0, layers in (
            ("tanh", "1.3", "0.2", "1e-3", 5), ("tanh", "1.1", "0.3", "1e-14", 20),
            ("sigmoid", "3", "0.5", "1e-6", 3), ("silu", "1.3", "0.4", "1e-9", 4),
            ("mish", "1.3", "0.2", "1e-12", 3), ("softplus", "1", "0.2", "1e-14", 2)):
        sw2, sb2 = mpf(sw) ** 2, mpf(sb) ** 2
        q = q_star(name, sw2, sb2)
        squares = hermite_squares(name, q, 700)
        rest = 1 - mp.fsum(k * c for k, c in enumerate(squares)) / (q * moments(name, q)[1])
        print("Mehler rest", name, nstr(rest, 3))
        gap = mpf(gap0)
        for _ in range(layers):
            l = log1p(-gap)
            gap = sw2 / q * mp.fsum(-c * expm1(k * l) for k, c in enumerate(squares))
        put("corr_gap_after", gap, activation=name, sigma_w=sw, sigma_b=sb, gap0=gap0,
            layers=layers)
    mp.dps = 60
    for name, sw, sb, gap0, layers in (
            ("erf", "2", "0.1", "1e-14", 10), ("gelu", "1.2", "0.3", "1e-11", 5),
            ("sin", "1.3", "0.1", "1e-7", 6), ("relu", "sqrt(2)", "0", "1e-14", 20),
            ("relu", "1.2", "0.5", "1e-3", 8), ("leaky_relu_0.3", "1.2", "0.1", "1e-13", 6),
            ("abs", "0.9", "0.3", "1e-12", 3), ("hard_tanh", "1.2", "0.3", "1e-13", 4)):
        sw2 = mpf(2) if sw == "sqrt(2)" else mpf(sw) ** 2
        sb2 = mpf(sb) ** 2
        q = mpf(1) if sw == "sqrt(2)" else q_star(name, sw2, sb2)
        gap = mpf(gap0)
        for _ in range(layers):
            if name == "hard_tanh":
                # K̇(θ) = p − ∫ bend, by two nested one-dimensional integrals in the angle.
                p = erf(1 / sqrt(2 * q))
                theta = 2 * asin(sqrt(gap / 2))
                far = lambda u: exp(-1 / (2 * q * sin(u / 2) ** 2)) if u > mpf(10) ** -9 else 0
                bend = lambda u: (exp(-1 / (q * (1 + cos(u)))) - far(u)) / pi
                # E φ² − E φφ = q [p (1 − cos θ) − ∫₀^θ bend(u) (cos u − cos θ) du]
                loss = quad(lambda u: bend(u) * 2 * sin((theta - u) / 2) * sin((theta + u) / 2),
                            [0, theta])
                gap = sw2 * (p * gap - loss)
            else:
                gap = sw2 * (pair_or_moment(name, q) - pair(name, q, 1 - gap)[0]) / q
        put("corr_gap_after", gap, activation=name, sigma_w=sw, sigma_b=sb, gap0=gap0,
            layers=layers)


def pair_or_moment(name, q):
    if name in SLOPES:
        return moments(name, q)[0]
    return pair(name, q, mpf(1))[0]


if __name__ == "__main__":
    parts = {k[5:]: v for k, v in globals().items() if k.startswith("part_")}
    for part in sys.argv[1:] or parts:
        ENTRIES.clear()
        mp.dps = 36
        moments.cache_clear()
        parts[part]()
        Path(__file__).with_name(f"mean_field_{part}.json").write_text(
            "[\n" + ",\n".join("  " + json.dumps(e) for e in ENTRIES) + "\n]\n")
