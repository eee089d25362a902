import RealModule

/// Constants of one half line of the standard law (scale 1, S0 location 0): the abscissae with
/// y = x + β tan(πα/2) > 0, measured in Zolotarev's angle −θ₀ < θ < π/2, αθ₀ = atan(β tan(πα/2)).
///
/// Everything that vanishes in a limit (|β| = 1, α = 1) is kept as a small number of its own:
/// q = π/2 − θ₀ and p = π − α(π/2 + θ₀), both ≥ 0. The other half line is the side of −β.
struct StableSide: Sendable {
  let alpha, beta: Double
  /// α − 1, at least 1e-13 in magnitude: the law is smooth there, its formulas are not.
  let epsilon: Double
  /// tan(πα/2) and its inverse τ.
  let tangent, cotangent: Double
  let p, q: Double
  /// π/2 + θ₀: the length of the path.
  var width: Double { max(0, .pi - q) }
  /// P(y < 0).
  var below: Double { min(1, max(0, q / .pi)) }

  init(alpha: Double, beta: Double) {
    self.alpha = alpha
    self.beta = beta
    let gap = alpha - 1
    epsilon = abs(gap) < 1e-13 ? 1e-13 : gap
    let small = Double.pi / 2 * epsilon
    // α → 2: tan(πα/2) = −tan(π(2 − α)/2), exact in 2 − α.
    tangent = alpha > 1.5 ? -Double.tan(.pi / 2 * (2 - alpha)) : -1 / Double.tan(small)
    cotangent = alpha > 1.5 ? (alpha == 2 ? -.infinity : 1 / tangent) : -Double.tan(small)
    let t = abs(tangent)
    // Both are sums of positive numbers, whichever is found first.
    if epsilon > 0 {
      p = Double.atan2(y: (1 + beta) * t, x: (1 - t) * (1 + t) + (1 - beta) * t * t)
      q = (.pi * epsilon + p) / (1 + epsilon)
    } else {
      let angle = Double.atan2(y: (1 - beta) * t, x: 1 + beta * t * t)
      q = angle / (1 + epsilon)
      p = -.pi * epsilon + angle
    }
  }

  /// y = x − ζ of an S0 abscissa.
  func centred(_ x: Double) -> Double { beta == 0 ? x : x + beta * tangent }

  /// √(1 + β²tan²(πα/2)) = 1/cos(αθ₀).
  var modulus: Double { (1 + beta * beta * tangent * tangent).squareRoot() }

  /// κ = −εT = ε/tan(πε/2) and dκ/dα: what is smooth through α = 1 of the tangent.
  var kappa: (value: Double, slope: Double) {
    let angle = .pi / 2 * epsilon
    let value = -epsilon * tangent
    // sin 2a − 2a, by its series where the difference would cancel.
    let b = 2 * angle
    let square = b * b
    let gap =
      abs(angle) > 0.3
      ? Double.sin(b) - b
      : -b * square / 6
        * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (1 - square / 110))))
    let sine = Double.sin(angle)
    return (value, gap / (2 * sine * sine))
  }
}
