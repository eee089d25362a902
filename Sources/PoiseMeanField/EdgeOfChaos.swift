public import PoiseModel
public import PoiseNumerics
import RealModule
import Synchronization

/// A point of the edge of chaos: χ₁ = 1 at the length q that the two variances have as fixed point.
public struct CriticalPoint: Sendable, Equatable {
  /// q; nil for a homogeneous φ, which preserves every length.
  public let length: Double?
  /// σ_w².
  public let weightVariance: Double
  /// σ_b².
  public let biasVariance: Double
  /// χ_q: below 1 the length q attracts.
  public let chiQ: Double
}

/// Where an ensemble of one activation can be critical.
public enum CriticalLineShape: Sendable, Equatable {
  /// One point σ_w² = 2/(a₊² + a₋²), σ_b = 0, with q free.
  case point(weightVariance: Double)
  /// A line parametrised by q, over the given ranges of q (ascending) in which σ_b² ≥ 0.
  case line(lengths: [ClosedRange<Double>])
  /// σ_b² would be negative for every q: this activation has no edge of chaos.
  case none
}

/// The edge of chaos of an activation, parametrised by the length q:
///
///     σ_w²(q) = 1/μ₁(q),   σ_b²(q) = q − E φ²/μ₁(q).
///
/// The difference for σ_b² loses its digits at small q. It is therefore computed from
/// ψ = φ − b x, b = E[uφ]/q: then σ_b² μ₁ = q E ψ′² − E ψ², a sum over Hermite orders k ≥ 2 of
/// (k − 1) c_k², less c₀² (`docs/theory/mean-field.md`).
public struct EdgeOfChaos: Sendable {
  /// φ.
  public let activation: Activation

  /// The points at the lengths of the grid that every search begins with: found once.
  private let scanned = Scan()

  private final class Scan: Sendable {
    let points = Mutex<[CriticalPoint?]?>(nil)
  }

  /// The edge of chaos of φ; nothing is searched before it is asked for.
  public init(_ activation: Activation) { self.activation = activation }

  /// Range of q that is searched.
  static let searchRange = (lower: 1e-10, upper: 1e6)

  /// The point at q > 0; nil where σ_b² would be negative.
  public func point(atLength length: Double) -> CriticalPoint? {
    if let slopes = activation.function.homogeneousSlopes {
      return homogeneousPoint(slopes)
    }
    let moments = activation.moments(length: length)
    guard moments.slopeSquared > 0 else { return nil }
    // Where little cancels the plain difference is as good, and right for oscillating φ too.
    let plain = length - moments.valueSquared / moments.slopeSquared
    let bias =
      abs(plain) > 0.1 * length ? plain : biasNumerator(length: length) / moments.slopeSquared
    guard bias >= 0 else { return nil }
    return CriticalPoint(
      length: length, weightVariance: 1 / moments.slopeSquared, biasVariance: bias,
      chiQ: moments.lengthSlope / moments.slopeSquared)
  }

  /// σ_b² μ₁ = q E ψ′² − E ψ², full relative accuracy at small q.
  private func biasNumerator(length: Double) -> Double {
    let function = activation.function
    let rule = activation.rule(length: length)
    let value0 = function.value(0)
    // A slope jump at 0 is B|u|, which adds nothing to the sum but −4 B q φ(0) p(0): left out too.
    let bend = function.slopeJumps.reduce(0) { $0 + ($1.at == 0 ? $1.jump / 2 : 0) }
    let deviations = rule.nodes.map { u in
      let (value, derivative) = function.deviation(u)
      return (value: value - bend * abs(u), derivative: derivative - (u < 0 ? -bend : bend))
    }
    var tilt = 0.0
    for (index, u) in rule.nodes.enumerated() {
      tilt += rule.weights[index] * deviations[index].value * u
    }
    tilt /= length
    var (slopes, values) = (0.0, 0.0)
    for (index, u) in rule.nodes.enumerated() {
      let value = value0 + deviations[index].value - tilt * u
      let slope = deviations[index].derivative - tilt
      values += rule.weights[index] * value * value
      slopes += rule.weights[index] * slope * slope
    }
    let jump = -4 * bend * value0 * length / (2 * .pi * length).squareRoot()
    return length * slopes - values + jump
  }

  private func homogeneousPoint(_ slopes: (minus: Double, plus: Double)) -> CriticalPoint {
    let sum = slopes.minus * slopes.minus + slopes.plus * slopes.plus
    return CriticalPoint(length: nil, weightVariance: 2 / sum, biasVariance: 0, chiQ: 1)
  }

  /// What the critical set looks like.
  public func shape() -> CriticalLineShape {
    if let slopes = activation.function.homogeneousSlopes {
      return .point(weightVariance: homogeneousPoint(slopes).weightVariance)
    }
    var ranges: [ClosedRange<Double>] = []
    var start: Double?
    let grid = Self.grid
    for (index, (length, point)) in zip(grid, gridPoints()).enumerated() {
      if point != nil {
        if start == nil {
          start = index == 0 ? length : signChange(from: grid[index - 1], to: length)
        }
      } else if let first = start {
        ranges.append(first...signChange(from: length, to: grid[index - 1]))
        start = nil
      }
    }
    if let first = start { ranges.append(first...Self.searchRange.upper) }
    return ranges.isEmpty ? .none : .line(lengths: ranges)
  }

  private static let grid: [Double] = stride(
    from: Double.log(searchRange.lower), through: Double.log(searchRange.upper) + 1e-9,
    by: Double.log(10) / 6
  ).map { .exp($0) }

  /// The point at every length of the grid.
  private func gridPoints() -> [CriticalPoint?] {
    scanned.points.withLock { known in
      if let known { return known }
      let points = Self.grid.map { point(atLength: $0) }
      known = points
      return points
    }
  }

  /// The length next to `inside` at which σ_b² reaches zero on the way to `outside`.
  private func signChange(from outside: Double, to inside: Double) -> Double {
    var (out, into) = (Double.log(outside), Double.log(inside))
    while abs(out - into) > 4e-16 * abs(into) + 1e-15 {
      let middle = (out + into) / 2
      if middle == out || middle == into { break }
      if point(atLength: .exp(middle)) != nil { into = middle } else { out = middle }
    }
    return .exp(into)
  }

  /// All critical points with a given bias variance, by ascending length.
  /// - Throws: `outOfRange` for a negative variance.
  public func points(biasVariance: Double) throws(PoiseError) -> [CriticalPoint] {
    let target = try biasVariance.checked("bias variance", in: 0...1e12)
    if let slopes = activation.function.homogeneousSlopes {
      return target == 0 ? [homogeneousPoint(slopes)] : []
    }
    if target == 0 { return biaslessPoints() }
    let found = try solve { point in Double.log(point.biasVariance / target) }
    guard found.isEmpty, target < 1e-12 else { return found }
    // Below the rounding of σ_b² at the end of a line that does not start at q = 0.
    return biaslessPoints().filter { $0.length != 0 }
  }

  /// All critical points with a given weight variance, by ascending length.
  /// - Throws: `outOfRange` for a variance that is not positive.
  public func points(weightVariance: Double) throws(PoiseError) -> [CriticalPoint] {
    let target = try weightVariance.checked("weight variance", in: 1e-12...1e12)
    if let slopes = activation.function.homogeneousSlopes {
      let point = homogeneousPoint(slopes)
      return abs(point.weightVariance - target) <= 1e-12 * target ? [point] : []
    }
    return try solve { point in Double.log(point.weightVariance / target) }
  }

  /// σ_b = 0: the end q → 0 of a line through the origin (φ(0) = 0, σ_w² = 1/φ′(0)²), and the
  /// lengths at which σ_b² leaves or enters the positive range.
  private func biaslessPoints() -> [CriticalPoint] {
    guard case .line(let ranges) = shape() else { return [] }
    return ranges.flatMap { range -> [CriticalPoint] in
      var ends: [CriticalPoint] = []
      if range.lowerBound <= Self.searchRange.lower {
        let limit = activation.moments(length: 0)
        if limit.valueSquared == 0, limit.slopeSquared > 0 {
          ends.append(
            CriticalPoint(
              length: 0, weightVariance: 1 / limit.slopeSquared, biasVariance: 0,
              chiQ: limit.lengthSlope / limit.slopeSquared))
        }
      } else if let start = point(atLength: range.lowerBound) {
        ends.append(Self.withoutBias(start))
      }
      if range.upperBound < Self.searchRange.upper, let end = point(atLength: range.upperBound) {
        ends.append(Self.withoutBias(end))
      }
      return ends
    }
  }

  private static func withoutBias(_ point: CriticalPoint) -> CriticalPoint {
    CriticalPoint(
      length: point.length, weightVariance: point.weightVariance, biasVariance: 0,
      chiQ: point.chiQ)
  }

  /// Every length in the searched range at which `excess` of the critical point vanishes.
  func solve(_ excess: (CriticalPoint) -> Double) throws(PoiseError) -> [CriticalPoint] {
    var found: [CriticalPoint] = []
    var last: (t: Double, value: Double)?
    var outside: Double?
    for (length, point) in zip(Self.grid, gridPoints()) {
      guard let point else {
        if let inside = last {
          // The line leaves σ_b² ≥ 0 within this step: its last piece ends there.
          let end = Double.log(signChange(from: length, to: .exp(inside.t)))
          try search(from: inside, to: end, excess, &found)
        }
        (last, outside) = (nil, length)
        continue
      }
      let here = (t: Double.log(length), value: excess(point))
      if last == nil, let before = outside {
        let start = Double.log(signChange(from: before, to: length))
        last = self.point(atLength: .exp(start)).map { (start, excess($0)) }
      }
      if let last { try search(from: last, to: here.t, excess, &found) }
      if here.value == 0 { found.append(point) }
      last = here
    }
    return found
  }

  /// The root between two lengths of one piece of the line, if the excess changes sign there.
  private func search(
    from last: (t: Double, value: Double), to end: Double, _ excess: (CriticalPoint) -> Double,
    _ found: inout [CriticalPoint]
  ) throws(PoiseError) {
    guard let point = point(atLength: .exp(end)) else { return }
    let value = excess(point)
    guard last.value != 0, value != 0, (last.value < 0) != (value < 0) else { return }
    let root = try bracketedRoot(from: last.t, to: end) { t in
      self.point(atLength: .exp(t)).map(excess) ?? -.infinity
    }
    if let point = self.point(atLength: .exp(root.value)) { found.append(point) }
  }

  /// The half-stable point χ₁ = χ_q = 1 with the largest length, where E φφ″ = 0 (Roberts, Yaida,
  /// Hanin 2021); nil if the line is stable throughout, unstable throughout, or absent.
  public func halfStablePoint() throws(PoiseError) -> CriticalPoint? {
    guard activation.function.homogeneousSlopes == nil else { return nil }
    // As q → 0 every χ_q tends to 1, for hard_tanh faster than rounding: a zero of χ_q − 1 counts
    // only where it is a change of sign that can be seen.
    return try solve { point in point.chiQ - 1 }.last { point in
      guard let length = point.length, let below = self.point(atLength: 0.9 * length),
        let above = self.point(atLength: 1.1 * length)
      else { return false }
      return (below.chiQ - 1) * (above.chiQ - 1) < 0
        && min(abs(below.chiQ - 1), abs(above.chiQ - 1)) > 1e-9
    }
  }

  /// β = 2μ₁/(q E φ″²): on the critical line the gap 1 − c decays as β/layer. Nil where φ′ jumps,
  /// for then it decays as layer⁻², and where φ is linear.
  public func correlationDecayCoefficient(atLength length: Double) -> Double? {
    let function = activation.function
    guard length > 0, function.slopeJumps.isEmpty else { return nil }
    let rule = GaussianRule(length: length, kinks: function.kinks)
    let curvature = rule.average { u in
      let second = function.secondDerivative(u)
      return second * second
    }
    guard curvature > 0 else { return nil }
    return 2 * activation.moments(length: length).slopeSquared / (length * curvature)
  }
}

extension NetworkEnsemble {
  /// Which variance is moved to the edge of chaos.
  public enum VariedVariance: Sendable { case weightVariance, biasVariance }

  /// The same ensemble with one variance changed so that χ₁ = 1; the point of smallest attracting
  /// length is taken if there are several.
  /// - Throws: `noAnswer` if there is no critical point with the other variance, or no variance.
  public func atEdgeOfChaos(varying which: VariedVariance) throws(PoiseError) -> NetworkEnsemble {
    try requireSecondMoments()
    let edge = EdgeOfChaos(activation)
    let points =
      which == .weightVariance
      ? try edge.points(biasVariance: biasVariance)
      : try edge.points(weightVariance: weightVariance)
    guard let point = points.first(where: { $0.chiQ <= 1 + 1e-12 }) ?? points.first else {
      let kept = which == .weightVariance ? "σ_b² = \(biasVariance)" : "σ_w² = \(weightVariance)"
      throw PoiseError(
        .noAnswer, quantity: "edge of chaos of \(activation.name)", value: "none at \(kept)",
        allowed: "a variance at which the critical line exists",
        suggestion: "look at the whole line with `poise phase`")
    }
    return try NetworkEnsemble(
      activation: activation, weights: weights.with(variance: point.weightVariance),
      biases: .gaussian(variance: point.biasVariance))
  }
}
