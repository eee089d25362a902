// log(2^k (1 + f)) = k ln 2 + log(1 + f), sqrt(1/2) <= 1 + f < sqrt(2), for positive normal
// numbers: shared by log and the normal generator.
//
// With s = f / (2 + f), log(1 + f) = 2 atanh(s) = 2s + s^3 L(s^2), and 2s = f - f^2/2 + s f^2/2
// keeps the leading term f exact. L is the minimax polynomial of an own Remez iteration in 50-digit
// arithmetic on 0 <= s^2 <= 0.02945, error relative to the logarithm: 1.3e-18 (double), 8e-10
// (float).

#ifndef POISE_LOG_CORE_H
#define POISE_LOG_CORE_H

#include "exp_core.h"

static const double LOG_L_F64[7] = {
  0x1.555555555558bp-1, 0x1.9999999981ba4p-2, 0x1.24924940905afp-2, 0x1.c71c530213309p-3,
  0x1.7466117ab3847p-3, 0x1.39a5e0ff07704p-3, 0x1.2edf01f6f5851p-3};

static const float LOG_L_F32[3] = {0x1.55557ap-1f, 0x1.995f42p-2f, 0x1.31d73ap-2f};

// `shift` is added to the exponent k.
POISE_INLINE double log_core_f64(double x, double shift) {
  const uint64_t one = 0x3FF0000000000000, low = 0x3FE6A09E667F3BCD; // 1 and sqrt(1/2)
  uint64_t w = bits_f64(x) + (one - low);
  // Biased exponent to double by writing it under 2^52; no 64-bit conversion exists before AVX-512.
  double k = from_bits_f64((w >> 52) | 0x4330000000000000) - 0x1.00000000003ffp52 + shift;
  double f = from_bits_f64((w & 0x000FFFFFFFFFFFFF) + low) - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double h = 0.5 * f * f;
  double tail = s * (h + z * poly_f64(LOG_L_F64, 6, z)) + k * LN2_LOW_F64;
  return k * LN2_HIGH_F64 + (f - (h - tail));
}

POISE_INLINE float log_core_f32(float x, float shift) {
  const uint32_t one = 0x3F800000, low = 0x3F3504F3;
  uint32_t w = bits_f32(x) + (one - low);
  float k = (float)((int32_t)(w >> 23) - 127) + shift;
  float f = from_bits_f32((w & 0x007FFFFF) + low) - 1.0f;
  float s = f / (2.0f + f);
  float z = s * s;
  float h = 0.5f * f * f;
  float tail = s * (h + z * poly_f32(LOG_L_F32, 2, z)) + k * LN2_LOW_F32;
  return k * LN2_HIGH_F32 + (f - (h - tail));
}

#endif
