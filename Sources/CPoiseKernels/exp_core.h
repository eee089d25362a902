// exp(x) = 2^n (1 + p), n = round(x / ln 2), p = expm1(x - n ln 2): shared by exp, tanh and erf.
//
// expm1(r) = r + r^2 Q(r) on |r| <= 0.3475. Q is the weighted minimax polynomial found by an own
// Remez iteration in 50-digit arithmetic (weight |r| + 0.03, so that the error is relative to r);
// relative error of expm1: 2e-17 (double), 2e-8 (float).

#ifndef POISE_EXP_CORE_H
#define POISE_EXP_CORE_H

#include "kernel_support.h"

static const double EXP_Q_F64[10] = {
  0x1.0000000000004p-1, 0x1.555555555555cp-3, 0x1.55555555526a9p-5, 0x1.111111110e966p-7,
  0x1.6c16c17e1f5efp-10, 0x1.a01a01b51b617p-13, 0x1.a019a91d53ba5p-16, 0x1.71ddeb6a57123p-19,
  0x1.28a0950e27375p-22, 0x1.af74cf531461fp-26};

static const float EXP_Q_F32[5] = {
  0x1.000000p-1f, 0x1.5554b2p-3f, 0x1.55548cp-5f, 0x1.12268ap-7f, 0x1.6d96b2p-10f};

// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
#define ROUND_F64 0x1.8p52
#define ROUND_F32 0x1.8p23f

// ln 2 in two parts; the first has 36 bits (double) or 14 bits (float), so that its product with n
// is exact without fused multiply-add.
#define LN2_HIGH_F64 0x1.62e42fefa0000p-1
#define LN2_LOW_F64 0x1.cf79abc9e3b3ap-40
#define LN2_HIGH_F32 0x1.62e4p-1f
#define LN2_LOW_F32 0x1.7f7d1cp-20f

typedef struct {
  double p;   // expm1 of the remainder
  uint64_t n; // n modulo 2^12 in the low bits
} exp_parts_f64;

typedef struct {
  float p;
  uint32_t n;
} exp_parts_f32;

POISE_INLINE exp_parts_f64 exp_split_f64(double x) {
  double t = x * 0x1.71547652b82fep0 + ROUND_F64;
  double k = t - ROUND_F64;
  double r = x - k * LN2_HIGH_F64;
  r = r - k * LN2_LOW_F64;
  exp_parts_f64 parts = {r + (r * r) * poly_paired_f64(EXP_Q_F64, 9, r), bits_f64(t)};
  return parts;
}

POISE_INLINE exp_parts_f32 exp_split_f32(float x) {
  float t = x * 0x1.715476p0f + ROUND_F32;
  float k = t - ROUND_F32;
  float r = x - k * LN2_HIGH_F32;
  r = r - k * LN2_LOW_F32;
  exp_parts_f32 parts = {r + (r * r) * poly_f32(EXP_Q_F32, 4, r), bits_f32(t)};
  return parts;
}

// 2^n while that is a normal number.
POISE_INLINE double power_of_two_f64(uint64_t n) {
  return from_bits_f64((n << 52) + ((uint64_t)1023 << 52));
}

POISE_INLINE float power_of_two_f32(uint32_t n) {
  return from_bits_f32((n << 23) + ((uint32_t)127 << 23));
}

// expm1(x) with its relative accuracy, for n within the normal exponents.
POISE_INLINE double expm1_core_f64(double x) {
  exp_parts_f64 e = exp_split_f64(x);
  double s = power_of_two_f64(e.n);
  return s * e.p + (s - 1.0);
}

POISE_INLINE float expm1_core_f32(float x) {
  exp_parts_f32 e = exp_split_f32(x);
  float s = power_of_two_f32(e.n);
  return s * e.p + (s - 1.0f);
}

// e^x, rounded once even where the result is subnormal; 0 below -745.2, infinity above 709.8: the
// power of two is applied as two factors.
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

#endif
