// erf|x| = -expm1(-P), P(a) = -log erfc(a): one polynomial and one expm1 for the whole line, where
// the usual rational forms need three ranges. An error dP of P changes erf by dP e^-P, so P may be
// loose where erf is near 1, and its relative accuracy near 0 is that of erf.
//
// P(a) = 9/8 a + a G(a): the exact first factor leaves one rounding at small a. G is the minimax
// polynomial of own Remez iterations in 50-digit arithmetic on 0 <= a <= 5.95 (double) and 3.95
// (float), weight a / (e^P - 1), that is, relative error of erf: 2e-17 and 4e-9.

#include "exp_core.h"
#include "poise_kernels.h"

// Even and odd coefficients apart, and each of them in pairs: four short chains run side by side
// where one of 23 steps would wait for itself (1.27 against 1.0 ns).
static const double ERF_EVEN_F64[12] = {
  0x1.baea08536d9ebp-9, 0x1.a4f4e2a1a9b4bp-4, -0x1.b6b6a1caae02ap-13, -0x1.35663be16eadfp-11,
  0x1.0e32f623e9435p-14, 0x1.a96dba855244cp-19, -0x1.116c9d09777fbp-19, -0x1.9209a87f29175p-27,
  0x1.291785333bd9fp-25, 0x1.446fe0ed1711fp-29, 0x1.7a6712001661dp-35, 0x1.6ba6d1d2e87b8p-43};
static const double ERF_ODD_F64[12] = {
  0x1.45f306dc9c8d9p-1, -0x1.396685908d42bp-6, 0x1.bca691dff022dp-10, 0x1.b29af84706c28p-16,
  -0x1.f03293bc49bb9p-16, 0x1.a47f075d02e64p-19, 0x1.325950bdb06ebp-21, -0x1.1a56723d34abep-24,
  -0x1.722e63838b908p-27, -0x1.9d82298aeff9bp-32, -0x1.d98222041d92ap-39, -0x1.02db3d8cb70c9p-48};

static const float ERF_F32[9] = {
  0x1.baea30p-9f, 0x1.45f2fap-1f, 0x1.a4fa5ep-4f, -0x1.39cdc8p-6f, -0x1.505e56p-13f,
  0x1.b50100p-10f, -0x1.4bc998p-11f, 0x1.ed6b7cp-14f, -0x1.3695d2p-17f};

POISE_INLINE double erf_f64(double x) {
  double a = fabs(x);
  a = a > 5.95 ? 5.95 : a; // erf(5.95) rounds to 1
  double square = a * a;
  double even = poly_paired_f64(ERF_EVEN_F64, 11, square);
  double g = even + a * poly_paired_f64(ERF_ODD_F64, 11, square);
  double p = 1.125 * a + a * g;
  return copysign(-expm1_core_f64(-p), x);
}

POISE_INLINE float erf_f32(float x) {
  float a = fabsf(x);
  a = a > 3.95f ? 3.95f : a;
  float g = poly_f32(ERF_F32, 8, a);
  float p = 1.125f * a + a * g;
  return copysignf(-expm1_core_f32(-p), x);
}

POISE_CLONES void poise_erf_f64(const double *x, double *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = erf_f64(x[i]);
}

POISE_CLONES void poise_erf_f32(const float *x, float *y, size_t n) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) y[i] = erf_f32(x[i]);
}
