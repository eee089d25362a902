"""Reference values by mpmath: tails and quantiles of Student's t, Gaussian and pair averages.

python3 make_numerics.py > numerics.json
"""
import json

from mpmath import mp, mpf, betainc, findroot, log, exp, nstr, sqrt, pi, atan2, sin, cos, quad, inf

mp.dps = 40
OUT = []


def put(kind, value, **p):
    OUT.append({"kind": kind, "parameters": {k: str(v) for k, v in p.items()},
                "value": nstr(value, 24)})


def tail(x, nu):
    return betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + x * x), regularized=True)


for nu in ("0.5", "1", "2", "3.5", "10", "99", "1000", "1e5"):
    for x in ("1e-6", "0.01", "0.7", "2", "6", "40"):
        value = tail(mpf(x), mpf(nu))
        if value > mpf(10) ** -300:
            put("tail", value, x=x, nu=nu)
    for p in ("0.9", "0.05", "1e-3", "1e-6", "1e-12"):
        lo, hi = mpf(-30), mpf(90)
        for _ in range(110):
            mid = (lo + hi) / 2
            if tail(exp(mid), mpf(nu)) > mpf(p):
                lo = mid
            else:
                hi = mid
        put("quantile", exp((lo + hi) / 2), p=p, nu=nu)

# E 1/(1+u²) over N(0, q): poles at ±i, one unit from the axis; = √(π/2q) e^(1/2q) erfc(1/√2q).
for q in ("1e-12", "1e-6", "1e-2", "1", "30", "1e4", "1e8"):
    mp.dps = 60
    y = 1 / mpf(q)
    if mpf(q) < mpf("1e-3"):
        value = sum((-1) ** n * mp.fac2(2 * n - 1) * mpf(q) ** n for n in range(0, 12))
    else:
        value = sqrt(pi * y / 2) * exp(y / 2) * mp.erfc(sqrt(y / 2))
    put("lorentz", value, q=q)
    a = 1 / sqrt(2 * mpf(q))
    put("clip", mpf(q) * mp.erf(a) - sqrt(2 * mpf(q) / pi) * exp(-a * a) + mp.erfc(a), q=q)
mp.dps = 60
for qa, qb in (("1", "1"), ("0.01", "3"), ("50", "0.2"), ("1e4", "1e3")):
    for angle in ("1e-7", "1e-3", "0.5", "1.5", "2.5", "3.1"):
        a, b, t = mpf(qa), mpf(qb), mpf(angle)
        at = dict(qa=qa, qb=qb, angle=angle)
        put("pair_relu", sqrt(a * b) * (sin(t) + (pi - t) * cos(t)) / (2 * pi), **at)
        put("pair_step", (pi - t) / (2 * pi), **at)
        k = sqrt(a * b) * cos(t)
        d = sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * k * k)
        put("pair_erf", 2 / pi * atan2(2 * k, d), **at)
        put("pair_bell", 4 / pi / d, **at)
print("[\n" + ",\n".join("  " + json.dumps(e) for e in OUT) + "\n]")
