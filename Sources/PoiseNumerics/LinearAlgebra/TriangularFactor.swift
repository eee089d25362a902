import CBLAS

/// A = Q R of a tall matrix (rows × columns), with Q kept as its reflections.
///
/// Matrices are column-major here, as LAPACK has them.
public struct ReflectorFactorization: Sendable {
  public let rows: Int
  public let columns: Int
  private let reflectors: [Double]
  private let scales: [Double]

  /// - Parameter columnMajor: A, column by column; rows ≥ columns.
  public init(rows: Int, columns: Int, columnMajor: consuming [Double]) {
    precondition(rows >= columns && columnMajor.count == rows * columns, "a tall matrix")
    BLAS.useOneThread()
    self.rows = rows
    self.columns = columns
    var a = columnMajor
    var tau = [Double](repeating: 0, count: max(columns, 1))
    var work = [Double](repeating: 0, count: 64 * max(columns, 1))
    let (m, n) = (Int32(rows), Int32(columns))
    let info = Double.geqrf(m, n, &a, m, &tau, &work, Int32(work.count))
    precondition(info == 0, "geqrf: illegal argument")
    reflectors = a
    scales = tau
  }

  /// R (columns × columns), column by column, zeros below the diagonal.
  public func triangle() -> [Double] {
    var r = [Double](repeating: 0, count: columns * columns)
    for column in 0..<columns {
      for row in 0...column { r[column * columns + row] = reflectors[column * rows + row] }
    }
    return r
  }

  /// C ← C Q for C (count × rows), column by column; the first `columns` columns are C times the
  /// orthonormal columns of Q.
  public func multiply(onto c: inout [Double], count: Int) {
    precondition(c.count == count * rows, "the factor does not fit")
    BLAS.useOneThread()
    var (m, n, k, lda) = (Int32(count), Int32(rows), Int32(columns), Int32(rows))
    var (lwork, info) = (Int32(64 * max(count, 1) + 4160), Int32(0))
    var work = [Double](repeating: 0, count: Int(lwork))
    dormqr_([82, 0], [78, 0], &m, &n, &k, reflectors, &lda, scales, &c, &m, &work, &lwork, &info)
    precondition(info == 0, "ormqr: illegal argument")
  }
}

/// T ← R T for upper triangles of one size, column by column: blocks of columns meet only the
/// leading rows that they reach, n³/3 operations.
public func multiplyUpperTriangles(_ r: [Double], _ t: inout [Double], size: Int) {
  precondition(r.count == size * size && t.count == size * size, "triangles of one size")
  BLAS.useOneThread()
  let block = 96
  t.withUnsafeMutableBufferPointer { target in
    for start in stride(from: 0, to: size, by: block) {
      let width = min(block, size - start)
      cblas_dtrmm(
        CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(start + width),
        Int32(width), 1, r, Int32(size), target.baseAddress! + start * size, Int32(size))
    }
  }
}
