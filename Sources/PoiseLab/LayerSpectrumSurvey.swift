import PoiseHeavyTails
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The singular-value law of one layer with stable weights, for records.
public struct LayerSpectrumSurvey: Sendable {
  /// φ.
  public var activation: Activation
  /// σ_b.
  public var biasScale: Double
  /// Rows/columns of the Jacobian.
  public var aspect: Double
  /// Points of the grid in ln s.
  public var points: Int

  /// What all points of the survey share.
  public init(
    activation: Activation, biasScale: Double = 0, aspect: Double = 1, points: Int = 400
  ) {
    self.activation = activation
    self.biasScale = biasScale
    self.aspect = aspect
    self.points = points
  }

  /// ln S that stands for lengths 0.
  static let silent = -700.0

  /// The laws at all (α, σ_w), α outside.
  ///
  /// - Parameter store: keeps finished laws of a run that may be interrupted.
  /// - Throws: `noAnswer` where φ has no infinite-width limit; `outOfRange`.
  public func run(
    alphas: [Double], scales: [Double], jobs: Int = 1, store: PointStore? = nil
  ) throws(PoiseError) -> LayerSpectrumResult {
    guard alphas.count * scales.count <= 200 else {
      throw PoiseError(
        .outOfRange, quantity: "laws", value: "\(alphas.count) × \(scales.count)",
        allowed: "at most 200", suggestion: "poise tails or poise phase for maps")
    }
    let curves = try parallelMap(count: alphas.count, jobs: jobs) {
      (index: Int) throws(PoiseError) in
      // Tables of α, made for the first law that is not in the store.
      var tables: (theory: HeavyTailMeanField, gain: GeometricGain?)?
      return try scales.map { scale throws(PoiseError) in
        try store.value(
          "\(alphas[index]) \(scale)"
        ) { () throws(PoiseError) -> LayerSpectrumResult.Curve in
          if tables == nil { tables = try self.tables(alphas[index]) }
          let (theory, gain) = tables!
          return try curve(theory.with(scale: scale), gain)
        }
      }
    }
    return LayerSpectrumResult(
      activation: activation.name, biasScale: biasScale, curves: curves.flatMap { $0 })
  }

  private func tables(
    _ alpha: Double
  ) throws(PoiseError) -> (theory: HeavyTailMeanField, gain: GeometricGain?) {
    let theory = try HeavyTailMeanField(
      activation: activation, alpha: alpha, scale: 1, biasScale: biasScale)
    return (theory, aspect == 1 ? try GeometricGain(alpha: alpha) : nil)
  }

  /// The law at the fixed point, also where that is q* = 0.
  static func law(
    of theory: HeavyTailMeanField, aspect: Double
  ) throws(PoiseError) -> (law: StableJacobianLaw, logLength: Double?) {
    if case .dies = try theory.outcome() {
      return (try StableJacobianLaw(of: theory, logScale: silent, aspect: aspect), nil)
    }
    let fixed = try theory.fixedLength()
    let law = try StableJacobianLaw(of: theory, logScale: fixed.logScale, aspect: aspect)
    return (law, fixed.logLength)
  }

  private func curve(
    _ theory: HeavyTailMeanField, _ gain: GeometricGain?
  ) throws(PoiseError) -> LayerSpectrumResult.Curve {
    let (law, logLength) = try Self.law(of: theory, aspect: aspect)
    let profile = try law.profile(points: points)
    var curve = LayerSpectrumResult.Curve(
      alpha: theory.alpha, scale: theory.scale, aspect: aspect)
    curve.logLength = logLength
    curve.logLengthCase = logLength == nil ? "dies" : nil
    curve.slopeMoment = law.slopeMoment
    curve.tailConstant = law.tailConstant
    if theory.alpha < 2 {
      let far = 300 * max(1, theory.scale)
      curve.tailRatio = try law.density(far) * .pow(far, 1 + theory.alpha) / law.tailConstant
    } else {
      curve.tailRatioCase = "Gaussian"
    }
    (curve.networkTailConstant, curve.networkTailConstantCase) = Self.networkTail(theory, aspect)
    curve.zeroMass = law.zeroMass
    curve.massBelow = max(0, profile.shareBelow - law.zeroMass)
    // The weight beside the slope is of order σ_w.
    let least = Double.exp(profile.logSingularValues[0]) / theory.scale
    curve.saturatedShare = max(0, law.share(ofSlopesBelow: least) - law.zeroMass)
    if let gain, logLength != nil {
      let value = try gain.meanLogSquare(of: theory)
      curve.meanLogSquare = value.isFinite ? value : nil
      curve.meanLogSquareCase = value.isFinite ? nil : "diverges"
    } else {
      curve.meanLogSquareCase = gain == nil ? "not square" : "dies"
    }
    curve.quantiles = SpectrumSurvey.shares.map { share in
      // The law of the values that are not 0 lies above the zeros.
      SpectrumResult.Quantile(share: share, logSingularValue: profile.quantile(share))
    }
    curve.logSingularValues = profile.logSingularValues
    curve.density = profile.densities
    curve.survival = profile.survivals
    return curve
  }

  /// B₂ of a square layer, or why there is none.
  static func networkTail(
    _ theory: HeavyTailMeanField, _ aspect: Double
  ) -> (value: Double?, reason: String?) {
    guard aspect == 1 else { return (nil, "not square") }
    guard theory.alpha < 2 else { return (nil, "Gaussian") }
    guard let value = try? theory.networkTailConstant() else { return (nil, "no power law") }
    return (value, nil)
  }
}
