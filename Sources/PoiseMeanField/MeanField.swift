public import PoiseModel
public import PoiseNumerics
import RealModule

/// The theory of an ensemble at infinite width (Poole et al. 2016, Schoenholz et al. 2017):
/// lengths, correlations and gradients of signals as they pass through the layers.
///
/// ```swift
/// let theory = try MeanField(of: ensemble)
/// let point = try theory.fixedPoint()
/// print(point.length, point.chi1, point.phase)
/// ```
public struct MeanField: Sendable {
  /// The ensemble that is described.
  public let ensemble: NetworkEnsemble
  /// How lengths propagate.
  public let lengthMap: LengthMap

  /// - Parameters:
  ///   - ensemble: the law of weights and biases, and φ.
  ///   - keep: dropout keep probability p in (0, 1], on the activations.
  ///   - residual: weight a ≥ 0 of an identity branch h' = a h + W φ(h) + b.
  /// - Throws: `outOfRange` for p or a outside their ranges; `noAnswer` without second moments.
  public init(
    of ensemble: NetworkEnsemble, keep: Double, residual: Double = 0
  ) throws(PoiseError) {
    guard keep > 0, keep <= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "keep probability", value: "\(keep)", allowed: "above 0, at most 1")
    }
    _ = try residual.checked("residual weight", in: 0...1e6)
    try ensemble.requireSecondMoments()
    self.ensemble = ensemble
    lengthMap = LengthMap(ensemble, keep: keep, residual: residual)
  }

  /// The theory of a plain network.
  /// - Throws: `noAnswer` for stable laws with α < 2, whose second moments diverge.
  public init(of ensemble: NetworkEnsemble) throws(PoiseError) {
    try ensemble.requireSecondMoments()
    self.ensemble = ensemble
    lengthMap = LengthMap(ensemble)
  }

  /// How correlations propagate between inputs of length q > 0.
  public func correlationMap(atLength length: Double) -> CorrelationMap {
    CorrelationMap(lengthMap, length: length)
  }

  /// Where signals and gradients go: the fixed point reached by a typical input, or how its length
  /// diverges, or that it is preserved.
  /// - Throws: `noAnswer` if φ is not a number somewhere on the way.
  public func outcome() throws(PoiseError) -> Outcome {
    try outcome(among: lengthMap.fixedPoints())
  }

  /// The same, where all fixed points of the length map are at hand.
  /// - Parameter points: ascending, as `LengthMap.fixedPoints()` gives them.
  public func outcome(among points: [LengthFixedPoint]) throws(PoiseError) -> Outcome {
    switch lengthMap.fate(of: points) {
    case .settles(let point):
      return .fixedPoint(try describe(point, among: points))
    case .preserved:
      return .marginal(chi1: lengthMap.slopeAtInfinity)
    case .diverges(let growth):
      return .diverging(
        growth, chi1: lengthMap.slopeAtInfinity,
        repelling: points.last { $0.stability == .repelling }?.length)
    }
  }

  /// The description of a length that is known to be fixed and critical, c* = 1, where a typical
  /// input would settle at another one.
  public func outcome(atFixedLength length: Double) -> Outcome {
    let chi1 = lengthMap.chi1(length)
    let point = LengthFixedPoint(length: length, slope: lengthMap.slope(length))
    return .fixedPoint(
      FixedPoint(
        length: length, chi1: chi1, chiQ: point.slope, correlationGap: 0, correlation: 1,
        chiC: chi1, allLengths: [point]))
  }

  /// The fixed point reached by a typical input.
  /// - Throws: `noAnswer` where lengths diverge or are all preserved; `outcome()` describes these.
  public func fixedPoint() throws(PoiseError) -> FixedPoint {
    let outcome = try outcome()
    guard case .fixedPoint(let point) = outcome else {
      throw PoiseError(
        .noAnswer, quantity: "length fixed point of \(ensemble.activation.name)",
        value: outcome.phase.rawValue,
        allowed: "an ensemble whose lengths settle (σ_w² below \(2 / slopeSum))",
        suggestion: "a smaller weight variance, or read the outcome instead")
    }
    return point
  }

  private var slopeSum: Double {
    let (minus, plus) = ensemble.activation.function.slopesAtInfinity
    return minus * minus + plus * plus
  }

  private func describe(
    _ point: LengthFixedPoint, among points: [LengthFixedPoint]
  ) throws(PoiseError) -> FixedPoint {
    let chi1 = lengthMap.chi1(point.length)
    var (gap, chiC) = (0.0, chi1)
    var correlation = 1.0
    if point.length > 0, lengthMap.keep < 1 || chi1 > 1 + 1e-12 {
      let map = correlationMap(atLength: point.length)
      gap = try map.fixedPoint().gap
      chiC = map.exactSlope(ensemble.activation, gap: gap)
      let mean = ensemble.activation.means(length: point.length).value
      correlation = map.correlation(
        atGap: gap, meanSquared: mean * mean > 1e-30 ? mean * mean : 0,
        biasVariance: ensemble.biasVariance)
    }
    return FixedPoint(
      length: point.length, chi1: chi1, chiQ: point.slope, correlationGap: gap,
      correlation: correlation, chiC: chiC, allLengths: points)
  }

  /// A fixed point of signal propagation with all that follows from it.
  public struct FixedPoint: Sendable, Equatable {
    /// q*, mean squared preactivation; 0 where signals die out.
    public let length: Double
    /// χ₁ at q*.
    public let chi1: Double
    /// χ_q = V′(q*).
    public let chiQ: Double
    /// 1 − c*, without cancellation.
    public let correlationGap: Double
    /// c*, to which the correlation of two inputs tends: 1 in the ordered phase.
    public let correlation: Double
    /// C′(c*): growth per layer of a deviation from c*.
    public let chiC: Double
    /// All fixed points of the length map, ascending.
    public let allLengths: [LengthFixedPoint]

    /// ξ_q: layers over which lengths settle.
    public var lengthDepth: DepthScale { DepthScale(growth: abs(chiQ)) }
    /// ξ_c: layers over which correlations settle.
    public var correlationDepth: DepthScale { DepthScale(growth: chiC) }
    /// ordered, critical or chaotic.
    public var phase: Phase { Phase(chi1: chi1) }
  }

  /// What mean field says of an ensemble: a value even where there is no fixed point.
  public enum Outcome: Sendable, Equatable {
    /// Lengths settle.
    case fixedPoint(FixedPoint)
    /// A homogeneous φ at its critical variance without biases: every length is preserved.
    case marginal(chi1: Double)
    /// Lengths grow without bound; `repelling` is the length above which they do, if there is one.
    case diverging(LengthGrowth, chi1: Double, repelling: Double?)

    /// The phase in one word.
    public var phase: Phase {
      switch self {
      case .fixedPoint(let point): point.phase
      case .marginal: .marginal
      case .diverging: .diverging
      }
    }

    /// χ₁ at the fixed point, or for the large lengths of a divergent ensemble.
    public var chi1: Double {
      switch self {
      case .fixedPoint(let point): point.chi1
      case .marginal(let chi1), .diverging(_, let chi1, _): chi1
      }
    }

    /// The fixed point, if there is one.
    public var point: FixedPoint? {
      if case .fixedPoint(let point) = self { point } else { nil }
    }
  }

  /// What this theory takes for granted.
  public static let assumptions = [
    "layers are infinitely wide; corrections are of order depth/width",
    "weights and biases are independent of the data and of each other",
  ]
  /// Where it comes from.
  public static let sources = [
    "Poole et al. 2016, arXiv:1606.05340", "Schoenholz et al. 2017, arXiv:1611.01232",
  ]
}

/// The phase of an ensemble.
public enum Phase: String, Sendable, Codable, CaseIterable {
  /// χ₁ < 1: inputs become alike, gradients vanish.
  case ordered
  /// χ₁ = 1 to 1e-12: the edge of chaos.
  case critical
  /// χ₁ > 1: like inputs part, gradients explode.
  case chaotic
  /// Critical, and every length is preserved (homogeneous φ).
  case marginal
  /// Lengths grow without bound.
  case diverging

  /// The phase of a fixed point with χ₁.
  public init(chi1: Double) {
    self = abs(chi1 - 1) <= 1e-12 ? .critical : (chi1 < 1 ? .ordered : .chaotic)
  }
}
