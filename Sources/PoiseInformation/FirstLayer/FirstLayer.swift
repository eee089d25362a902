import PoiseModel
public import PoiseNumerics
import RealModule

extension NetworkChannel {
  /// I(x; h¹) per neuron, exact: no activation has acted yet.
  ///
  ///     orthogonal   I(x₁; √(σ_w²/s) x₁ + ξ),  ½ ln(1 + γ) for normal inputs
  ///     gaussian     ½ V(γ) for normal inputs, γ = σ_w²σ_x²/s; else the formula of Tanaka
  ///
  /// Frozen biases are known and change nothing.
  /// - Parameter widths: (n₀, n₁); per neuron then means per unit of layer 1.
  /// - Throws: `outOfRange`, `shapeMismatch`.
  /// - Source: Verdú, Shamai 1999; Tanaka 2002 (IEEE Trans. Inf. Theory 48, 2888).
  public func firstLayerInformation(widths: [Int]? = nil) throws(PoiseError) -> Information {
    let gain = ensemble.weightVariance / noise.variance
    if widths == nil, isOrthogonal {
      return Information(nats: PriorChannel(prior: inputs)(gain: gain).information)
    }
    if !isOrthogonal, inputs.parts.count == 1, widths?.count ?? 2 == 2, widths?.min() ?? 1 >= 1 {
      // Per column of W/√(σ_w² n₁/n₀), whose entries have variance 1/n₁.
      let ratio = widths.map { Double($0[0]) / Double($0[1]) } ?? 1
      let value = try MarchenkoPastur.shannonTransform(
        gain: gain * inputs.variance / ratio, ratio: ratio)
      return Information(nats: 0.5 * value * ratio)
    }
    return try replicaInformation(atLayer: 1, widths: widths).information
  }
}
