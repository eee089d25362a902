public import PoiseModel
public import PoiseNumerics
import RealModule

/// The initialisation that theory recommends for an activation at a given depth.
///
/// At the edge of chaos gradients neither vanish nor explode; what is left to choose is the length
/// q. A smaller q makes the network more isometric and more linear, so the largest q with
/// v = L r(q) ≤ v₀ is taken: the most non-linear network that is still isometric. v₀ = 1 was the
/// best of five values in training at depths 10 to 100 (`docs/theory/recommendation.md`).
public struct Recommendation: Sendable, Equatable {
  /// How the length was found.
  public enum Rule: String, Sendable, Codable {
    /// The largest length at which the network is isometric.
    case isometry
    /// A homogeneous φ: one critical variance, every length preserved.
    case homogeneous
    /// Isometry is out of reach at this depth: the least spread on the stable part of the line.
    case leastSpread
    /// The half-stable length of an activation whose smaller critical lengths repel.
    case halfStable
  }

  /// What is recommended.
  public let ensemble: NetworkEnsemble
  /// How it was found.
  public let rule: Rule
  /// q*; nil where every length is preserved.
  public let length: Double?
  /// χ_q at q*: below 1 the length attracts.
  public let chiQ: Double
  /// v with these weights at this depth.
  public let jacobianSpread: Double
  /// β of the gap decay 1 − c ~ β/layer, where it exists.
  public let correlationDecay: Double?

  /// v₀: the spread of the Jacobian that is aimed at.
  public static let targetSpread = 1.0
  /// Var ln|Ju|² above which a width is called small for the depth, and too small.
  public static let widthThresholds = (warn: 0.5, tooDeep: 1.0)

  /// The mean square |x|²/N₀ of inputs whose signal starts at q* and stays there.
  public var stationaryInputMeanSquare: Double? {
    length.map { ($0 - ensemble.biasVariance) / ensemble.weightVariance }
  }

  /// The recommendation for given weights; nil if the activation has no edge of chaos.
  ///
  /// - Parameters:
  ///   - activation: φ.
  ///   - depth: hidden layers L ≥ 1.
  ///   - weights: the law; its variance is replaced.
  /// - Throws: `outOfRange` for a depth below 1.
  public static func recommend(
    _ activation: Activation, depth: Int, weights: WeightLaw
  ) throws(PoiseError) -> Recommendation? {
    guard depth >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "at least 1 hidden layer")
    }
    let edge = EdgeOfChaos(activation)
    switch edge.shape() {
    case .none:
      return nil
    case .point:
      guard let point = edge.point(atLength: 1) else { return nil }
      return try Recommendation(point, .homogeneous, activation, depth, weights)
    case .line(let ranges):
      return try onLine(edge, ranges, depth, weights)
    }
  }

  private static func onLine(
    _ edge: EdgeOfChaos, _ ranges: [ClosedRange<Double>], _ depth: Int, _ weights: WeightLaw
  ) throws(PoiseError) -> Recommendation? {
    let activation = edge.activation
    let stable = stableLengths(edge, ranges)
    // The spread of the slopes at every stable length, ascending.
    let spreads = stable.map { length in
      (length: length, excess: Double(depth) * slopeSpread(activation, length) - targetSpread)
    }
    guard let first = spreads.first else { return nil }
    if first.excess <= 0 {
      guard let next = spreads.firstIndex(where: { $0.excess > 0 }) else {
        return try make(edge, spreads[spreads.count - 1].length, .isometry, depth, weights)
      }
      let root = try bracketedRoot(
        from: Double.log(spreads[next - 1].length), to: Double.log(spreads[next].length)
      ) { t in Double(depth) * slopeSpread(activation, .exp(t)) - targetSpread }
      return try make(edge, .exp(root.value), .isometry, depth, weights)
    }
    if let half = try edge.halfStablePoint(), let length = half.length, half.chiQ < 1 + 1e-6,
      bounded(half, activation)
    {
      return try Recommendation(half, .halfStable, activation, depth, weights, length: length)
    }
    let best = leastSpreadLength(edge, spreads.map(\.length))
    return try make(edge, best, .leastSpread, depth, weights)
  }

  /// The stable length of least r(q), refined between its neighbours on the grid.
  private static func leastSpreadLength(_ edge: EdgeOfChaos, _ lengths: [Double]) -> Double {
    let spreads = lengths.map { slopeSpread(edge.activation, $0) }
    let best = spreads.indices.min { spreads[$0] < spreads[$1] }!
    // Below the first stable length the search ends where stability does.
    var (stable, unstable) = (Double.log(lengths[best]), Double.log(lengths[best]) - 0.2)
    if best == 0 {
      for _ in 0..<60 {
        let middle = (stable + unstable) / 2
        if isStable(edge, .exp(middle)) { stable = middle } else { unstable = middle }
      }
    }
    let lower = best > 0 ? Double.log(lengths[best - 1]) : stable
    let upper = Double.log(lengths[min(best + 1, lengths.count - 1)])
    let inside = goldenMinimum(from: lower, to: upper) { slopeSpread(edge.activation, .exp($0)) }
    return [lower, inside].map { Double.exp($0) }.filter { isStable(edge, $0) }.min {
      slopeSpread(edge.activation, $0) < slopeSpread(edge.activation, $1)
    } ?? lengths[best]
  }

  private static func isStable(_ edge: EdgeOfChaos, _ length: Double) -> Bool {
    guard let point = edge.point(atLength: length) else { return false }
    return point.chiQ <= 1 + 1e-12 && bounded(point, edge.activation)
  }

  private static func make(
    _ edge: EdgeOfChaos, _ length: Double, _ rule: Rule, _ depth: Int, _ weights: WeightLaw
  ) throws(PoiseError) -> Recommendation? {
    guard let point = edge.point(atLength: length) else { return nil }
    return try Recommendation(point, rule, edge.activation, depth, weights, length: length)
  }

  /// Critical lengths that attract and whose map stays bounded at large lengths: once training
  /// moves the length past a repelling point, or if s_∞ > 1, it grows without bound.
  private static func stableLengths(
    _ edge: EdgeOfChaos, _ ranges: [ClosedRange<Double>]
  ) -> [Double] {
    var lengths: [Double] = []
    for range in ranges {
      let (low, high) = (
        Double.log(max(range.lowerBound, 1e-10)), Double.log(min(range.upperBound, 1e3))
      )
      guard high >= low else { continue }
      let steps = max(1, Int((high - low) / (Double.log(10) / 12)))
      for step in 0...steps {
        let length = Double.exp(low + (high - low) * Double(step) / Double(steps))
        if isStable(edge, length) { lengths.append(length) }
      }
    }
    return lengths
  }

  private static func bounded(_ point: CriticalPoint, _ activation: Activation) -> Bool {
    let (minus, plus) = activation.function.slopesAtInfinity
    return point.weightVariance * (minus * minus + plus * plus) / 2 <= 1 + 1e-12
  }

  /// r(q) = μ₂/μ₁² − 1, as a variance so that it keeps its digits where φ is nearly linear.
  static func slopeSpread(_ activation: Activation, _ length: Double) -> Double {
    let rule = GaussianRule(length: length, kinks: activation.function.kinks)
    let mean = activation.moments(length: length).slopeSquared
    var sum = 0.0
    activation.forEachNode(rule) { weight, _, _, slope in
      let excess = slope * slope / mean - 1
      sum += weight * excess * excess
    }
    return sum
  }

  private init(
    _ point: CriticalPoint, _ rule: Rule, _ activation: Activation, _ depth: Int,
    _ weights: WeightLaw, length: Double? = nil
  ) throws(PoiseError) {
    // Where the line begins without biases (sigmoid), what is left of σ_b² is rounding.
    let isRounding = point.biasVariance < 1e-14 * (length ?? 1)
    ensemble = try NetworkEnsemble(
      activation: activation, weights: weights.with(variance: point.weightVariance),
      biases: .gaussian(variance: isRounding ? 0 : point.biasVariance))
    self.rule = rule
    self.length = length
    chiQ = point.chiQ
    let layer = try JacobianFluctuations(of: ensemble, atLength: length ?? 1)
    jacobianSpread = Double(depth) * layer.spreadPerLayer
    correlationDecay = length.flatMap {
      EdgeOfChaos(activation).correlationDecayCoefficient(atLength: $0)
    }
  }
}
