import PoiseNumerics
import RealModule

/// N(h; m, tp) dh for several means m (rows) and nodes in h (columns), alone, times φ(h), and times
/// h − m₀; and its products with N(y; √r φ(h), 1).
struct PriorMatrix {
  private let means: [Double]
  private let origin: Double
  private let columns: Int
  /// Three blocks of (means × nodes).
  private var factors: [Double]
  private let values: [Double]
  private var likelihood: [Double] = []
  private var products: [Double] = []
  private var logarithms: [Double] = []
  /// Exponents are not smaller, so that no product is subnormal.
  private static let floor = -200.0

  init(_ means: [Double], _ nodes: PreactivationNodes, _ deviation: Double) {
    self.means = means
    origin = means[means.count / 2]
    columns = nodes.nodes.count
    values = nodes.values
    let size = means.count * columns
    factors = [Double](repeating: 0, count: 3 * size)
    let norm = 1 / (deviation * (2 * Double.pi).squareRoot())
    factors.withUnsafeMutableBufferPointer { factors in
      let base = factors.baseAddress!
      for row in means.indices {
        let line = base + row * columns
        for column in 0..<columns {
          let z = (nodes.nodes[column] - means[row]) / deviation
          line[column] = max(-0.5 * z * z, Self.floor)
        }
      }
      VectorMath.exp(base, base, count: size)
      for row in means.indices {
        let line = base + row * columns
        for column in 0..<columns {
          let weight = line[column] * norm * nodes.weights[column]
          line[column] = weight
          line[size + column] = weight * nodes.values[column]
          line[2 * size + column] = weight * (nodes.nodes[column] - origin)
        }
      }
    }
  }

  /// E φ(h)² of one mean.
  func power(_ row: Int) -> Double {
    var sum = 0.0
    let line = (means.count + row) * columns
    for column in 0..<columns { sum += factors[line + column] * values[column] }
    return sum
  }

  /// The three blocks times N(y; √r φ(h), 1) for `count` values of y and the nodes of `range`.
  mutating func multiply(
    _ nodes: PreactivationNodes, _ range: Range<Int>, from bottom: Double, step: Double,
    count: Int
  ) {
    let inner = range.count
    if likelihood.count < inner * count {
      likelihood = [Double](repeating: 0, count: inner * count)
    }
    let rows = 3 * means.count
    if products.count < rows * count { products = [Double](repeating: 0, count: rows * count) }
    let norm = 1 / (2 * Double.pi).squareRoot()
    likelihood.withUnsafeMutableBufferPointer { likelihood in
      let base = likelihood.baseAddress!
      for index in 0..<inner {
        let line = base + index * count
        let offset = bottom - nodes.signals[range.lowerBound + index]
        for column in 0..<count {
          let d = offset + Double(column) * step
          line[column] = max(-0.5 * d * d, Self.floor)
        }
      }
      VectorMath.exp(base, base, count: inner * count)
      factors.withUnsafeBufferPointer { factors in
        products.withUnsafeMutableBufferPointer { products in
          Double.gemm(
            ProductShape(rows: rows, columns: count, inner: inner), norm,
            factors.baseAddress! + range.lowerBound, columns, base, count, 0,
            products.baseAddress!, count)
        }
      }
    }
  }

  /// Adds what `count` values of y give.
  mutating func accumulate(
    _ result: inout ScalarChannelSums, _ weights: [Double], step: Double, count: Int
  ) {
    let size = means.count * count
    if logarithms.count < size { logarithms = [Double](repeating: 0, count: size) }
    products.withUnsafeMutableBufferPointer { products in
      let base = products.baseAddress!
      for index in 0..<size { base[index] = max(base[index], 1e-280) }
      logarithms.withUnsafeMutableBufferPointer { logarithms in
        let logs = logarithms.baseAddress!
        VectorMath.log(base, logs, count: size)
        for row in means.indices {
          let shift = origin - means[row]
          var (entropy, explained, narrowing) = (0.0, 0.0, 0.0)
          for index in row * count..<(row + 1) * count {
            let p = base[index]
            guard p > 1e-60 else { continue }
            entropy -= p * logs[index]
            explained += base[size + index] * base[size + index] / p
            let moved = base[2 * size + index] + shift * p
            narrowing += moved * moved / p
          }
          let weight = weights[row] * step
          result.information += weight * entropy
          result.outputError -= weight * explained
          result.narrowing += weight * narrowing
        }
      }
    }
  }
}
