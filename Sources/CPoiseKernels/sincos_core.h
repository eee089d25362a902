// sin and cos on |r| <= pi/4, and the choice by quadrant: shared by sin, cos and the normals.
//
// sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2); S and C are minimax polynomials of own
// Remez iterations in 50-digit arithmetic, error 4e-18 relative and 5e-20 (double), 4e-9 and 1e-10
// (float).

#ifndef POISE_SINCOS_CORE_H
#define POISE_SINCOS_CORE_H

#include "kernel_support.h"

static const double SIN_S_F64[6] = {
  -0x1.5555555555549p-3, 0x1.111111110f8b2p-7, -0x1.a01a019c168b2p-13,
  0x1.71de357ad1ca1p-19, -0x1.ae5e67fcbab1dp-26, 0x1.5d935ce9f261ap-33};
static const double COS_C_F64[6] = {
  0x1.555555555554ep-5, -0x1.6c16c16c15501p-10, 0x1.a01a019cfdb2cp-16,
  -0x1.27e4f83a8c6c0p-22, 0x1.1eea09ad6457ap-29, -0x1.8fbcac5b456e1p-37};
static const float SIN_S_F32[3] = {-0x1.555546p-3f, 0x1.110762p-7f, -0x1.994e8ep-13f};
static const float COS_C_F32[3] = {0x1.55554ap-5f, -0x1.6c0c98p-10f, 0x1.9a053ap-16f};

typedef struct {
  double sine, cosine;
} circle_f64;

typedef struct {
  float sine, cosine;
} circle_f32;

// sin and cos of r + q pi/2; only q modulo 4 counts.
POISE_INLINE circle_f64 circle_core_f64(double r, uint64_t q) {
  double z = r * r;
  double s = r + (r * z) * poly_f64(SIN_S_F64, 5, z);
  double c = (1.0 - 0.5 * z) + (z * z) * poly_f64(COS_C_F64, 5, z);
  int swapped = (q & 1) != 0;
  double sine = swapped ? c : s, cosine = swapped ? s : c;
  circle_f64 result = {
    from_bits_f64(bits_f64(sine) ^ ((q & 2) << 62)),
    from_bits_f64(bits_f64(cosine) ^ (((q + 1) & 2) << 62))};
  return result;
}

POISE_INLINE circle_f32 circle_core_f32(float r, uint32_t q) {
  float z = r * r;
  float s = r + (r * z) * poly_f32(SIN_S_F32, 2, z);
  float c = (1.0f - 0.5f * z) + (z * z) * poly_f32(COS_C_F32, 2, z);
  int swapped = (q & 1) != 0;
  float sine = swapped ? c : s, cosine = swapped ? s : c;
  circle_f32 result = {
    from_bits_f32(bits_f32(sine) ^ ((q & 2) << 30)),
    from_bits_f32(bits_f32(cosine) ^ (((q + 1) & 2) << 30))};
  return result;
}

#endif
