import PoiseNumerics
import RealModule

/// The channel of a hidden layer as its second moments see it: φ(h) replaced by g_m (h − m) plus noise
/// of variance k_m.
///
///     I = ½ E_m ln(1 + r d_m),  E = E_m d_m/(1 + r d_m),  K = E_m r g_m²/(1 + r d_m),
///     d_m = g_m² tp + k_m
struct SecondMomentChannel: HiddenChannel {
  let split: GaussianSplit

  /// `spread` is that of the split already.
  func values(spread: Double, prior: Double, gain r: Double) -> HiddenChannelValues {
    var result = HiddenChannelValues(
      information: 0, outputError: 0, narrowing: Narrowing(curvature: 0, remainder: 0))
    for unit in split.units {
      let square = unit.gain * unit.gain
      let d = square * prior + unit.distortion
      let shrink = unit.weight / (1 + r * d)
      result.information += 0.5 * unit.weight * .log(onePlus: r * d)
      result.outputError += shrink * d
      result.narrowing.curvature += shrink * r * square
      result.narrowing.remainder += shrink * (1 + r * unit.distortion)
    }
    return result
  }
}

/// Λ: half the logarithm of the determinant, per neuron, of the covariance
///
///     Cˡ = Wˡ(D C^{l−1} D + K)Wˡᵀ + s_l,   C⁰ = E₀ I
///
/// where D and K are the diagonals of regression gains and distortions of the layer below. It is the
/// saddle of the replica formula with Gaussian channels (derived in `docs/theory/information.md`).
struct NestedLogDet {
  /// Splits of the hidden layers 1 … L − 1.
  let splits: [GaussianSplit]
  let couplings: [WeightCoupling]
  /// s₁ … s_L.
  let noise: [Double]

  /// - Parameter input: the variances of the input along its principal axes, one for all alike; 0 for a
  ///   given input.
  /// - Throws: `notConverged`.
  func value(input: [Double]) throws(PoiseError) -> Double {
    let mean = input.reduce(0, +) / Double(input.count)
    let powers = [mean] + splits.map { $0.average(\.variance) }
    let prior = mean > 0 ? PriorChannel(variances: input) : nil
    return try ReplicaSolver(
      channels: splits.map { SecondMomentChannel(split: $0) }, prior: prior, couplings: couplings,
      noise: noise, biasVariance: 0, powers: powers, ignorance: powers
    ).solve(scale: 1).entropy
  }
}
