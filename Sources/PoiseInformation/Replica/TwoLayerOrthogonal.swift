import PoiseModel
public import PoiseNumerics
import RealModule

extension NetworkChannel {
  /// I(x; h²) per neuron for orthogonal weights and normal inputs: exact at *every* width, for any φ.
  ///
  /// W²ᵀh²/σ_w = φ(h¹) + noise has independent components if h¹ has, and an orthogonal W¹ of a
  /// normal x sees to that:
  ///
  ///     I = I(h; √(σ_w²/s₂) φ(h) + ξ) at h ~ N(b, σ_w²σ_x² + s₁)
  ///       − E_m I(h; √(σ_w²/s₂) φ(h) + ξ) at h ~ N(m, s₁),   m ~ N(0, σ_w²σ_x² + σ_b²)
  ///
  /// - Throws: `noAnswer` for other weights or inputs.
  public func exactTwoLayerInformation() throws(PoiseError) -> Information {
    guard isOrthogonal, inputs.isCentredGaussian else {
      throw PoiseError(
        .noAnswer, quantity: "exact information of two layers",
        value: "\(ensemble.weights.name) weights",
        allowed: "orthogonal weights and normal inputs of mean 0",
        suggestion: "replicaInformation(atLayer: 2)")
    }
    let noise = noiseVariances(toLayer: 2)
    let signal = ensemble.weightVariance * inputs.variance
    let gain = ensemble.weightVariance / noise[1]
    let channel = ScalarChannel(ensemble.activation)
    let all = channel.values(spread: ensemble.biasVariance, prior: signal + noise[0], gain: gain)
    guard noise[0] > 0 else { return Information(nats: all.information) }
    let given = channel.values(spread: signal + ensemble.biasVariance, prior: noise[0], gain: gain)
    return Information(nats: all.information - given.information)
  }
}
