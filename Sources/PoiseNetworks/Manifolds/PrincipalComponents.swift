public import PoiseNumerics

/// The principal components of a set of points, and how many of them it fills.
public struct PrincipalComponents: Sendable {
  /// Variances along the components, descending; at most min(points, units).
  public let variances: [Double]
  /// Row k is the unit vector of component k.
  public let components: Matrix<Double>
  /// The mean that was subtracted; zeros if not centred.
  public let mean: [Double]

  /// ED = (tr C)²/tr C²: 1 for a line, the dimension for a sphere; 0 where all points coincide.
  public var effectiveDimension: Double {
    let (sum, squares) = variances.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum / squares * sum : 0
  }

  /// - Parameters:
  ///   - points: point × unit.
  ///   - centred: subtract the mean of each unit; without, C is the matrix of second moments.
  /// - Throws: `outOfRange` for fewer than two points or entries not finite; `notConverged`.
  public init(of points: Matrix<Double>, centred: Bool = true) throws(PoiseError) {
    guard points.rows >= 2, points.columns >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "points", value: "\(points.rows)", allowed: "at least 2")
    }
    var (shifted, mean) = (points, [Double](repeating: 0, count: points.columns))
    if centred {
      for row in 0..<points.rows {
        for unit in 0..<points.columns { mean[unit] += points[row, unit] / Double(points.rows) }
      }
      for row in 0..<points.rows {
        for unit in 0..<points.columns {
          shifted.elements[row * points.columns + unit] -= mean[unit]
        }
      }
    }
    self.mean = mean
    let parts = try shifted.singularValueDecomposition()
    variances = parts.values.map { $0 * $0 / Double(points.rows) }
    components = parts.rightTransposed
  }

  /// ED of a set of points from their inner products, without the components: tr C and tr C² are all it needs.
  ///
  /// - Returns: 0 where all points coincide.
  public static func effectiveDimension(of points: Matrix<Double>, centred: Bool = true) -> Double {
    var shifted = points
    if centred, points.rows > 0 {
      for unit in 0..<points.columns {
        var mean = 0.0
        for row in 0..<points.rows { mean += points[row, unit] / Double(points.rows) }
        for row in 0..<points.rows { shifted.elements[row * points.columns + unit] -= mean }
      }
    }
    // The largest entry as the unit: squares of squares neither vanish nor overflow.
    let size = shifted.elements.reduce(0) { max($0, abs($1)) }
    guard size > 0, size.isFinite else { return 0 }
    for index in shifted.elements.indices { shifted.elements[index] /= size }
    let isTall = points.rows > points.columns
    let products = Matrix.product(
      shifted, shifted, transposeA: isTall, transposeB: !isTall)
    let trace = (0..<products.rows).reduce(0.0) { $0 + products[$1, $1] }
    let squares = products.elements.reduce(0.0) { $0 + $1 * $1 }
    return squares > 0 ? trace / squares * trace : 0
  }

  /// The points on the leading components (point × component).
  public func projected(_ points: Matrix<Double>, onto count: Int) -> Matrix<Double> {
    precondition(points.columns == mean.count, "points of another dimension")
    let leading = components.selecting(rows: Array(0..<min(count, components.rows)))
    var shifted = points
    for row in 0..<points.rows {
      for unit in 0..<points.columns {
        shifted.elements[row * points.columns + unit] -= mean[unit]
      }
    }
    return Matrix.product(shifted, leading, transposeB: true)
  }
}
