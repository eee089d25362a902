// Philox4x32-10 blocks and open uniforms: shared by the uniform, normal and stable generators.

#ifndef POISE_PHILOX_CORE_H
#define POISE_PHILOX_CORE_H

#include "kernel_support.h"
#include "poise_kernels.h"

#define LOW_WORD 0xFFFFFFFFu

// Four 32-bit words, each in a 64-bit lane, since the products are 64 bits wide and vector units
// multiply the low halves of such lanes. High halves are garbage until the end.
typedef struct {
  uint64_t w0, w1, w2, w3;
} block4;

POISE_INLINE block4 philox_rounds(block4 c, uint64_t k0, uint64_t k1) {
  for (int round = 0; round < 10; ++round) {
    uint64_t p0 = (c.w0 & LOW_WORD) * 0xD2511F53u;
    uint64_t p1 = (c.w2 & LOW_WORD) * 0xCD9E8D57u;
    block4 next = {(p1 >> 32) ^ c.w1 ^ k0, p1, (p0 >> 32) ^ c.w3 ^ k1, p0};
    c = next;
    k0 = (k0 + 0x9E3779B9u) & LOW_WORD;
    k1 = (k1 + 0xBB67AE85u) & LOW_WORD;
  }
  block4 out = {c.w0 & LOW_WORD, c.w1 & LOW_WORD, c.w2 & LOW_WORD, c.w3 & LOW_WORD};
  return out;
}

POISE_INLINE block4 stream_block(poise_stream stream, uint64_t block) {
  block4 counter = {block, stream.purpose, stream.item & LOW_WORD, stream.item >> 32};
  return philox_rounds(counter, stream.seed & LOW_WORD, stream.seed >> 32);
}

// The top 52 bits k of a word become (k + 1/2) 2^-52: exact, never 0, never 1.
POISE_INLINE double open_unit_f64(uint64_t word) {
  return from_bits_f64((word >> 12) | 0x3FF0000000000000) - 0x1.fffffffffffffp-1;
}

#endif
