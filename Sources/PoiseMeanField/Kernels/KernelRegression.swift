public import PoiseNumerics

/// Regression with a kernel: the posterior of a Gaussian process, which an infinitely wide Bayesian
/// network is (NNGP), or the mean that gradient flow on an ensemble of networks reaches (NTK).
///
///     mean = K_* (K + s)⁻¹ Y,   variance = K_** − K_* (K + s)⁻¹ K_*ᵀ
///
/// s is the noise variance, or the ridge; with s = 0 the mean of the NTK is the limit of infinite
/// training time, averaged over initialisations.
public struct KernelRegression: Sendable {
  /// L L ᵀ = K + (s + jitter).
  private let factor: Matrix<Double>
  /// L⁻¹ Y.
  private let whitened: Matrix<Double>
  /// s.
  public let noiseVariance: Double
  /// What had to be added to the diagonal beyond s; 0 if the matrix is positive definite.
  public let jitter: Double

  /// - Parameters:
  ///   - kernel: K (train × train), symmetric.
  ///   - targets: Y (train × output).
  ///   - noiseVariance: s ≥ 0.
  ///   - largestJitter: how far the diagonal may be raised, relative to its mean.
  /// - Throws: `shapeMismatch`; `outOfRange` for s; `noAnswer` if K + s is not positive definite.
  public init(
    kernel: Matrix<Double>, targets: Matrix<Double>, noiseVariance: Double = 0,
    largestJitter: Double = 1e-6
  ) throws(PoiseError) {
    guard kernel.rows == kernel.columns, kernel.rows == targets.rows, kernel.rows > 0 else {
      throw PoiseError(
        .shapeMismatch, quantity: "targets", value: "\(targets.rows) rows",
        allowed: "one per row of a square kernel, here \(kernel.rows) × \(kernel.columns)")
    }
    let noise = try noiseVariance.checked("noise variance", in: 0...1e300)
    let mean = (0..<kernel.rows).reduce(0) { $0 + kernel[$1, $1] } / Double(kernel.rows)
    var added = 0.0
    while true {
      var matrix = kernel
      for row in 0..<kernel.rows { matrix[row, row] += noise + added }
      do throws(PoiseError) {
        factor = try matrix.choleskyFactor()
        break
      } catch {
        guard error.code == .noAnswer else { throw error }
        added = added == 0 ? 1e-15 * mean : 10 * added
        guard added <= largestJitter * mean * (1 + 1e-9), added > 0 else {
          throw PoiseError(
            .noAnswer, quantity: "kernel of the training rows",
            value: "not positive definite, even with \(largestJitter) of its mean diagonal added",
            allowed: "a positive definite kernel",
            suggestion: "a larger noise variance, or no repeated inputs")
        }
      }
    }
    jitter = added
    self.noiseVariance = noise
    whitened = factor.solvingLower(targets)
  }

  /// Mean and, where the diagonal K_** is given, variance of the noiseless function.
  ///
  /// - Parameters:
  ///   - cross: K_* (test × train).
  ///   - diagonal: K_** of every test row.
  /// - Returns: mean (test × output); variance ≥ 0, rounding aside.
  public func predict(
    cross: Matrix<Double>, diagonal: [Double]? = nil
  ) throws(PoiseError) -> (mean: Matrix<Double>, variance: [Double]?) {
    guard cross.columns == factor.rows, diagonal.map({ $0.count == cross.rows }) ?? true else {
      throw PoiseError(
        .shapeMismatch, quantity: "cross kernel", value: "\(cross.rows) × \(cross.columns)",
        allowed: "test rows × \(factor.rows)")
    }
    let reduced = factor.solvingLower(cross.transposed)
    let mean = Matrix.product(reduced, whitened, transposeA: true)
    guard var variance = diagonal else { return (mean, nil) }
    for row in 0..<reduced.rows {
      for column in 0..<reduced.columns {
        let value = reduced[row, column]
        variance[column] -= value * value
      }
    }
    return (mean, variance.map { max($0, 0) })
  }
}
