import RealModule

/// Gauss–Legendre rules on an interval, for the few closed forms that end in a smooth integral.
struct GaussLegendre: Sendable {
  /// Nodes and weights on [−1, 1].
  private let points: [(node: Double, weight: Double)]

  static let points16 = GaussLegendre(16)
  static let points24 = GaussLegendre(24)

  /// Newton's method on the Legendre polynomial of degree `count`.
  private init(_ count: Int) {
    points = (0..<count).map { index in
      var x = Double.cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      for _ in 0..<100 {
        var (previous, current) = (1.0, x)
        for n in 2...count {
          let n = Double(n)
          (previous, current) = (current, ((2 * n - 1) * x * current - (n - 1) * previous) / n)
        }
        slope = Double(count) * (x * current - previous) / (x * x - 1)
        let step = current / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      return (x, 2 / ((1 - x * x) * slope * slope))
    }
  }

  @inline(__always)
  func integrate(_ low: Double, _ high: Double, _ integrand: (Double) -> Double) -> Double {
    let center = (low + high) / 2
    let half = (high - low) / 2
    var sum = 0.0
    for point in points { sum += point.weight * integrand(center + half * point.node) }
    return sum * half
  }

  /// Two integrals over the same nodes.
  @inline(__always)
  func integrate(
    _ low: Double, _ high: Double, _ integrand: (Double) -> (Double, Double)
  ) -> (Double, Double) {
    let center = (low + high) / 2
    let half = (high - low) / 2
    var sum = (0.0, 0.0)
    for point in points {
      let value = integrand(center + half * point.node)
      sum.0 += point.weight * value.0
      sum.1 += point.weight * value.1
    }
    return (sum.0 * half, sum.1 * half)
  }
}
