import RealModule

/// Gaussian averages of φ(x) = erf(βx): those of erf at the lengths β²q, slopes times β.
///
/// - Source: Williams 1997 (Computing with infinite networks).
struct ErfMoments: Sendable {
  /// β.
  let scale: Double

  /// E φ² = (2/π) atan2(2p, √(1 + 4p)), p = β²q; μ₁ = (4β²/π)/√(1 + 4p); μ₂ = (16β⁴/π²)/√(1 + 8p).
  func moments(length: Double) -> ActivationMoments {
    let p = scale * scale * length
    let root = (1 + 4 * p).squareRoot()
    let slope = 4 * scale * scale / .pi
    return ActivationMoments(
      valueSquared: 2 / .pi * Double.atan2(y: 2 * p, x: root),
      slopeSquared: slope / root,
      slopeFourth: slope * slope / (1 + 8 * p).squareRoot(),
      lengthSlope: slope / ((1 + 2 * p) * root))
  }

  /// (2/π) atan2(2k, √Δ) and (4β²/π)/√Δ, Δ = 1 + 2p_a + 2p_b + 4 p_a p_b sin² θ.
  ///
  /// Δ = (1 + 2p_a)(1 + 2p_b) − 4k² written by the angle keeps all digits near c = ±1.
  func pair(_ pair: GaussianPair) -> PairMoments {
    let factor = scale * scale
    let delta =
      1 + 2 * factor * (pair.lengthA + pair.lengthB) + 4 * factor * factor * pair.determinant
    let root = delta.squareRoot()
    return PairMoments(
      value: 2 / .pi * Double.atan2(y: 2 * factor * pair.covariance, x: root),
      slope: 4 * factor / .pi / root)
  }

  /// E erf(β(m + sz)) = erf(βm/√(1 + 2β²s²)) and its derivative by m.
  func mean(mean: Double, deviation: Double) -> (value: Double, derivative: Double) {
    let width = 1 + 2 * scale * scale * deviation * deviation
    let argument = scale * mean / width.squareRoot()
    return (
      .erf(argument),
      scale * 2 / Double.pi.squareRoot() / width.squareRoot() * .exp(-argument * argument)
    )
  }
}

/// erf y − 2y/√π, the odd Taylor series for |y| < 1. Relative error below 1e-15.
func erfDeviation(_ y: Double) -> Double {
  guard abs(y) < 1 else { return .erf(y) - 2 / Double.pi.squareRoot() * y }
  let square = y * y
  var sum = 0.0
  // Σ_{n≥1} (−y²)^n / (n! (2n + 1)), backwards by Horner.
  var n = 20.0
  while n >= 1 {
    sum = -square / n * (1 / (2 * n + 1) + sum)
    n -= 1
  }
  return 2 / Double.pi.squareRoot() * y * sum
}
