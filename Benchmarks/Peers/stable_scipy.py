"""The alpha-stable law of SciPy on small tasks: processor seconds and values, as JSON."""

import json
import math
import time

import numpy as np
import scipy
from scipy.stats import levy_stable


def timed(body):
    start = time.process_time()
    value = body()
    return time.process_time() - start, value


def main():
    n = 500
    x = np.array([
        (1 if k % 2 == 0 else -1) * math.exp(math.log(1e-2) + math.log(1e6) * (k + 0.5) / n)
        for k in range(n)
    ])
    seconds = {}
    levy_stable.pdf(0.3, 1.5, 0)
    seconds["pdf 500"], pdf = timed(lambda: levy_stable.pdf(x, 1.5, 0))
    seconds["ppf 20"], _ = timed(lambda: levy_stable.ppf((np.arange(20) + 0.5) / 20, 1.5, 0))
    seconds["rvs 1e5"], _ = timed(lambda: levy_stable.rvs(1.5, 0, size=100000, random_state=1))
    print(json.dumps({"version": "scipy " + scipy.__version__, "seconds": seconds,
                      "pdf": [float(v) for v in pdf]}))


main()
