public import PoiseModel
public import PoiseNumerics

/// A random network of known weights as a channel: what layer l still tells about the input.
///
///     h¹ = W¹x + b¹ + ξ¹,   hˡ = Wˡ φ(hˡ⁻¹) + bˡ + ξˡ
///
/// Weights and biases are drawn once and known to the receiver; noise ξ is fresh for every input. All
/// results are per neuron of an infinitely wide network, in nats.
///
/// ```swift
/// let channel = try NetworkChannel(
///   ensemble, inputs: .gaussian(variance: 1), noise: .everyLayer(variance: 0.01))
/// print(try channel.information(atLayer: 4).information.bits)
/// ```
public struct NetworkChannel: Sendable, Equatable {
  /// Activation, law of the weights, and the frozen biases.
  public let ensemble: NetworkEnsemble
  /// The law of each component of the input.
  public let inputs: InputPrior
  /// Where noise enters.
  public let noise: ChannelNoise

  /// - Throws: `noAnswer` for noise 0 (the information is infinite) and for weights without a
  ///   variance (α-stable laws: no second moment, no statement here); `outOfRange`.
  public init(
    _ ensemble: NetworkEnsemble, inputs: InputPrior, noise: ChannelNoise
  ) throws(PoiseError) {
    guard ensemble.weightVariance.isFinite, ensemble.biasVariance.isFinite else {
      throw PoiseError(
        .noAnswer, quantity: "information of heavy-tailed weights", value: ensemble.weights.name,
        allowed: "weights with a finite variance: gaussian, orthogonal, uniform",
        suggestion: "the theory rests on second moments, which α-stable laws do not have")
    }
    self.ensemble = ensemble
    self.inputs = inputs
    self.noise = try noise.checked()
  }

  /// A, B or C; see `ChannelNoise`.
  public var convention: Character { noise.convention(biasVariance: ensemble.biasVariance) }

  var isOrthogonal: Bool { if case .orthogonal = ensemble.weights { true } else { false } }

  /// The noise variances s₁ … s_l when layer l is looked at.
  func noiseVariances(toLayer layer: Int) -> [Double] {
    (1...layer).map { noise.variance(ofLayer: $0, observed: layer) }
  }

  func checked(layer: Int) throws(PoiseError) {
    guard (1...10_000).contains(layer) else {
      throw PoiseError(
        .outOfRange, quantity: "layer", value: "\(layer)", allowed: "1 to 10000")
    }
  }

  /// What this theory takes for granted.
  public static let assumptions = [
    "layers are infinitely wide, depth/width small; corrections are of order 1/width",
    "weights and frozen biases are known to the receiver",
    "components of the input are independent and alike",
  ]
  /// Where it comes from.
  public static let sources = [
    "Weng et al. 2022, arXiv:2212.01744", "Tanner, Ughi 2021, arXiv:2102.04374",
    "Manoel et al. 2017, arXiv:1701.06981", "Gabrie et al. 2018, arXiv:1805.09785",
  ]
}
