/// Three numbers indexed by (q_a, q_b, k).
struct Vector3 {
  var x: Double
  var y: Double
  var z: Double

  init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  static func + (a: Vector3, b: Vector3) -> Vector3 { Vector3(a.x + b.x, a.y + b.y, a.z + b.z) }
  func scaled(_ factor: Double) -> Vector3 { Vector3(factor * x, factor * y, factor * z) }
  func with(z: Double) -> Vector3 { Vector3(x, y, z) }
  func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }
}

/// A 3 × 3 matrix over (q_a, q_b, k).
struct Matrix3 {
  var rows: (Vector3, Vector3, Vector3)

  init() { rows = (Vector3(0, 0, 0), Vector3(0, 0, 0), Vector3(0, 0, 0)) }
  init(rows a: Vector3, _ b: Vector3, _ c: Vector3) { rows = (a, b, c) }

  static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(rows: a.rows.0 + b.rows.0, a.rows.1 + b.rows.1, a.rows.2 + b.rows.2)
  }
  static func - (a: Matrix3, b: Matrix3) -> Matrix3 { a + b.scaled(-1) }

  static func outer(_ a: Vector3, _ b: Vector3) -> Matrix3 {
    Matrix3(rows: b.scaled(a.x), b.scaled(a.y), b.scaled(a.z))
  }

  /// Covariance of (w_a², w_b², w_a w_b) for a Gaussian pair of variances a and covariance k.
  static func wishart(_ a: Double, _ k: Double) -> Matrix3 {
    Matrix3(
      rows: Vector3(2 * a * a, 2 * k * k, 2 * a * k), Vector3(2 * k * k, 2 * a * a, 2 * a * k),
      Vector3(2 * a * k, 2 * a * k, a * a + k * k))
  }

  /// E of products of two of (w_a², w_b², w_a w_b) for the same pair.
  static func gaussianFourth(_ a: Double, _ k: Double) -> Matrix3 {
    wishart(a, k) + outer(Vector3(a, a, k), Vector3(a, a, k))
  }

  subscript(row: Int, column: Int) -> Double {
    let line = row == 0 ? rows.0 : (row == 1 ? rows.1 : rows.2)
    return column == 0 ? line.x : (column == 1 ? line.y : line.z)
  }

  var transposed: Matrix3 {
    Matrix3(
      rows: Vector3(rows.0.x, rows.1.x, rows.2.x), Vector3(rows.0.y, rows.1.y, rows.2.y),
      Vector3(rows.0.z, rows.1.z, rows.2.z))
  }

  func scaled(_ factor: Double) -> Matrix3 {
    Matrix3(rows: rows.0.scaled(factor), rows.1.scaled(factor), rows.2.scaled(factor))
  }
  func times(_ v: Vector3) -> Vector3 { Vector3(rows.0.dot(v), rows.1.dot(v), rows.2.dot(v)) }
  func times(_ m: Matrix3) -> Matrix3 {
    let t = m.transposed
    return Matrix3(
      rows: t.times(rows.0), t.times(rows.1), t.times(rows.2))
  }
  /// M X Mᵀ.
  func sandwich(_ x: Matrix3) -> Matrix3 { times(x).times(transposed) }
  /// Σ_ij M_ij X_ij.
  func contracted(_ x: Matrix3) -> Double {
    rows.0.dot(x.rows.0) + rows.1.dot(x.rows.1) + rows.2.dot(x.rows.2)
  }
}
