"""Mean logarithm of an average of |W|^alpha, W symmetric stable with E exp(itW) = exp(-|t|^alpha/2).

Another way than the program's: L(s) = E exp(-s |W|^alpha) as a Mellin-Barnes integral over the closed
moments of |W|, in 30 digits. Prints m_N = E ln[(1/N) sum |W|^alpha]/alpha.
"""
import mpmath as mp

mp.mp.dps = 30


def moment(alpha, p):
    """E |W|^p, -1 < Re p < alpha."""
    unit = 2**p * mp.gamma(1 - p / alpha) * mp.gamma((1 + p) / 2)
    unit /= mp.sqrt(mp.pi) * mp.gamma(1 - p / 2)
    return unit * mp.mpf(2) ** (-p / alpha)


def complement(alpha, s):
    """1 - L(s): the contour to the left of the pole of Gamma at 0."""
    c, h = mp.mpf(-0.5), mp.mpf(1) / 16
    total = mp.mpf(0)
    k = 0
    while True:
        sigma = mp.mpc(c, k * h)
        term = mp.gamma(sigma) * moment(alpha, -alpha * sigma) * s ** (-sigma)
        total += term.real * (1 if k == 0 else 2)
        if k > 20 and abs(term) < mp.mpf(10) ** -26 * abs(total):
            break
        k += 1
    return -total * h / (2 * mp.pi)


def growth(alpha, n):
    alpha = mp.mpf(alpha)
    h = mp.mpf(1) / 6
    total, tau = mp.mpf(0), mp.mpf(-44)
    while tau < mp.log(n) + 9:
        t = mp.exp(tau)
        power = n * mp.log1p(-complement(alpha, t / n))
        total += -mp.exp(-t) * mp.expm1(power + t) if power + t < 500 else mp.exp(-t)
        tau += h
    return total * h / alpha


for alpha, n in [("1", 100), ("1.2", 1000), ("1.5", 200), ("1.8", 10000), ("1.95", 50)]:
    print(alpha, n, mp.nstr(growth(alpha, n), 16))
