import RealModule

extension StableLaw {
  /// A moment, or the reason why there is none.
  public enum Moment: Sendable, Equatable {
    case value(Double)
    /// The integral diverges: |x|^p outweighs the tails, or the pole at the centre.
    case divergent
    /// It exists but has no closed form (α = 1, β ≠ 0).
    case noClosedForm

    /// The number, if there is one.
    public var value: Double? {
      if case .value(let value) = self { value } else { nil }
    }
  }

  /// E|X − μ₁|^p: with T = tan(πα/2),
  ///
  ///     c^p (2/π) Γ(p) sin(πp/2) Γ(1 − p/α) (1 + β²T²)^(p/2α) cos((p/α) atan(βT)),   −1 < p < α,
  ///
  /// divergent otherwise; at α = 2, (2c)^p Γ((p+1)/2)/√π for all p > −1.
  /// - Source: Zolotarev 1986, section 2.1; the reflection formula removes the poles at p = 1.
  public func absoluteMoment(_ p: Double) -> Moment {
    guard p > -1, p.isFinite else { return .divergent }
    if p == 0 { return .value(1) }
    if alpha == 2 {
      return .value(.pow(2 * scale, p) * .gamma((p + 1) / 2) / Double.pi.squareRoot())
    }
    guard p < alpha else { return .divergent }
    if beta != 0, alpha == 1 { return .noClosedForm }
    let side = StableSide(alpha: alpha, beta: beta)
    let skew = beta == 0 ? 0 : beta * side.tangent
    let symmetric = 2 / .pi * .gamma(p) * .sin(.pi * p / 2) * .gamma(1 - p / alpha)
    let turn =
      .pow(beta == 0 ? 1 : side.modulus, p / alpha) * .cos(p / alpha * .atan(skew)) as Double
    return .value(.pow(scale, p) * symmetric * turn)
  }

  /// EX: μ₁ for α > 1; divergent for α ≤ 1.
  public var mean: Moment { alpha > 1 ? .value(locationS1) : .divergent }

  /// Var X: 2c² at α = 2, divergent below.
  public var variance: Moment { alpha == 2 ? .value(2 * scale * scale) : .divergent }

  /// (right, left) with P(X > x) → right · x^(−α), P(X < −x) → left · x^(−α):
  /// c^α (1 ± β) Γ(α) sin(πα/2)/π. Both 0 at α = 2; at |β| = 1 one is 0 and that side falls faster.
  public var tailConstants: (right: Double, left: Double) {
    let half = Double.gamma(alpha) * .sin(.pi / 2 * (2 - alpha)) / .pi * .pow(scale, alpha)
    return ((1 + beta) * half, (1 - beta) * half)
  }

  /// E e^(itX).
  public func characteristicFunction(_ t: Double) -> (real: Double, imaginary: Double) {
    guard t != 0 else { return (1, 0) }
    let size = abs(scale * t)
    let decay = alpha == 2 ? size * size : Double.pow(size, alpha)
    var phase = 0.0
    if beta != 0, alpha != 2 {
      // −iβT (s − s^α) = iβT s (s^ε − 1), finite at α = 1.
      let side = StableSide(alpha: alpha, beta: beta)
      phase = beta * side.tangent * size * .expMinusOne(side.epsilon * .log(size))
    }
    phase = (t < 0 ? -phase : phase) + locationS0 * t
    return (.exp(-decay) * .cos(phase), .exp(-decay) * .sin(phase))
  }
}
