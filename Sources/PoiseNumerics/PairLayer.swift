import CPoiseKernels

/// One layer of the kernels of infinitely wide networks for one input against many:
///
///     K′ = σ_w² E φφ + σ_b²,   T′ = gain · E φφ + offset + σ_w² E φ′φ′ · T
///
/// as loops of the C target, for the activations whose averages take one arc sine.
public struct PairLayer: Sendable {
  /// σ_w².
  public var weightVariance: Double
  /// σ_b².
  public var biasVariance: Double
  /// What E φφ counts in the tangent kernel.
  public var tangentGain: Double
  /// What the biases of the layer add to the tangent kernel.
  public var tangentOffset: Double

  public init(
    weightVariance: Double, biasVariance: Double, tangentGain: Double, tangentOffset: Double
  ) {
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.tangentGain = tangentGain
    self.tangentOffset = tangentOffset
  }

  /// Buffers of one row of a tile, `count` long: state and results.
  public struct Row {
    /// k_ab, in and out (out only for the homogeneous layer).
    public var kernel: UnsafeMutablePointer<Double>
    /// T_ab, in and out.
    public var tangent: UnsafeMutablePointer<Double>
    /// 1 − c_ab, in and out; unused by `erf`.
    public var gap: UnsafeMutablePointer<Double>
    public var count: Int

    public init(
      kernel: UnsafeMutablePointer<Double>, tangent: UnsafeMutablePointer<Double>,
      gap: UnsafeMutablePointer<Double>, count: Int
    ) {
      self.kernel = kernel
      self.tangent = tangent
      self.gap = gap
      self.count = count
    }
  }

  /// φ(x) = a₊x or a₋x. The gap keeps its relative accuracy: error of K below 1e-15 √(K_aa K_bb)
  /// per layer, near c = 1 too.
  ///
  /// - Parameters:
  ///   - mean: (a₊² + a₋²)/2.
  ///   - jump: (a₊ − a₋)²/2.
  ///   - root: √q_a.
  ///   - nextRoot: √q_a at the next layer.
  ///   - roots, nextRoots: the same of the others.
  public func homogeneous(
    _ row: Row, mean: Double, jump: Double, root: Double, nextRoot: Double,
    roots: UnsafePointer<Double>, nextRoots: UnsafePointer<Double>
  ) {
    poise_homogeneous_layer_f64(
      parameters(root, nextRoot), mean, jump, roots, nextRoots, row.gap, row.kernel, row.tangent,
      row.count)
  }

  /// φ(x) = erf(βx). Relative error of E φ′φ′ about q_a + q_b units in the last place near c = ±1.
  ///
  /// - Parameters:
  ///   - scaleSquared: β².
  ///   - narrowing: 1/√(1 + 2β²q_a).
  ///   - narrowings: the same of the others.
  public func erf(
    _ row: Row, scaleSquared: Double, narrowing: Double, narrowings: UnsafePointer<Double>
  ) {
    poise_erf_layer_f64(
      parameters(narrowing, 0), scaleSquared, narrowings, row.kernel, row.tangent, row.count)
  }

  private func parameters(_ root: Double, _ nextRoot: Double) -> poise_pair_layer {
    poise_pair_layer(
      weight_variance: weightVariance, bias_variance: biasVariance, tangent_gain: tangentGain,
      tangent_offset: tangentOffset, root: root, next_root: nextRoot)
  }
}
