"""High-precision singular values of a product of matrices: ln s by mpmath's SVD in 120 digits.

The entries are sums of binary fractions, so that Double holds them exactly.
"""
import json
import mpmath as mp

mp.mp.dps = 120


def entries(seed, count):
    """Multiples of 2^-20 in (-1, 1) from a linear congruential generator."""
    state, out = seed, []
    for _ in range(count):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        out.append(((state >> 43) - 2**20) / 2**20)
    return out


def case(seed, size, depth, slope):
    product = mp.eye(size)
    slopes = []
    for layer in range(depth):
        w = mp.matrix(size, size)
        values = entries(seed + layer, size * size)
        for i in range(size):
            for j in range(size):
                w[i, j] = mp.mpf(values[i * size + j])
        d = [abs(x) ** 1 if slope else 1.0 for x in entries(seed + 1000 + layer, size)]
        slopes.append(d)
        product = mp.diag([mp.mpf(x) for x in d]) * w * product
    s = mp.svd_r(product, compute_uv=False)
    logs = sorted((mp.log(x) for x in s), reverse=True)
    return {
        "seed": seed, "size": size, "depth": depth, "slopes": slopes,
        "logarithms": [mp.nstr(x, 25) for x in logs],
    }


cases = [case(11, 12, 3, False), case(23, 16, 30, True), case(47, 10, 60, True)]
print(json.dumps(cases, indent=1))
