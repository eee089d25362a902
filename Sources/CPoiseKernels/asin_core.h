// asin x = x + x z P(z), z = x^2, on |x| <= 1/2; beyond, asin x = pi/2 - 2 asin sqrt((1 - x)/2).
//
// P interpolates at 13 Chebyshev points in 50-digit arithmetic; error relative to x: 4e-18.

#ifndef POISE_ASIN_CORE_H
#define POISE_ASIN_CORE_H

#include "kernel_support.h"

#define HALF_PI_F64 0x1.921fb54442d18p0
#define HALF_PI_REST_F64 0x1.1a62633145c07p-54

static const double ASIN_P_F64[13] = {
  0x1.5555555555556p-3, 0x1.3333333332ecap-4, 0x1.6db6db6e31f13p-5, 0x1.f1c71c1db0623p-6,
  0x1.6e8bb1c8209a2p-6, 0x1.1c4d35cf95421p-6, 0x1.c9cf07674736ap-7, 0x1.782651caa6547p-7,
  0x1.52420b04b37bep-7, 0x1.65a9c4dfcf8b2p-8, 0x1.1d189408314eep-6, -0x1.e6aaa8a0a04ccp-7,
  0x1.d72b2bc8155f8p-6};

// asin x for 0 <= x <= 1/2, z = x^2.
POISE_INLINE double asin_small_f64(double x, double z) {
  return x + x * z * poly_f64(ASIN_P_F64, 12, z);
}

// asin x; NaN beyond +-1.
POISE_INLINE double asin_f64(double x) {
  double a = fabs(x);
  int large = a > 0.5;
  double z = large ? 0.5 * (1.0 - a) : a * a;
  double t = large ? POISE_SQRT(z) : a;
  double s = asin_small_f64(t, z);
  double y = large ? HALF_PI_F64 - (2.0 * s - HALF_PI_REST_F64) : s;
  return copysign(y, x);
}

#endif
