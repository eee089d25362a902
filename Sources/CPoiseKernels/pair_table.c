// Averages of one input with n others from a table: polynomials in a mapped angle, panel by panel,
// for all nodes of the other length at once.

#include "kernel_support.h"
#include "poise_kernels.h"

#include "asin_core.h"

// Eight nodes at a time; one register where the processor has wide ones.
typedef double eight __attribute__((vector_size(64), aligned(8)));

// A macro: a function would take the vector by an ABI that depends on the processor.
#define SUM(v) (((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7])))

// psi = 2 asin sqrt(theta/pi) for theta = 2 asin sqrt(gap/2), in units of panels.
POISE_CLONES void poise_pair_position_f64(const double *gap, double panels, double *y, size_t n) {
  double scale = panels * 2.0 * 0x1.45f306dc9c883p-2; // 2/pi
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double half = 0.5 * gap[i];
    double share = 2.0 * 0x1.45f306dc9c883p-2 * asin_f64(POISE_SQRT(half)); // theta/pi
    double root = POISE_SQRT(share);
    y[i] = scale * asin_f64(root > 1.0 ? 1.0 : root);
  }
}

POISE_CLONES void poise_pair_table_f64(
  const double *table, size_t blocks, size_t orders, size_t first, size_t last, const double *y,
  const double *weights, double *value, double *slope, size_t n) {
  size_t nodes = 8 * blocks, line = 2 * nodes;
  for (size_t i = 0; i < n; ++i) {
    size_t panel = (size_t)y[i];
    panel = panel > last ? last : panel;
    double x = 2.0 * (y[i] - (double)panel) - 1.0;
    const double *t = table + (panel - first) * orders * line;
    const double *w = weights + i * nodes;
    eight v = {0}, s = {0};
    for (size_t block = 0; block < blocks; ++block) {
      const double *c = t + (orders - 1) * line + 8 * block;
      eight a = *(const eight *)c, b = *(const eight *)(c + nodes);
      for (size_t k = 1; k < orders; ++k) {
        c -= line;
        a = a * x + *(const eight *)c;
        b = b * x + *(const eight *)(c + nodes);
      }
      eight share = *(const eight *)(w + 8 * block);
      v += a * share;
      s += b * share;
    }
    value[i] = SUM(v);
    slope[i] = SUM(s);
  }
}
