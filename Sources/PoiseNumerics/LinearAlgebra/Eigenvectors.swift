import CBLAS

/// Eigenvalues and right eigenvectors of a real square matrix.
public struct Eigendecomposition: Sendable {
  /// Eigenvalues; conjugate pairs stand together, the one with positive imaginary part first.
  public let values: [(real: Double, imaginary: Double)]
  /// Row k holds |v|² of the entries of eigenvector k; each row sums to 1.
  public let squaredModuli: Matrix<Double>
}

extension Matrix where Scalar == Double {
  /// Eigenvalues and right eigenvectors (LAPACK dgeev).
  /// - Throws: `shapeMismatch` if not square; `notConverged`; `outOfRange` for entries not finite.
  public func eigendecomposition() throws(PoiseError) -> Eigendecomposition {
    guard rows == columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "matrix", value: "\(rows) × \(columns)", allowed: "square")
    }
    guard elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "matrix", value: "NaN or infinity", allowed: "finite entries")
    }
    let count = rows
    guard count > 0 else { return Eigendecomposition(values: [], squaredModuli: self) }
    BLAS.useOneThread()
    // Column-major: LAPACK wants the transpose of the rows.
    var a = transposed.elements
    var (real, imaginary) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var vectors = [Double](repeating: 0, count: count * count)
    var unused = [0.0]
    var (n, one, lwork, info) = (Int32(count), Int32(1), Int32(-1), Int32(0))
    var (lda, ldvr) = (n, n)
    var size = 0.0
    dgeev_(
      [78, 0], [86, 0], &n, &a, &lda, &real, &imaginary, &unused, &one, &vectors, &ldvr,
      &size, &lwork, &info)
    lwork = Int32(size)
    var work = [Double](repeating: 0, count: Int(lwork))
    dgeev_(
      [78, 0], [86, 0], &n, &a, &lda, &real, &imaginary, &unused, &one, &vectors, &ldvr,
      &work, &lwork, &info)
    guard info == 0 else {
      throw PoiseError(
        .notConverged, quantity: "eigenvalues", value: "LAPACK info \(info)", allowed: "info 0")
    }
    // A complex pair shares two columns: real and imaginary part of the first of them.
    var moduli = [Double](repeating: 0, count: count * count)
    var index = 0
    while index < count {
      let isPair = imaginary[index] != 0 && index + 1 < count
      for unit in 0..<count {
        let x = vectors[index * count + unit]
        let y = isPair ? vectors[(index + 1) * count + unit] : 0
        moduli[index * count + unit] = x * x + y * y
        if isPair { moduli[(index + 1) * count + unit] = x * x + y * y }
      }
      index += isPair ? 2 : 1
    }
    return Eigendecomposition(
      values: zip(real, imaginary).map { (real: $0, imaginary: $1) },
      squaredModuli: Matrix(rows: count, columns: count, elements: moduli))
  }
}
