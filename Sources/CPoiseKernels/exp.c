// exp: the power of two is applied as two factors, so that results below the normal range are
// rounded once and those above it become infinite without a branch.

#include "exp_core.h"
#include "poise_kernels.h"

POISE_INLINE double exp_f64(double x) {
  // Beyond these ends the answer is infinity or zero already; a NaN passes both comparisons.
  x = x > 710.0 ? 710.0 : x;
  x = x < -746.0 ? -746.0 : x;
  exp_parts_f64 e = exp_split_f64(x);
  // n + 2048 > 0, halved without an arithmetic shift, which AVX2 lacks for 64-bit integers.
  uint64_t shifted = e.n - bits_f64(ROUND_F64) + 2048;
  uint64_t half = shifted >> 1;
  double first = from_bits_f64((half - 1) << 52);
  double second = from_bits_f64((shifted - half - 1) << 52);
  return (e.p * first + first) * second;
}

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
