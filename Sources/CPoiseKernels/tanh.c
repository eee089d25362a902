// tanh|x| = E / (E + 2), E = expm1(2|x|): no cancellation at small arguments; the sign comes back
// at the end, so that tanh(-x) = -tanh(x) exactly and -0 stays -0.

#include "exp_core.h"
#include "poise_kernels.h"

POISE_INLINE double tanh_f64(double x) {
  double a = fabs(x);
  a = a > 20.0 ? 20.0 : a; // tanh(20) rounds to 1
  double e = expm1_core_f64(a + a);
  return copysign(e / (e + 2.0), x);
}

POISE_INLINE float tanh_f32(float x) {
  float a = fabsf(x);
  a = a > 10.0f ? 10.0f : a;
  float e = expm1_core_f32(a + a);
  return copysignf(e / (e + 2.0f), x);
}

POISE_CLONES void poise_tanh_f64(const double *x, double *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = tanh_f64(x[i]);
}

POISE_CLONES void poise_tanh_f32(const float *x, float *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = tanh_f32(x[i]);
}
