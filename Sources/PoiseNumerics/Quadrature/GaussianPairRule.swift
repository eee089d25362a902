import RealModule

/// Averages over two correlated centred Gaussians by nested panels.
///
///     u_a = x,   u_b = √(q_b/q_a) cos θ · x + s z,   s = √q_b sin θ,   z ~ N(0, 1)
///
/// The inner panels break where u_b meets a kink; the outer ones also shrink dyadically, from the
/// scale s, round every kink and its image under u_b, since the inner average changes there within
/// a distance s. The angle, never its cosine, is given: the rule holds down to θ = 1e-7 and below.
/// Relative error about 3e-15; some 10⁶ evaluations (`docs/numerics/quadrature.md`).
public struct GaussianPairRule: Sendable {
  let deviationA: Double
  let slope: Double
  let spread: Double
  let kinks: [Double]

  /// - Parameters:
  ///   - lengthA: q_a, above 0.
  ///   - lengthB: q_b, above 0.
  ///   - angle: θ in (0, π).
  ///   - kinks: where the functions are not smooth.
  public init(lengthA: Double, lengthB: Double, angle: Double, kinks: [Double]) {
    precondition(lengthA > 0 && lengthB > 0, "lengths are positive")
    deviationA = lengthA.squareRoot()
    slope = (lengthB / lengthA).squareRoot() * Double.cos(angle)
    spread = lengthB.squareRoot() * Double.sin(angle)
    self.kinks = Set([0] + kinks).sorted()
  }

  /// Outer nodes x with probability weights, and the conditional mean slope·x of u_b at each.
  public func outerNodes() -> (nodes: [Double], weights: [Double]) {
    let scale = min(1, deviationA, max(spread, 1e-300))
    var grading = kinks.map { (at: $0, from: 1.0) }
    for kink in kinks {
      grading.append((at: kink, from: scale))
      if slope != 0, abs(kink / slope) < 13 * deviationA {
        grading.append((at: kink / slope, from: min(scale, scale / abs(slope))))
      }
    }
    let edges = GaussianRule.panelEdges(deviation: deviationA, grading: grading)
    let rule = GaussLegendre.panel
    var nodes: [Double] = []
    var weights: [Double] = []
    for panel in 1..<edges.count {
      let (half, middle) = (
        (edges[panel] - edges[panel - 1]) / 2, (edges[panel] + edges[panel - 1]) / 2
      )
      for index in rule.nodes.indices {
        nodes.append(middle + half * rule.nodes[index])
        weights.append(half * rule.weights[index])
      }
    }
    GaussianRule.multiply(&weights, byDensityAt: nodes, deviation: deviationA)
    return (nodes, weights)
  }

  /// E of g(u_a, m(u_a)) where the inner average E f(m + s z) is known in closed form.
  ///
  /// - Parameter f: receives u_a, the conditional mean m and deviation s of u_b.
  @inlinable
  public func averageOuter(_ f: (_ a: Double, _ mean: Double, _ deviation: Double) -> Double)
    -> Double
  {
    let outer = outerNodes()
    let (slope, spread) = conditional
    var sum = 0.0
    for index in outer.nodes.indices {
      let a = outer.nodes[index]
      sum += outer.weights[index] * f(a, slope * a, spread)
    }
    return sum
  }

  /// u_b given u_a has mean slope·u_a and deviation spread.
  public var conditional: (slope: Double, spread: Double) { (slope, spread) }

  /// E f(u_a) f(u_b) and E g(u_a) g(u_b) for a pair of functions evaluated together.
  ///
  /// - Parameter evaluate: fills `f` and `g` at `count` points of `u`.
  public func averages(
    _ evaluate: (
      _ u: UnsafePointer<Double>, _ count: Int, _ f: UnsafeMutablePointer<Double>,
      _ g: UnsafeMutablePointer<Double>
    ) -> Void
  ) -> (f: Double, g: Double) {
    let outer = outerNodes()
    let count = outer.nodes.count
    var fa = [Double](repeating: 0, count: count)
    var ga = fa
    evaluate(outer.nodes, count, &fa, &ga)
    var inner = InnerPanels(spread: spread)
    var (sumF, sumG) = (0.0, 0.0)
    for index in 0..<count {
      inner.fill(mean: slope * outer.nodes[index], kinks: kinks)
      let average = inner.average(evaluate)
      sumF += outer.weights[index] * fa[index] * average.f
      sumG += outer.weights[index] * ga[index] * average.g
    }
    return (sumF, sumG)
  }
}

/// Inner panels in z, kept as buffers that are filled anew for every outer node.
private struct InnerPanels {
  let spread: Double
  var edges: [Double] = []
  var u: [Double] = []
  var weights: [Double] = []
  var f: [Double] = []
  var g: [Double] = []
  private static let reach = 8.75

  init(spread: Double) {
    self.spread = spread
    edges.reserveCapacity(256)
  }

  /// Panels of unit width (two where u_b then moves by 2 at most), broken at every kink and dyadic
  /// round it from the smaller of one deviation and one unit of u.
  /// Beyond 8.75 deviations the Gaussian weighs less than 1e-17.
  mutating func fill(mean: Double, kinks: [Double]) {
    edges.removeAll(keepingCapacity: true)
    let reach = Self.reach
    edges.append(-reach)
    edges.append(reach)
    for step in -8...8 where spread > 1 || step % 2 == 0 { edges.append(Double(step)) }
    if spread > 0 {
      let unit = min(1, 1 / spread)
      for kink in kinks {
        let at = (kink - mean) / spread
        if abs(at) < reach { edges.append(at) }
        var distance = unit
        while distance < 2 * reach {
          if abs(at - distance) < reach { edges.append(at - distance) }
          if abs(at + distance) < reach { edges.append(at + distance) }
          distance *= 2
        }
      }
    }
    edges.sort()
    placeNodes(mean: mean)
  }

  private mutating func placeNodes(mean: Double) {
    let rule = GaussLegendre.panel
    let norm = 1 / (2 * Double.pi).squareRoot()
    u.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    f.removeAll(keepingCapacity: true)
    for panel in 1..<edges.count where edges[panel] - edges[panel - 1] > 1e-13 {
      let (half, middle) = (
        (edges[panel] - edges[panel - 1]) / 2, (edges[panel] + edges[panel - 1]) / 2
      )
      for index in rule.nodes.indices {
        let z = middle + half * rule.nodes[index]
        u.append(mean + spread * z)
        f.append(-0.5 * z * z)
        weights.append(norm * half * rule.weights[index])
      }
    }
    f.withUnsafeMutableBufferPointer { buffer in
      VectorMath.exp(buffer.baseAddress!, buffer.baseAddress!, count: buffer.count)
    }
    for index in weights.indices { weights[index] *= f[index] }
    if g.count < u.count { g = [Double](repeating: 0, count: u.count) }
  }

  mutating func average(
    _ evaluate: (
      UnsafePointer<Double>, Int, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Void
  ) -> (f: Double, g: Double) {
    let count = u.count
    evaluate(u, count, &f, &g)
    return weights.withUnsafeBufferPointer { w in
      (
        Double.dot(count, w.baseAddress!, f), Double.dot(count, w.baseAddress!, g)
      )
    }
  }
}
