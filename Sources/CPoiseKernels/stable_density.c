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
  double w = scaled * p->ratio[k];
  double d = p->offset[k] + x * p->slope[k];
  double fix = (d - (w - 1.0)) / w;
  fix = w > 0.5 && w < 2.0 ? fix : 0.0;
  return (log_core_f64(w, 0.0) + fix) * p->inverse_epsilon;
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
    term[i] = g * exp_f64(fall < 0.0 ? fall : 0.0); // rounding of a huge g
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
    term[i] = g * exp_f64(fall < 0.0 ? fall : 0.0); // rounding of a huge g
  }
}

// First node in 0 ..< n with a lower ln g.
static size_t first_below(
    const poise_stable_nodes *p, double x, double scaled, double shift, double level) {
  size_t low = 0, high = p->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (log_action(p, x, scaled, shift, middle) < level) high = middle;
    else low = middle + 1;
  }
  return low;
}

// First node from `low` on whose term is below e^level: beyond the peak the terms only fall.
static size_t last_needed(
    const poise_stable_nodes *p, double x, double scaled, double shift, size_t low,
    double level) {
  size_t high = p->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (log_action(p, x, scaled, shift, middle) + p->log_reach[middle] < level) high = middle;
    else low = middle + 1;
  }
  return low;
}

static void sum(
    const poise_stable_nodes *p, const double *term, size_t from, size_t n, double total[3]) {
  const double *weights[3] = {p->measure + from, p->tail + from, p->inner + from};
  for (int w = 0; w < 3; ++w) {
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

poise_stable_sums poise_stable_integrate(
    const poise_stable_nodes *p, double x, double scaled, double shift) {
  poise_stable_sums out = {{0, 0, 0}, 0, 0};
  if (p->count == 0) return out;
  double least = exp(log_action(p, x, scaled, shift, p->count - 1));
  out.least = least;
  out.reference = least > 1.0 ? least : 0.0;
  size_t from = first_below(p, x, scaled, shift, log(out.reference + p->cutoff));
  size_t peak = first_below(p, x, scaled, shift, log(out.reference + 1.0));
  if (peak == p->count) peak -= 1;
  double level = log_action(p, x, scaled, shift, peak) + p->log_reach[peak] - 38.0;
  size_t to = last_needed(p, x, scaled, shift, peak, level);
  double term[CHUNK];
  for (size_t k = from; k < to; k += CHUNK) {
    size_t n = to - k < CHUNK ? to - k : CHUNK;
    if (p->near_one) terms_near(p, x, scaled, shift, out.reference, k, n, term);
    else terms_far(p, shift, out.reference, k, n, term);
    sum(p, term, k, n, out.total);
  }
  return out;
}

POISE_CLONES static void score_terms(
    const poise_stable_nodes *p, double shift, double reference, size_t from, size_t n,
    double *restrict term, double *restrict change) {
  const double *action = p->log_action + from, *measure = p->measure + from;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double g = exp_f64(action[i] + shift), fall = reference - g;
    double t = g * exp_f64(fall < 0.0 ? fall : 0.0) * measure[i];
    term[i] = t;
    change[i] = t * (1.0 - g);
  }
}

void poise_stable_score(
    const poise_stable_nodes *p, double shift, const double *by_alpha, const double *by_beta,
    double out[4]) {
  out[0] = out[1] = out[2] = out[3] = 0;
  if (p->count == 0) return;
  double least = exp(p->log_action[p->count - 1] + shift);
  double reference = least > 1.0 ? least : 0.0;
  size_t from = first_below(p, 0, 0, shift, log(reference + p->cutoff));
  size_t peak = first_below(p, 0, 0, shift, log(reference + 1.0));
  if (peak == p->count) peak -= 1;
  double level = log_action(p, 0, 0, shift, peak) + p->log_reach[peak] - 38.0;
  size_t to = last_needed(p, 0, 0, shift, peak, level);
  double term[CHUNK], change[CHUNK];
  for (size_t k = from; k < to; k += CHUNK) {
    size_t n = to - k < CHUNK ? to - k : CHUNK;
    score_terms(p, shift, reference, k, n, term, change);
    for (size_t i = 0; i < n; ++i) {
      out[0] += term[i];
      out[1] += change[i];
      out[2] += change[i] * by_alpha[k + i];
      out[3] += change[i] * by_beta[k + i];
    }
  }
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
