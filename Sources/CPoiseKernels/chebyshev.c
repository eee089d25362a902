// Distances in the maximum norm from one point to blocks of 32 points or boxes, for search trees.
//
// A block holds its coordinates dimension by dimension (dimension x 32), so that a lane is a point
// and the running maxima stay in registers. Missing points of a last block are +infinity in every
// coordinate; missing boxes are (+infinity, -infinity).

#include "kernel_support.h"
#include "poise_kernels.h"

typedef double lanes __attribute__((ext_vector_type(8), aligned(8)));

#define LANES_AT(p) (*(const lanes *)(p))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

POISE_CLONES size_t poise_chebyshev_block_f64(
  const double *block, size_t dimensions, const double *query, double limit, double *distance) {
  lanes a = 0.0, b = 0.0, c = 0.0, d = 0.0;
  for (size_t k = 0; k < dimensions; ++k, block += 32) {
    lanes q = query[k];
    lanes e = __builtin_elementwise_abs(LANES_AT(block) - q);
    lanes f = __builtin_elementwise_abs(LANES_AT(block + 8) - q);
    lanes g = __builtin_elementwise_abs(LANES_AT(block + 16) - q);
    lanes h = __builtin_elementwise_abs(LANES_AT(block + 24) - q);
    a = LARGER(e, a);
    b = LARGER(f, b);
    c = LARGER(g, c);
    d = LARGER(h, d);
  }
  if (distance) {
    *(lanes *)distance = a;
    *(lanes *)(distance + 8) = b;
    *(lanes *)(distance + 16) = c;
    *(lanes *)(distance + 24) = d;
  }
  // A true comparison is -1.
  __auto_type near = (a < limit) + (b < limit) + (c < limit) + (d < limit);
  return (size_t)-__builtin_reduce_add(near);
}

POISE_CLONES void poise_chebyshev_boxes_f64(
  const double *low, const double *high, size_t dimensions, const double *query, double *nearest,
  double *farthest) {
  for (size_t part = 0; part < 32; part += 8) {
    lanes outside = 0.0, inside = 0.0;
    for (size_t k = 0; k < dimensions; ++k) {
      lanes q = query[k];
      lanes below = LANES_AT(low + 32 * k + part) - q;
      lanes above = q - LANES_AT(high + 32 * k + part);
      outside = LARGER(below, outside);
      outside = LARGER(above, outside);
      inside = LARGER(-below, inside);
      inside = LARGER(-above, inside);
    }
    *(lanes *)(nearest + part) = outside;
    *(lanes *)(farthest + part) = inside;
  }
}
