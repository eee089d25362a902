// sin and cos: the quadrant n = round(2|x|/pi) and the remainder |x| - n pi/2, pi/2 in three parts
// of which the first two have 33 bits, so that their products with n < 2^20 are exact without
// fused multiply-add. Larger arguments go to libm one by one; a block without any pays one
// comparison per element for that.

#include "exp_core.h"
#include "poise_kernels.h"
#include "sincos_core.h"

#define HALF_PI_1 0x1.921fb5440p0
#define HALF_PI_2 0x1.0b4611a60p-34
#define HALF_PI_3 0x1.3198a2e037073p-69

#define LARGEST 1.0e6
#define BLOCK 512

// Working on |x| and giving the sign back keeps -0 and the symmetry exact.
POISE_INLINE circle_f64 circle_f64_of(double x) {
  double a = fabs(x);
  double t = a * 0x1.45f306dc9c883p-1 + ROUND_F64;
  double n = t - ROUND_F64;
  double r = a - n * HALF_PI_1;
  r = r - n * HALF_PI_2;
  r = r - n * HALF_PI_3;
  circle_f64 y = circle_core_f64(r, bits_f64(t));
  y.sine = from_bits_f64(bits_f64(y.sine) ^ (bits_f64(x) & 0x8000000000000000));
  return y;
}

// The float remainder is taken in double, where two parts of pi/2 are more than enough.
POISE_INLINE circle_f32 circle_f32_of(float x) {
  double a = fabsf(x);
  double t = a * 0x1.45f306dc9c883p-1 + ROUND_F64;
  double n = t - ROUND_F64;
  double r = a - n * HALF_PI_1;
  r = r - n * HALF_PI_2;
  circle_f32 y = circle_core_f32((float)r, (uint32_t)bits_f64(t));
  y.sine = from_bits_f32(bits_f32(y.sine) ^ (bits_f32(x) & 0x80000000));
  return y;
}

POISE_INLINE int any_large_f64(const double *x, size_t n) {
  uint64_t large = 0;
  for (size_t i = 0; i < n; ++i) large |= (uint64_t)(fabs(x[i]) > LARGEST);
  return large != 0;
}

POISE_INLINE int any_large_f32(const float *x, size_t n) {
  uint32_t large = 0;
  for (size_t i = 0; i < n; ++i) large |= (uint32_t)(fabsf(x[i]) > (float)LARGEST);
  return large != 0;
}

// One block: a copy of x is kept only when some element needs libm, since y may be x. Which way
// an element goes depends on the element alone.
#define BLOCKWISE(T, ABS, ANY_LARGE, FAST, REPAIR)         \
  for (size_t start = 0; start < n; start += BLOCK) {      \
    size_t m = n - start < BLOCK ? n - start : BLOCK;      \
    const T *xs = x + start;                               \
    T kept[BLOCK];                                         \
    int repair = ANY_LARGE(xs, m);                         \
    if (repair) memcpy(kept, xs, m * sizeof(T));           \
    POISE_VECTOR                                           \
    for (size_t i = 0; i < m; ++i) {                       \
      FAST                                                 \
    }                                                      \
    if (repair) {                                          \
      for (size_t i = 0; i < m; ++i) {                     \
        if (ABS(kept[i]) > (T)LARGEST) {                   \
          REPAIR                                           \
        }                                                  \
      }                                                    \
    }                                                      \
  }

POISE_CLONES void poise_sin_f64(const double *x, double *y, size_t n) {
  BLOCKWISE(double, fabs, any_large_f64, y[start + i] = circle_f64_of(xs[i]).sine;,
            y[start + i] = sin(kept[i]);)
}

POISE_CLONES void poise_cos_f64(const double *x, double *y, size_t n) {
  BLOCKWISE(double, fabs, any_large_f64, y[start + i] = circle_f64_of(xs[i]).cosine;,
            y[start + i] = cos(kept[i]);)
}

POISE_CLONES void poise_sincos_f64(const double *x, double *s, double *c, size_t n) {
  BLOCKWISE(double, fabs, any_large_f64, circle_f64 r = circle_f64_of(xs[i]);
            s[start + i] = r.sine; c[start + i] = r.cosine;, s[start + i] = sin(kept[i]);
            c[start + i] = cos(kept[i]);)
}

POISE_CLONES void poise_sin_f32(const float *x, float *y, size_t n) {
  BLOCKWISE(float, fabsf, any_large_f32, y[start + i] = circle_f32_of(xs[i]).sine;,
            y[start + i] = sinf(kept[i]);)
}

POISE_CLONES void poise_cos_f32(const float *x, float *y, size_t n) {
  BLOCKWISE(float, fabsf, any_large_f32, y[start + i] = circle_f32_of(xs[i]).cosine;,
            y[start + i] = cosf(kept[i]);)
}

POISE_CLONES void poise_sincos_f32(const float *x, float *s, float *c, size_t n) {
  BLOCKWISE(float, fabsf, any_large_f32, circle_f32 r = circle_f32_of(xs[i]);
            s[start + i] = r.sine; c[start + i] = r.cosine;, s[start + i] = sinf(kept[i]);
            c[start + i] = cosf(kept[i]);)
}
