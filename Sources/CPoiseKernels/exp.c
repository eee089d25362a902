// exp: the power of two is applied as two factors, so that results below the normal range are
// rounded once and those above it become infinite without a branch.

#include "exp_core.h"
#include "poise_kernels.h"

POISE_INLINE float exp_f32(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  exp_parts_f32 e = exp_split_f32(x);
  uint32_t shifted = e.n - bits_f32(ROUND_F32) + 256;
  uint32_t half = shifted >> 1;
  float first = from_bits_f32((half - 1) << 23);
  float second = from_bits_f32((shifted - half - 1) << 23);
  return (e.p * first + first) * second;
}

POISE_CLONES void poise_exp_f64(const double *x, double *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = exp_f64(x[i]);
}

POISE_CLONES void poise_exp_f32(const float *x, float *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = exp_f32(x[i]);
}
