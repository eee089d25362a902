import Foundation
import PoiseNumerics
import Testing

@Suite struct LinearAlgebraTests {
  private func random(_ rows: Int, _ columns: Int, _ item: UInt64 = 0) -> Matrix<Double> {
    var stream = RandomStream(seed: 9, item: item, purpose: .init(rawValue: 1))
    return Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in stream.normal() })
  }

  private func naive(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var c = Matrix<Double>(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for k in 0..<a.columns { c[i, j] += a[i, k] * b[k, j] }
      }
    }
    return c
  }

  private func distance(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
    return zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
  }

  static let shapes = [(1, 1), (1, 7), (7, 1), (5, 5), (33, 17), (17, 33), (0, 3), (3, 0), (0, 0)]

  @Test(arguments: shapes)
  func products(_ rows: Int, _ columns: Int) {
    for inner in [0, 1, 4, 40] {
      let (a, b) = (random(rows, inner, 1), random(inner, columns, 2))
      let expected = naive(a, b)
      #expect(distance(Matrix.product(a, b), expected) < 1e-13)
      #expect(distance(Matrix.product(a.transposed, b, transposeA: true), expected) < 1e-13)
      #expect(distance(Matrix.product(a, b.transposed, transposeB: true), expected) < 1e-13)
      #expect(
        distance(
          Matrix.product(a.transposed, b.transposed, transposeA: true, transposeB: true), expected)
          < 1e-13)
    }
    let a = random(rows, columns)
    #expect(distance(a.gram, naive(a, a.transposed)) < 1e-13)
    #expect(a.gram == a.gram.transposed)
    #expect(a.transposed.transposed == a)
  }

  @Test(arguments: shapes)
  func singularValues(_ rows: Int, _ columns: Int) throws {
    let a = random(rows, columns, 3)
    let svd = try a.singularValueDecomposition()
    let least = min(rows, columns)
    #expect(svd.values.count == least && svd.values == svd.values.sorted(by: >))
    #expect(svd.values.allSatisfy { $0 >= 0 })
    var scaled = svd.left
    for i in 0..<rows { for j in 0..<least { scaled[i, j] *= svd.values[j] } }
    #expect(distance(naive(scaled, svd.rightTransposed), a) < 1e-13)
    let identity = Matrix<Double>.identity(least)
    #expect(distance(naive(svd.left.transposed, svd.left), identity) < 1e-13)
    #expect(
      distance(naive(svd.rightTransposed, svd.rightTransposed.transposed), identity) < 1e-13)
    for (x, y) in zip(try a.singularValues(), svd.values) { #expect(abs(x - y) < 1e-13) }
  }

  @Test func knownSpectra() throws {
    // A Hilbert-like diagonal over sixteen decades, and a matrix of rank one.
    var diagonal = Matrix<Double>(rows: 9, columns: 9)
    for i in 0..<9 { diagonal[i, i] = pow(10, -2 * Double(i)) }
    for (i, value) in try diagonal.singularValues().enumerated() {
      #expect(abs(value / pow(10, -2 * Double(i)) - 1) < 1e-14)
    }
    let ones = Matrix<Double>(rows: 4, columns: 6, repeating: 1)
    let values = try ones.singularValues()
    #expect(abs(values[0] - 24.0.squareRoot()) < 1e-14 && values[1] < 1e-15)
    #expect(try Matrix<Double>(rows: 3, columns: 2).singularValues() == [0, 0])
  }

  @Test(arguments: [0, 1, 2, 9, 40])
  func eigenvalues(_ size: Int) throws {
    let b = random(size, size, 4)
    var a = b
    for i in 0..<size { for j in 0..<size { a[i, j] = b[i, j] + b[j, i] } }
    let found = try a.symmetricEigendecomposition()
    #expect(found.values == found.values.sorted())
    let trace = (0..<size).reduce(0) { $0 + a[$1, $1] }
    #expect(abs(found.values.reduce(0, +) - trace) < 1e-12)
    var scaled = found.vectors
    for i in 0..<size { for j in 0..<size { scaled[i, j] *= found.values[i] } }
    #expect(distance(naive(found.vectors.transposed, scaled), a) < 1e-12)
    #expect(
      distance(naive(found.vectors, found.vectors.transposed), .identity(size)) < 1e-13)
    // Only the upper triangle is read.
    var upper = a
    for i in 0..<size { for j in 0..<i { upper[i, j] = 99 } }
    #expect(try upper.symmetricEigendecomposition().values == found.values)
  }

  @Test(arguments: [0, 1, 2, 9, 40])
  func cholesky(_ size: Int) throws {
    let b = random(size, size + 3, 5)
    let a = b.gram
    let l = try a.choleskyFactor()
    #expect(distance(naive(l, l.transposed), a) < 1e-12)
    for i in 0..<size {
      #expect(l[i, i] > 0)
      for j in (i + 1)..<max(size, i + 1) { #expect(l[i, j] == 0) }
    }
    var lower = a
    for i in 0..<size { for j in (i + 1)..<max(size, i + 1) { lower[i, j] = 99 } }
    #expect(try lower.choleskyFactor() == l)
  }

  @Test(arguments: [(1, 1), (5, 5), (33, 17), (7, 1), (4, 0), (0, 0), (100, 80)])
  func orthogonalTriangular(_ rows: Int, _ columns: Int) {
    let a = random(rows, columns, 6)
    let (q, r) = a.qrFactors()
    #expect(q.rows == rows && q.columns == columns)
    #expect(distance(naive(q, r), a) < 1e-13)
    #expect(distance(naive(q.transposed, q), .identity(columns)) < 1e-13)
    for i in 0..<columns { for j in 0..<i { #expect(r[i, j] == 0) } }
    let single = Matrix<Float>(
      rows: rows, columns: columns, elements: a.elements.map { Float($0) })
    let (qs, rs) = single.qrFactors()
    for (x, y) in zip(Matrix.product(qs, rs).elements, a.elements) {
      #expect(abs(Double(x) - y) < 1e-5)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func refusals(_ bad: Double) {
    var a = Matrix<Double>.identity(3)
    a[1, 2] = bad
    #expect(throws: PoiseError.self) { try a.singularValues() }
    #expect(throws: PoiseError.self) { try a.singularValueDecomposition() }
    #expect(throws: PoiseError.self) { try a.symmetricEigendecomposition() }
    #expect(throws: PoiseError.self) { try a.choleskyFactor() }
    #expect(throws: PoiseError.self) { try random(3, 4).symmetricEigendecomposition() }
    #expect(throws: PoiseError.self) { try random(4, 3).choleskyFactor() }
    var negative = Matrix<Double>.identity(3)
    negative[2, 2] = -1
    #expect(throws: PoiseError.self) { try negative.choleskyFactor() }
  }

  @Test func rowsAndSelections() {
    let a = random(4, 3, 7)
    #expect(a.row(2) == [a[2, 0], a[2, 1], a[2, 2]])
    let picked = a.selecting(rows: [3, 1, 3])
    #expect(picked.row(0) == a.row(3) && picked.row(1) == a.row(1) && picked.row(2) == a.row(3))
    #expect(a.selecting(rows: []).rows == 0)
  }
}
