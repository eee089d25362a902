// log: subnormals are scaled up first; zero, negative numbers, infinity and NaN are put right at
// the end by selection.

#include <float.h>

#include "log_core.h"
#include "poise_kernels.h"

POISE_INLINE double log_f64(double x) {
  int small = x < DBL_MIN;
  double y = log_core_f64(small ? x * 0x1p54 : x, small ? -54.0 : 0.0);
  y = x < INFINITY ? y : x; // infinity and NaN
  y = x == 0.0 ? -INFINITY : y;
  return x < 0.0 ? NAN : y;
}

POISE_INLINE float log_f32(float x) {
  int small = x < FLT_MIN;
  float y = log_core_f32(small ? x * 0x1p25f : x, small ? -25.0f : 0.0f);
  y = x < INFINITY ? y : x;
  y = x == 0.0f ? -INFINITY : y;
  return x < 0.0f ? NAN : y;
}

POISE_CLONES void poise_log_f64(const double *x, double *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = log_f64(x[i]);
}

POISE_CLONES void poise_log_f32(const float *x, float *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = log_f32(x[i]);
}
