"""Independent values for PoiseInformationTests: plain sums on fine grids, and matrices.

    python3 channel.py
"""
import math
import numpy as np
from scipy import special, optimize, integrate


def scalar_channel(phi, spread, prior, gain, steps=(0.08, 0.02, 0.1)):
    """I, error of phi, tp - error of h for h = m + sqrt(prior) z, y = sqrt(gain) phi(h) + noise."""
    hm, hz, hy = steps
    z = np.arange(-9, 9 + hz / 2, hz)
    wz = np.exp(-z * z / 2)
    wz /= wz.sum()
    if spread > 0:
        m = np.arange(-9, 9 + hm / 2, hm)
        wm = np.exp(-m * m / 2)
        wm /= wm.sum()
        m *= math.sqrt(spread)
    else:
        m, wm = np.zeros(1), np.ones(1)
    total = np.zeros(3)
    for mean, weight in zip(m, wm):
        if weight < 1e-18:
            continue
        h = mean + math.sqrt(prior) * z
        f = phi(h)
        s = math.sqrt(gain) * f
        y = np.arange(s.min() - 9, s.max() + 9, hy)
        p, pf, ph = np.empty_like(y), np.empty_like(y), np.empty_like(y)
        for start in range(0, len(y), 64):
            part = slice(start, start + 64)
            like = np.exp(-0.5 * (y[part, None] - s[None, :]) ** 2) / math.sqrt(2 * math.pi) * wz
            p[part], pf[part], ph[part] = like.sum(1), like @ f, like @ (h - mean)
        entropy = -hy * (special.xlogy(p, p)).sum() - 0.5 * math.log(2 * math.pi * math.e)
        total += weight * np.array(
            [entropy, (wz * f * f).sum() - hy * (pf**2 / p).sum(), hy * (ph**2 / p).sum()])
    return total


def relu_information(spread, prior, gain):
    """The same information for ReLU, whose density of y is closed."""
    t, r = math.sqrt(prior), math.sqrt(gain)
    y = np.arange(-9, 9 + r * 9 * math.sqrt(spread + prior), 0.02)
    def of_mean(m):
        v = gain * prior + 1
        p = special.ndtr(-m / t) * np.exp(-y * y / 2) / math.sqrt(2 * math.pi)
        p = p + np.exp(-((y - r * m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v) * special.ndtr(
            (m / prior + r * y) / math.sqrt(1 / prior + gain))
        return -0.02 * special.xlogy(p, p).sum() - 0.5 * math.log(2 * math.pi * math.e)
    if spread == 0:
        return of_mean(0)
    d = math.sqrt(spread)
    m = np.arange(-9, 9, 0.005)
    return sum(0.005 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * of_mean(d * z) for z in m)


def binary_information(snr):
    """I(x; sqrt(snr) x + noise), x = +-1."""
    f = lambda y: math.exp(-y * y / 2) / math.sqrt(2 * math.pi) * np.logaddexp(
        0, -2 * snr - 2 * math.sqrt(snr) * y)
    return math.log(2) - integrate.quad(f, -12, 12, epsabs=1e-14, limit=400)[0]


def tanaka(snr, information):
    """Gaussian matrix, one layer: extremum over the effective ratio r of the replica formula."""
    def error(r):
        d = 1e-4 * max(r, 1e-2)
        return 2 * (information(r + d) - information(r - d)) / (2 * d)
    r = optimize.brentq(lambda r: r - snr / (1 + snr * error(r)), 1e-3, snr)
    e = error(r)
    return 0.5 * math.log(1 + snr * e) + information(r) - r * e / 2


def wide(value, sizes, pairs=12):
    """The limit of large networks: values of whole and half size differ by order 1/n."""
    whole = np.array([value(*sizes, seed=k) for k in range(pairs)])
    half = np.array([value(*[n // 2 for n in sizes], seed=k) for k in range(2 * pairs)])
    error = math.sqrt(4 * whole.var(ddof=1) / len(whole) + half.var(ddof=1) / len(half))
    return "%.6f +- %.6f" % (2 * whole.mean() - half.mean(), error)


def linear_network(depth, w2, s, orthogonal, n, seed):
    """Exact information per neuron of one linear network with noise s at every layer."""
    rng = np.random.default_rng(seed)
    signal, noise = np.eye(n), np.zeros((n, n))
    for _ in range(depth):
        w = rng.standard_normal((n, n)) / math.sqrt(n)
        if orthogonal:
            w = np.linalg.qr(w)[0]
        w *= math.sqrt(w2)
        signal, noise = w @ signal @ w.T, w @ noise @ w.T + s * np.eye(n)
    whole = np.linalg.slogdet(signal + noise)[1]
    return 0.5 * (whole - np.linalg.slogdet(noise)[1]) / n


def tower(n0, n1, n2, w2, s, seed):
    """Two linear Gaussian layers of unequal widths, per unit of the last."""
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((n1, n0)) * math.sqrt(w2 / n0)
    b = rng.standard_normal((n2, n1)) * math.sqrt(w2 / n1)
    noise = s * b @ b.T + s * np.eye(n2)
    whole = b @ a @ a.T @ b.T + noise
    return 0.5 * (np.linalg.slogdet(whole)[1] - np.linalg.slogdet(noise)[1]) / n2


def orthogonal_tower(n0, n1, n2, w2, s, seed):
    """The same with rectangular orthogonal layers of the same second moment."""
    rng = np.random.default_rng(seed)
    def layer(rows, columns):
        q = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))[0]
        w = q if rows >= columns else q.T
        return w * math.sqrt(w2 * max(1, rows / columns))
    a, b = layer(n1, n0), layer(n2, n1)
    noise = s * b @ b.T + s * np.eye(n2)
    whole = b @ a @ a.T @ b.T + noise
    return 0.5 * (np.linalg.slogdet(whole)[1] - np.linalg.slogdet(noise)[1]) / n2


if __name__ == "__main__":
    for name, phi, arguments in [
            ("tanh", np.tanh, (0.5, 0.3, 4)), ("tanh", np.tanh, (2, 3, 100)),
            ("tanh", np.tanh, (1, 1e-3, 1e4)), ("tanh", np.tanh, (0, 1, 1000)),
            ("erf", special.erf, (3, 3, 5)), ("sin", np.sin, (1, 2, 10))]:
        print(name, arguments, *["%.12f" % v for v in scalar_channel(phi, *arguments)])
    for arguments in [(1, 1, 5), (0, 2, 20), (1, 0.05, 20)]:
        print("relu", arguments, "%.12f" % relu_information(*arguments))
    for snr in (0.3, 1, 2, 5):
        print("binary", snr, "%.12f" % binary_information(snr), "%.10f" % tanaka(snr, binary_information))
    for depth in (1, 2, 4):
        for orthogonal in (False, True):
            one = lambda n, seed: linear_network(depth, 1.3, 0.2, orthogonal, n, seed)
            print("linear", depth, orthogonal, wide(one, [400]))
    two = lambda a, b, c, seed: tower(a, b, c, 1.3, 0.2, seed)
    three = lambda a, b, c, seed: orthogonal_tower(a, b, c, 1.3, 0.2, seed)
    print("gaussian 2 : 1 : 3", wide(two, [400, 200, 600]))
    print("orthogonal 2 : 1 : 3", wide(three, [400, 200, 600]))
    print("orthogonal 1 : 3 : 2", wide(three, [200, 600, 400]))
