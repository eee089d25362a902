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

// A whole number below 2^32 to double without 64-bit conversions, which AVX2 lacks.
POISE_INLINE double small_to_f64(uint64_t word) {
  return from_bits_f64(word | 0x4330000000000000) - 0x1p52;
}

// pi v: the distance of |U| from pi/2.
POISE_INLINE double arc_from(block4 w) {
  double v = (small_to_f64(w.w1 & 0x7FFFFFFFu) * 0x1p32 + (small_to_f64(w.w0) + 0.5)) * 0x1p-64;
  return v * PI_F64;
}

// sin x = x + x^3 Q(x^2) for |x| <= pi/2: Q interpolates at 9 Chebyshev points in 40-digit
// arithmetic; error relative to x: 1.3e-21.
static const double QUARTER_F64[9] = {
  -0x1.5555555555555p-3, 0x1.1111111111111p-7, -0x1.a01a01a01a00dp-13,
  0x1.71de3a556b9b6p-19, -0x1.ae64567e733b7p-26, 0x1.612460b6ab17ep-33,
  -0x1.ae7ee3a7e62e7p-41, 0x1.9507ff1d2eab1p-49, -0x1.275f3132d0bb5p-57};

POISE_INLINE double sin_quarter(double x) {
  double z = x * x;
  return x + (x * z) * poly_f64(QUARTER_F64, 8, z);
}

// sin |x| for |x| <= pi, and cos x there.
POISE_INLINE double sin_fold(double size) {
  double other = PI_F64 - size;
  return sin_quarter(size > HALF_PI_F64 ? other : size);
}

POISE_INLINE double cos_fold(double x) { return sin_quarter(HALF_PI_F64 - fabs(x)); }

// ln x to some units in the last place: the terms that log_core_f64 keeps apart are added at once.
POISE_INLINE double log_plain(double x) {
  const uint64_t one = 0x3FF0000000000000, low = 0x3FE6A09E667F3BCD; // 1 and sqrt(1/2)
  uint64_t w = bits_f64(x) + (one - low);
  double k = from_bits_f64((w >> 52) | 0x4330000000000000) - 0x1.00000000003ffp52;
  double f = from_bits_f64((w & 0x000FFFFFFFFFFFFF) + low) - 1.0;
  double s = f / (2.0 + f), z = s * s;
  return k * 0x1.62e42fefa39efp-1 + (s + s + (s * z) * poly_f64(LOG_L_F64, 6, z));
}

// e^x for |x| < 700.
POISE_INLINE double exp_plain(double x) {
  exp_parts_f64 e = exp_split_f64(x);
  double s = power_of_two_f64(e.n);
  return s * e.p + s;
}

POISE_INLINE double bounded(double x) {
  x = x > DBL_MAX ? DBL_MAX : x;
  return x < -DBL_MAX ? -DBL_MAX : x;
}

#define CHUNK 256

// A chunk goes through its formula in stages: a loop over everything would wait for its own chain
// of polynomials, and two copies of it at once do not fit into the registers.
typedef struct {
  double arc[CHUNK], energy[CHUNK], power[CHUNK], front[CHUNK], back[CHUNK];
  uint64_t sign[CHUNK]; // of U, in the top bit
} stage;

POISE_INLINE void draw(poise_stream stream, uint64_t first, stage *restrict s, size_t n) {
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    block4 w = stream_block(stream, first + i);
    s->arc[i] = arc_from(w);
    s->sign[i] = (w.w1 >> 31) << 63;
    s->energy[i] = open_unit_f64(w.w2 | w.w3 << 32);
  }
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) s->energy[i] = -log_plain(s->energy[i]);
}

POISE_INLINE double angle_of(const stage *s, size_t i) {
  return from_bits_f64(bits_f64(HALF_PI_F64 - s->arc[i]) | s->sign[i]);
}

// |ln R| is below 81, so that from a = 0.11 on its multiple is within the range of exp.
POISE_INLINE void raise(double a, stage *restrict s, size_t n) {
  double power = (1.0 - a) / a;
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) s->power[i] = power * log_plain(s->power[i]);
  if (a >= 0.11) {
    POISE_VECTOR_TWICE
    for (size_t i = 0; i < n; ++i) s->power[i] = exp_plain(s->power[i]);
  } else {
    POISE_VECTOR
    for (size_t i = 0; i < n; ++i) s->power[i] = exp_f64(s->power[i]);
  }
}

POISE_CLONES static void symmetric(
    poise_stream stream, uint64_t first, const poise_stable_law *law, double *restrict out,
    size_t n) {
  stage s;
  double a = law->alpha, factor = law->factor;
  double rest = HALF_PI_F64 * (2.0 - a);
  double corner = a > 1.0 ? rest : HALF_PI_F64 * a, slope = a > 1.0 ? a - 1.0 : 1.0 - a;
  draw(stream, first, &s, n);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    double arc = s.arc[i], energy = s.energy[i];
    double inverse = 1.0 / (sin_quarter(arc) * energy);
    s.power[i] = inverse * sin_quarter(corner + slope * arc);
    double angle = a * (HALF_PI_F64 - arc);
    angle = angle > HALF_PI_F64 ? rest + a * arc : angle;
    s.front[i] = sin_quarter(angle) * (inverse * energy) * factor;
  }
  raise(a, &s, n);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i)
    out[i] = from_bits_f64(bits_f64(bounded(s.power[i] * s.front[i])) | s.sign[i]);
}

POISE_CLONES static void skewed(
    poise_stream stream, uint64_t first, const poise_stable_law *law, double *restrict out,
    size_t n) {
  stage s;
  double a = law->alpha, centre = law->centre, factor = law->factor;
  double modulus = law->modulus, shift = law->beta * law->tangent;
  draw(stream, first, &s, n);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) {
    double u = angle_of(&s, i), angle = a * (u + centre);
    double inverse = 1.0 / (sin_quarter(s.arc[i]) * s.energy[i]);
    double other = cos_fold(u - angle);
    s.power[i] = (other > 0x1p-60 ? other : 0x1p-60) * inverse;
    double front = sin_fold(fabs(angle)) * (inverse * s.energy[i]) * modulus;
    s.front[i] = angle < 0.0 ? -front : front;
  }
  raise(a, &s, n);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) out[i] = bounded((s.front[i] * s.power[i] - shift) * factor);
}

// expm1 for |x| < 700.
POISE_INLINE double growth(double x) {
  x = x < -700.0 ? -700.0 : x;
  return expm1_core_f64(x > 700.0 ? 700.0 : x);
}

POISE_CLONES static void skewed_near_one(
    poise_stream stream, uint64_t first, const poise_stable_law *law, double *restrict out,
    size_t n) {
  stage s;
  double a = law->alpha, e = law->epsilon, power = -e / a, factor = law->factor;
  double shift = law->beta * law->tangent;
  draw(stream, first, &s, n);
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double u = angle_of(&s, i), size = HALF_PI_F64 - s.arc[i];
    double inverse = 1.0 / (sin_quarter(s.arc[i]) * s.energy[i]);
    double secant = inverse * s.energy[i];
    double half = sin_quarter(0.5 * e * u);
    double whole = from_bits_f64(bits_f64(sin_fold(a * size)) | s.sign[i]);
    double middle = from_bits_f64(bits_f64(sin_fold((1.0 + 0.5 * e) * size)) | s.sign[i]);
    double turned = 1.0 - 2.0 * half * (half + shift * cos_fold(0.5 * e * u));
    s.power[i] = (turned > 0x1p-60 ? turned : 0x1p-60) * inverse;
    s.front[i] = (whole - 2.0 * shift * middle * half) * secant;
    s.back[i] = (whole + shift * cos_fold(a * size)) * secant;
  }
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i) s.power[i] = power * log_plain(s.power[i]);
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < n; ++i)
    out[i] = bounded((s.front[i] + s.back[i] * growth(s.power[i])) * factor);
}

void poise_stable_f64(
    poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n) {
  for (size_t k = 0; k < n; k += CHUNK) {
    size_t m = n - k < CHUNK ? n - k : CHUNK;
    if (law.beta == 0.0) symmetric(stream, first + k, &law, out + k, m);
    else if (fabs(law.epsilon) < 0.1) skewed_near_one(stream, first + k, &law, out + k, m);
    else skewed(stream, first + k, &law, out + k, m);
  }
}
