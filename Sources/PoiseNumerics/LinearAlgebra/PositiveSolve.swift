import CBLAS

extension Double {
  /// Solves A X = B in place for a symmetric positive definite A (LAPACK dpotrf, dpotrs).
  ///
  /// - Parameters:
  ///   - a: A (size × size); the upper triangle of the row-major matrix is read, then overwritten by
  ///     its factor.
  ///   - b: `count` right sides, one after the other; overwritten by the solutions.
  /// - Returns: whether A is positive definite to rounding; if not, `b` is untouched.
  public static func solvePositive(
    _ size: Int, _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, count: Int
  ) -> Bool {
    guard size > 0, count > 0 else { return true }
    var (n, right, info) = (Int32(size), Int32(count), Int32(0))
    // Row-major upper is column-major lower.
    let triangle: CChar = 76
    withUnsafePointer(to: triangle) { dpotrf_($0, &n, a, &n, &info) }
    guard info == 0 else { return false }
    withUnsafePointer(to: triangle) { dpotrs_($0, &n, &right, a, &n, b, &n, &info) }
    return info == 0
  }
}
