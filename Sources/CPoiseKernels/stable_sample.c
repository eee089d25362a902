// Alpha-stable numbers by Chambers, Mallows and Stuck: U uniform on +-pi/2, E exponential,
//
//   X = sin(a U) / cos(U) * (cos((1 - a) U) / (cos(U) E))^((1 - a)/a)                     beta = 0
//   X = S sin(a (U + c)) / cos(U) * (cos(U - a (U + c)) / (cos(U) E))^((1 - a)/a) - beta T
//
// and near a = 1, where S and T diverge, with G = (sin aU + beta T cos aU)/cos U,
//
//   X = (sin aU - 2 beta T sin((a+1)U/2) sin((a-1)U/2))/cos U + G expm1(((1-a)/a) ln R),
//   R = (cos (a-1)U - beta T sin (a-1)U) / (cos(U) E).
//
// U is +-(pi/2 - pi v) with v = (k + 1/2) 2^-64 below 1/2, so that the tail, which is cos U =
// sin pi v near 0, keeps 53 bits down to v = 2^-65.

#include <float.h>

#include "exp_core.h"
#include "log_core.h"
#include "philox_core.h"
#include "poise_kernels.h"
#include "sincos_core.h"

#define PI_F64 0x1.921fb54442d18p1
#define HALF_PI_F64 0x1.921fb54442d18p0

typedef struct {
  double arc;      // pi v, 0 < arc < pi/2: the distance of |U| from pi/2
  uint64_t sign;   // of U, in the top bit
  double energy;   // E
} draw;

// A whole number below 2^32 to double without 64-bit conversions, which AVX2 lacks.
POISE_INLINE double small_to_f64(uint64_t word) {
  return from_bits_f64(word | 0x4330000000000000) - 0x1p52;
}

POISE_INLINE double arc_from(block4 w) {
  double v = (small_to_f64(w.w1 & 0x7FFFFFFFu) * 0x1p32 + (small_to_f64(w.w0) + 0.5)) * 0x1p-64;
  return v * PI_F64;
}

POISE_INLINE draw draw_from(block4 w) {
  draw d = {
    arc_from(w), (w.w1 >> 31) << 63, -log_core_f64(open_unit_f64(w.w2 | w.w3 << 32), 0.0)};
  return d;
}

// sin x = x + x^3 Q(x^2) for 0 <= x <= pi/2: Q interpolates at 9 Chebyshev points in 40-digit
// arithmetic; error relative to x: 1.3e-21.
static const double QUARTER_F64[9] = {
  -0x1.5555555555555p-3, 0x1.1111111111111p-7, -0x1.a01a01a01a00dp-13,
  0x1.71de3a556b9b6p-19, -0x1.ae64567e733b7p-26, 0x1.612460b6ab17ep-33,
  -0x1.ae7ee3a7e62e7p-41, 0x1.9507ff1d2eab1p-49, -0x1.275f3132d0bb5p-57};

POISE_INLINE double sin_quarter(double x) {
  double z = x * x;
  return x + (x * z) * poly_f64(QUARTER_F64, 8, z);
}

// sin and cos of |x| <= 2 pi.
POISE_INLINE circle_f64 circle(double x) {
  double turns = x * 0x1.45f306dc9c883p-1 + ROUND_F64, k = turns - ROUND_F64;
  double r = (x - k * 0x1.921fb54400000p0) - k * 0x1.0b4611a626331p-34;
  return circle_core_f64(r, bits_f64(turns));
}

POISE_INLINE double bounded(double x) {
  x = x > DBL_MAX ? DBL_MAX : x;
  return x < -DBL_MAX ? -DBL_MAX : x;
}

#define CHUNK 256

// In stages: a loop over everything would wait for its own chain of polynomials, and two copies of
// it at once do not fit into the registers.
POISE_CLONES static void symmetric_chunk(
    poise_stream stream, uint64_t first, const poise_stable_law *law, double *restrict out,
    size_t n) {
  double arc[CHUNK], energy[CHUNK], inverse[CHUNK];
  uint64_t sign[CHUNK];
  double a = law->alpha, power = (1.0 - a) / a, factor = law->factor;
  double rest = HALF_PI_F64 * (2.0 - a);
  double corner = a > 1.0 ? rest : HALF_PI_F64 * a, slope = a > 1.0 ? a - 1.0 : 1.0 - a;
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    block4 w = stream_block(stream, first + i);
    arc[i] = arc_from(w);
    sign[i] = (w.w1 >> 31) << 63;
    energy[i] = open_unit_f64(w.w2 | w.w3 << 32);
  }
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) energy[i] = -log_core_f64(energy[i], 0.0);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    double in = 1.0 / (sin_quarter(arc[i]) * energy[i]);
    inverse[i] = in * sin_quarter(corner + slope * arc[i]);
    double angle = a * (HALF_PI_F64 - arc[i]);
    angle = angle > HALF_PI_F64 ? rest + a * arc[i] : angle;
    energy[i] = sin_quarter(angle) * (in * energy[i]) * factor;
  }
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) inverse[i] = power * log_core_f64(inverse[i], 0.0);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    double x = bounded(exp_f64(inverse[i]) * energy[i]);
    out[i] = from_bits_f64(bits_f64(x) | sign[i]);
  }
}

static void symmetric(
    poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n) {
  for (size_t k = 0; k < n; k += CHUNK)
    symmetric_chunk(stream, first + k, &law, out + k, n - k < CHUNK ? n - k : CHUNK);
}

POISE_CLONES static void skewed(
    poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n) {
  double a = law.alpha, power = (1.0 - a) / a;
  double shift = law.beta * law.tangent;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    draw d = draw_from(stream_block(stream, first + i));
    double u = from_bits_f64(bits_f64(HALF_PI_F64 - d.arc) | d.sign);
    double angle = a * (u + law.centre);
    double cosine = sin_quarter(d.arc);
    double other = circle(u - angle).cosine;
    other = other > 0x1p-60 ? other : 0x1p-60;
    double size = exp_f64(power * log_core_f64(other / (cosine * d.energy), 0.0));
    double x = law.modulus * circle(angle).sine / cosine * size - shift;
    out[i] = bounded(x * law.factor);
  }
}

// expm1 for |x| < 700.
POISE_INLINE double growth(double x) {
  x = x < -700.0 ? -700.0 : x;
  return expm1_core_f64(x > 700.0 ? 700.0 : x);
}

POISE_CLONES static void skewed_near_one(
    poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n) {
  double a = law.alpha, e = law.epsilon, power = -e / a;
  double shift = law.beta * law.tangent;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    draw d = draw_from(stream_block(stream, first + i));
    double u = from_bits_f64(bits_f64(HALF_PI_F64 - d.arc) | d.sign);
    double cosine = sin_quarter(d.arc);
    circle_f64 whole = circle(a * u), half = circle(0.5 * e * u);
    double middle = circle((1.0 + 0.5 * e) * u).sine;
    double gain = (whole.sine + shift * whole.cosine) / cosine;
    double turned = 1.0 - 2.0 * half.sine * (half.sine + shift * half.cosine);
    turned = turned > 0x1p-60 ? turned : 0x1p-60;
    double size = growth(power * log_core_f64(turned / (cosine * d.energy), 0.0));
    double x = (whole.sine - 2.0 * shift * middle * half.sine) / cosine + gain * size;
    out[i] = bounded(x * law.factor);
  }
}

void poise_stable_f64(
    poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n) {
  if (law.beta == 0.0) symmetric(stream, first, law, out, n);
  else if (fabs(law.epsilon) < 0.1) skewed_near_one(stream, first, law, out, n);
  else skewed(stream, first, law, out, n);
}
