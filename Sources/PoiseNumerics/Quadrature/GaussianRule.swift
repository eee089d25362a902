import RealModule

/// Nodes and weights for averages over a centred Gaussian of variance q, right from q = 1e-12 to
/// 1e8 and for functions with kinks.
///
/// Gauss-Hermite rules fail for large q, where a saturating function has a layer 1/√q wide, and at
/// kinks. Here composite Gauss-Legendre panels end at ±12.5√q, are never wider than √q, and shrink
/// dyadically to unit width round every kink (0 always counts as one). A function whose complex
/// singularities stay a unit away from the real axis then meets panels of a fixed Bernstein
/// ellipse: 24 nodes give full double precision (`docs/numerics/quadrature.md`).
public struct GaussianRule: Sendable {
  /// Values of u.
  public let nodes: [Double]
  /// Probability weights; they sum to 1.
  public let weights: [Double]

  /// How far out the Gaussian is integrated, in standard deviations: the rest is below 1e-35.
  static let reach = 12.5

  /// - Parameters:
  ///   - length: the variance q, finite and at least 0; q = 0 is the single node u = 0.
  ///   - kinks: where the function is not smooth.
  public init(length: Double, kinks: [Double] = []) {
    precondition(length >= 0 && length.isFinite, "a variance is finite and not negative")
    guard length > 0 else {
      nodes = [0]
      weights = [1]
      return
    }
    let deviation = length.squareRoot()
    let edges = Self.panelEdges(
      deviation: deviation, grading: ([0] + kinks).map { (at: $0, from: 1.0) })
    let rule = GaussLegendre.panel
    let (size, count) = (rule.nodes.count, (edges.count - 1) * rule.nodes.count)
    var weights: [Double] = []
    let nodes = [Double](unsafeUninitializedCapacity: count) { nodes, filledNodes in
      weights = [Double](unsafeUninitializedCapacity: count) { weights, filledWeights in
        for panel in 1..<edges.count {
          let (half, middle) = (
            (edges[panel] - edges[panel - 1]) / 2, (edges[panel] + edges[panel - 1]) / 2
          )
          let first = (panel - 1) * size
          for index in 0..<size {
            nodes[first + index] = middle + half * rule.nodes[index]
            weights[first + index] = half * rule.weights[index]
          }
        }
        filledWeights = count
      }
      filledNodes = count
    }
    Self.multiply(&weights, byDensityAt: nodes, deviation: deviation)
    self.nodes = nodes
    self.weights = weights
  }

  /// The rule for a function that is known to be analytic near the real axis.
  ///
  /// Where it is so within four deviations, nothing but the Gaussian itself varies on a smaller scale, and
  /// panels of four deviations do in place of unit ones: on the Bernstein ellipse through 3.5i the Gaussian
  /// grows to 500, against 3.6⁻⁴⁸ = 1e-27 of a panel's 24 nodes.
  ///
  /// - Parameters:
  ///   - length: the variance q, finite and at least 0.
  ///   - kinks: where the function is not smooth.
  ///   - strip: distance of the nearest singularity from the real axis, 0 or nil if there is none or it is not
  ///     known. Beyond π/2 it is not relied on: entire functions vary on the scale 1 too.
  public init(length: Double, kinks: [Double], strip: Double?) {
    let deviation = length.squareRoot()
    guard length > 0, kinks.isEmpty, 4 * deviation <= min(strip ?? 0, .pi / 2) else {
      self.init(length: length, kinks: kinks)
      return
    }
    self.init(nodes: Self.wide.nodes.map { $0 * deviation }, weights: Self.wide.weights)
  }

  private init(nodes: [Double], weights: [Double]) {
    self.nodes = nodes
    self.weights = weights
  }

  /// Six panels, for deviation 1.
  private static let wide: GaussianRule = {
    let rule = GaussLegendre.panel
    let half = reach / 6
    var (nodes, weights) = ([Double](), [Double]())
    for panel in 0..<6 {
      let middle = half * Double(2 * panel - 5)
      nodes += rule.nodes.map { middle + half * $0 }
      weights += rule.weights.map { half * $0 }
    }
    multiply(&weights, byDensityAt: nodes, deviation: 1)
    return GaussianRule(nodes: nodes, weights: weights)
  }()

  /// Edges of the panels of `init(length:kinks:)`, ascending; empty for q = 0.
  ///
  /// For sums that must refine some of the panels themselves.
  public static func panelEdges(length: Double, kinks: [Double]) -> [Double] {
    guard length > 0 else { return [] }
    return panelEdges(
      deviation: length.squareRoot(), grading: ([0] + kinks).map { (at: $0, from: 1.0) })
  }

  /// Panel edges on ±12.5 deviations: every deviation, and `at ± from·2ⁿ` round each grading point.
  static func panelEdges(
    deviation: Double, grading: [(at: Double, from: Double)]
  ) -> [Double] {
    let reach = Self.reach * deviation
    var edges = [-reach, reach]
    for step in -12...12 { edges.append(Double(step) * deviation) }
    for point in grading {
      if abs(point.at) < reach { edges.append(point.at) }
      var distance = point.from
      // Beyond a deviation from the point the unit panels are the finer ones only if the
      // distance is larger than both the point's and the Gaussian's extent.
      while distance < 2 * reach {
        if abs(point.at - distance) < reach { edges.append(point.at - distance) }
        if abs(point.at + distance) < reach { edges.append(point.at + distance) }
        distance *= 2
      }
    }
    edges.sort()
    var unique = [edges[0]]
    for edge in edges.dropFirst() where edge - unique[unique.count - 1] > 1e-13 * deviation {
      unique.append(edge)
    }
    unique[unique.count - 1] = reach
    return unique
  }

  /// weight ← weight · exp(−u²/2q)/√(2πq).
  static func multiply(
    _ weights: inout [Double], byDensityAt nodes: [Double], deviation: Double
  ) {
    let norm = 1 / (deviation * (2 * Double.pi).squareRoot())
    let count = nodes.count
    let inverse = 1 / deviation
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { density in
      let density = density.baseAddress!
      nodes.withUnsafeBufferPointer { nodes in
        for index in 0..<count {
          let z = nodes[index] * inverse
          density[index] = -0.5 * z * z
        }
      }
      VectorMath.exp(density, density, count: count)
      weights.withUnsafeMutableBufferPointer { weights in
        for index in 0..<count { weights[index] *= norm * density[index] }
      }
    }
  }

  /// E f(u).
  @inlinable
  public func average(_ f: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in nodes.indices { sum += weights[index] * f(nodes[index]) }
    return sum
  }
}
