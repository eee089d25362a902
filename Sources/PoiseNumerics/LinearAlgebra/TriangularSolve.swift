import CBLAS

extension Matrix where Scalar == Double {
  /// L⁻¹ B for this lower-triangular L (BLAS dtrsm; the upper triangle is not read).
  public func solvingLower(_ right: Matrix<Double>) -> Matrix<Double> {
    precondition(rows == columns && right.rows == rows, "shapes of a triangular system")
    var result = right
    guard rows > 0, right.columns > 0 else { return result }
    BLAS.useOneThread()
    elements.withUnsafeBufferPointer { lower in
      result.withUnsafeMutableElements { b in
        cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(rows),
          Int32(right.columns), 1, lower.baseAddress!, Int32(rows), b.baseAddress!,
          Int32(right.columns))
      }
    }
    return result
  }
}
