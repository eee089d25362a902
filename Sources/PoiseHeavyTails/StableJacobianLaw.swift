import ComplexModule
import PoiseModel
public import PoiseNumerics
import RealModule

/// The law of the singular values s of one layer's Jacobian J = D W, D = diag φ′(h), at infinite width and
/// stable weights (Belinschi, Dembo and Guionnet 2009 for the closure; Qu, Wardak and Gong 2022).
///
/// In physical units, with κ = |φ′(h)|^α, a(s) = e^{iπα/2} Γ(α) Γ(α/2)^{−2} (σ_w/s)^α and γ = rows/columns:
///
///     1 − h(Y) = γ (1 − E h(κw)),   Y w = (2a/α)(1 − h(Y)),   f(s) = −(2/πs) Im h(Y)  per column,
///
/// h of `ResolventAverage`. D is independent of W here. In a network with α < 2 a large weight saturates its own
/// unit: the bulk is described, the largest singular values are smaller. The equations hold on the real axis
/// and are Marchenko and Pastur's at α = 2.
/// `docs/theory/heavy-tails.md` gives the derivation and the numerics.
public struct StableJacobianLaw: Sendable {
  /// α.
  public let alpha: Double
  /// σ_w.
  public let scale: Double
  /// γ = rows/columns of J; the entries have scale σ_w (2 columns)^{−1/α}.
  public let aspect: Double
  /// M_α = E |φ′(h)|^α.
  public let slopeMoment: Double
  /// Share of the min(rows, columns) singular values that are 0: units with φ′ = 0.
  public let zeroMass: Double
  /// ln of the largest |φ′(h)|.
  let largestLogSlope: Double
  private let powers: SlopePowers
  private let rows: ResolventAverage
  private let columns: ResolventAverage

  /// The Jacobian of a layer.
  ///
  /// - Parameters:
  ///   - logScale: ln S of the preactivations; by default that of the fixed point.
  ///   - aspect: rows/columns, 1e-3 to 1e3.
  /// - Throws: `noAnswer` without a fixed point where no scale is given, and for layers that are not square at
  ///   α above 1.95 (tall ones have α = 2 too); `outOfRange`.
  public init(
    of theory: HeavyTailMeanField, logScale: Double? = nil, aspect: Double = 1
  ) throws(PoiseError) {
    let place: Double
    if let logScale {
      place = logScale
    } else {
      place = try theory.fixedLength().logScale
    }
    let powers = SlopePowers(
      theory.activation, density: theory.density, logScale: place, hasGap: aspect < 1)
    try self.init(powers, alpha: theory.alpha, scale: theory.scale, aspect: aspect)
  }

  /// W alone: φ′ = 1.
  public init(alpha: Double, scale: Double, aspect: Double = 1) throws(PoiseError) {
    let alpha = try alpha.checked("alpha", in: 0.1...2)
    try self.init(SlopePowers(alpha: alpha), alpha: alpha, scale: scale, aspect: aspect)
  }

  private init(
    _ powers: SlopePowers, alpha: Double, scale: Double, aspect: Double
  ) throws(PoiseError) {
    self.alpha = alpha
    self.scale = try scale.checked("scale", in: 1e-3...1e4)
    guard aspect >= 1e-3, aspect <= 1e3 else {
      throw PoiseError(
        .outOfRange, quantity: "rows/columns of the Jacobian", value: "\(aspect)",
        allowed: "1e-3 to 1e3")
    }
    // Beside the gap of such a law the integrals of `ResolventAverage` close more slowly the nearer α is to 2;
    // at 2 a wide layer needs E 1/(1 + κw) beside the negative real axis.
    let isGaussian = alpha == 2 && (aspect > 1 || powers.smallest == powers.largest)
    guard aspect == 1 || alpha <= 1.95 || isGaussian else {
      throw PoiseError(
        .noAnswer, quantity: "singular values of a layer that is not square",
        value: "alpha \(alpha)", allowed: "alpha up to 1.95",
        suggestion: "--weights gaussian with --weight-variance and --width 800/400")
    }
    self.aspect = aspect
    self.powers = powers
    slopeMoment = powers.moment(1)
    largestLogSlope = powers.largest / alpha
    guard slopeMoment > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "singular values of the Jacobian", value: "φ′ = 0 everywhere",
        allowed: "an activation with slopes")
    }
    rows = ResolventAverage(powers, alpha: alpha)
    columns = ResolventAverage(SlopePowers(alpha: alpha), alpha: alpha)
    let (count, least) = (aspect * (1 - powers.zeroMass), min(aspect, 1))
    zeroMass = max(0, 1 - min(count, 1) / least)
  }

  /// B in f(s) → B s^{−1−α}: the largest entries, Γ(1+α) sin(πα/2)/π · σ_w^α M_α; 0 at α = 2.
  public var tailConstant: Double {
    alpha == 2
      ? 0 : 2 * StableTail.density(alpha) * .pow(scale, alpha) * slopeMoment * max(aspect, 1)
  }

  /// Share of the units with |φ′(h)| below a value: singular values much smaller than the rest are theirs.
  public func share(ofSlopesBelow slope: Double) -> Double {
    let level = alpha * .log(slope)
    var above = 0.0
    for index in powers.weights.indices where powers.logarithms[index] >= level {
      above += powers.weights[index]
    }
    return max(0, 1 - above)
  }

  /// f(s), density per unit of s of the min(rows, columns) singular values.
  ///
  /// - Parameter s: 1e-5 σ_w to 1e8 σ_w; below, rounding would show.
  /// - Throws: `notConverged` where Newton's method does not close; `outOfRange`.
  public func density(_ s: Double) throws(PoiseError) -> Double {
    try densities([s])[0]
  }

  /// f at many s, in any order.
  public func densities(_ values: [Double]) throws(PoiseError) -> [Double] {
    for s in values {
      _ = try s.checked("singular value", in: 1e-5 * scale...1e8 * scale)
    }
    let closure = JacobianClosure(
      alpha: alpha, scale: scale, aspect: aspect, rows: rows, columns: columns)
    let order = values.indices.sorted { values[$0] > values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var previous: JacobianClosure.Point?
    for index in order {
      guard let point = closure.solve(at: .log(values[index]), after: previous) else {
        throw PoiseError(
          .notConverged, quantity: "density of singular values", value: "s = \(values[index])",
          allowed: "a solution of the closure", suggestion: "a value nearby")
      }
      previous = point
      result[index] = closure.density(point)
    }
    return result
  }

  /// What this law takes for granted.
  public static let assumptions = [
    "layers are infinitely wide",
    "slopes φ′(h) are independent of the weights: at α < 2 the largest singular values of a real layer "
      + "are smaller",
  ]
  /// Where it comes from.
  public static let sources = [
    "Belinschi, Dembo, Guionnet 2009, arXiv:0811.1587", "Qu, Wardak, Gong 2022, arXiv:2203.12967",
  ]
}
