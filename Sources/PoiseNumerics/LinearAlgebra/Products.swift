extension Matrix {
  /// op(A) op(B), each factor transposed or not.
  public static func product(
    _ a: Matrix, _ b: Matrix, transposeA: Bool = false, transposeB: Bool = false
  ) -> Matrix {
    let (rows, inner) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (innerB, columns) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(inner == innerB, "inner dimensions must agree")
    var result = Matrix(rows: rows, columns: columns)
    guard rows > 0, columns > 0, inner > 0 else { return result }
    BLAS.useOneThread()
    let shape = ProductShape(
      rows: rows, columns: columns, inner: inner, transposeA: transposeA, transposeB: transposeB)
    a.elements.withUnsafeBufferPointer { a0 in
      b.elements.withUnsafeBufferPointer { b0 in
        result.withUnsafeMutableElements { c0 in
          Scalar.gemm(
            shape, 1, a0.baseAddress!, a.columns, b0.baseAddress!, b.columns, 0, c0.baseAddress!,
            columns)
        }
      }
    }
    return result
  }

  /// A Aᵀ, symmetric, from its upper triangle.
  public var gram: Matrix {
    var result = Matrix(rows: rows, columns: rows)
    guard rows > 0, columns > 0 else { return result }
    BLAS.useOneThread()
    elements.withUnsafeBufferPointer { a in
      result.withUnsafeMutableElements { c in
        Scalar.syrk(rows, columns, 1, a.baseAddress!, columns, 0, c.baseAddress!, rows)
        for row in 1..<max(rows, 1) {
          for column in 0..<row { c[row * rows + column] = c[column * rows + row] }
        }
      }
    }
    return result
  }
}
