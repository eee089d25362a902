public import PoiseNumerics
import RealModule

/// Mutual information of two sets of samples as if they were jointly Gaussian, without bias:
///
///     Î = ½ [ln det Ĉ_x + ln det Ĉ_y − ln det Ĉ_xy] − bias,
///     E ln det Ĉ_n = ln det C + Σ_{i<n} ψ((f − i)/2) − n ln(f/2),   f = P − 1.
///
/// The correction is exact for Gaussian samples. Of other laws this is the linearly visible part,
/// and a lower bound where X is Gaussian.
public enum GaussianInformation {
  /// - Parameters:
  ///   - x, y: (sample × dimension).
  /// - Returns: the estimate; it may be negative for independent samples, by chance.
  /// - Throws: `outOfRange` for no more samples than dimensions + 1, NaN, constant columns;
  ///   `noAnswer` for columns that depend on each other; `shapeMismatch` for unequal rows.
  public static func estimate(
    _ x: Matrix<Double>, _ y: Matrix<Double>
  ) throws(PoiseError) -> InformationEstimate {
    try SampleChecks.check(x, y)
    let dimensions = x.columns + y.columns
    guard x.rows > dimensions + 1 else {
      throw PoiseError(
        .outOfRange, quantity: "samples", value: "\(x.rows)",
        allowed: "at least \(dimensions + 2) for \(dimensions) dimensions together",
        suggestion: "more samples, or the log-det bound with a noise variance")
    }
    var both = Matrix<Double>(rows: x.rows, columns: dimensions)
    for row in 0..<x.rows {
      for k in 0..<x.columns { both[row, k] = x[row, k] }
      for k in 0..<y.columns { both[row, x.columns + k] = y[row, k] }
    }
    let parts = [
      try WhitenedSamples(x, "X"), try WhitenedSamples(y, "Y"),
      try WhitenedSamples(both, "X and Y"),
    ]
    let signs = [1.0, 1.0, -1.0]
    let freedom = Double(x.rows - 1)
    let nats = zip(signs, parts).reduce(0) { $0 + $1.0 * $1.1.logDeterminant } / 2
    let shifts = (0..<x.rows).map { row in
      zip(signs, parts).reduce(0) {
        $0 + 0.5 * $1.0 * Double.log(onePlus: -min($1.1.leverages[row] / freedom, 1 - 1e-9))
      }
    }
    let error = (RunningMoments(shifts).variance ?? 0) * (freedom * freedom / (freedom + 1))
    var warnings: [String] = []
    if Double(dimensions) > 0.5 * freedom {
      warnings.append("\(dimensions) dimensions from \(x.rows) samples: exact for Gaussians only")
    }
    return InformationEstimate(nats: nats, standardError: error.squareRoot(), warnings: warnings)
  }
}

/// ln det of the covariance that samples were drawn with, and z·Ĉ⁻¹z of each of them.
private struct WhitenedSamples {
  let logDeterminant: Double
  let leverages: [Double]

  init(_ samples: Matrix<Double>, _ name: String) throws(PoiseError) {
    let centred = samples.withoutColumnMeans
    let freedom = Double(samples.rows - 1)
    var covariance = centred.transposed.gram
    // Units do not matter to the information, but to the condition of the matrix.
    let scales = (0..<samples.columns).map { (covariance[$0, $0] / freedom).squareRoot() }
    for i in scales.indices {
      for j in scales.indices { covariance[i, j] /= freedom * scales[i] * scales[j] }
    }
    guard let factor = try? covariance.choleskyFactor(),
      scales.indices.allSatisfy({ factor[$0, $0] > 1e-7 })
    else {
      throw PoiseError(
        .noAnswer, quantity: "covariance of \(name)", value: "singular",
        allowed: "columns that are linearly independent",
        suggestion: "leave out columns that follow from others, or add the noise of the layer")
    }
    var scaled = centred.transposed
    for (k, scale) in scales.enumerated() {
      for row in 0..<samples.rows { scaled[k, row] /= scale }
    }
    let white = factor.solvingLower(scaled)
    leverages = (0..<samples.rows).map { row in
      scales.indices.reduce(0) { $0 + white[$1, row] * white[$1, row] }
    }
    logDeterminant = scales.indices.reduce(0) { sum, i in
      let bias = Digamma.value((freedom - Double(i)) / 2) - .log(freedom / 2)
      return sum + 2 * .log(factor[i, i]) + 2 * .log(scales[i]) - bias
    }
  }
}
