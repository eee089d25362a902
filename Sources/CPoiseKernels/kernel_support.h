// What every kernel shares: run-time dispatch, inlining, bit casts, polynomials.

#ifndef POISE_KERNEL_SUPPORT_H
#define POISE_KERNEL_SUPPORT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if !defined(__has_feature)
#define __has_feature(feature) 0
#endif

// Clones resolve before the thread sanitizer is ready and kill the program, so it gets none.
// POISE_KERNELS_NO_CLONES lets a test build look at one processor kind by its own flags.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer) \
    && !defined(POISE_KERNELS_NO_CLONES)
#define POISE_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define POISE_CLONES
#endif

#define POISE_INLINE static inline __attribute__((always_inline))

// The loop may assume that iterations are independent: true for y == x as well as for no overlap,
// and it saves the run-time overlap check, which would send y == x to the scalar loop.
#if defined(__clang__)
// Sanitizers and low optimisation keep the loops scalar, which is no fault.
#pragma clang diagnostic ignored "-Wpass-failed"
#define POISE_VECTOR _Pragma("clang loop vectorize(assume_safety)")
// Two vectors at a time, for loops that are one long chain.
#define POISE_VECTOR_TWICE _Pragma("clang loop vectorize(assume_safety) interleave_count(2)")
#else
#define POISE_VECTOR
#define POISE_VECTOR_TWICE
#endif

// sqrt() itself may set errno, which keeps a loop from becoming vector code.
#if defined(__clang__)
#define POISE_SQRT(x) __builtin_elementwise_sqrt(x)
#else
#define POISE_SQRT(x) _Generic((x), float: sqrtf, default: sqrt)(x)
#endif

POISE_INLINE uint64_t bits_f64(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

POISE_INLINE double from_bits_f64(uint64_t u) {
  double x;
  memcpy(&x, &u, sizeof x);
  return x;
}

POISE_INLINE uint32_t bits_f32(float x) {
  uint32_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

POISE_INLINE float from_bits_f32(uint32_t u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}

// c[0] + c[1] x + ... + c[degree] x^degree; the loop is unrolled because degree is a constant.
POISE_INLINE double poly_f64(const double *c, int degree, double x) {
  double p = c[degree];
  for (int k = degree - 1; k >= 0; --k) p = p * x + c[k];
  return p;
}

// The same in two chains of half the length (degree odd), for loops that would wait for themselves.
POISE_INLINE double poly_paired_f64(const double *c, int degree, double x) {
  double z = x * x, even = c[degree - 1], odd = c[degree];
  for (int k = degree - 3; k >= 0; k -= 2) {
    even = even * z + c[k];
    odd = odd * z + c[k + 1];
  }
  return odd * x + even;
}

POISE_INLINE float poly_f32(const float *c, int degree, float x) {
  float p = c[degree];
  for (int k = degree - 1; k >= 0; --k) p = p * x + c[k];
  return p;
}

#endif
