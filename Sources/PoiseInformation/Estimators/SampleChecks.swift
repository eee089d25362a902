import PoiseNumerics

/// What every estimator asks of its samples.
enum SampleChecks {
  /// - Throws: `outOfRange` for no samples or columns, NaN or infinity, a constant column.
  static func check(_ samples: Matrix<Double>, _ name: String) throws(PoiseError) {
    guard samples.rows > 1, samples.columns > 0 else {
      throw PoiseError(
        .outOfRange, quantity: name, value: "\(samples.rows) × \(samples.columns)",
        allowed: "at least two rows (samples) and one column")
    }
    if let index = samples.elements.firstIndex(where: { !$0.isFinite }) {
      throw PoiseError(
        .outOfRange, quantity: "\(name), row \(index / samples.columns + 1)",
        value: "\(samples.elements[index])", allowed: "finite numbers")
    }
    if let column = constantColumn(samples) {
      throw PoiseError(
        .outOfRange, quantity: "\(name), column \(column + 1)",
        value: "the same number in every row", allowed: "columns that vary",
        suggestion: "leave it out: it carries no information")
    }
  }

  /// - Throws: as `check`, and `shapeMismatch` for different numbers of rows.
  static func check(_ x: Matrix<Double>, _ y: Matrix<Double>) throws(PoiseError) {
    try check(x, "X")
    try check(y, "Y")
    guard x.rows == y.rows else {
      throw PoiseError(
        .shapeMismatch, quantity: "rows of Y", value: "\(y.rows)",
        allowed: "\(x.rows), as in X: row i of both is sample i")
    }
  }

  /// - Throws: `outOfRange` unless the variance is finite and above 0.
  static func checkNoise(_ variance: Double) throws(PoiseError) {
    guard variance.isFinite, variance > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "noise variance", value: "\(variance)",
        allowed: "finite and above 0",
        suggestion: "without noise an injective layer carries infinite information")
    }
  }

  private static func constantColumn(_ samples: Matrix<Double>) -> Int? {
    let (rows, columns) = (samples.rows, samples.columns)
    return samples.withUnsafeElements { values in
      (0..<columns).first { column in
        (1..<rows).allSatisfy { values[$0 * columns + column] == values[column] }
      }
    }
  }
}
