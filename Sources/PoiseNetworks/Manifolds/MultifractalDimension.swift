public import PoiseNumerics
import RealModule

/// Multifractal dimensions of a vector v of N entries,
///
///     D_q = ln[Σ |v|^{2q}/(Σ |v|²)^q]/((1 − q) ln N),   D₁ = −Σ p ln p/ln N,  p = |v|²/Σ|v|²:
///
/// 1 for a vector spread evenly, 0 for one on a single entry. A random real vector of N = 700 has
/// D₂ = 0.83: `extended(order:count:)`.
public enum MultifractalDimension {
  /// D_q of the entries of a real vector.
  ///
  /// - Parameters:
  ///   - order: q ≥ 0.
  /// - Returns: 0 for a vector of one entry, or of zeros.
  public static func of(_ vector: some Collection<Double>, order: Double) -> Double {
    ofSquares(vector.map { $0 * $0 }, order: order)
  }

  /// D_q from |v|², as complex vectors have them.
  public static func ofSquares(_ squares: [Double], order: Double) -> Double {
    let (sum, count) = (squares.reduce(0, +), squares.count)
    guard count > 1, sum > 0, sum.isFinite else { return 0 }
    let scale = Double.log(Double(count))
    if abs(order - 1) < 1e-9 {
      let entropy = squares.reduce(0.0) { total, square in
        let p = square / sum
        return p > 0 ? total - p * .log(p) : total
      }
      return entropy / scale
    }
    let moment = squares.reduce(0.0) { $1 > 0 ? $0 + .pow($1 / sum, order) : $0 }
    return .log(moment) / ((1 - order) * scale)
  }

  /// D_q of a vector of independent real Gaussian entries, for large N: E p^q by E x^{2q}.
  public static func extended(order: Double, count: Int) -> Double {
    let scale = Double.log(Double(max(count, 2)))
    if abs(order - 1) < 1e-9 {
      // E x² ln x² = 2 − γ − ln 2 for a normal x.
      return 1 - (2 - 0.57721566490153286 - .log(2)) / scale
    }
    let moment = order * .log(2) + .logGamma(order + 0.5) - .logGamma(0.5)
    return 1 + moment / ((1 - order) * scale)
  }
}

/// D_q of the singular vectors of a Jacobian, in order of their singular values.
public struct SingularVectorDimensions: Sendable {
  /// Singular values, descending.
  public let singularValues: [Double]
  /// D_q of the right singular vectors (directions of the input).
  public let right: [Double]
  /// D_q of the left ones (directions of the output).
  public let left: [Double]

  /// - Throws: as the decomposition.
  public init(of jacobian: Matrix<Double>, order: Double = 2) throws(PoiseError) {
    let parts = try jacobian.singularValueDecomposition()
    singularValues = parts.values
    right = (0..<parts.values.count).map {
      MultifractalDimension.of(parts.rightTransposed.row($0), order: order)
    }
    let columns = parts.left.transposed
    left = (0..<parts.values.count).map {
      MultifractalDimension.of(columns.row($0), order: order)
    }
  }

  /// Share of right vectors with D_q below a threshold.
  public func share(below threshold: Double) -> Double {
    guard !right.isEmpty else { return 0 }
    return Double(right.count { $0 < threshold }) / Double(right.count)
  }
}

/// D_q of the right eigenvectors of a square Jacobian, complex in general.
public struct EigenvectorDimensions: Sendable {
  /// Eigenvalues, in LAPACK's order.
  public let eigenvalues: [(real: Double, imaginary: Double)]
  /// D_q of the eigenvectors.
  public let dimensions: [Double]

  /// - Throws: `shapeMismatch` if not square; as the decomposition.
  public init(of jacobian: Matrix<Double>, order: Double = 2) throws(PoiseError) {
    let parts = try jacobian.eigendecomposition()
    eigenvalues = parts.values
    dimensions = (0..<parts.values.count).map {
      MultifractalDimension.ofSquares(parts.squaredModuli.row($0), order: order)
    }
  }
}
