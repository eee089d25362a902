import Foundation

/// Brute-force Gaussian averages for the tests: composite Gauss–Legendre, 20 nodes per panel, with
/// panels that break at kinks and halve towards every place where an integrand may be narrow.
/// Shares no code with the closed forms under test.
enum BruteForce {
  /// ∫ f(z) p(z) dz over |z| ≤ 10, panels halving towards each centre down to its scale.
  static func average(
    _ centres: [(at: Double, scale: Double)], _ f: (Double) -> (Double, Double)
  ) -> (Double, Double) {
    var edges = (-20...20).map { Double($0) / 2 }
    for centre in centres {
      edges.append(centre.at)
      var step = max(centre.scale, 1e-12)
      while step < 20 {
        edges += [centre.at - step, centre.at + step]
        step *= 2
      }
    }
    edges = edges.filter { abs($0) <= 10 }.sorted()
    var sum = (0.0, 0.0)
    for (low, high) in zip(edges, edges.dropFirst()) where high > low {
      for (node, weight) in rule {
        let z = (low + high) / 2 + (high - low) / 2 * node
        let density = weight * (high - low) / 2 * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        let value = f(z)
        sum.0 += density * value.0
        sum.1 += density * value.1
      }
    }
    return sum
  }

  /// E F(u_a) F(u_b) and E G(u_a) G(u_b), u_a = r_a x, u_b = r_b (cos θ x + sin θ y).
  static func pair(
    _ rootA: Double, _ rootB: Double, _ angle: Double, kinks: [Double],
    _ f: (Double) -> (Double, Double)
  ) -> (Double, Double) {
    let (c, s) = (cos(angle), sin(angle))
    let points = kinks.isEmpty ? [0] : kinks
    let fine = min(1, 0.5 / rootA, 0.5 / rootB)
    var outer = points.map { (at: $0 / rootA, scale: fine) }
    outer += points.map { (at: $0 / (rootB * c), scale: s < 1e-12 ? fine : fine * min(1, s)) }
    return average(outer) { x in
      let left = f(rootA * x)
      let inner: (Double, Double)
      if s < 1e-12 {
        inner = f(rootB * c * x)
      } else {
        let centres = points.map { (at: ($0 / rootB - c * x) / s, scale: min(1, fine / s)) }
        inner = average(centres) { y in f(rootB * (c * x + s * y)) }
      }
      return (left.0 * inner.0, left.1 * inner.1)
    }
  }

  /// Nodes by bisection on the sign changes of the Legendre polynomial.
  private static let rule: [(Double, Double)] = {
    let degree = 20
    func legendre(_ x: Double) -> (Double, Double) {
      var (p, q) = (x, 1.0)
      for n in 2...degree {
        (p, q) = ((Double(2 * n - 1) * x * p - Double(n - 1) * q) / Double(n), p)
      }
      return (p, Double(degree) * (q - x * p) / (1 - x * x))
    }
    var rule: [(Double, Double)] = []
    let grid = (0...4000).map { -1 + Double($0) / 2000 }
    for (start, end) in zip(grid, grid.dropFirst()) {
      var (low, high) = (start, end)
      guard legendre(low).0 * legendre(high).0 < 0 else { continue }
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if legendre(low).0 * legendre(middle).0 <= 0 { high = middle } else { low = middle }
      }
      let x = (low + high) / 2
      let slope = legendre(x).1
      rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    }
    precondition(rule.count == degree)
    return rule
  }()
}
