"""Reference values for PoisePosterior at 40 digits, by mpmath alone: an independent route to each number.

Usage: posterior_reference.py [seed] > posterior_reference.json   (schema poise.reference/1)

Saddle points by bisection or by a fine scan of the master equation in B; exact mixtures by mpmath.quad of
the prior of s (Gamma for one layer, Bessel K for two, nested quadrature for three); predictions by
solving (s K + T) directly, without an eigenbasis.
"""
import json
import sys

import mpmath as mp
import numpy as np

mp.mp.dps = 40
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 11
rng = np.random.default_rng(seed)
entries = []


def f(x):
    return float(x)


def fl(xs):
    return [fl(x) if isinstance(x, (list, tuple)) else f(x) for x in xs]


def add(kind, parameters, expected, tolerance="1e-9"):
    n = sum(e["quantity"] == kind for e in entries) + 1
    entries.append(dict(
        id=f"{kind}-s{seed}-{n}", quantity=kind, parameters=parameters, expected=expected,
        tolerance={"relative": tolerance}))


def gram(A, B, scale):
    return mp.matrix([[scale * mp.fsum(x * y for x, y in zip(a, b)) for b in B] for a in A])


def rows(p, n, scale=1.0):
    return [[round(float(v), 3) for v in r] for r in scale * rng.standard_normal((p, n))]


class Action:
    """Everything of one output from K, y, widths, upper variances, T > 0, by eigenvalues."""

    def __init__(self, kappa, power, widths, upper, T):
        self.k, self.p, self.N, self.u, self.T = kappa, power, widths, upper, mp.mpf(T)

    def s(self, B):
        return mp.fprod(v * (1 - B / n) for v, n in zip(self.u, self.N))

    def h(self, B):
        s = self.s(B)
        D = mp.fsum(s * k / (s * k + self.T) for k in self.k)
        E = mp.fsum(p * s * k / (s * k + self.T) ** 2 for k, p in zip(self.k, self.p))
        return D - E - B

    def action(self, B):
        s = self.s(B)
        prior = mp.fsum(n / mp.mpf(2) * (-B / n - mp.log(1 - B / n)) for n in self.N)
        return prior + mp.fsum(
            mp.log(s * k + self.T) + p / (s * k + self.T) for k, p in zip(self.k, self.p)) / 2

    def roots(self):
        top = min(self.N)
        grid = [top - mp.exp(mp.mpf(x)) for x in np.linspace(-30, 25, 6000)]
        values = [self.h(b) for b in grid]
        found = []
        for a, b, x, y in zip(grid, grid[1:], values, values[1:]):
            if (x < 0) != (y < 0):
                lo, hi = a, b
                for _ in range(150):
                    mid = (lo + hi) / 2
                    if (self.h(mid) < 0) == (x < 0):
                        lo = mid
                    else:
                        hi = mid
                found.append((lo + hi) / 2)
        return found

    def best(self):
        return min(self.roots(), key=self.action)

    def one_loop(self, B):
        s, T = self.s(B), self.T
        c = mp.fsum(T * s * k / (s * k + T) ** 2 - p * s * k * (T - s * k) / (s * k + T) ** 3
                    for k, p in zip(self.k, self.p)) / 2
        ratios = [1 - B / n for n in self.N]
        return (mp.fsum(mp.log(r) for r in ratios)
                + mp.log(1 + c * mp.fsum(2 / (n * r) for n, r in zip(self.N, ratios)))) / 2


def eigen(K, y):
    E, V = mp.eigsy(K)
    return list(E), [mp.fsum(V[i, j] * y[i] for i in range(len(y))) ** 2 for j in range(len(y))]


def predict(K, k, kxx, y, s, T):
    A = s * K + T * mp.eye(K.rows)
    means, variances = [], []
    for row in range(k.rows):
        kx = mp.matrix([k[row, j] for j in range(K.rows)])
        sol = mp.lu_solve(A, kx)
        means.append(s * mp.fsum(sol[i] * y[i] for i in range(K.rows)))
        variances.append(s * kxx[row] - s * s * mp.fsum(sol[i] * kx[i] for i in range(K.rows)))
    return means, variances


def regression(kind, widths, sigma2, T, P, N0, activation=None):
    X, Xt = rows(P, N0), rows(3, N0)
    Y, Yt = rows(P, 1, 1.3), [[1], [-1], [1]]
    y = [mp.mpf(v[0]) for v in Y]
    scale = mp.mpf(sigma2[0]) / N0
    K, k = gram(X, X, scale), gram(Xt, X, scale)
    kxx = [scale * mp.fsum(mp.mpf(v) ** 2 for v in x) for x in Xt]
    extra = {}
    if activation:
        K, k, kxx = base(activation, K, k, kxx, sigma2)
        prior = mp.fprod(sigma2[1:])
        extra = dict(
            baseKernelTrain=[[f(K[i, j]) for j in range(P)] for i in range(P)],
            baseKernelCross=[[f(k[j, i]) for j in range(3)] for i in range(P)],
            priorKernelTrain=[[f(prior * K[i, j]) for j in range(P)] for i in range(P)])
    if T > 0:
        kappa, power = eigen(K, y)
        act = Action(kappa, power, widths, sigma2[1:], T)
        B = act.best()
        s = act.s(B)
        q = [v * (1 - B / n) for v, n in zip(sigma2[1:], widths)]
        D = mp.fsum(s * e / (s * e + T) for e in kappa)
        res = mp.lu_solve(s * K + mp.mpf(T) * mp.eye(P), mp.matrix(y))
        extra |= dict(
            B=f(B), action=f(act.action(B)),
            trainError=f((mp.mpf(T) ** 2 * mp.fsum(v * v for v in res) + T * D) / P),
            logEvidenceSaddle=f(-act.action(B) - P * mp.log(2 * mp.pi) / 2),
            logEvidenceOneLoop=f(-act.action(B) - act.one_loop(B) - P * mp.log(2 * mp.pi) / 2))
    else:
        r0 = mp.fsum(a * b for a, b in zip(mp.lu_solve(K, mp.matrix(y)), y)) / P
        lo, hi = -mp.mpf(10) ** 12, mp.mpf(min(widths))
        upper = sigma2[1:]
        s_of = lambda B: mp.fprod(v * (1 - B / n) for v, n in zip(upper, widths))
        for _ in range(250):
            mid = (lo + hi) / 2
            if P * (1 - r0 / s_of(mid)) - mid > 0:
                lo = mid
            else:
                hi = mid
        B = (lo + hi) / 2
        s = s_of(B)
        q = [v * (1 - B / n) for v, n in zip(upper, widths)]
        extra |= dict(rank=P, r0=f(r0))
    m, v = predict(K, k, kxx, y, s, mp.mpf(T))
    err = [(a - t[0]) ** 2 + b for a, b, t in zip(m, v, Yt)]
    signs = [mp.erfc(t[0] * a / mp.sqrt(2 * b)) / 2 for a, b, t in zip(m, v, Yt)]
    if not activation:
        Kl = gram(X, X, mp.mpf(1) / N0)
        if T > 0:
            A = s * K * (s * K + mp.mpf(T) * mp.eye(P)) ** -1
            fm = A * mp.matrix(y)
            ff = fm * fm.T + mp.mpf(T) * A
        else:
            ff = mp.matrix(y) * mp.matrix(y).T
        layers = []
        for l, n in enumerate(widths):
            g = mp.fprod(q[l:])
            Kl = (1 - mp.mpf(1) / n) * sigma2[l] * Kl + ff / (g * n)
            layers.append([[f(Kl[i, j]) for j in range(P)] for i in range(P)])
        extra["layerKernels"] = layers
    parameters = dict(widths=widths, sigma2=sigma2, temperature=T, patterns=X, labels=Y,
                      testPatterns=Xt, testLabels=Yt)
    if activation:
        parameters["activation"] = activation
    add(kind, parameters, dict(
        q=fl(q), s=f(s), mean=fl(m), variance=fl(v), error=fl(err),
        meanError=f(mp.fsum(err) / 3), signErrorProbability=fl(signs), **extra))


def base(activation, K, k, kxx, sigma2):
    """Kernels of the last hidden layer over sigma_2^2 .. sigma_L^2; closed forms."""
    P, Q = K.rows, k.rows
    joint = mp.matrix(P + Q, P + Q)
    for i in range(P):
        for j in range(P):
            joint[i, j] = K[i, j]
        for a in range(Q):
            joint[P + a, i] = joint[i, P + a] = k[a, i]
    for a in range(Q):
        joint[P + a, P + a] = kxx[a]
    pairs = [(i, j) for i in range(P + Q) for j in range(P + Q) if min(i, j) < P or i == j]
    depth = len(sigma2) - 1
    for layer in range(depth):
        new = mp.matrix(P + Q, P + Q)
        for i, j in pairs:
            a, b, c = joint[i, i], joint[j, j], joint[i, j]
            if activation == "relu":
                root = mp.sqrt(a * b)
                cos = max(min(c / root, mp.mpf(1)), mp.mpf(-1)) if i != j else mp.mpf(1)
                t = mp.acos(cos)
                new[i, j] = root / (2 * mp.pi) * (mp.sin(t) + (mp.pi - t) * cos)
            else:
                new[i, j] = 2 / mp.pi * mp.asin(2 * c / mp.sqrt((1 + 2 * a) * (1 + 2 * b)))
        joint = new if layer == depth - 1 else new * sigma2[layer + 1]
    joint = joint / mp.fprod(sigma2[1:-1])
    K = mp.matrix([[joint[i, j] for j in range(P)] for i in range(P)])
    k = mp.matrix([[joint[P + a, j] for j in range(P)] for a in range(Q)])
    return K, k, [joint[P + a, P + a] for a in range(Q)]


def exact(widths, sigma2, T, P, N0):
    X, Xt, Y, Yt = rows(P, N0), rows(2, N0), rows(P, 1), [[1], [-1]]
    y = [mp.mpf(v[0]) for v in Y]
    scale = mp.mpf(sigma2[0]) / N0
    K, k = gram(X, X, scale), gram(Xt, X, scale)
    kxx = [scale * mp.fsum(mp.mpf(v) ** 2 for v in x) for x in Xt]
    kappa, power = eigen(K, y)
    T = mp.mpf(T)
    mp.mp.dps = 25
    a = [mp.mpf(n) / 2 for n in widths]
    b = [mp.mpf(n) / (2 * mp.mpf(v)) for n, v in zip(widths, sigma2[1:])]

    def prior(s):
        if len(widths) == 1:
            return mp.exp(a[0] * mp.log(b[0]) + (a[0] - 1) * mp.log(s) - b[0] * s - mp.loggamma(a[0]))
        A = (a[0] + a[1]) / 2
        return (2 * mp.exp(A * mp.log(b[0] * b[1]) + (A - 1) * mp.log(s) - mp.loggamma(a[0])
                - mp.loggamma(a[1])) * mp.besselk(a[0] - a[1], 2 * mp.sqrt(b[0] * b[1] * s)))

    def likelihood(s):
        return mp.exp(-mp.fsum(
            mp.log(2 * mp.pi * (s * e + T)) + p / (s * e + T) for e, p in zip(kappa, power)) / 2)

    # Trapezoid in ln s at a tenth of the step that suffices: each node once for all moments.
    h = mp.mpf(1) / 32
    nodes = [h * i for i in range(-3200, 320)]
    w = []
    for t in nodes:
        s = mp.exp(t)
        w.append(s * prior(s) * likelihood(s) if likelihood(s) > mp.mpf(10) ** -300 else mp.mpf(0))
    Z = mp.fsum(w)
    mean = lambda g: mp.fsum(wi * g(mp.exp(t)) for wi, t in zip(w, nodes) if wi > Z * mp.mpf(10) ** -60) / Z
    D = lambda s: mp.fsum(s * e / (s * e + T) - p * s * e / (s * e + T) ** 2
                          for e, p in zip(kappa, power))
    act = mean(D)
    means, errors = [mp.mpf(0)] * 2, [mp.mpf(0)] * 2
    for wi, t in zip(w, nodes):
        if wi > Z * mp.mpf(10) ** -20:
            m, v = predict(K, k, kxx, y, mp.exp(t), T)
            for i in range(2):
                means[i] += wi / Z * m[i]
                errors[i] += wi / Z * ((m[i] - Yt[i][0]) ** 2 + v[i])
    mp.mp.dps = 40
    add("exactFiniteWidth",
        dict(widths=widths, sigma2=sigma2, temperature=f(T), patterns=X, labels=Y, testPatterns=Xt,
             testLabels=Yt),
        dict(logEvidence=f(mp.log(Z * h)), meanS=f(mean(lambda s: s)),
             meanInverseS=f(mean(lambda s: 1 / s)), meanLogS=f(mean(mp.log)),
             meanQ=fl(v * (1 - act / n) for v, n in zip(sigma2[1:], widths)), mean=fl(means),
             error=fl(errors)))


def roots(count, power, widths, upper, T):
    kappa = [mp.mpf(round(float(v), 3)) for v in np.exp(0.3 * rng.standard_normal(count))]
    act = Action(kappa, [mp.mpf(power)] * count, widths, upper, T)
    found = sorted(act.roots(), key=act.s)
    actions = [act.action(b) for b in found]
    add("allRoots",
        dict(kernelEigenvalues=fl(kappa), labelPower=[power] * count, widths=widths,
             sigma2Upper=upper, temperature=T),
        dict(s=fl(act.s(b) for b in found),
             q=[fl(v * (1 - b / n) for v, n in zip(upper, widths)) for b in found],
             action=fl(actions), selected=actions.index(min(actions))))


regression("linearRegression", [7, 5], [0.8, 1.4, 0.6], 0.05, 4, 7)
regression("linearRegression", [4, 9, 6, 5], [1, 2.2, 0.7, 1.1, 1.9], 0.4, 6, 3)
regression("linearRegression", [3], [1.2, 0.3], 0, 5, 8)
regression("linearRegression", [30, 20, 25], [1.2, 0.3, 2, 1], 0, 5, 6)
regression("linearRegression", [400, 2], [0.5, 3, 0.02], 1e-4, 5, 6)
regression("linearRegression", [2, 2], [10, 0.01, 5], 2.5, 4, 9)
regression("nonlinearRegression", [11, 6], [2.2, 0.6, 1.5], 0.02, 5, 3, "relu")
regression("nonlinearRegression", [11, 6, 9], [2.2, 0.6, 1.5, 0.8], 0.2, 5, 4, "erf")
regression("nonlinearRegression", [8, 8], [1.3, 1.3, 1.3], 0.05, 5, 2, "erf")
regression("nonlinearRegression", [8], [1.3, 0.7], 0, 5, 3, "relu")
exact([5], [1, 2], 0.1, 4, 6)
exact([40, 3], [0.7, 1.5, 0.4], 0.3, 4, 6)
exact([6, 9], [1.5, 0.5, 1.4], 0, 4, 6)
exact([12], [1, 0.05], 0, 5, 6)
exact([60, 80], [1, 1, 1], 0.01, 5, 8)
roots(10, 2, [20, 20, 20], [0.118, 0.118, 0.118], 0.1)
roots(12, 3, [25, 18], [0.02, 0.02], 0.03)
roots(3, 1.0, [9, 9, 9, 9], [0.4, 0.3, 0.2, 0.3], 0.001)
json.dump(dict(schema="poise.reference/1", theory="posterior",
               about="mpmath values by posterior_reference.py", entries=entries),
          sys.stdout, indent=0)
