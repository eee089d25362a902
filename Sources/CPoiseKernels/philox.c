// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) and the
// uniform and normal numbers made of its blocks.

#include "exp_core.h"
#include "log_core.h"
#include "philox_core.h"
#include "poise_kernels.h"
#include "sincos_core.h"

void poise_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  block4 c = {counter[0], counter[1], counter[2], counter[3]};
  c = philox_rounds(c, key[0], key[1]);
  out[0] = (uint32_t)c.w0;
  out[1] = (uint32_t)c.w1;
  out[2] = (uint32_t)c.w2;
  out[3] = (uint32_t)c.w3;
}

POISE_INLINE float open_unit_f32(uint32_t word) {
  return from_bits_f32((word >> 9) | 0x3F800000) - 0x1.fffffep-1f;
}

// Box and Muller: radius from one word; from the other the quadrant (top two bits) and the angle
// within it, -pi/4 ..< pi/4, so that no range reduction is needed.
POISE_INLINE circle_f64 normal_pair_f64(uint64_t a, uint64_t b) {
  double radius = POISE_SQRT(-2.0 * log_core_f64(open_unit_f64(a), 0.0));
  double turn = open_unit_f64(b << 2) - 0.5;
  circle_f64 y = circle_core_f64(turn * 0x1.921fb54442d18p0, b >> 62);
  y.sine *= radius;
  y.cosine *= radius;
  return y;
}

// The float radius uses all 32 bits: with 23 the tail would end at 5.8 instead of 6.77. The largest
// words round to 1 and give 0.
POISE_INLINE circle_f32 normal_pair_f32(uint32_t a, uint32_t b) {
  float unit = (float)a * 0x1p-32f + 0x1p-33f;
  float radius = POISE_SQRT(-2.0f * log_core_f32(unit, 0.0f));
  float turn = (float)(int32_t)(b << 2) * 0x1p-32f + 0x1p-33f;
  circle_f32 y = circle_core_f32(turn * 0x1.921fb6p0f, b >> 30);
  y.sine *= radius;
  y.cosine *= radius;
  return y;
}

// Whole blocks first ..< first + blocks: 2 doubles or 4 floats each.

POISE_CLONES static void uniform_blocks_f64(
    poise_stream stream, uint64_t first, double *out, size_t blocks) {
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < blocks; ++i) {
    block4 w = stream_block(stream, first + i);
    out[2 * i] = open_unit_f64(w.w0 | w.w1 << 32);
    out[2 * i + 1] = open_unit_f64(w.w2 | w.w3 << 32);
  }
}

POISE_CLONES static void uniform_blocks_f32(
    poise_stream stream, uint64_t first, float *out, size_t blocks) {
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < blocks; ++i) {
    block4 w = stream_block(stream, first + i);
    out[4 * i] = open_unit_f32((uint32_t)w.w0);
    out[4 * i + 1] = open_unit_f32((uint32_t)w.w1);
    out[4 * i + 2] = open_unit_f32((uint32_t)w.w2);
    out[4 * i + 3] = open_unit_f32((uint32_t)w.w3);
  }
}

POISE_CLONES static void normal_blocks_f64(
    poise_stream stream, uint64_t first, double *out, size_t blocks) {
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < blocks; ++i) {
    block4 w = stream_block(stream, first + i);
    circle_f64 pair = normal_pair_f64(w.w0 | w.w1 << 32, w.w2 | w.w3 << 32);
    out[2 * i] = pair.cosine;
    out[2 * i + 1] = pair.sine;
  }
}

POISE_CLONES static void normal_blocks_f32(
    poise_stream stream, uint64_t first, float *out, size_t blocks) {
  POISE_VECTOR_TWICE
  for (size_t i = 0; i < blocks; ++i) {
    block4 w = stream_block(stream, first + i);
    circle_f32 one = normal_pair_f32((uint32_t)w.w0, (uint32_t)w.w1);
    circle_f32 two = normal_pair_f32((uint32_t)w.w2, (uint32_t)w.w3);
    out[4 * i] = one.cosine;
    out[4 * i + 1] = one.sine;
    out[4 * i + 2] = two.cosine;
    out[4 * i + 3] = two.sine;
  }
}

// A range of elements: cut first block, whole blocks, cut last block.
#define FILL(T, PER, BLOCKS)                                    \
  T cut[PER];                                                   \
  uint64_t block = first / PER;                                 \
  size_t skip = (size_t)(first % PER);                          \
  if (skip != 0 && n > 0) {                                     \
    size_t m = n < PER - skip ? n : PER - skip;                 \
    BLOCKS(stream, block, cut, 1);                              \
    memcpy(out, cut + skip, m * sizeof(T));                     \
    out += m;                                                   \
    n -= m;                                                     \
    block += 1;                                                 \
  }                                                             \
  BLOCKS(stream, block, out, n / PER);                          \
  if (n % PER != 0) {                                           \
    BLOCKS(stream, block + n / PER, cut, 1);                    \
    memcpy(out + n - n % PER, cut, (n % PER) * sizeof(T));      \
  }

void poise_uniform_f64(poise_stream stream, uint64_t first, double *out, size_t n) {
  FILL(double, 2, uniform_blocks_f64)
}

void poise_uniform_f32(poise_stream stream, uint64_t first, float *out, size_t n) {
  FILL(float, 4, uniform_blocks_f32)
}

void poise_normal_f64(poise_stream stream, uint64_t first, double *out, size_t n) {
  FILL(double, 2, normal_blocks_f64)
}

void poise_normal_f32(poise_stream stream, uint64_t first, float *out, size_t n) {
  FILL(float, 4, normal_blocks_f32)
}
