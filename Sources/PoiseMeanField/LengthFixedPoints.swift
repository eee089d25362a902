import PoiseModel
public import PoiseNumerics
import RealModule

/// A length that the map V leaves alone.
public struct LengthFixedPoint: Sendable, Equatable {
  /// What a small deviation does.
  public enum Stability: String, Sendable, Codable { case attracting, marginal, repelling }
  /// q.
  public let length: Double
  /// χ_q = V′(q).
  public let slope: Double
  /// Attracting for |χ_q| < 1, marginal within 1e-12 of 1.
  public var stability: Stability {
    if abs(abs(slope) - 1) <= 1e-12 { return .marginal }
    return abs(slope) < 1 ? .attracting : .repelling
  }
}

/// How fast a length grows without bound.
public enum LengthGrowth: Sendable, Equatable {
  /// q ~ exp(rate · layer).
  case exponential(rate: Double)
  /// q ~ increment · layer.
  case linear(increment: Double)
  /// Slower than linearly: V(q) − q stays positive but tends to 0.
  case sublinear
  /// Faster than any exponential, or slower than any but without a bound: φ grows superlinearly.
  case superexponential
}

/// What becomes of the length of a typical input, started at q = 10⁻³.
public enum LengthFate: Sendable, Equatable {
  /// It settles at a fixed point, possibly 0.
  case settles(LengthFixedPoint)
  /// Every length is preserved: a homogeneous φ at its critical variance without biases.
  case preserved
  /// It grows without bound.
  case diverges(LengthGrowth)
}

extension LengthMap {
  /// Range of q that is searched for fixed points.
  static let searchRange = (lower: 1e-12, upper: 1e12)
  /// |V(q)/q − 1| below which its sign is not trusted.
  private static let resolvedExcess = 1e-13

  /// All fixed points, ascending, q = 0 included where it is one.
  ///
  /// V(q) − q is scanned on a logarithmic grid from 1e-12 to 1e12; sign changes are polished by
  /// Brent's method, and near-touching extrema are searched for hidden pairs.
  public func fixedPoints() throws(PoiseError) -> [LengthFixedPoint] {
    if activation.function.homogeneousSlopes != nil { return homogeneousFixedPoints() }
    var points = fixedPointsNearZero()
    let excess: (Double) -> Double = { t in
      let q = Double.exp(t)
      return (self(q) - q) / q
    }
    let grid = stride(
      from: Double.log(Self.searchRange.lower), through: Double.log(Self.searchRange.upper),
      by: Double.log(10) / 6
    ).map { (t: $0, value: excess($0)) }
    guard grid.allSatisfy({ !$0.value.isNaN }) else {
      throw PoiseError(
        .noAnswer, quantity: "length map of \(activation.name)", value: "not a number",
        allowed: "an activation that is finite at every finite x")
    }
    for index in 1..<grid.count {
      for t in try roots(of: excess, grid, at: index) {
        let q = Double.exp(t)
        points.append(LengthFixedPoint(length: q, slope: slope(q)))
      }
    }
    return points
  }

  /// q = 0 without biases, or the fixed point σ_b²/(1 − σ_w²φ′(0)²) when it lies below the grid.
  private func fixedPointsNearZero() -> [LengthFixedPoint] {
    let limit = activation.moments(length: 0)
    guard limit.valueSquared == 0 else { return [] }
    let slope = slope(limit)
    if biasVariance == 0 { return [LengthFixedPoint(length: 0, slope: slope)] }
    let length = biasVariance / (1 - slope)
    guard slope < 1, length < Self.searchRange.lower else { return [] }
    return [LengthFixedPoint(length: length, slope: slope)]
  }

  private func roots(
    of f: (Double) -> Double, _ grid: [(t: Double, value: Double)], at index: Int
  ) throws(PoiseError) -> [Double] {
    let (left, right) = (grid[index - 1], grid[index])
    // Where V(q) tends to q itself both ends are rounding, and so is a change of their sign.
    guard max(abs(left.value), abs(right.value)) > Self.resolvedExcess else { return [] }
    if right.value == 0 { return [right.t] }
    if left.value != 0, (left.value < 0) != (right.value < 0) {
      return [try bracketedRoot(from: left.t, to: right.t) { t in f(t) }.value]
    }
    // A near-touch inside: the middle of three grid values is the closest to zero.
    guard index >= 2, grid[index - 2].value != 0,
      (grid[index - 2].value < 0) == (left.value < 0), (left.value < 0) == (right.value < 0),
      abs(left.value) < abs(right.value), abs(left.value) < abs(grid[index - 2].value)
    else { return [] }
    let sign: Double = left.value < 0 ? -1 : 1
    let touch = goldenMinimum(from: grid[index - 2].t, to: right.t) { sign * f($0) }
    guard sign * f(touch) < 0 else { return [] }
    return [
      try bracketedRoot(from: grid[index - 2].t, to: touch) { t in f(t) }.value,
      try bracketedRoot(from: touch, to: right.t) { t in f(t) }.value,
    ]
  }

  private func homogeneousFixedPoints() -> [LengthFixedPoint] {
    let chi = slopeAtInfinity
    if biasVariance == 0 {
      return [LengthFixedPoint(length: 0, slope: chi)]
    }
    return chi < 1 ? [LengthFixedPoint(length: biasVariance / (1 - chi), slope: chi)] : []
  }

  /// Where a typical input goes: the first fixed point met from q = 10⁻³ in the direction of V.
  public func fate(of points: [LengthFixedPoint]) -> LengthFate {
    let chi = slopeAtInfinity
    if activation.function.homogeneousSlopes != nil {
      if biasVariance == 0, abs(chi - 1) <= 1e-12 { return .preserved }
      guard chi < 1, let point = points.last else {
        return .diverges(
          abs(chi - 1) <= 1e-12 ? .linear(increment: biasVariance) : .exponential(rate: .log(chi)))
      }
      return .settles(point)
    }
    let start = 1e-3
    let rises = self(start) > start
    let target =
      rises ? points.first { $0.length >= start } : points.last { $0.length <= start }
    if let target { return .settles(target) }
    if chi.isInfinite { return .diverges(.superexponential) }
    if chi > 1 + 1e-9 { return .diverges(.exponential(rate: .log(chi))) }
    // V(q) − q far out: a constant where φ saturates, decaying where it only tends to a line.
    let far = 1e8
    let increment = self(far) - far
    return .diverges(
      increment > 1e-3 ? .linear(increment: increment) : .sublinear)
  }
}

/// The place of a minimum of a function with one minimum in an interval, to 1e-9 of its width.
func goldenMinimum(from lower: Double, to upper: Double, _ f: (Double) -> Double) -> Double {
  let ratio = (5.0.squareRoot() - 1) / 2
  var (a, b) = (lower, upper)
  var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
  var (fc, fd) = (f(c), f(d))
  for _ in 0..<44 {
    if fc < fd {
      (b, d, fd) = (d, c, fc)
      c = b - ratio * (b - a)
      fc = f(c)
    } else {
      (a, c, fc) = (c, d, fd)
      d = a + ratio * (b - a)
      fd = f(d)
    }
  }
  return (a + b) / 2
}
