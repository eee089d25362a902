public import PoiseNumerics
import RealModule

/// Gaussian information of a layer with output noise s: I = ½ ln det(1 + C/s), an upper bound for
/// any law of covariance C, exact for Gaussian layers.
///
/// The covariance of P samples in n dimensions makes it too small, by about n²/4P in all. For
/// Gaussian samples with n/P fixed the loss is known (see `docs/theory/estimators.md`) and undone:
///
///     Î = ½ [Σ_i ln(1 + λ_i/t) − P ln(s/t) + P (1 − t/s)],   1 − t/s = (1/P) Σ_i λ_i/(t + λ_i)
///
/// with λ the eigenvalues of the sample covariance. t = s gives the uncorrected value.
public struct LogDetInformation: Sendable, Equatable {
  /// ½ ln det(1 + Ĉ/s) of the samples as they are: exact for a Gaussian with just their covariance,
  /// and an upper bound on the information about *which sample* it was.
  public let sampled: InformationEstimate
  /// The value for the law that the samples were drawn from; nil where they do not determine it: the
  /// signal fills more than nine tenths of their degrees of freedom.
  public let corrected: InformationEstimate?

  /// - Parameters:
  ///   - layer: noiseless values (sample × unit); the smaller of the two covariances is taken.
  ///   - noiseVariance: s > 0.
  /// - Throws: `outOfRange` for fewer than two samples, NaN, constant columns, s not above 0.
  public init(_ layer: Matrix<Double>, noiseVariance: Double) throws(PoiseError) {
    try SampleChecks.check(layer, "Y")
    try SampleChecks.checkNoise(noiseVariance)
    let modes = try CovarianceModes(layer)
    let freedom = Double(layer.rows - 1)
    sampled = modes.estimate(noise: noiseVariance, shifted: noiseVariance, warnings: [])
    guard let shifted = modes.shiftedNoise(noiseVariance), shifted > 0.1 * noiseVariance else {
      corrected = nil
      return
    }
    let filling = 1 - shifted / noiseVariance
    var warnings: [String] = []
    if filling > 0.5 {
      warnings.append(
        "the signal fills \(Int((filling * 100).rounded())) % of the \(layer.rows) samples: the"
          + " correction is exact for Gaussian samples only")
    }
    if freedom < 10 { warnings.append("only \(layer.rows) samples") }
    corrected = modes.estimate(noise: noiseVariance, shifted: shifted, warnings: warnings)
  }
}

/// Eigenvalues of a sample covariance and the weights of the samples on its modes.
struct CovarianceModes {
  /// Degrees of freedom, P − 1.
  let freedom: Double
  /// λ, those that are not zero.
  let values: [Double]
  /// (z_a·v_k)² (sample × mode).
  let weights: Matrix<Double>

  init(_ samples: Matrix<Double>) throws(PoiseError) {
    let centred = samples.withoutColumnMeans
    let freedom = Double(samples.rows - 1)
    let tall = samples.columns < samples.rows
    var small = tall ? centred.transposed.gram : centred.gram
    small.elements = small.elements.map { $0 / freedom }
    let modes = try small.symmetricEigendecomposition()
    let largest = modes.values.last ?? 0
    // The centred samples span at most P − 1 dimensions: the rest is rounding.
    let kept = modes.values.indices.filter { modes.values[$0] > 1e-13 * largest }
    let vectors = modes.vectors.selecting(rows: kept)
    let eigenvalues = kept.map { modes.values[$0] }
    // Tall: scores Z v. Wide: Z Zᵀ u = freedom λ u, and the scores are √(freedom λ) u.
    var scores =
      tall ? Matrix.product(centred, vectors, transposeB: true) : vectors.transposed
    scores.withUnsafeMutableElements { z in
      for index in z.indices {
        let scale = tall ? 1 : freedom * eigenvalues[index % eigenvalues.count]
        z[index] = z[index] * z[index] * scale
      }
    }
    values = eigenvalues
    weights = scores
    self.freedom = freedom
  }

  /// The t in (0, s] with 1 − t/s = (1/P) Σ λ/(t + λ); nil where only t = 0 solves it: fewer
  /// samples than units, and too little noise to tell them apart.
  func shiftedNoise(_ noise: Double) -> Double? {
    func excess(_ t: Double) -> Double {
      1 - t / noise - values.reduce(0) { $0 + $1 / (t + $1) } / freedom
    }
    let least = noise * 1e-6
    guard excess(least) > 0 else { return nil }
    let root = try? bracketedRoot(from: least, to: noise) { t in excess(t) }
    return root?.value
  }

  /// The estimate is stationary in t, so that leaving sample a out moves it by
  /// ½ ln(1 − q_a/P), q_a = z_a·(t + Ĉ)⁻¹ z_a, at fixed t: the jackknife error needs no new t.
  func estimate(noise: Double, shifted t: Double, warnings: [String]) -> InformationEstimate {
    let logs = values.reduce(0) { $0 + .log(onePlus: $1 / t) }
    let filling = freedom * (1 - t / noise - .log(noise / t))
    let shifts = (0..<weights.rows).map { row in
      var leverage = 0.0
      for (mode, value) in values.enumerated() { leverage += weights[row, mode] / (t + value) }
      return 0.5 * Double.log(onePlus: -min(leverage / freedom, 1 - 1e-9))
    }
    let error = (RunningMoments(shifts).variance ?? 0) * (freedom * freedom / (freedom + 1))
    return InformationEstimate(
      nats: (logs + filling) / 2, standardError: error.squareRoot(), warnings: warnings)
  }
}
