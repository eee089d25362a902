import CBLAS

/// A = U diag(s) Vᵀ.
public struct SingularValueDecomposition: Sendable {
  /// Singular values, descending.
  public let values: [Double]
  /// U (rows × min(rows, columns)).
  public let left: Matrix<Double>
  /// Vᵀ (min(rows, columns) × columns).
  public let rightTransposed: Matrix<Double>
}

/// A = V diag(λ) Vᵀ for symmetric A.
public struct SymmetricEigendecomposition: Sendable {
  /// Eigenvalues, ascending.
  public let values: [Double]
  /// Row k is the eigenvector of `values[k]`, of unit length.
  public let vectors: Matrix<Double>
}

extension Matrix where Scalar == Double {
  /// Singular values, descending (LAPACK dgesdd).
  /// - Throws: `notConverged` if LAPACK gives up; `outOfRange` for entries that are not finite.
  public func singularValues() throws(PoiseError) -> [Double] {
    try decompose(vectors: false).values
  }

  /// Singular values and vectors (LAPACK dgesdd).
  /// - Throws: `notConverged` if LAPACK gives up; `outOfRange` for entries that are not finite.
  public func singularValueDecomposition() throws(PoiseError) -> SingularValueDecomposition {
    try decompose(vectors: true)
  }

  // LAPACK sees the row-major A as Aᵀ = V diag(s) Uᵀ, so its U is our V and its Vᵀ our Uᵀ.
  private func decompose(vectors: Bool) throws(PoiseError) -> SingularValueDecomposition {
    try requireFinite()
    let least = min(rows, columns)
    guard least > 0 else {
      return SingularValueDecomposition(
        values: [], left: Matrix(rows: rows, columns: 0),
        rightTransposed: Matrix(rows: 0, columns: columns))
    }
    BLAS.useOneThread()
    var a = elements
    var values = [Double](repeating: 0, count: least)
    var u = [Double](repeating: 0, count: vectors ? columns * least : 1)
    var vt = [Double](repeating: 0, count: vectors ? least * rows : 1)
    var iwork = [Int32](repeating: 0, count: 8 * least)
    var (m, n, lda) = (Int32(columns), Int32(rows), Int32(columns))
    var (ldu, ldvt) = (Int32(columns), Int32(vectors ? least : 1))
    var (lwork, info) = (Int32(-1), Int32(0))
    var size = 0.0
    let job: [CChar] = vectors ? [83, 0] : [78, 0]  // 'S' or 'N'
    dgesdd_(job, &m, &n, &a, &lda, &values, &u, &ldu, &vt, &ldvt, &size, &lwork, &iwork, &info)
    lwork = Int32(size)
    var work = [Double](repeating: 0, count: Int(lwork))
    dgesdd_(job, &m, &n, &a, &lda, &values, &u, &ldu, &vt, &ldvt, &work, &lwork, &iwork, &info)
    guard info == 0 else { throw Self.lapackFailure("singular values", info) }
    guard vectors else {
      return SingularValueDecomposition(
        values: values, left: Matrix(rows: 0, columns: 0),
        rightTransposed: Matrix(rows: 0, columns: 0))
    }
    // vt is (least × rows) column-major = our U (rows × least) row-major; u likewise is our Vᵀ.
    return SingularValueDecomposition(
      values: values, left: Matrix(rows: rows, columns: least, elements: vt),
      rightTransposed: Matrix(rows: least, columns: columns, elements: u))
  }

  /// Eigenvalues and eigenvectors of a symmetric matrix (LAPACK dsyevd; upper triangle is read).
  /// - Throws: `shapeMismatch` if not square, `notConverged`, `outOfRange` for entries not finite.
  public func symmetricEigendecomposition() throws(PoiseError) -> SymmetricEigendecomposition {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return SymmetricEigendecomposition(values: [], vectors: self) }
    BLAS.useOneThread()
    var a = elements
    var values = [Double](repeating: 0, count: rows)
    var (n, lda, info) = (Int32(rows), Int32(rows), Int32(0))
    var (lwork, liwork) = (Int32(-1), Int32(-1))
    var (size, isize) = (0.0, Int32(0))
    let (job, triangle): ([CChar], [CChar]) = ([86, 0], [76, 0])  // 'V', 'L' of the transpose
    dsyevd_(job, triangle, &n, &a, &lda, &values, &size, &lwork, &isize, &liwork, &info)
    lwork = Int32(size)
    liwork = isize
    var work = [Double](repeating: 0, count: Int(lwork))
    var iwork = [Int32](repeating: 0, count: Int(liwork))
    dsyevd_(job, triangle, &n, &a, &lda, &values, &work, &lwork, &iwork, &liwork, &info)
    guard info == 0 else { throw Self.lapackFailure("eigenvalues", info) }
    return SymmetricEigendecomposition(
      values: values, vectors: Matrix(rows: rows, columns: rows, elements: a))
  }

  /// The lower-triangular L with A = L Lᵀ (LAPACK dpotrf; the lower triangle of A is read).
  /// - Throws: `shapeMismatch` if not square; `noAnswer` if A is not positive definite.
  public func choleskyFactor() throws(PoiseError) -> Matrix<Double> {
    try requireSquare()
    try requireFinite()
    BLAS.useOneThread()
    var a = elements
    var (n, lda, info) = (Int32(rows), Int32(max(rows, 1)), Int32(0))
    // Row-major lower is column-major upper.
    dpotrf_([85, 0], &n, &a, &lda, &info)
    guard info == 0 else {
      throw PoiseError(
        .noAnswer, quantity: "Cholesky factor", value: "pivot \(info) of \(rows) is not positive",
        allowed: "a positive definite matrix", suggestion: "add a small multiple of the identity")
    }
    for row in 0..<rows {
      for column in (row + 1)..<max(rows, row + 1) { a[row * rows + column] = 0 }
    }
    return Matrix(rows: rows, columns: rows, elements: a)
  }

  private func requireSquare() throws(PoiseError) {
    guard rows == columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "matrix", value: "\(rows) × \(columns)", allowed: "square")
    }
  }

  private func requireFinite() throws(PoiseError) {
    guard elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "matrix", value: "NaN or infinity", allowed: "finite entries")
    }
  }

  private static func lapackFailure(_ quantity: String, _ info: Int32) -> PoiseError {
    PoiseError(
      .notConverged, quantity: quantity, value: "LAPACK info \(info)", allowed: "info 0")
  }
}

extension Matrix {
  /// A = Q R with Q (rows × columns) of orthonormal columns and R upper triangular, rows ≥ columns.
  ///
  /// The diagonal of R is not made positive; see `haarOrthogonal` in PoiseNetworks for the signs.
  public func qrFactors() -> (q: Matrix, r: Matrix) {
    precondition(rows >= columns, "a thin QR needs rows ≥ columns")
    guard columns > 0 else { return (self, Matrix(rows: 0, columns: 0)) }
    BLAS.useOneThread()
    // Column-major copy for LAPACK.
    var a = transposed.elements
    let (m, n) = (Int32(rows), Int32(columns))
    var tau = [Scalar](repeating: 0, count: columns)
    var work = [Scalar](repeating: 0, count: 64 * max(columns, 1))
    var r = Matrix(rows: columns, columns: columns)
    let lwork = Int32(work.count)
    var info = Scalar.geqrf(m, n, &a, m, &tau, &work, lwork)
    precondition(info == 0, "geqrf: illegal argument")
    for row in 0..<columns {
      for column in row..<columns { r[row, column] = a[column * rows + row] }
    }
    info = Scalar.orgqr(m, n, n, &a, m, tau, &work, lwork)
    precondition(info == 0, "orgqr: illegal argument")
    return (Matrix(rows: columns, columns: rows, elements: a).transposed, r)
  }
}
