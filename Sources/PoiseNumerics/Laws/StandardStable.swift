import RealModule

/// The standard law of (α, β): scale 1, S0 location 0. Chooses among the formulas, each where it is
/// accurate to rounding: series in the tail and about ζ, Zolotarev's nodes, the rotated contour.
final class StandardStable: Sendable {
  let alpha, beta: Double
  private let sides: (positive: Half, negative: Half)
  /// |α − 1| < 0.1.
  private let nearOne: Bool

  struct Half: Sendable {
    let side: StableSide
    let series: StableSeries
    let nodes: ZolotarevNodes?
    /// Contours of the octaves from `firstOctave` on, made ahead for the common abscissae.
    let contours: [RotatedContour]
    let firstOctave: Int
    /// From this |x| on the contour serves.
    let contourFrom: Double
  }

  /// ln f, f, P(X > x), P(X ≤ x).
  struct Values {
    var logDensity: Double
    var density: Double
    var survival, cumulative: Double
  }

  init(alpha: Double, beta: Double) {
    self.alpha = alpha
    self.beta = beta
    nearOne = alpha != 2 && abs(alpha - 1) < ZolotarevNodes.nearOne
    let positive = Self.half(alpha, beta)
    sides = (positive, beta == 0 ? positive : Self.half(alpha, -beta))
  }

  /// The formulas of one side. Near α = 1 the contour serves everywhere if |β| is small too, where no
  /// Zolotarev path is, and for large |x| otherwise; only on the light side of |β| → 1, where
  /// the density is exponentially small, it would be all cancellation.
  private static func half(_ alpha: Double, _ beta: Double) -> Half {
    let side = StableSide(alpha: alpha, beta: beta)
    let series = StableSeries(side)
    let near = abs(alpha - 1) < ZolotarevNodes.nearOne
    guard alpha != 2 else {
      return Half(
        side: side, series: series, nodes: nil, contours: [], firstOctave: 0, contourFrom: .infinity
      )
    }
    guard near else {
      return Half(
        side: side, series: series, nodes: ZolotarevNodes(side), contours: [], firstOctave: 0,
        contourFrom: .infinity)
    }
    let small = abs(beta) < 0.1
    let from: Double =
      if small {
        0
      } else if beta > 0 {
        0.5
      } else {
        // The far side of ζ has no Zolotarev path of moderate slope either.
        contourOnLightSide(side)
      }
    let first = RotatedContour.octave(from.isFinite ? from : 1)
    let last = series.tailFrom < 1e4 ? RotatedContour.octave(series.tailFrom) : 14
    let contours =
      last < first || !from.isFinite
      ? [] : (first...last).map { RotatedContour(alpha: alpha, beta: beta, octave: $0) }
    return Half(
      side: side, series: series, nodes: small ? nil : ZolotarevNodes(side), contours: contours,
      firstOctave: first, contourFrom: from)
  }

  /// From where the contour serves on the light side, β < 0, near α = 1. The density is a (1 + β)th of
  /// the terms there, so the closer |β| to 1, the longer the positive integrand is preferred.
  private static func contourOnLightSide(_ side: StableSide) -> Double {
    guard side.beta > -1 else { return .infinity }
    let close = 1 + side.beta < 1e-6
    let zeta = side.epsilon < 0 ? abs(side.beta * side.tangent) : .infinity
    return min(close ? 0.98 * zeta : 0.5 * zeta, close ? 30 : 10)
  }

  /// All values at the S0 abscissa x; `y` = x − ζ if it is known better than by subtraction.
  ///
  /// - Parameter densityOnly: leave out the two probabilities, for speed.
  func values(_ x: Double, y given: Double? = nil, densityOnly: Bool = false) -> Values {
    if alpha == 2 { return Self.gaussian(x) }
    if nearOne, abs(x) >= (x < 0 ? sides.negative : sides.positive).contourFrom {
      return x < 0
        ? Self.reflected(contour(sides.negative, -x)) : contour(sides.positive, x)
    }
    let y = given ?? sides.positive.side.centred(x)
    if y == 0 { return atCentre() }
    return y < 0
      ? Self.reflected(zolotarev(sides.negative, -x, y: -y, densityOnly))
      : zolotarev(sides.positive, x, y: y, densityOnly)
  }

  private static func reflected(_ v: Values) -> Values {
    Values(
      logDensity: v.logDensity, density: v.density, survival: v.cumulative,
      cumulative: v.survival)
  }

  /// N(0, 2).
  private static func gaussian(_ x: Double) -> Values {
    let log = -x * x / 4 - 0.5 * Double.log(4 * .pi)
    return Values(
      logDensity: log, density: .exp(log), survival: .erfc(x / 2) / 2,
      cumulative: .erfc(-x / 2) / 2)
  }

  /// f(ζ) = Γ(1 + 1/α) cos θ₀ cos(αθ₀)^(1/α)/π.
  private func atCentre() -> Values {
    let side = sides.positive.side
    // ζ is the end of the support of a one-sided law.
    guard side.q > 0, side.width > 0, alpha > 1 || abs(beta) < 1 else {
      return Values(
        logDensity: -.infinity, density: 0, survival: 1 - side.below, cumulative: side.below)
    }
    let log =
      Double.logGamma(1 + 1 / alpha) + .log(.sin(side.q) / .pi) - .log(side.modulus) / alpha
    return Values(
      logDensity: log, density: .exp(log), survival: 1 - side.below, cumulative: side.below)
  }

  /// |α − 1| < 0.1, where ζ is far away.
  var isNearOne: Bool { nearOne }

  /// y = x − ζ.
  func centred(_ x: Double) -> Double { sides.positive.side.centred(x) }

  /// The formulas for y > 0 and those of the mirrored law for y < 0.
  func half(positive: Bool) -> Half { positive ? sides.positive : sides.negative }

  /// Whether y = x − ζ is the abscissa to solve in (else x itself).
  var centresOnZeta: Bool { !nearOne }

  /// A centre and a width of the bulk: ζ and 1/f(ζ), or 0 and 1 near α = 1.
  var middle: (centre: Double, width: Double) {
    guard centresOnZeta, alpha != 2 else { return (0, 1) }
    let zeta = beta == 0 ? 0 : -beta * sides.positive.side.tangent
    let density = atCentre().density
    return (zeta, density > 0 ? min(1, 1 / density) : 1)
  }

  private func zolotarev(
    _ half: Half, _ x: Double, y: Double, _ densityOnly: Bool
  ) -> Values {
    let (side, series) = (half.side, half.series)
    guard side.width > 0 else {
      return Values(logDensity: -.infinity, density: 0, survival: 0, cumulative: 1)
    }
    if y >= series.tailFrom {
      let v = series.tailValues(y)
      return Values(
        logDensity: v.logDensity, density: v.density, survival: v.tail, cumulative: 1 - v.tail)
    }
    if y <= series.centreTo {
      let v = series.centreValues(y)
      let (survival, cumulative) = (1 - side.below - v.inner, side.below + v.inner)
      return Values(
        logDensity: .log(v.density), density: v.density, survival: survival,
        cumulative: cumulative)
    }
    let v = half.nodes!.values(x, y: y, densityOnly: densityOnly)
    // g overflows at every node: nothing is left out here, of the density not even its logarithm.
    guard v.reference.isFinite, !v.density.isNaN, !v.tail.isNaN, !v.inner.isNaN else {
      let isTail = side.epsilon > 0
      return Values(
        logDensity: -.infinity, density: 0, survival: isTail ? 0 : 1 - side.below,
        cumulative: isTail ? 1 : side.below)
    }
    let decay = Double.exp(-v.reference)
    var values = Values(
      // So deep that no node is within rounding of the least g: ln f = −g to 16 digits.
      logDensity: (v.density > 0 ? .log(v.density) : 0) - v.reference,
      density: v.density * decay, survival: 0, cumulative: 0)
    if densityOnly { return values }
    // One of the two integrals converges fast; where it is nearly 1, so does the other.
    let missing = side.width / .pi * -Double.expMinusOne(-v.least)
    if side.epsilon > 0 {
      values.survival = v.tail * decay
      values.cumulative =
        values.survival < 0.9 ? 1 - values.survival : side.below + v.inner * decay + missing
    } else {
      values.cumulative = side.below + v.inner * decay
      values.survival =
        values.cumulative < 0.9 ? 1 - values.cumulative : v.tail * decay + missing
    }
    return values
  }

  private func contour(_ half: Half, _ x: Double) -> Values {
    let y = half.side.centred(x)
    if y >= half.series.tailFrom {
      let v = half.series.tailValues(y)
      return Values(
        logDensity: v.logDensity, density: v.density, survival: v.tail, cumulative: 1 - v.tail)
    }
    let octave = RotatedContour.octave(x)
    let index = octave - half.firstOctave
    let contour =
      index < half.contours.count
      ? half.contours[index]
      : RotatedContour(alpha: alpha, beta: half.side.beta, octave: octave)
    let v = contour.values(x)
    return Values(
      logDensity: .log(v.density), density: v.density, survival: v.survival,
      cumulative: 1 - v.survival)
  }
}
