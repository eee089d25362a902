import CBLAS

/// The two precisions that BLAS knows: `Double` in all theory, `Float` where networks train.
public protocol BLASScalar: BinaryFloatingPoint, Sendable, Codable {
  /// C ← α A B + β C, each factor transposed or not; row-major, leading dimensions in elements.
  static func gemm(
    _ shape: ProductShape, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int,
    _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self, _ c: UnsafeMutablePointer<Self>,
    _ ldc: Int)
  /// Upper triangle of C ← α A Aᵀ + β C, with A (n × k) row-major.
  static func syrk(
    _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int, _ beta: Self,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
  /// y ← α A x + β y, A (rows × columns) row-major, or its transpose.
  static func gemv(
    transposed: Bool, rows: Int, columns: Int, _ alpha: Self, _ a: UnsafePointer<Self>,
    _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)
  /// Σ xᵢ yᵢ.
  static func dot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
  /// LAPACK ?geqrf and ?orgqr (column-major); return LAPACK's `info`.
  static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32
  static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutablePointer<Self>, _ lda: Int32,
    _ tau: UnsafePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ lwork: Int32
  ) -> Int32
}

/// Shape of a product op(A) op(B): (rows × inner)(inner × columns).
public struct ProductShape: Sendable {
  public let rows: Int
  public let columns: Int
  public let inner: Int
  public let transposeA: Bool
  public let transposeB: Bool

  public init(
    rows: Int, columns: Int, inner: Int, transposeA: Bool = false, transposeB: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposeA = transposeA
    self.transposeB = transposeB
  }
}

extension Double: BLASScalar {
  public static func gemm(
    _ shape: ProductShape, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int,
    _ b: UnsafePointer<Double>, _ ldb: Int, _ beta: Double, _ c: UnsafeMutablePointer<Double>,
    _ ldc: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, shape.transposeA ? CblasTrans : CblasNoTrans,
      shape.transposeB ? CblasTrans : CblasNoTrans, Int32(shape.rows), Int32(shape.columns),
      Int32(shape.inner), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
  public static func syrk(
    _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int, _ beta: Double,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasNoTrans, Int32(n), Int32(k), alpha, a, Int32(lda), beta, c,
      Int32(ldc))
  }
  public static func gemv(
    transposed: Bool, rows: Int, columns: Int, _ alpha: Double, _ a: UnsafePointer<Double>,
    _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), alpha,
      a, Int32(columns), x, 1, beta, y, 1)
  }
  public static func dot(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double {
    cblas_ddot(Int32(count), x, 1, y, 1)
  }
  public static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lda, lwork, info) = (m, n, lda, lwork, Int32(0))
    dgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info)
    return info
  }
  public static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutablePointer<Double>, _ lda: Int32,
    _ tau: UnsafePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, k, lda, lwork, info) = (m, n, k, lda, lwork, Int32(0))
    dorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info)
    return info
  }
}

extension Float: BLASScalar {
  public static func gemm(
    _ shape: ProductShape, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int,
    _ b: UnsafePointer<Float>, _ ldb: Int, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
    _ ldc: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, shape.transposeA ? CblasTrans : CblasNoTrans,
      shape.transposeB ? CblasTrans : CblasNoTrans, Int32(shape.rows), Int32(shape.columns),
      Int32(shape.inner), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
  public static func syrk(
    _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int, _ beta: Float,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    cblas_ssyrk(
      CblasRowMajor, CblasUpper, CblasNoTrans, Int32(n), Int32(k), alpha, a, Int32(lda), beta, c,
      Int32(ldc))
  }
  public static func gemv(
    transposed: Bool, rows: Int, columns: Int, _ alpha: Float, _ a: UnsafePointer<Float>,
    _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemv(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), alpha,
      a, Int32(columns), x, 1, beta, y, 1)
  }
  public static func dot(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Float {
    cblas_sdot(Int32(count), x, 1, y, 1)
  }
  public static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, lda, lwork, info) = (m, n, lda, lwork, Int32(0))
    sgeqrf_(&m, &n, a, &lda, tau, work, &lwork, &info)
    return info
  }
  public static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutablePointer<Float>, _ lda: Int32,
    _ tau: UnsafePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ lwork: Int32
  ) -> Int32 {
    var (m, n, k, lda, lwork, info) = (m, n, k, lda, lwork, Int32(0))
    sorgqr_(&m, &n, &k, a, &lda, tau, work, &lwork, &info)
    return info
  }
}

/// The BLAS that this process runs on.
public enum BLAS {
  /// Name of the processor kernel that OpenBLAS chose, or was told to use.
  public static var coreName: String { String(cString: openblas_get_corename()) }
  /// Build configuration, with the version.
  public static var configuration: String { String(cString: openblas_get_config()) }
  /// Puts BLAS on one thread: two threads give other bits, and Poise runs its own.
  public static func useOneThread() { openblas_set_num_threads(1) }
}
