// Elementwise functions and counter-based random numbers, as plain loops that the compiler turns
// into vector code. On x86-64 Linux each loop exists for three kinds of processor, chosen at run
// time; elsewhere there is one plain copy.
//
// Contract of every elementwise function:
// - y and x hold n elements each; y == x is allowed, any other overlap is not;
// - element i depends on x[i] alone, bit for bit: not on n, alignment or its neighbours;
// - NaN gives NaN, no floating-point exception flags are promised, rounding is to nearest.
// Bits may differ between kinds of processor, since only some have fused multiply-add.

#ifndef POISE_KERNELS_H
#define POISE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

void poise_exp_f64(const double *x, double *y, size_t n);
void poise_exp_f32(const float *x, float *y, size_t n);
void poise_tanh_f64(const double *x, double *y, size_t n);
void poise_tanh_f32(const float *x, float *y, size_t n);
void poise_erf_f64(const double *x, double *y, size_t n);
void poise_erf_f32(const float *x, float *y, size_t n);
void poise_log_f64(const double *x, double *y, size_t n);
void poise_log_f32(const float *x, float *y, size_t n);
void poise_asin_f64(const double *x, double *y, size_t n);
void poise_sin_f64(const double *x, double *y, size_t n);
void poise_sin_f32(const float *x, float *y, size_t n);
void poise_cos_f64(const double *x, double *y, size_t n);
void poise_cos_f32(const float *x, float *y, size_t n);
// Both at once; one of s and c may equal x, s and c must not overlap each other.
void poise_sincos_f64(const double *x, double *s, double *c, size_t n);
void poise_sincos_f32(const float *x, float *s, float *c, size_t n);

// One layer of the kernels of infinitely wide networks: input a against n others. K' = w E + s and
// T' = gain E + offset + w D T for E = E phi phi, D = E phi' phi'. `root` is sqrt(q_a), or
// 1/sqrt(1 + 2 b^2 q_a) for erf(b x); `next_root` is sqrt(q_a').
typedef struct {
  double weight_variance, bias_variance;
  double tangent_gain, tangent_offset;
  double root, next_root;
} poise_pair_layer;

// phi = a_+ x or a_- x: mean = (a_+^2 + a_-^2)/2, jump = (a_+ - a_-)^2/2; gap = 1 - c goes in and
// out, kernel only out; root and next hold sqrt(q_b) and sqrt(q_b').
void poise_homogeneous_layer_f64(
  poise_pair_layer p, double mean, double jump, const double *root, const double *next,
  double *gap, double *kernel, double *tangent, size_t n);
// phi = erf(b x), square = b^2; narrowing holds 1/sqrt(1 + 2 b^2 q_b).
void poise_erf_layer_f64(
  poise_pair_layer p, double square, const double *narrowing, double *kernel, double *tangent,
  size_t n);

// Largest coordinate distance from `query` to each of the 32 points of a block (dimension x 32),
// written to `distance` unless that is null; the answer is how many lie below `limit`.
size_t poise_chebyshev_block_f64(
  const double *block, size_t dimensions, const double *query, double limit, double *distance);
// Least and largest such distance to each of 32 boxes (dimension x 32 lower and upper ends).
void poise_chebyshev_boxes_f64(
  const double *low, const double *high, size_t dimensions, const double *query, double *nearest,
  double *farthest);

// Angle of a pair, theta = 2 asin sqrt(gap/2), as psi = 2 asin sqrt(theta/pi) in units of
// pi/panels: 0 <= y <= panels.
void poise_pair_position_f64(const double *gap, double panels, double *y, size_t n);
// Averages of one input with n others. `table` (panel x order x 2 x node) holds, for the panels
// first ... last, powers of x = 2 (y - panel) - 1, orders of them, of both averages at
// 8 * blocks nodes; `weights` (n x node) what each node counts for each of the others.
void poise_pair_table_f64(
  const double *table, size_t blocks, size_t orders, size_t first, size_t last, const double *y,
  const double *weights, double *value, double *slope, size_t n);

// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): one block of four words.
void poise_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

// A stream of Philox blocks: key = seed (low word first), counter = (block, purpose, item low,
// item high). Block b of a stream is the same whoever asks for it, and when.
typedef struct {
  uint64_t seed;
  uint64_t item;
  uint32_t purpose;
} poise_stream;

// Elements first ..< first + n of a stream, any first and any n. Element i comes from block
// i / 2 (double) or i / 4 (float) alone, so any way to split a range gives the same bits.
// The last block must be below 2^32; the caller checks.
//
// Uniform in the open interval (0, 1): (k + 1/2) 2^-52 (double), (k + 1/2) 2^-23 (float).
void poise_uniform_f64(poise_stream stream, uint64_t first, double *out, size_t n);
void poise_uniform_f32(poise_stream stream, uint64_t first, float *out, size_t n);
// Standard normal by Box and Muller; |value| <= 8.58 (double), 6.77 (float).
void poise_normal_f64(poise_stream stream, uint64_t first, double *out, size_t n);
void poise_normal_f32(poise_stream stream, uint64_t first, float *out, size_t n);

// Standard alpha-stable numbers, S0, scale 1 (Chambers, Mallows and Stuck 1976), 0 < alpha < 2.
// Element i comes from block i alone.
typedef struct {
  double alpha, beta;
  double epsilon;      // alpha - 1, at least 1e-13 in magnitude
  double tangent;      // tan(pi alpha / 2)
  double centre;       // theta_0 = atan(beta tangent) / alpha
  double modulus;      // (1 + (beta tangent)^2)^(1 / (2 alpha))
  double factor;       // what multiplies each number
} poise_stable_law;
void poise_stable_f64(
  poise_stream stream, uint64_t first, poise_stable_law law, double *out, size_t n);

// Zolotarev's integral for the alpha-stable law: the nodes of one law, in order of falling
// exponent g, and sums over them. Far from alpha = 1, ln g = log_action + shift; near it
// ln g = ln r + log_drop + shift and r^epsilon = 1 + offset + x slope = scaled ratio.
typedef struct {
  const double *log_action;
  const double *ratio, *offset, *slope, *log_drop;
  const double *measure, *tail, *inner; // weights of the density and of the two probabilities
  const double *log_reach; // ln of the largest weight that matters
  size_t count;
  double cutoff;
  double inverse_epsilon;
  int near_one;
  int density_only; // leave out the two probabilities
} poise_stable_nodes;

typedef struct {
  double total[3]; // sums of g e^-(g - reference) times measure, tail and inner
  double reference, least; // least: g of the last node
} poise_stable_sums;

poise_stable_sums poise_stable_integrate(
  const poise_stable_nodes *p, double x, double scaled, double shift);

// The terms themselves, for derivatives: T = g e^-(g - reference) measure and T (1 - g) of the nodes
// from *from on; returns how many. Both arrays hold `count` numbers.
size_t poise_stable_terms(
  const poise_stable_nodes *p, double x, double scaled, double shift, size_t *from,
  double *term, double *change);

// Sums of Re e^-(i t x) w over n nodes t = c - i s; columns c, s, then Re and Im of two weights.
void poise_stable_fourier(const double *columns, size_t n, double x, double out[2]);

#endif
