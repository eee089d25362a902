import RealModule

/// The n-point Gauss-Legendre rule on [−1, 1]: exact for polynomials of degree 2n − 1.
public struct GaussLegendre: Sendable {
  /// Nodes in (−1, 1), ascending.
  public let nodes: [Double]
  /// Weights; they sum to 2.
  public let weights: [Double]

  /// - Parameter count: number of nodes, at least 1.
  public init(_ count: Int) {
    precondition(count >= 1, "a rule needs a node")
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    for index in 0..<(count + 1) / 2 {
      // Tricomi's starting value; Newton on P_n doubles the digits each step.
      var x = Double.cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<12 {
        var (previous, current) = (1.0, x)
        for degree in stride(from: 2, through: count, by: 1) {
          let n = Double(degree)
          (previous, current) = (current, ((2 * n - 1) * x * current - (n - 1) * previous) / n)
        }
        if count == 1 { (previous, current) = (1, x) }
        slope = Double(count) * (x * current - previous) / (x * x - 1)
        let step = current / slope
        x -= step
        if abs(step) < 1e-17 { break }
      }
      let weight = 2 / ((1 - x * x) * slope * slope)
      (nodes[index], nodes[count - 1 - index]) = (-x, x)
      (weights[index], weights[count - 1 - index]) = (weight, weight)
    }
    if count % 2 == 1 { nodes[count / 2] = 0 }
    self.nodes = nodes
    self.weights = weights
  }

  /// The rule of every Gaussian panel: 24 nodes.
  public static let panel = GaussLegendre(24)
  /// The rule of smooth one-dimensional integrals, such as the Price integral of the gap map.
  public static let sixteen = GaussLegendre(16)

  /// ∫ f over [lower, upper].
  @inlinable
  public func integrate(
    from lower: Double, to upper: Double, _ f: (Double) -> Double
  ) -> Double {
    let (half, middle) = ((upper - lower) / 2, (upper + lower) / 2)
    var sum = 0.0
    for index in nodes.indices { sum += weights[index] * f(middle + half * nodes[index]) }
    return sum * half
  }

  /// Two integrals over the same nodes.
  @inlinable
  public func integrate(
    from lower: Double, to upper: Double, _ f: (Double) -> (Double, Double)
  ) -> (Double, Double) {
    let (half, middle) = ((upper - lower) / 2, (upper + lower) / 2)
    var sum = (0.0, 0.0)
    for index in nodes.indices {
      let value = f(middle + half * nodes[index])
      sum.0 += weights[index] * value.0
      sum.1 += weights[index] * value.1
    }
    return (sum.0 * half, sum.1 * half)
  }
}
