// One layer of the kernels of infinitely wide networks, for one input against n others.

#include "asin_core.h"
#include "poise_kernels.h"

// E phi phi = r_a r_b [m c + J f(theta)/pi] and E phi' phi' = m - J theta/pi with
// f = sin theta - theta cos theta; the gap e = 1 - c goes through without cancellation:
//
//   e' r_a' r_b' = g s (r_a - r_b)^2 / (r_a' r_b' + s + g r_a r_b) + w r_a r_b (m e - J f/pi),
//
// g = w m, w and s the variances of weights and biases.
POISE_CLONES void poise_homogeneous_layer_f64(
  poise_pair_layer p, double mean, double jump, const double *root, const double *next,
  double *gap, double *kernel, double *tangent, size_t n) {
  double w = p.weight_variance, s = p.bias_variance, g = w * mean;
  double ra = p.root, na = p.next_root, turn = jump * 0x1.45f306dc9c883p-2; // 1/pi
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double e = gap[i], rb = root[i];
    double half = 0.5 * e;
    double angle = 2.0 * asin_f64(POISE_SQRT(half));
    double c = 1.0 - e;
    double sine = POISE_SQRT(e * (2.0 - e));
    double f = sine - angle * c;
    double rr = ra * rb, nn = na * next[i];
    double average = rr * (mean * c + turn * f);
    double slope = mean - turn * angle;
    double d = ra - rb;
    double spread = s * g * d * d / (nn + s + g * rr + 0x1p-1000);
    double e1 = (spread + w * rr * (mean * e - turn * f)) / (nn + 0x1p-1000);
    e1 = e1 > 2.0 ? 2.0 : e1;
    gap[i] = e1 < 0.0 ? 0.0 : e1;
    kernel[i] = w * average + s;
    tangent[i] = p.tangent_gain * average + p.tangent_offset + w * slope * tangent[i];
  }
}

// E phi phi = (2/pi) asin S and E phi' phi' = (4 b^2/pi) u_a u_b / sqrt(1 - S^2) for
// phi = erf(b x), S = 2 b^2 k u_a u_b, u = 1/sqrt(1 + 2 b^2 q).
POISE_CLONES void poise_erf_layer_f64(
  poise_pair_layer p, double square, const double *narrowing, double *kernel, double *tangent,
  size_t n) {
  double w = p.weight_variance, s = p.bias_variance;
  double ua = p.root, slope_scale = 4.0 * square * 0x1.45f306dc9c883p-2;
  POISE_VECTOR
  for (size_t i = 0; i < n; ++i) {
    double u = ua * narrowing[i];
    double x = 2.0 * square * u * kernel[i];
    double a = fabs(x);
    a = a > 0x1.fffffffffffffp-1 ? 0x1.fffffffffffffp-1 : a;
    x = copysign(a, x);
    double average = 2.0 * 0x1.45f306dc9c883p-2 * asin_f64(x);
    double slope = slope_scale * u / POISE_SQRT((1.0 - a) * (1.0 + a));
    kernel[i] = w * average + s;
    tangent[i] = p.tangent_gain * average + p.tangent_offset + w * slope * tangent[i];
  }
}
