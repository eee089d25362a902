import PoiseModel
public import PoiseNumerics
import RealModule

extension HeavyTailMeanField {
  /// What becomes of the length of a signal after many layers.
  public enum Outcome: Sendable, Equatable {
    /// It settles at q* > 0. With α < 2, φ(0) = 0 and φ′(0) ≠ 0 it does so for every σ_w > 0.
    case settles(FixedLength)
    /// q* = 0: α = 2 below the edge.
    case dies
    /// E |φ(h)|^α diverges: no infinite-width limit; see `FiniteWidthGrowth`.
    case noInfiniteWidthLimit
  }

  /// A fixed point of the length map.
  public struct FixedLength: Sendable, Equatable {
    /// ln q*.
    public let logLength: Double
    /// d ln V/d ln q at q*, below 1: by this factor a small error of ln q shrinks in a layer.
    public let slope: Double
    /// ln S* = ln q*/α.
    public let logScale: Double
    /// q*; 0 where it is below the smallest number.
    public var length: Double { .exp(logLength) }
    /// Layers in which an error of ln q falls to 1/e.
    public var settlingDepth: Double { slope > 0 ? -1 / .log(slope) : 0 }
  }

  /// ln V(q), V(q) = σ_w^α E|φ(q^{1/α} Z)|^α + σ_b^α, at ln q.
  ///
  /// - Returns: good to 1e-12 of V (measured by reference tests), at any ln q down to −1e300.
  public func logLengthMap(_ logLength: Double) -> Double {
    let logScale = logLength / alpha
    let signal =
      alpha * .log(scale)
      + (rule.origin == 0
        ? logLength + .log(scaledLength(logScale))
        : .log(
          rule.average(
            unscaled(rule.length), below: rule.origin, logScale: logScale, density)))
    guard biasScale > 0 else { return signal }
    let bias = alpha * .log(biasScale)
    let high = max(signal, bias)
    return high + .log(onePlus: .exp(min(signal, bias) - high))
  }

  /// V(q).
  /// - Throws: `outOfRange` unless q > 0.
  public func lengthMap(_ length: Double) throws(PoiseError) -> Double {
    guard length > 0, length.isFinite else {
      throw PoiseError(.outOfRange, quantity: "length q", value: "\(length)", allowed: "above 0")
    }
    return .exp(logLengthMap(.log(length)))
  }

  /// Where a signal that does not start at 0 ends up: the largest fixed point.
  ///
  /// The root of ln V(q) − ln q is bracketed from above in ln q; iterating the map itself would take
  /// 1/ln(1/V′) layers, without bound as q* → 0.
  /// - Throws: `notConverged` if the bracket does not close.
  public func outcome() throws(PoiseError) -> Outcome {
    guard hasInfiniteWidthLimit else { return .noInfiniteWidthLimit }
    let g = { (x: Double) throws(PoiseError) -> Double in logLengthMap(x) - x }
    var high = alpha * .log(scale + biasScale)
    var doublings = 0
    while try g(high) >= 0 {
      high += 2
      doublings += 1
      // At α = 2 lengths of an unbounded φ may diverge: that is ordinary mean field.
      guard doublings < 200 else { return .noInfiniteWidthLimit }
    }
    var (low, step) = (high, 0.5)
    while try g(low) <= 0 {
      if low < -1e12 { return .dies }
      high = low
      low -= step
      step *= 1.5
      if diesBelow(low) { return .dies }
    }
    let root = try bracketedRoot(from: low, to: high, tolerance: 1e-13 * abs(low), g)
    guard root.converged else {
      throw PoiseError(
        .notConverged, quantity: "q*", value: "ln q* near \(root.value)", allowed: "a bracket")
    }
    return .settles(
      FixedLength(
        logLength: root.value, slope: relativeSlope(root.value), logScale: root.value / alpha))
  }

  /// The fixed point.
  /// - Throws: `noAnswer` where there is none, with the reason.
  public func fixedLength() throws(PoiseError) -> FixedLength {
    switch try outcome() {
    case .settles(let point): return point
    case .dies:
      throw PoiseError(
        .noAnswer, quantity: "q* of \(activation.name)", value: "0: signals die out",
        allowed: "α < 2, or σ_w |φ′(0)| above 1", suggestion: "a larger scale")
    case .noInfiniteWidthLimit:
      throw PoiseError(
        .noAnswer, quantity: "q* of \(activation.name)",
        value: "none: E |φ(h)|^\(alpha) diverges", allowed: "a bounded activation, such as tanh",
        suggestion: "the growth at finite width instead")
    }
  }

  /// The leading small-q law, σ_b = 0 and φ(0) = 0: ln q* = k − α/(2A (c σ_w)^α).
  ///
  /// From V(q)/q = (2A/α)(c σ_w)^α [ln(1/q) + k + o(1)], where both half-lines of the density count.
  /// k depends on α and φ alone.
  /// - Returns: nil at α = 2, with biases, or without a slope at the origin.
  public func smallLengthLaw() -> (logLength: Double, constant: Double)? {
    guard plateau > 0, biasScale == 0, rule.origin == 0, rule.slopeAtOrigin > 0 else { return nil }
    let deep = -200.0 - 80 / alpha
    let ratio = scaledLength(deep / alpha) / rule.slopeAtOrigin
    let constant = ratio * alpha / plateau + deep
    let slope = alpha / (plateau * rule.slopeAtOrigin * .pow(scale, alpha))
    return (constant - slope, constant)
  }

  /// M_α = E |φ′(h)|^α at ln S.
  public func slopeMoment(logScale: Double) -> Double {
    rule.average(rule.slope, below: rule.slopeAtOrigin, logScale: logScale, density)
  }

  private var plateau: Double { density.plateau }

  /// E |φ(h)|^α / q.
  private func scaledLength(_ logScale: Double) -> Double {
    rule.scaledAverage(rule.length, below: rule.slopeAtOrigin, logScale: logScale, density)
  }

  /// At α = 2 the ratio V/q has a limit at 0; below 1 nothing lives.
  private func diesBelow(_ logLength: Double) -> Bool {
    alpha == 2 && biasScale == 0 && rule.origin == 0 && logLength < -80
  }

  private func unscaled(_ values: [Double]) -> [Double] {
    zip(values, rule.nodes).map { $0 * .exp(alpha * $1) }
  }

  /// d ln V/d ln q = σ_w^α E[|φ|^α dln|φ|/dln h]/V.
  private func relativeSlope(_ logLength: Double) -> Double {
    let logScale = logLength / alpha
    let growth = rule.scaledAverage(
      rule.lengthSlope, below: rule.origin == 0 ? rule.slopeAtOrigin : 0, logScale: logScale,
      density)
    return .exp(alpha * .log(scale) + logLength - logLengthMap(logLength)) * growth
  }
}
