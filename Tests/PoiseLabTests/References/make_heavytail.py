"""Heavy-tailed networks at parameters beside those of the shipped table, by another way than the program's.

Stable density by a rotated Fourier integral; length map by the trapezoid rule in ln z; densities of singular
values from the pair Y = γ a E[κ g(κw)], w = a g(Y) itself, with g by its power series or on a rotated ray, the
average over units on the ln z grid, Newton's method with numerical derivatives from large s downwards. α = 2: the
equation of Marchenko and Pastur with D. Prints a table for `poise verify`.
"""
import json
import numpy as np
from scipy.optimize import brentq
from scipy.special import gamma, gammaln, erf

U = np.linspace(-4.3, 5.2, 281)
NODES = np.exp(U - np.exp(-U))
STEPS = NODES * (1 + np.exp(-U)) * (U[1] - U[0])


def pdf(a, x):
    """Of exp(-|t|^a) at x > 0."""
    if a == 2:
        return np.exp(-x * x / 4) / np.sqrt(4 * np.pi)
    out = np.empty_like(x)
    for i, v in enumerate(x):
        if v >= 1 or a < 0.6:
            theta = 0.6 * min(np.pi / 2, np.pi / (2 * a))
            t = NODES / (v * np.sin(theta)) * np.exp(-1j * theta)
            f = np.exp(-1j * t * v) * np.expm1(-(t**a))
        else:
            theta = 0.5 * min(np.pi / 2, np.pi / (2 * a))
            t = NODES * np.exp(-1j * theta)
            f = np.exp(-1j * t * v - t**a)
        out[i] = (f * t / NODES * STEPS).sum().real / np.pi
    return out


FUNCTIONS = {
    "tanh": (np.tanh, lambda h: 1 / np.cosh(np.clip(h, -300, 300)) ** 2),
    "erf": (erf, lambda h: 2 / np.sqrt(np.pi) * np.exp(-np.minimum(h * h, 700))),
    "hard_tanh": (lambda h: np.clip(h, -1, 1), lambda h: (np.abs(h) < 1) * 1.0),
    "softsign": (lambda h: h / (1 + np.abs(h)), lambda h: 1 / (1 + np.abs(h)) ** 2),
}


class Unit:
    """|Z| of the law exp(-|t|^a/2) on a grid in ln z; beyond it the power law."""

    def __init__(self, a, step=0.02):
        self.a = a
        c = 2 ** (-1 / a)
        self.v = np.arange(-34, 8 if a == 2 else 46 / a + 6, step)
        z = np.exp(self.v)
        p = np.where(z < 1e7, 0, 0.0)
        low = z < 1e6
        p[low] = pdf(a, z[low] / c) / c
        if a < 2:
            x = z[~low] / c
            p[~low] = (gamma(1 + a) * np.sin(np.pi * a / 2) / x ** (1 + a)
                       - gamma(1 + 2 * a) * np.sin(np.pi * a) / 2 / x ** (1 + 2 * a)) / np.pi / c
        self.z, self.weight = z, 2 * p * z * step


UNITS = {}


def unit(a):
    return UNITS.setdefault(a, Unit(a))


def length_map(name, a, s, q, b=0.0):
    u = unit(a)
    h = q ** (1 / a) * u.z
    return s**a * (u.weight * np.abs(FUNCTIONS[name][0](h)) ** a).sum() + b**a


def log_fixed_point(name, a, s, b=0.0):
    f = lambda l: np.log(length_map(name, a, s, np.exp(l), b)) - l
    return brentq(f, -60, 20, xtol=1e-13)


def kappas(name, a, log_q):
    """Values of |φ'|^a and weights; the mass below the grid, or where φ is linear, at the slope at 0."""
    u = Unit(a, 0.01 if a == 2 else 0.02 if name == "hard_tanh" else 0.08)
    k = np.abs(FUNCTIONS[name][1](np.exp(log_q / a) * u.z)) ** a
    w = u.weight
    linear = np.exp(log_q / a) * u.z < 1e-6
    k, w = k[~linear], w[~linear]
    rest = max(0.0, 1 - w.sum())
    keep = k > 1e-9
    return np.append(k[keep], FUNCTIONS[name][1](np.array([1e-300]))[0] ** a), np.append(w[keep], rest)


K = np.arange(400)


def g(a, y):
    """∫ t^{a/2-1} exp(-t - t^{a/2} y) dt for an array of complex y."""
    y = np.atleast_1d(np.asarray(y, complex))
    out = np.empty_like(y)
    small = np.abs(y) < 0.7
    coefficients = np.exp(gammaln((K + 1) * a / 2) - gammaln(K + 1)) * (-1.0) ** K
    if small.any():
        out[small] = np.polynomial.polynomial.polyval(y[small], coefficients)
    u = np.linspace(-4.4, 5.3, 320)
    big = y[~small]
    if big.size:
        psi = -np.angle(big) / (1 + 2 / a)
        r = np.exp(u - np.exp(-u))[None, :] / np.maximum(1, np.abs(big))[:, None]
        s = r * np.exp(1j * psi)[:, None]
        d = r * (1 + np.exp(-u))[None, :] * (u[1] - u[0]) * np.exp(1j * psi)[:, None]
        out[~small] = 2 / a * (np.exp(-(s ** (2 / a)) - s * big[:, None]) * d).sum(axis=1)
    return out


def densities(a, s_w, places, kappa, weight, aspect=1.0):
    if a == 2:
        return gaussian(s_w, places, kappa, weight, aspect)
    front = np.exp(1j * np.pi * a / 2) * gamma(a) / gamma(a / 2) ** 2
    order = np.concatenate([np.exp(np.arange(np.log(60), np.log(min(places)), -0.15)), places])
    order = np.unique(order)[::-1]
    found, y = {}, None
    for s in order:
        coupling = front * (s_w / s) ** a

        def residual(y):
            w = coupling * g(a, y)[0]
            return y - aspect * coupling * (weight * kappa * g(a, kappa * w)).sum()

        if y is None:
            y = aspect * coupling * (weight * kappa).sum() * gamma(a / 2)
        for _ in range(60):
            r = residual(y)
            h = 1e-6 * abs(y)
            slope = (residual(y + h) - residual(y - h)) / (2 * h)
            step = r / slope
            y = y - step * min(1, 0.5 * abs(y) / abs(step)) if step != 0 else y
            if abs(step) < 1e-13 * abs(y):
                break
        value = 1 - a / 2 * y * g(a, y)[0]
        found[s] = -2 / (np.pi * s) * value.imag / min(aspect, 1)
    return [float(found[s]) for s in places]


def gaussian(s_w, places, kappa, weight, aspect):
    """m(z) of the columns' Gram matrix WᵀD²W: m = 1/(-z + aspect s² E[κ/(1 + s² κ m)])."""
    out = []
    for s in places:
        m = 1j
        for eta in np.exp(np.linspace(0, np.log(1e-13), 400)):
            z = s * s + 1j * eta * s * s
            for _ in range(50):
                d = 1 + s_w**2 * kappa * m
                f = m * (-z + aspect * s_w**2 * (weight * kappa / d).sum()) - 1
                df = (-z + aspect * s_w**2 * (weight * kappa / d).sum()
                      - m * aspect * s_w**2 * (weight * s_w**2 * kappa**2 / d**2).sum())
                step = f / df
                m -= step
                if abs(step) < 1e-15 * abs(m):
                    break
        out.append(float(2 * s * m.imag / np.pi / min(aspect, 1)))
    return out


def entry(quantity, parameters, expected, relative):
    entries.append({"id": f"heavytail-layers-{len(entries) + 1:02d}", "quantity": quantity, "parameters": parameters,
                    "expected": expected, "tolerance": {"relative": relative}})


entries = []
for name, a, s, b in [("tanh", 1.35, 0.85, 0), ("erf", 1.7, 1.2, 0), ("hard_tanh", 1.1, 0.6, 0),
                      ("softsign", 1.5, 2.0, 0), ("tanh", 1.6, 0.5, 0.3), ("tanh", 2, 1.3, 0),
                      ("tanh", 0.8, 1.0, 0), ("tanh", 1.95, 1.5, 0), ("erf", 2, 1.5, 0.2),
                      ("tanh", 1.25, 4.0, 0)]:
    parameters = {"alpha": a, "sigma_w": s, "activation": name, "sigma_b": b}
    log_q = log_fixed_point(name, a, s, b)
    # The trapezoid rule does not see kinks.
    isSmooth = name != "hard_tanh"
    entry("qstar", parameters, {"ln_qstar": float(log_q)}, "2e-9" if isSmooth else "1e-5")
    for q in [0.03, 2.5]:
        entry("lengthmap", parameters | {"q": q}, {"V": float(length_map(name, a, s, q, b))},
              "1e-9" if isSmooth else "1e-4")
    if name == "softsign":
        continue
    kappa, weight = kappas(name, a, log_q)
    moment = float((weight * kappa).sum())
    tail = gamma(1 + a) * np.sin(np.pi * a / 2) / np.pi * s**a * moment if a < 2 else 0.0
    places = [0.4, 0.9, 1.7, 4.0, 25.0] if a < 2 else [0.1, 0.4, 0.9]
    for aspect in [1.0] + ([0.6, 1.8] if a in (1.35, 1.6, 1.7) else [1.8] if a == 2 else []):
        expected = {"density": densities(a, s, places, kappa, weight, aspect), "M_alpha": moment,
                    "tail_B": float(tail * max(1, aspect))}
        entry("jacobian.sv_density", parameters | {"aspect": aspect, "s": places}, expected,
              "1e-6" if name != "hard_tanh" else "1e-3")
for a, s, aspect in [(1.1, 1, 1), (1.3, 2, 1), (1.7, 0.5, 1), (1.9, 1, 1), (1.4, 1, 0.5), (1.4, 1, 2),
                     (1.8, 1, 0.7), (0.7, 1, 1), (2, 1.5, 0.5)]:
    places = [0.5 * s, s, 1.5 * s] if a == 2 else [0.6 * s, s, 2 * s, 6 * s]
    one = (np.array([1.0]), np.array([1.0]))
    entry("unstructured.sv_density", {"alpha": a, "sigma_w": s, "aspect": aspect, "s": places},
          {"density": densities(a, s, places, *one, aspect)}, "1e-6")
for name, s, b in [("erf", 1.8, 0.3), ("tanh", 2.0, 0.0)]:
    kappa, weight = kappas(name, 2, log_fixed_point(name, 2, s, b))
    rate = float(np.log(s * s * (weight * kappa).sum()) / 2)
    entries.append({"id": f"heavytail-layers-{len(entries) + 1:02d}", "quantity": "lyapunov",
                    "parameters": {"alpha": 2, "sigma_w": s, "activation": name, "sigma_b": b, "pool": 5000},
                    "expected": {"value": rate}, "tolerance": {"standardError": 0.0005, "sigmas": 4},
                    "method": "half the logarithm of chi_1, exact at alpha = 2"})
about = "Heavy-tailed networks: other activations, biases, layers that are not square, alpha = 2; docs/verification.md."
print(json.dumps({"schema": "poise.reference/1", "theory": "heavytail", "about": about, "entries": []})[:-2])
print(",\n".join("  " + json.dumps(one) for one in entries))
print("]}")
