import PoiseHeavyTails
public import PoiseModel
public import PoiseNumerics
import RealModule

/// Heavy-tailed mean field over a list of indices and scales, for records.
public struct TailsSurvey: Sendable {
  /// φ.
  public var activation: Activation
  /// σ_b.
  public var biasScale: Double
  /// N of σ_c(N) and of the growth.
  public var width: Int
  /// P of the Lyapunov exponents; nil to leave them out.
  public var pool: Int?
  /// Seed of the pools.
  public var seed: UInt64

  /// What all points of the survey share.
  public init(
    activation: Activation, biasScale: Double = 0, width: Int = 1000, pool: Int? = 40_000,
    seed: UInt64 = 1
  ) {
    self.activation = activation
    self.biasScale = biasScale
    self.width = width
    self.pool = pool
    self.seed = seed
  }

  /// Layers of the settling profile.
  public static let profileDepth = 60

  /// Seconds that the exponents take on one thread, to be said beforehand.
  public func secondsOfExponents(points: Int) -> Double {
    Double(points) * Double(pool ?? 0) / 40_000 * 4
  }

  /// All points; α outside, scale inside.
  ///
  /// - Parameters:
  ///   - store: keeps finished points of a run that may be interrupted.
  ///   - progress: called with the number of points done.
  public func run(
    alphas: [Double], scales: [Double], jobs: Int = 1, store: PointStore? = nil,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> TailsResult {
    var points: [TailsResult.Point] = []
    for alpha in alphas {
      let table = try HeavyTailMeanField(
        activation: activation, alpha: alpha, scale: 1, biasScale: biasScale)
      let gain = try GeometricGain(alpha: alpha)
      let growth = try Self.growth(table, width: width)
      for scale in scales {
        points.append(
          try store.value("\(alpha) \(scale)") { () throws(PoiseError) -> TailsResult.Point in
            try point(table.with(scale: scale), growth, gain, jobs: jobs)
          })
        progress?(points.count)
      }
    }
    return TailsResult(
      activation: activation.name, biasScale: biasScale, width: width, pool: pool, points: points)
  }

  /// Growth of small signals, or of large ones where φ is unbounded and nothing settles; nil where neither
  /// is exact.
  static func growth(
    _ theory: HeavyTailMeanField, width: Int
  ) throws(PoiseError) -> FiniteWidthGrowth? {
    let (activation, function) = (theory.activation, theory.activation.function)
    if !isBounded(activation) {
      let (minus, plus) = function.slopesAtInfinity
      guard minus.isFinite, plus.isFinite else { return nil }
      return try FiniteWidthGrowth(
        atInfinityOf: activation, density: theory.density, width: width)
    }
    guard theory.biasScale == 0, function.value(0) == 0, theory.slopeAtOrigin > 0 else {
      return nil
    }
    return try FiniteWidthGrowth(atOriginOf: activation, density: theory.density, width: width)
  }

  /// Whether φ grows slower than its argument.
  static func isBounded(_ activation: Activation) -> Bool {
    let (minus, plus) = activation.function.slopesAtInfinity
    return minus == 0 && plus == 0
  }

  private func point(
    _ theory: HeavyTailMeanField, _ growth: FiniteWidthGrowth?, _ gain: GeometricGain, jobs: Int
  ) throws(PoiseError) -> TailsResult.Point {
    var point = TailsResult.Point(alpha: theory.alpha, scale: theory.scale)
    point.growthRate = growth?.rate(scale: theory.scale)
    point.criticalScale = growth?.criticalScale
    point.criticalScaleError = growth.map { $0.error * $0.criticalScale }
    switch try theory.outcome() {
    case .noInfiniteWidthLimit:
      point.logLengthCase = "no infinite-width limit"
      return point
    case .dies:
      point.logLengthCase = "dies"
    case .settles(let fixed):
      point.logLength = fixed.logLength
      point.settlingDepth = fixed.settlingDepth
      let moment = theory.slopeMoment(logScale: fixed.logScale)
      point.slopeMoment = moment
      point.medianMeanSquare = try theory.medianMeanSquare(width: width, slopeMoment: moment)
      let gain = try gain.meanLogSquare(of: theory)
      if gain.isFinite {
        point.meanLogSquare = gain
      } else {
        point.meanLogSquareCase = "diverges"
      }
    }
    var logLength = 0.0
    for _ in 0...Self.profileDepth {
      point.logLengths.append(logLength)
      logLength = theory.logLengthMap(logLength)
    }
    if let pool {
      let exponent = try PopulationDynamics(of: theory, pool: pool, seed: seed)
        .lyapunovExponent(jobs: jobs)
      point.lyapunov = exponent.value
      point.lyapunovError = exponent.standardError
    }
    return point
  }
}
