// asin by one polynomial; the larger half of the interval by the half-angle formula.

#include "asin_core.h"
#include "poise_kernels.h"

POISE_CLONES void poise_asin_f64(const double *x, double *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = asin_f64(x[i]);
}
