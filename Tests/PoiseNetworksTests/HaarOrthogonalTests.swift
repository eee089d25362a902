import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct HaarOrthogonalTests {
  static let shapes = [
    (1, 1), (2, 2), (5, 5), (31, 31), (32, 32), (33, 33), (34, 34), (65, 65), (200, 200), (90, 7),
    (100, 40), (7, 90), (40, 100), (1, 9), (9, 1), (33, 32), (32, 33),
  ]

  @Test(arguments: shapes) func isOrthogonal(rows: Int, columns: Int) {
    var stream = RandomStream(seed: 5, item: 1, purpose: .init(kind: 201, index: 0))
    let q: Matrix<Double> = haarOrthogonal(rows: rows, columns: columns, stream: &stream)
    #expect(Self.defect(q) < 1e-13)
    stream = RandomStream(seed: 5, item: 1, purpose: .init(kind: 201, index: 0))
    let single: Matrix<Float> = haarOrthogonal(rows: rows, columns: columns, stream: &stream)
    let widened = Matrix(rows: rows, columns: columns, elements: single.elements.map(Double.init))
    #expect(Self.defect(widened) < 1e-5)
    let difference = zip(q.elements, widened.elements).map { abs($0 - $1) }.max()!
    #expect(difference < 2e-5, "the Float matrix is the Double one, rounded")
  }

  /// Largest entry of |QᵀQ − 1| or |QQᵀ − 1|.
  static func defect(_ q: Matrix<Double>) -> Double {
    let gram: Matrix<Double> = q.rows >= q.columns ? q.transposed.gram : q.gram
    let identity = Matrix<Double>.identity(gram.rows)
    return zip(gram.elements, identity.elements).map { abs($0 - $1) }.max()!
  }

  /// Moments of the Haar measure: E q² = 1/n, E q⁴ = 3/(n(n + 2)), E q_ij² q_ik² = 1/(n(n + 2)),
  /// E tr Q = 0, E (tr Q)² = 1, E (tr Q²) = 1, equal signs of the determinant.
  ///
  /// All thresholds are five standard errors measured on the sample itself; with some 40 numbers
  /// a false alarm has probability 3e-5, and the seed is fixed.
  @Test(arguments: [2, 3, 5, 40]) func hasTheHaarLaw(size n: Int) {
    let count = n < 10 ? 20_000 : 3_000
    let last = n - 1
    var columns: [String: [Double]] = [:]
    var stream = RandomStream(seed: 77, item: UInt64(n), purpose: .init(kind: 201, index: 1))
    for _ in 0..<count {
      let q: Matrix<Double> = haarOrthogonal(rows: n, columns: n, stream: &stream)
      let trace = (0..<n).reduce(0.0) { $0 + q[$1, $1] }
      for (name, value) in [
        ("00", q[0, 0]), ("0n", q[0, last]), ("n0", q[last, 0]), ("nn", q[last, last]),
      ] {
        columns["mean \(name)", default: []].append(value)
        columns["square \(name)", default: []].append(value * value - 1 / Double(n))
        columns["fourth \(name)", default: []].append(
          value * value * value * value - 3 / Double(n * (n + 2)))
      }
      columns["pair", default: []].append(
        q[0, 0] * q[0, 0] * q[0, last] * q[0, last] - 1 / Double(n * (n + 2)))
      columns["trace", default: []].append(trace)
      columns["trace squared", default: []].append(trace * trace - 1)
      let square = Matrix.product(q, q)
      columns["trace of the square", default: []].append(
        (0..<n).reduce(-1.0) { $0 + square[$1, $1] })
      if n <= 5 { columns["sign", default: []].append(Self.determinant(q)) }
    }
    for (name, values) in columns {
      let mean = values.reduce(0, +) / Double(count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
      let error = (variance / Double(count)).squareRoot()
      #expect(abs(mean) < 5 * error, "\(name) at n = \(n): \(mean) ± \(error)")
    }
  }

  /// Columns of a thin factor: E q⁴ = 3/(n(n + 2)) with n = the longer side.
  @Test(arguments: [(6, 2), (2, 6)]) func rectangularEntries(rows: Int, columns: Int) {
    var stream = RandomStream(seed: 78, item: 0, purpose: .init(kind: 201, index: 2))
    let (count, n) = (20_000, Double(max(rows, columns)))
    var (square, fourth) = (0.0, 0.0)
    for _ in 0..<count {
      let q: Matrix<Double> = haarOrthogonal(rows: rows, columns: columns, stream: &stream)
      for value in q.elements {
        square += value * value
        fourth += value * value * value * value
      }
    }
    let total = Double(count * rows * columns)
    #expect(isClose(square / total, 1 / n, 1e-12))
    #expect(abs(fourth / total - 3 / (n * (n + 2))) < 0.001)
  }

  /// By Gaussian elimination with pivots.
  static func determinant(_ matrix: Matrix<Double>) -> Double {
    var (a, sign) = (matrix, 1.0)
    for pivot in 0..<a.rows {
      let best = (pivot..<a.rows).max { abs(a[$0, pivot]) < abs(a[$1, pivot]) }!
      if best != pivot {
        sign = -sign
        for column in 0..<a.columns {
          (a[pivot, column], a[best, column]) = (a[best, column], a[pivot, column])
        }
      }
      for row in (pivot + 1)..<max(a.rows, pivot + 1) {
        let factor = a[row, pivot] / a[pivot, pivot]
        for column in 0..<a.columns { a[row, column] -= factor * a[pivot, column] }
      }
    }
    return (0..<a.rows).reduce(sign) { $0 * a[$1, $1] }
  }
}
