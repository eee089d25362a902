import ComplexModule
import RealModule

/// H(w) = E h(κw), h(y) = 1 − (α/2) y g(y), g(y) = ∫₀^∞ t^{α/2−1} e^{−t − t^{α/2} y} dt, and 1 − H, for
/// complex w with |arg w| ≤ απ/2; at α = 2, H = E 1/(1 + κw).
///
/// - |w| κ_max below `radius`: the entire series 1 − H = (α/2) Σ_k (−1)^k Γ((k+1)α/2) E κ^{k+1} w^{k+1}/k!.
/// - Beyond: the Mellin-Barnes integral along Re σ = ½,
///
///       1 − H = (α/4π) ∫ Γ(σ) Γ(α(1−σ)/2) E[κ^{1−σ}] w^{1−σ} dτ,   σ = ½ + iτ,
///
///   by the trapezoid rule, whose error falls exponentially. On the uniform grid w^{−iτ} are powers of one
///   number: the average over κ is paid once, and H is a polynomial, without a transcendental function.
///   Where κ does not come near 0 the line Re σ = 3/2, beyond the pole at 1, gives −H itself, which is
///   small at large w; so does the asymptotic series H = P(κ = 0) + Σ_{k≥1} (−1)^{k+1} Γ(1+2k/α) E κ^{−2k/α}
///   w^{−2k/α}/k!, where its smallest term is below rounding.
struct ResolventAverage: Sendable {
  /// H, 1 − H and dH/d ln w; the smaller of the first two keeps its digits.
  struct Value {
    var h: Complex<Double>
    var complement: Complex<Double>
    var slope: Complex<Double>
  }

  let alpha: Double
  /// Real coefficients of w^{k+1} in 1 − H.
  private let series: [Double]
  /// Coefficients of w^{−2k/α} in H, k = 1, 2, …; none where κ comes near 0.
  private let inverseSeries: [Double]
  /// (α/2) step Γ Γ E κ^{1−σ}/2π for τ = 0, h, 2h, …; those of −τ are their conjugates.
  private let coefficients: [Complex<Double>]
  /// α = 2.
  private let nodes: [(kappa: Double, weight: Double)]
  private let zeroMass: Double
  private let radius: Double
  /// Re σ.
  private let line: Double
  /// The integrand falls like e^{−decay τ}, decay = π/2 + απ/4 − arg w: the least that is allowed for.
  private let leastDecay: Double

  private static let step = 1.0 / 12

  init(_ powers: SlopePowers, alpha: Double) {
    self.alpha = alpha
    leastDecay = powers.leastDecay
    zeroMass = powers.zeroMass
    radius = 0.7 * .exp(-powers.largest)
    let isBoundedBelow = powers.smallest > powers.largest - 1
    line = isBoundedBelow ? 1.5 : 0.5
    guard alpha < 2 else {
      (series, inverseSeries, coefficients) = ([], [], [])
      nodes = zip(powers.logarithms, powers.weights).map { (.exp($0), $1) }
      return
    }
    nodes = []
    series = (0..<160).map { k in
      let k = Double(k)
      let size = Double.exp(.logGamma((k + 1) * alpha / 2) - .logGamma(k + 1))
      let sign = k.truncatingRemainder(dividingBy: 2) == 0 ? 1.0 : -1
      return sign * alpha / 2 * size * powers.moment(k + 1)
    }
    inverseSeries =
      !isBoundedBelow
      ? []
      : (1...80).map { k in
        let k = Double(k)
        let size = Double.exp(.logGamma(1 + 2 * k / alpha) - .logGamma(k + 1))
        let sign = k.truncatingRemainder(dividingBy: 2) == 0 ? -1.0 : 1
        return sign * size * powers.moment(-2 * k / alpha)
      }
    let line = line
    let moments = powers.oscillatingMoments(
      power: 1 - line, step: Self.step, count: Int(38 / leastDecay / Self.step) + 2)
    coefficients = moments.enumerated().map { index, moment in
      let sigma = Complex(line, Self.step * Double(index))
      let gammas =
        complexLogGamma(sigma) + complexLogGamma(Complex(alpha / 2) * (Complex(1) - sigma))
      return .exp(gammas) * Complex(moment.real, moment.imaginary)
        * Complex(alpha / 2 * Self.step / (2 * .pi))
    }
  }

  /// At w given by its logarithm.
  func callAsFunction(_ logarithm: Complex<Double>) -> Value {
    if alpha == 2 { return rational(.exp(logarithm)) }
    if .exp(logarithm.real) < radius { return polynomial(.exp(logarithm)) }
    if let value = asymptotic(logarithm) { return value }
    // By symmetry work with arg w ≥ 0: H(w̄) is the conjugate of H(w).
    if logarithm.imaginary >= 0 { return mellinBarnes(logarithm) }
    let value = mellinBarnes(logarithm.conjugate)
    return Value(
      h: value.h.conjugate, complement: value.complement.conjugate,
      slope: value.slope.conjugate)
  }

  private func rational(_ w: Complex<Double>) -> Value {
    var value = Value(h: Complex(zeroMass), complement: Complex(0), slope: Complex(0))
    for (kappa, weight) in nodes {
      let (a, b) = (1 + kappa * w.real, kappa * w.imaginary)
      let norm = 1 / (a * a + b * b)
      let one = Complex(a * norm, -b * norm)
      let rest = Complex(kappa) * w * one
      value.h += Complex(weight) * one
      value.complement += Complex(weight) * rest
      value.slope -= Complex(weight) * one * rest
    }
    return value
  }

  private func polynomial(_ w: Complex<Double>) -> Value {
    // Terms until 1e-17 of the first: they fall at least like (0.7 |w|/radius)^k.
    let ratio = 0.7 * w.length / radius
    let count = ratio < 1e-17 ? 2 : min(series.count, max(2, Int(-40 / Double.log(ratio)) + 2))
    var (sum, slope) = (Complex<Double>(0), Complex<Double>(0))
    for k in stride(from: count - 1, through: 0, by: -1) {
      sum = sum * w + Complex(series[k])
      slope = slope * w + Complex(series[k] * Double(k + 1))
    }
    return Value(h: Complex(1) - sum * w, complement: sum * w, slope: -(slope * w))
  }

  /// The series in 1/w, if it reaches rounding.
  private func asymptotic(_ logarithm: Complex<Double>) -> Value? {
    guard !inverseSeries.isEmpty, logarithm.real > 0 else { return nil }
    let x = Complex<Double>.exp(Complex(-2 / alpha) * logarithm)
    var (power, sum, slope) = (x, Complex<Double>(0), Complex<Double>(0))
    var last = Double.infinity
    for (index, coefficient) in inverseSeries.enumerated() {
      let term = Complex(coefficient) * power
      let size = term.length
      guard size <= last else { return nil }
      sum += term
      slope -= Complex(2 * Double(index + 1) / alpha) * term
      if size <= 1e-16 * sum.length {
        let h = Complex(zeroMass) + sum
        return Value(h: h, complement: Complex(1) - h, slope: slope)
      }
      last = size
      power *= x
    }
    return nil
  }

  /// Arg w ≥ 0, so that positive τ decay slowly and negative ones fast.
  private func mellinBarnes(_ logarithm: Complex<Double>) -> Value {
    let least = .pi / 2 + alpha * .pi / 4
    let decay = max(least - logarithm.imaginary, leastDecay)
    let (count, other) = (Int(38 / decay / Self.step) + 2, Int(38 / least / Self.step) + 2)
    let q = Complex<Double>.exp(Complex(0, -Self.step) * logarithm)
    let inverse = Complex<Double>.exp(Complex(0, Self.step) * logarithm)
    var (sum, slope) = (Complex<Double>(0), Complex<Double>(0))
    coefficients.withUnsafeBufferPointer { coefficients in
      for index in stride(from: min(count, coefficients.count) - 1, through: 1, by: -1) {
        let c = coefficients[index]
        sum = (sum + c) * q
        slope = (slope + c * Complex(1 - line, -Self.step * Double(index))) * q
      }
      var (below, slopeBelow) = (Complex<Double>(0), Complex<Double>(0))
      for index in stride(from: min(other, coefficients.count) - 1, through: 1, by: -1) {
        let c = coefficients[index].conjugate
        below = (below + c) * inverse
        slopeBelow = (slopeBelow + c * Complex(1 - line, Self.step * Double(index))) * inverse
      }
      sum += below + coefficients[0]
      slope += slopeBelow + coefficients[0] * Complex(1 - line)
    }
    let front = Complex<Double>.exp(Complex(1 - line) * logarithm)
    let integral = front * sum
    if line > 1 {
      // The nodes' total weight is 1 − P(κ = 0).
      let h = Complex(zeroMass) - integral
      return Value(h: h, complement: Complex(1) - h, slope: -(front * slope))
    }
    return Value(h: Complex(1) - integral, complement: integral, slope: -(front * slope))
  }
}
