import PoiseMeanField
public import PoiseNumerics
import PoiseModel

/// The three variances of a preactivation in a random network, never to be confused: v ≤ c ≤ q.
public struct ChannelVariances: Sendable, Equatable {
  /// q = E h², over weights, inputs and noise.
  public let total: Double
  /// c: over inputs and noise at fixed weights.
  public let overInputs: Double
  /// v: over noise at fixed weights and input.
  public let overNoise: Double
}

extension NetworkChannel {
  /// q, c and v of the preactivations of layers 1 … l.
  ///
  ///     q¹ = σ_w²σ_x² + s₁ + σ_b²      qˡ⁺¹ = σ_w² T(qˡ, qˡ) + s_{l+1} + σ_b²
  ///     q − c: r¹ = σ_w²(E x)² + σ_b²  rˡ⁺¹ = σ_w² T(qˡ, rˡ) + σ_b²   two inputs
  ///     q − v: r¹ = σ_w²σ_x² + σ_b²    rˡ⁺¹ = σ_w² T(qˡ, rˡ) + σ_b²   one input, two noises
  ///
  /// with T(q, r) = E φ(u)φ(w) over a Gaussian pair of variance q and covariance r.
  /// - Throws: `outOfRange` for a layer below 1; `noAnswer` where lengths diverge.
  public func variances(toLayer layer: Int) throws(PoiseError) -> [ChannelVariances] {
    try checked(layer: layer)
    return try variances(noiseVariances(toLayer: layer))
  }

  func variances(_ noise: [Double]) throws(PoiseError) -> [ChannelVariances] {
    let (w, b) = (ensemble.weightVariance, ensemble.biasVariance)
    let (mean, second) = (inputs.mean, inputs.secondMoment)
    var result: [ChannelVariances] = []
    // Kept as c and v themselves: q − c would cancel where c is small.
    var (q, c, v) = (w * second + noise[0] + b, w * inputs.variance + noise[0], noise[0])
    if mean == 0 { c = w * second + noise[0] }
    for (index, s) in noise.enumerated() {
      if index > 0 {
        let all = ensemble.activation.moments(length: q).valueSquared
        (c, v) = (w * spread(q, c, all) + s, w * spread(q, v, all) + s)
        q = w * all + s + b
      }
      guard q.isFinite, q < 1e8 else {
        throw PoiseError(
          .noAnswer, quantity: "information at layer \(index + 1)",
          value: "lengths grow beyond 1e8", allowed: "an ensemble whose lengths stay finite",
          suggestion: "a smaller weight variance")
      }
      result.append(ChannelVariances(total: q, overInputs: min(c, q), overNoise: min(v, c)))
    }
    return result
  }

  /// T(q, q) − T(q, q − d), the variance of φ that a variance d of its argument makes, without
  /// cancellation for small d.
  private func spread(_ q: Double, _ d: Double, _ all: Double) -> Double {
    guard d > 0, q > 0 else { return 0 }
    return GaussianSplit(ensemble.activation, total: q, inner: d).average(\.variance)
  }
}
