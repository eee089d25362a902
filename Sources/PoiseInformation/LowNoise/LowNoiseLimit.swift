import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The limit of vanishing noise at the output, for one-to-one smooth φ and normal inputs:
///
///     I/n = ½ ln(σ_x²/s) + Σ_{l≤L} E ln|det Wˡ|/n + Σ_{l<L} E ln|φ′(√q_l z)| + o(1)
///
/// The information is then that of the input less the logarithm of the volume that is lost. In a
/// stationary state each layer changes it by the volume rate, which is ≤ 0 for orthogonal and ≤ −½ for
/// Gaussian weights, with equality exactly for linear φ of slope 1/σ_w: exact dynamical isometry. Proofs
/// in `docs/theory/information.md`.
public struct LowNoiseLimit: Sendable {
  /// Activation, law of the weights, and frozen biases.
  public let ensemble: NetworkEnsemble
  /// σ_x².
  public let inputVariance: Double

  /// - Throws: `outOfRange`; `noAnswer` if φ is flat somewhere or folds back: the information does
  ///   not then grow as ½ ln(1/s).
  public init(of ensemble: NetworkEnsemble, inputVariance: Double = 1) throws(PoiseError) {
    guard case .injective = SlopeKind(ensemble.activation) else {
      throw PoiseError(
        .noAnswer, quantity: "low-noise limit of \(ensemble.activation.name)",
        value: "φ is not one to one", allowed: "strictly monotone activations",
        suggestion: "replicaInformation at the noise of interest")
    }
    guard ensemble.weightVariance.isFinite else {
      throw PoiseError(
        .noAnswer, quantity: "low-noise limit", value: ensemble.weights.name,
        allowed: "weights with a finite variance")
    }
    self.ensemble = ensemble
    self.inputVariance = try inputVariance.checked("input variance", in: 1e-12...1e12)
  }

  /// ln σ_w + E ln|φ′(√q z)|, less ½ for Gaussian weights: nats per neuron and layer.
  ///
  /// - Parameter length: q ≥ 0.
  public func volumeRate(atLength length: Double) throws(PoiseError) -> Double {
    let q = try length.checked("length q", in: 0...1e8)
    return Self.logDeterminant(ensemble) + ensemble.activation.meanLogSlope(length: q)
  }

  /// The volume rate at the length to which layers settle.
  /// - Throws: `noAnswer` where they do not.
  public func stationaryVolumeRate() throws(PoiseError) -> Double {
    try volumeRate(atLength: MeanField(of: ensemble).fixedPoint().length)
  }

  /// Σ_{l≤L} E ln|det W|/n + Σ_{l<L} E ln|φ′(√q_l z)|, with q₁ = σ_w²σ_x² + σ_b²: nats per neuron.
  /// - Throws: `outOfRange` for a depth outside 1 to 10000; `noAnswer` where lengths diverge.
  public func offset(depth: Int) throws(PoiseError) -> Double {
    guard (1...10_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 10000")
    }
    return try Self.offset(ensemble, depth: depth, inputVariance: inputVariance)
  }

  /// ½ ln(σ_x²/s) + offset: right up to terms that vanish with the noise s.
  public func information(depth: Int, noiseVariance: Double) throws(PoiseError) -> Information {
    let noise = try noiseVariance.checked("noise variance", in: 1e-300...1e12)
    return Information(nats: 0.5 * .log(inputVariance / noise) + (try offset(depth: depth)))
  }

  /// The weight variance that keeps most of the input at a finite depth, the other laws being the same.
  /// For tanh without biases it tends to 1 + √(3/(4L)).
  ///
  /// - Returns: σ_w², to 1e-7 of itself.
  /// - Throws: `noAnswer` if the best of 0.01 to 100 stands at an end, as for linear φ, where more gain
  ///   is always better.
  public func optimalWeightVariance(depth: Int) throws(PoiseError) -> Double {
    let value = { (log: Double) throws(PoiseError) -> Double in
      let weights = ensemble.weights.with(variance: .exp(log))
      let trial = try NetworkEnsemble(
        activation: ensemble.activation, weights: weights, biases: ensemble.biases)
      return try Self.offset(trial, depth: depth, inputVariance: inputVariance)
    }
    let end = Double.log(100)
    var points: [Double] = []
    var best = 0
    var values: [Double] = []
    for index in 0...60 {
      points.append(-end + 2 * end * Double(index) / 60)
      values.append((try? value(points[index])) ?? -.infinity)
      if values[index] > values[best] { best = index }
    }
    guard best > 0, best < 60 else {
      throw PoiseError(
        .noAnswer, quantity: "optimal weight variance",
        value: "the information still grows at σ_w² = \(best == 0 ? 0.01 : 100)",
        allowed: "an activation that saturates")
    }
    return .exp(try Self.maximum(from: points[best - 1], to: points[best + 1], value))
  }

  private static func logDeterminant(_ ensemble: NetworkEnsemble) -> Double {
    let half = 0.5 * Double.log(ensemble.weightVariance)
    if case .orthogonal = ensemble.weights { return half }
    return half - 0.5
  }

  private static func offset(
    _ ensemble: NetworkEnsemble, depth: Int, inputVariance: Double
  ) throws(PoiseError) -> Double {
    let map = try MeanField(of: ensemble).lengthMap
    var q = ensemble.weightVariance * inputVariance + ensemble.biasVariance
    var sum = Double(depth) * logDeterminant(ensemble)
    for _ in 1..<max(depth, 1) {
      guard q.isFinite, q < 1e8 else {
        throw PoiseError(
          .noAnswer, quantity: "low-noise limit", value: "lengths grow beyond 1e8",
          allowed: "an ensemble whose lengths stay finite", suggestion: "a smaller weight variance")
      }
      sum += ensemble.activation.meanLogSlope(length: q)
      q = map(q)
    }
    return sum
  }

  /// Golden section: the maximum of a function with one hump.
  private static func maximum(
    from lower: Double, to upper: Double, _ f: (Double) throws(PoiseError) -> Double
  ) throws(PoiseError) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (lower, upper)
    var (x, y) = (b - ratio * (b - a), a + ratio * (b - a))
    var (fx, fy) = (try f(x), try f(y))
    while b - a > 1e-7 {
      if fx > fy {
        (b, y, fy) = (y, x, fx)
        x = b - ratio * (b - a)
        fx = try f(x)
      } else {
        (a, x, fx) = (x, y, fy)
        y = a + ratio * (b - a)
        fy = try f(y)
      }
    }
    return (a + b) / 2
  }
}
