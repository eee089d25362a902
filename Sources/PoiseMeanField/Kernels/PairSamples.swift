import PoiseModel
import PoiseNumerics
import RealModule

/// Averages of all pairs of nodes at Chebyshev points in θ, and their series: by Mehler's formula
/// where the Hermite series of φ ends, else by polar quadrature.
struct PairSamples {
  private let nodes: Int
  private let orders: Int
  /// Chebyshev coefficients in θ (a node × b node × order).
  private let values: [Double]
  private let slopes: [Double]

  /// - Parameters:
  ///   - nodes: ln q of every node; −∞ for q = 0.
  ///   - mehler: the series at these nodes, if there are any.
  init(
    _ activation: Activation, nodes: [Double], mehler: MehlerSum?, orders: Int, jobs: Int
  ) {
    let angles = ChebyshevPanel.points(lower: 0, upper: .pi, count: orders)
    let grams = parallelMap(count: orders, jobs: jobs) { (index: Int) throws(Never) in
      mehler?.gram(angle: angles[index]) ?? Self.polar(activation, nodes, angle: angles[index])
    }
    let count = nodes.count
    self.nodes = count
    self.orders = orders
    // (order × pair), then coefficients = transform · samples.
    let transform = Matrix<Double>(rows: orders, columns: orders) { (buffer) throws(Never) in
      for degree in 0..<orders {
        for point in 0..<orders {
          let phase = Double.pi * Double(degree) * (Double(point) + 0.5) / Double(orders)
          buffer[degree * orders + point] = (degree == 0 ? 1 : 2) * .cos(phase) / Double(orders)
        }
      }
    }
    func series(_ part: KeyPath<Gram, [Double]>) -> [Double] {
      let samples = Matrix(
        rows: orders, columns: count * count, elements: grams.flatMap { $0[keyPath: part] })
      return Matrix.product(samples, transform, transposeA: true, transposeB: true).elements
    }
    values = series(\.values)
    slopes = series(\.slopes)
  }

  struct Gram: Sendable {
    var values: [Double]
    var slopes: [Double]
  }

  /// E φφ and E φ′φ′ for all pairs of nodes at one angle, kinks at 0 allowed.
  private static func polar(_ activation: Activation, _ nodes: [Double], angle: Double) -> Gram {
    let roots = nodes.map { Double.exp($0 / 2) }
    let largest = roots.max() ?? 0
    let rule = PolarRule(angle: angle, length: largest * largest)
    let count = nodes.count
    let size = 2 * rule.radii.count
    // φ_a, φ′_a, φ_b, φ′_b (node × point), one after the other.
    let part = count * size
    var sides = [Double](repeating: 0, count: 4 * part)
    var u = [Double](repeating: 0, count: size)
    var gram = Gram(
      values: [Double](repeating: 0, count: count * count),
      slopes: [Double](repeating: 0, count: count * count))
    let radial = rule.radii.flatMap { [$0.weight, $0.weight] }
    let shape = ProductShape(rows: count, columns: count, inner: size, transposeB: true)
    sides.withUnsafeMutableBufferPointer { sides in
      let base = sides.baseAddress!
      for direction in rule.directions {
        for (side, cosine) in [direction.a, direction.b].enumerated() {
          for node in 0..<count {
            for (index, radius) in rule.radii.enumerated() {
              u[2 * index] = roots[node] * radius.r * cosine
              u[2 * index + 1] = -u[2 * index]
            }
            let value = base + 2 * side * part + node * size
            activation.function.evaluate(u, count: size, value: value, derivative: value + part)
          }
        }
        for node in 0..<2 * count {
          for index in 0..<size {
            base[node * size + index] *= radial[index] * direction.weight
          }
        }
        Double.gemm(shape, 1, base, size, base + 2 * part, size, 1, &gram.values, count)
        Double.gemm(shape, 1, base + part, size, base + 3 * part, size, 1, &gram.slopes, count)
      }
    }
    // The mirror images.
    for a in 0..<count {
      for b in 0...a {
        let (here, there) = (a * count + b, b * count + a)
        let (value, slope) = (
          gram.values[here] + gram.values[there], gram.slopes[here] + gram.slopes[there]
        )
        (gram.values[here], gram.values[there]) = (value, value)
        (gram.slopes[here], gram.slopes[there]) = (slope, slope)
      }
    }
    return gram
  }

  /// The last coefficients in θ relative to the largest of the same pair of nodes.
  var angleTail: Double {
    var worst = 0.0
    for part in [values, slopes] {
      for pair in 0..<nodes * nodes {
        let series = part[pair * orders..<(pair + 1) * orders]
        let largest = series.reduce(0) { max($0, abs($1)) }
        let tail = series.suffix(4).reduce(0) { max($0, abs($1)) }
        if largest > 0 { worst = max(worst, tail / largest) }
      }
    }
    return worst
  }

  /// The last coefficients in ln q_a on the diagonal panel, at the angle where they are largest.
  func nodeTail(_ panel: PairTable.Panel) -> Double {
    let count = panel.nodes.count
    guard count > 1 else { return 0 }
    var worst = 0.0
    for part in [values, slopes] {
      for b in panel.first..<panel.first + count {
        // An odd function has no order 0, an even one no order 1.
        let lines = (0..<3).map { order in
          (0..<count).map { part[((panel.first + $0) * nodes + b) * orders + order] }
        }
        let largest = lines.joined().reduce(0) { max($0, abs($1)) }
        for samples in lines {
          let series = ChebyshevPanel(lower: -1, upper: 1, values: samples).coefficients
          let tail = series.suffix(2).reduce(0) { max($0, abs($1)) }
          if largest > 0 { worst = max(worst, tail / largest) }
        }
      }
    }
    return worst
  }

  /// The series as powers of x on equal panels ψ = (panel + (x + 1)/2) π/panels, where
  /// T_k(2θ/π − 1) = (−1)ᵏ cos kψ: (a node × panel × power × average × b node), b nodes padded.
  func table(width: Int, anglePanels: Int, powers: Int) -> [Double] {
    let line = 2 * width
    let conversion = Matrix<Double>(rows: anglePanels * powers, columns: orders) {
      (buffer) throws(Never) in
      for panel in 0..<anglePanels {
        for order in 0..<orders {
          let series = ChebyshevPanel(
            lower: -1, upper: 1,
            values: ChebyshevPanel.points(lower: -1, upper: 1, count: powers).map { x in
              let psi = (Double(panel) + (x + 1) / 2) * .pi / Double(anglePanels)
              return (order % 2 == 0 ? 1 : -1) * Double.cos(Double(order) * psi)
            })
          for (power, value) in series.powers.enumerated() {
            buffer[(panel * powers + power) * orders + order] = value
          }
        }
      }
    }
    return (0..<nodes).flatMap { a -> [Double] in
      var own = Matrix<Double>(rows: orders, columns: line)
      for (half, part) in [values, slopes].enumerated() {
        for b in 0..<nodes {
          for order in 0..<orders {
            own[order, half * width + b] = part[(a * nodes + b) * orders + order]
          }
        }
      }
      return Matrix.product(conversion, own).elements
    }
  }
}

extension ChebyshevPanel {
  /// Coefficients of 1, x, x², … on [−1, 1]; for low degrees.
  fileprivate var powers: [Double] {
    var sum = [Double](repeating: 0, count: coefficients.count)
    var (last, now) = ([1.0], [0.0, 1.0])
    for (degree, c) in coefficients.enumerated() {
      for (power, value) in last.enumerated() { sum[power] += c * value }
      var next = [0.0] + now.map { 2 * $0 }
      for (power, value) in last.enumerated() { next[power] -= value }
      if degree >= 0 { (last, now) = (now, next) }
    }
    return sum
  }
}
