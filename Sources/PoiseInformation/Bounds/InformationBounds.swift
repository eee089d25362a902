import PoiseModel
public import PoiseNumerics
import RealModule

/// Bounds of I(x; hˡ) per neuron. A bound that does not exist for this activation, input or noise is
/// nil; a lower bound may be below zero, where it says nothing.
public struct InformationBounds: Sendable, Equatable {
  /// How a bound was made.
  public enum Method: String, Sendable, CaseIterable {
    /// Entropy power inequality against the largest conditional entropy of a given trace.
    case entropyPower
    /// The same against the nested log-determinant.
    case entropyPowerStructured
    /// What the best linear estimator finds.
    case linearEstimator
    /// Largest entropy of a given trace against the entropy power inequality; best layer so far.
    case trace
    /// The same by the nested log-determinant.
    case structured
  }

  /// Lower: entropy power, trace. Nil if φ is not one to one up to flat pieces, if a noiseless layer
  /// is flat, or if a noiseless layer follows an input that is not normal.
  public let entropyPower: Double?
  /// Lower: entropy power, structured.
  public let entropyPowerStructured: Double?
  /// Lower: the linearly decodable information. Nil for inputs that are not N(0, σ_x²).
  public let linearEstimator: Double?
  /// Upper.
  public let trace: Double
  /// Upper.
  public let structured: Double

  /// ½ ln det of the covariance over inputs and noise, per neuron: Λ. With ½ ln 2πe it is the entropy
  /// of a normal law with this layer's second moments.
  public let covarianceLogDet: Double

  /// The largest of the lower bounds, raw, and how it was made; zero is always a bound.
  public var bestLower: (value: Double, method: Method)? {
    let candidates: [(Double?, Method)] = [
      (entropyPower, .entropyPower), (entropyPowerStructured, .entropyPowerStructured),
      (linearEstimator, .linearEstimator),
    ]
    return candidates.compactMap { value, method in value.map { ($0, method) } }
      .max { $0.0 < $1.0 }
  }

  /// max(0, best lower bound).
  public var lower: Information { Information(nats: max(0, bestLower?.value ?? 0)) }

  /// The smaller of the upper bounds and how it was made.
  public var bestUpper: (value: Double, method: Method) {
    structured < trace ? (structured, .structured) : (trace, .trace)
  }

  /// The smaller of the upper bounds.
  public var upper: Information { Information(nats: bestUpper.value) }
}

extension NetworkChannel {
  /// Bounds of the information at layer l. Proofs: `docs/theory/information.md`.
  ///
  /// - Parameters:
  ///   - layer: l ≥ 1.
  ///   - widths: n₀ … n_l, or nil for equal widths. Per neuron then means per unit of layer l.
  /// - Throws: `outOfRange` for the layer; `shapeMismatch` for other widths; `noAnswer` where lengths
  ///   diverge; `notConverged`.
  /// - Source: Tanner, Ughi 2021 (arXiv 2102.04374) for the entropy power bound.
  public func bounds(
    atLayer layer: Int, widths: [Int]? = nil
  ) throws(PoiseError) -> InformationBounds {
    try checked(layer: layer)
    return try BoundsSweep(self, noise: noiseVariances(toLayer: layer), widths: widths).bounds()
      .last!
  }

  /// Bounds of layers 1 … l.
  public func bounds(
    toLayer layer: Int, widths: [Int]? = nil
  ) throws(PoiseError) -> [InformationBounds] {
    try checked(layer: layer)
    _ = try sizes(widths, layer: layer)
    if case .everyLayer = noise {
      return try BoundsSweep(self, noise: noiseVariances(toLayer: layer), widths: widths).bounds()
    }
    var result: [InformationBounds] = []
    for observed in 1...layer {
      result.append(try bounds(atLayer: observed, widths: widths.map { Array($0[...observed]) }))
    }
    return result
  }
}

/// All bounds, layer by layer, under given noise variances.
private struct BoundsSweep {
  let channel: NetworkChannel
  let noise: [Double]
  let variances: [ChannelVariances]
  let kind: SlopeKind
  let shape: FunctionShape
  /// E ln|φ′| over the active units of every layer.
  let logSlopes: [Double]
  let widths: [Int]?
  /// n₀ … n_L, in a common unit.
  let sizes: [Double]
  /// ½ ln 2πe.
  private let unit = 0.5 * (1 + Double.log(2 * .pi))

  private var w: Double { channel.ensemble.weightVariance }

  init(_ channel: NetworkChannel, noise: [Double], widths: [Int]?) throws(PoiseError) {
    self.channel = channel
    self.noise = noise
    self.widths = widths
    sizes = try channel.sizes(widths, layer: noise.count)
    variances = try channel.variances(noise)
    let activation = channel.ensemble.activation
    kind = SlopeKind(activation)
    shape = FunctionShape(activation)
    logSlopes = variances.map { activation.meanLogSlope(length: $0.total) }
  }

  func bounds() throws(PoiseError) -> [InformationBounds] {
    let outputs = try outputEntropies()
    let conditionals = conditionalEntropies()
    let activation = channel.ensemble.activation
    let isSquare = Set(sizes).count == 1
    var all: [GaussianSplit] = []
    var given: [GaussianSplit] = []
    var result: [InformationBounds] = []
    // Totals of the layer that lets least through.
    var (trace, structured) = (Double.infinity, Double.infinity)
    for index in noise.indices {
      let variance = variances[index]
      let s = noise[index]
      if s > 0 {
        let size = sizes[index + 1]
        let couplings = channel.couplings(Array(sizes[...(index + 1)]))
        let part = Array(noise[...index])
        let lambda = { (splits: [GaussianSplit], input: Double) throws(PoiseError) -> Double in
          try NestedLogDet(splits: splits, couplings: couplings, noise: part).value(input: [input])
        }
        // No noise before: given x nothing is unknown but the last one.
        let least = unit + (try noise[0] > 0 ? lambda(given, 0) : 0.5 * .log(s))
        let most = unit + (try lambda(all, channel.inputs.variance))
        let gauss = entropy(ofPower: variance.overInputs - s, index)
        trace = min(trace, size * (gauss - conditionals[index]))
        structured = min(structured, size * (most - conditionals[index]))
        let ceiling = entropy(ofPower: variance.overNoise - s, index)
        let linear: Double?
        if !channel.inputs.isCentredGaussian {
          linear = nil
        } else if channel.isOrthogonal, isSquare {
          linear = matchedFilter(index)
        } else {
          linear = most - unit - (try lambda(all, 0))
        }
        result.append(
          InformationBounds(
            entropyPower: outputs[index].map { $0 - ceiling },
            entropyPowerStructured: outputs[index].map { $0 - least }, linearEstimator: linear,
            trace: trace / size, structured: structured / size, covarianceLogDet: most - unit))
      }
      if index + 1 < noise.count {
        all.append(
          GaussianSplit(activation, total: variance.total, inner: variance.overInputs))
        if noise[0] > 0 {
          given.append(
            GaussianSplit(activation, total: variance.total, inner: variance.overNoise))
        }
      }
    }
    return result
  }

  /// G(y): the entropy per unit of layer `index` of W u + N(0, s) for u of variance y/σ_w², all directions
  /// alike.
  private func entropy(ofPower y: Double, _ index: Int) -> Double {
    let s = noise[index]
    let gain = max(y, 0) / s
    let ratio = sizes[index] / sizes[index + 1]
    let signal =
      channel.isOrthogonal
      ? min(1, ratio) * .log(onePlus: max(1, 1 / ratio) * gain)
      : ratio * MarchenkoPastur.shannon(gain / ratio, ratio)
    return unit + 0.5 * .log(s) + 0.5 * signal
  }

  /// What the weights into layer `index` do to volumes if a share of the units below is active.
  private func volume(_ index: Int, share: Double = 1) -> MatrixVolume {
    MatrixVolume(
      inputs: sizes[index], active: share * sizes[index], outputs: sizes[index + 1], variance: w,
      isOrthogonal: channel.isOrthogonal)
  }

  /// The entropy per unit of layer `index` from `inside`, that of each dimension which the signal
  /// reaches before noise; the rest is bare noise. Nil where there is a rest and no noise.
  private func entropy(inside: Double, _ volume: MatrixVolume, _ index: Int) -> Double? {
    let s = noise[index]
    let bare = 2 * unit + (s > 0 ? .log(s) : -.infinity)
    let filled = volume.dimensions / sizes[index + 1]
    guard s > 0 || filled > 1 - 1e-12 else { return nil }
    let signal = logSum(2 * (inside + volume.logFactor), bare)
    return filled < 1 ? (1 - filled) / 2 * bare + filled / 2 * signal : signal / 2
  }

  /// Lower bounds of h(hˡ)/n.
  private func outputEntropies() throws(PoiseError) -> [Double?] {
    var result: [Double?] = []
    for index in noise.indices {
      if index == 0 {
        result.append(try firstEntropy())
      } else if let before = result[index - 1] {
        result.append(outputEntropy(after: before, layer: index))
      } else {
        result.append(nil)
      }
    }
    return result
  }

  /// h(W x + noise)/n, exact.
  private func firstEntropy() throws(PoiseError) -> Double? {
    let s = noise[0]
    let inputs = channel.inputs
    if s == 0 {
      guard inputs.parts.count == 1, sizes[1] <= sizes[0] else { return nil }
      return unit + 0.5 * .log(inputs.variance) + volume(0).logFactor
    }
    if inputs.parts.count == 1 { return entropy(ofPower: w * inputs.variance, 0) }
    let first = try NetworkChannel(
      channel.ensemble, inputs: inputs, noise: .output(variance: s)
    ).firstLayerInformation(widths: widths.map { Array($0[...1]) })
    return unit + 0.5 * .log(s) + first.nats
  }

  private func outputEntropy(after before: Double, layer: Int) -> Double? {
    let below = variances[layer - 1]
    switch kind {
    case .foldingBack: return nil
    case .injective:
      return entropy(inside: before + logSlopes[layer - 1], volume(layer), layer)
    case .flat(let active):
      guard noise[layer] > 0 else { return nil }
      let pattern = ActivePattern(
        active: active, total: below.total, inner: below.overInputs, shape: shape,
        meanLogSlope: logSlopes[layer - 1])
      let alpha = pattern.share
      guard alpha > 1e-12 else { return unit + 0.5 * .log(noise[layer]) }
      return entropy(
        inside: (before + pattern.entropyChange) / alpha, volume(layer, share: alpha), layer)
    }
  }

  /// Lower bounds of h(hˡ | x)/n.
  private func conditionalEntropies() -> [Double] {
    var result: [Double] = []
    for index in noise.indices {
      let bare = unit + (noise[index] > 0 ? 0.5 * .log(noise[index]) : -.infinity)
      guard index > 0, case .injective = kind, result[index - 1] > -.infinity else {
        result.append(bare)
        continue
      }
      result.append(
        entropy(inside: result[index - 1] + logSlopes[index - 1], volume(index), index) ?? bare)
    }
    return result
  }

  /// −½ ln(1 − ρ²), ρ² = σ_x² σ_w^{2l} Π g²/c: the matched filter through orthogonal weights.
  private func matchedFilter(_ index: Int) -> Double {
    var log = Double.log(channel.inputs.variance * w / variances[index].overInputs)
    for below in 0..<index {
      let split = GaussianSplit(
        channel.ensemble.activation, total: variances[below].total, inner: variances[below].total)
      log += .log(w * split.units[0].gain * split.units[0].gain)
    }
    return -0.5 * .log(onePlus: -min(.exp(log), 1 - 1e-16))
  }

  private func logSum(_ a: Double, _ b: Double) -> Double {
    let (high, low) = (max(a, b), min(a, b))
    return low == -.infinity ? high : high + .log(onePlus: .exp(low - high))
  }
}
