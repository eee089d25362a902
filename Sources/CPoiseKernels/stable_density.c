// Zolotarev's integral for the alpha-stable law over the nodes of one law, many abscissae.
//
// On the path of steepest descent t = r e^(-i theta) the exponent of the Fourier integral is -g, real. The
// nodes are ordered by falling g; each sum needs only those between g = reference + cutoff and the
// node whose term has fallen by e^-38. Terms are e^-(g - reference), so that nothing underflows.

#include "exp_core.h"
#include "log_core.h"
#include "poise_kernels.h"
#include "sincos_core.h"

#define CHUNK 128
#define LANES 8

// ln r at node k. Far from alpha = 1: a product of powers. Near it r = (1 + d)^(1/epsilon) with
// small d = offset + x slope, whose logarithm must keep its relative accuracy.
POISE_INLINE double log_radius(const poise_stable_nodes *p, double x, double scaled, size_t k) {
  const uint64_t one = 0x3FF0000000000000, low = 0x3FE6A09E667F3BCD; // 1 and sqrt(1/2)
  double w = scaled * p->ratio[k];
  uint64_t bits = bits_f64(w) + (one - low);
  double shift = from_bits_f64((bits >> 52) | 0x4330000000000000) - 0x1.00000000003ffp52;
  double rest = from_bits_f64((bits & 0x000FFFFFFFFFFFFF) + low) - 1.0;
  double f = shift == 0.0 ? p->offset[k] + x * p->slope[k] : rest;
  double s = f / (2.0 + f), z = s * s;
  return (shift * 0x1.62e42fefa39efp-1 + (s + s + (s * z) * poly_f64(LOG_L_F64, 6, z)))
    * p->inverse_epsilon;
}

// e^x for x <= 0, at least e^-700.
POISE_INLINE double decay(double x) {
  exp_parts_f64 e = exp_split_f64(x < -700.0 ? -700.0 : x);
  double s = power_of_two_f64(e.n);
  return s * e.p + s;
}

POISE_INLINE double log_action(
    const poise_stable_nodes *p, double x, double scaled, double shift, size_t k) {
  if (!p->near_one) return p->log_action[k] + shift;
  return log_radius(p, x, scaled, k) + p->log_drop[k] + shift;
}

POISE_CLONES static void terms_far(
    const poise_stable_nodes *p, double shift, double reference, size_t from, size_t n,
    double *restrict term) {
  const double *action = p->log_action + from;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double g = exp_f64(action[i] + shift);
    double fall = reference - g;
    term[i] = g * decay(fall < 0.0 ? fall : 0.0); // rounding of a huge g
  }
}

POISE_CLONES static void terms_near(
    const poise_stable_nodes *p, double x, double scaled, double shift, double reference,
    size_t from, size_t n, double *restrict term) {
  const double *drop = p->log_drop;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double g = exp_f64(log_radius(p, x, scaled, from + i) + drop[from + i] + shift);
    double fall = reference - g;
    term[i] = g * decay(fall < 0.0 ? fall : 0.0); // rounding of a huge g
  }
}

// Searches end at so many nodes: a few more terms cost less than the last steps.
#define COARSE 8

// First node in 0 ..< n with a lower ln g, or one at most COARSE before it.
static size_t first_below(
    const poise_stable_nodes *p, double x, double scaled, double shift, double level) {
  size_t low = 0, high = p->count;
  while (high - low > COARSE) {
    size_t middle = (low + high) / 2;
    if (log_action(p, x, scaled, shift, middle) < level) high = middle;
    else low = middle + 1;
  }
  return low;
}

// First node from `low` on whose term is below e^level, or one at most COARSE behind it: beyond the
// peak the terms only fall.
static size_t last_needed(
    const poise_stable_nodes *p, double x, double scaled, double shift, size_t low,
    double level) {
  size_t high = p->count;
  while (high - low > COARSE) {
    size_t middle = (low + high) / 2;
    if (log_action(p, x, scaled, shift, middle) + p->log_reach[middle] < level) high = middle;
    else low = middle + 1;
  }
  return high;
}

POISE_CLONES static void sum(
    const poise_stable_nodes *p, const double *term, size_t from, size_t n, double total[3]) {
  const double *weights[3] = {p->measure + from, p->tail + from, p->inner + from};
  for (int w = 0; w < (p->density_only ? 1 : 3); ++w) {
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
      for (int j = 0; j < LANES; ++j) lane[j] += term[i + j] * weights[w][i + j];
    for (int j = 0; i < n; ++i, ++j) lane[j] += term[i] * weights[w][i];
    for (int step = LANES / 2; step > 0; step /= 2)
      for (int j = 0; j < step; ++j) lane[j] += lane[j + step];
    total[w] += lane[0];
  }
}

typedef struct {
  size_t from, to; // the nodes whose terms count
  double reference, least;
} window;

static window window_of(const poise_stable_nodes *p, double x, double scaled, double shift) {
  window w = {0, 0, 0, 0};
  if (p->count == 0) return w;
  w.least = exp(log_action(p, x, scaled, shift, p->count - 1));
  w.reference = w.least > 1.0 ? w.least : 0.0;
  w.from = first_below(p, x, scaled, shift, log(w.reference + p->cutoff));
  size_t peak = first_below(p, x, scaled, shift, log(w.reference + 1.0));
  if (peak == p->count) peak -= 1;
  double level = log_action(p, x, scaled, shift, peak) + p->log_reach[peak] - 40.0;
  w.to = last_needed(p, x, scaled, shift, peak, level);
  return w;
}

static void terms(
    const poise_stable_nodes *p, double x, double scaled, double shift, double reference,
    size_t from, size_t n, double *term) {
  if (p->near_one) terms_near(p, x, scaled, shift, reference, from, n, term);
  else terms_far(p, shift, reference, from, n, term);
}

poise_stable_sums poise_stable_integrate(
    const poise_stable_nodes *p, double x, double scaled, double shift) {
  window w = window_of(p, x, scaled, shift);
  poise_stable_sums out = {{0, 0, 0}, w.reference, w.least};
  double term[CHUNK];
  for (size_t k = w.from; k < w.to; k += CHUNK) {
    size_t n = w.to - k < CHUNK ? w.to - k : CHUNK;
    terms(p, x, scaled, shift, w.reference, k, n, term);
    sum(p, term, k, n, out.total);
  }
  return out;
}

size_t poise_stable_terms(
    const poise_stable_nodes *p, double x, double scaled, double shift, size_t *from,
    double *term, double *change) {
  window w = window_of(p, x, scaled, shift);
  *from = w.from;
  size_t n = w.to - w.from;
  terms(p, x, scaled, shift, w.reference, w.from, n, term);
  for (size_t i = 0; i < n; ++i) {
    double g = exp_f64(log_action(p, x, scaled, shift, w.from + i));
    term[i] *= p->measure[w.from + i];
    change[i] = term[i] * (1.0 - g);
  }
  return n;
}

// e^-(i t x) for t = c - i s: modulus e^-(s x), argument -c x.
POISE_CLONES static void waves(
    const double *c, const double *s, double x, size_t n, double *restrict re,
    double *restrict im) {
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double size = exp_f64(-s[i] * x), phase = c[i] * x;
    double turns = phase * 0x1.45f306dc9c883p-1 + ROUND_F64;
    double k = turns - ROUND_F64;
    double r = (phase - k * 0x1.921fb54400000p0) - k * 0x1.0b4611a626331p-34;
    circle_f64 w = circle_core_f64(r, bits_f64(turns));
    re[i] = size * w.cosine;
    im[i] = -size * w.sine;
  }
}

void poise_stable_fourier(const double *columns, size_t n, double x, double out[2]) {
  double re[CHUNK], im[CHUNK];
  out[0] = out[1] = 0;
  for (size_t from = 0; from < n; from += CHUNK) {
    size_t m = n - from < CHUNK ? n - from : CHUNK;
    const double *column = columns + from;
    waves(column, column + n, x, m, re, im);
    for (int w = 0; w < 2; ++w) {
      const double *real = column + (2 + 2 * w) * n, *imag = column + (3 + 2 * w) * n;
      double lane[LANES] = {0};
      size_t i = 0;
      for (; i + LANES <= m; i += LANES)
        for (int j = 0; j < LANES; ++j)
          lane[j] += re[i + j] * real[i + j] - im[i + j] * imag[i + j];
      for (int j = 0; i < m; ++i, ++j) lane[j] += re[i] * real[i] - im[i] * imag[i];
      for (int j = 0; j < LANES; ++j) out[w] += lane[j];
    }
  }
}
