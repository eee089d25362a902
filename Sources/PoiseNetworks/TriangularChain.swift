import PoiseNumerics
import RealModule

/// A product of matrices as Q R_g ⋯ R₁ with upper triangles of one size, factor by factor.
///
/// The triangles are multiplied with their rows scaled by powers of two, so that nothing under- or
/// overflows; the product is graded from its first row down.
struct TriangularChain {
  /// Rank k: the number of columns of every factor once it has met Q.
  let rank: Int
  /// Factors per factorisation.
  private(set) var group: Int
  private let isFixed: Bool
  private var factorization: ReflectorFactorization?
  /// The factors since the last factorisation, multiplied out (rows × k, column by column).
  private var pending: (rows: Int, count: Int, columnMajor: [Double])?
  private var triangles: [[Double]] = []

  init(rank: Int, grouping: Int?) {
    self.rank = rank
    group = max(1, grouping ?? 1)
    isFixed = grouping != nil
  }

  /// Multiplies a factor (rows × columns, row-major) from the left; rows ≥ rank.
  mutating func append(_ factor: Matrix<Double>) {
    let rows = factor.rows
    if let before = pending {
      // Row-major, (F P)ᵀ = Pᵀ Fᵀ: the column-major P is Pᵀ as it lies there.
      var product = [Double](repeating: 0, count: rows * rank)
      factor.elements.withUnsafeBufferPointer {
        Double.gemm(
          ProductShape(rows: rank, columns: rows, inner: before.rows, transposeB: true), 1,
          before.columnMajor, before.rows, $0.baseAddress!, before.rows, 0, &product, rows)
      }
      pending = (rows, before.count + 1, product)
    } else {
      var product = transposedElements(factor)
      if let factorization {
        factorization.multiply(onto: &product, count: rows)
        product.removeLast(rows * (factor.columns - rank))
      }
      pending = (rows, 1, product)
    }
    if pending!.count >= group { factorize() }
  }

  private mutating func factorize() {
    guard let (rows, _, elements) = pending else { return }
    pending = nil
    let next = ReflectorFactorization(rows: rows, columns: rank, columnMajor: elements)
    let triangle = next.triangle()
    if !isFixed, triangles.isEmpty { group = Self.group(for: triangle, size: rank) }
    triangles.append(triangle)
    factorization = next
  }

  /// Two factors together if the condition of one, taken from the diagonal of its triangle with
  /// a factor 10 to spare, leaves 1e-8 of the smallest singular value of both.
  private static func group(for triangle: [Double], size: Int) -> Int {
    let diagonal = (0..<size).map { abs(triangle[$0 * size + $0]) }
    let (least, largest) = (diagonal.min()!, diagonal.max()!)
    guard least > 0 else { return 1 }
    let condition = 10 * largest / least
    return condition * condition * 1e-16 < 1e-8 ? 2 : 1
  }

  /// Goes on with the transpose of what was multiplied so far, up to orthogonal factors:
  /// (Q R_g ⋯ R₁)ᵀ = R₁ᵀ ⋯ R_gᵀ Qᵀ.
  mutating func turnRound() {
    factorize()
    let before = triangles
    triangles = []
    factorization = nil
    for triangle in before.reversed() {
      // The transpose of an upper triangle, column by column, is that triangle row by row.
      append(Matrix(rows: rank, columns: rank, elements: triangle))
    }
  }

  /// ln s, descending; exact zeros of the triangles are left out.
  mutating func logSingularValues() throws(PoiseError) -> [Double] {
    factorize()
    let size = rank
    var product = triangles[0]
    var exponents = [Int](repeating: 0, count: size)
    Self.rescale(&product, &exponents, size: size)
    for triangle in triangles.dropFirst() {
      var scaled = triangle
      let sums = Self.scale(&scaled, by: exponents, size: size)
      multiplyUpperTriangles(scaled, &product, size: size)
      exponents = sums
      Self.rescale(&product, &exponents, size: size)
    }
    return try decompose(product, exponents)
  }

  /// Multiplies entry (i, j) by 2^(e_j − s_i), s_i the largest exponent of row i; returns s.
  private static func scale(
    _ triangle: inout [Double], by exponents: [Int], size: Int
  ) -> [Int] {
    var tops = [Int](repeating: Int.min, count: size)
    for column in 0..<size {
      for row in 0...column where triangle[column * size + row] != 0 {
        tops[row] = max(
          tops[row], Int(triangle[column * size + row].exponent) + exponents[column])
      }
    }
    for row in 0..<size where tops[row] == Int.min { tops[row] = exponents[row] }
    for column in 0..<size {
      for row in 0...column {
        let shift = max(exponents[column] - tops[row], -2000)
        // scalbn by way of a single multiplication where it fits.
        let entry = triangle[column * size + row]
        triangle[column * size + row] = Double(sign: .plus, exponent: shift, significand: entry)
      }
    }
    return tops
  }

  /// Brings the largest entry of each row to [1, 2).
  private static func rescale(_ product: inout [Double], _ exponents: inout [Int], size: Int) {
    var tops = [Double](repeating: 0, count: size)
    for column in 0..<size {
      for row in 0...column { tops[row] = max(tops[row], abs(product[column * size + row])) }
    }
    let shifts = tops.map { $0 > 0 ? Int($0.exponent) : 0 }
    let factors = shifts.map { Double(sign: .plus, exponent: -$0, significand: 1) }
    for column in 0..<size {
      for row in 0...column { product[column * size + row] *= factors[row] }
    }
    for row in 0..<size { exponents[row] += shifts[row] }
  }

  private func decompose(
    _ product: [Double], _ exponents: [Int]
  ) throws(PoiseError) -> [Double] {
    let largest = exponents.max()!
    let least =
      (0..<rank).compactMap { row -> Int? in
        let entry = product[row * rank + row]
        return entry == 0 ? nil : Int(entry.exponent) + exponents[row]
      }.min() ?? largest
    guard largest - least <= 930 else {
      throw PoiseError(
        .outOfRange, quantity: "singular values of the Jacobian",
        value: "a span of \(Int(Double(largest - least) * 0.30103)) decades",
        allowed: "at most 280 decades", suggestion: "a smaller depth or a more isometric network")
    }
    // LAPACK scales what exceeds 2^459.
    let shift = 450 - largest
    var scaled = product
    for column in 0..<rank {
      for row in 0...column {
        scaled[column * rank + row] = Double(
          sign: .plus, exponent: exponents[row] + shift, significand: product[column * rank + row])
      }
    }
    // Column by column to a row-major matrix: LAPACK, which sees the transpose, gets the triangle
    // itself, graded by rows.
    let values = try Matrix(rows: rank, columns: rank, elements: scaled).singularValues()
    let floor = Double(shift) * .log(2)
    return values.compactMap { $0 > 0 ? .log($0) - floor : nil }
  }
}

/// Column by column, in blocks that fit the cache.
private func transposedElements(_ matrix: Matrix<Double>) -> [Double] {
  let (rows, columns) = (matrix.rows, matrix.columns)
  return [Double](unsafeUninitializedCapacity: rows * columns) { target, count in
    matrix.elements.withUnsafeBufferPointer { source in
      let block = 32
      for top in stride(from: 0, to: rows, by: block) {
        for left in stride(from: 0, to: columns, by: block) {
          for column in left..<min(left + block, columns) {
            for row in top..<min(top + block, rows) {
              target.initializeElement(
                at: column * rows + row, to: source[row * columns + column])
            }
          }
        }
      }
    }
    count = rows * columns
  }
}
