import PoiseNumerics

/// Where the noise enters that makes the information of a layer finite.
///
/// The bias variance of an ensemble is always a *frozen* offset, drawn once and known. Papers that
/// call the bias itself noise mean `everyLayer` with that variance, and no frozen bias:
///
/// | convention | noise | frozen bias |
/// |---|---|---|
/// | A | fresh in every layer and for every input | none |
/// | B | at the output only | any |
/// | C | fresh in every layer and for every input | above 0 |
///
/// The same σ_b² is noise in A and an offset in B. A network that is injective and has no noise
/// carries infinitely much information, so that the variance must be above 0.
public enum ChannelNoise: Sendable, Equatable {
  /// N(0, s) is added to every preactivation of every layer.
  case everyLayer(variance: Double)
  /// N(0, s) is added to the preactivations of the layer that is observed, and to no other.
  case output(variance: Double)

  /// s.
  public var variance: Double {
    switch self {
    case .everyLayer(let variance), .output(let variance): variance
    }
  }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .everyLayer: "every-layer"
    case .output: "output"
    }
  }

  /// The letter of the table above.
  public func convention(biasVariance: Double) -> Character {
    switch self {
    case .everyLayer: biasVariance > 0 ? "C" : "A"
    case .output: "B"
    }
  }

  /// The noise of layer k when layer `observed` is looked at; layers count from 1.
  func variance(ofLayer layer: Int, observed: Int) -> Double {
    switch self {
    case .everyLayer(let variance): variance
    case .output(let variance): layer == observed ? variance : 0
    }
  }

  /// - Throws: `noAnswer` for no noise, where the information is infinite; `outOfRange`.
  func checked() throws(PoiseError) -> ChannelNoise {
    if variance == 0 {
      throw PoiseError(
        .noAnswer, quantity: "information", value: "infinite: a noiseless layer keeps every digit",
        allowed: "a noise variance above 0",
        suggestion: "--noise-variance 0.01, or the low-noise limit of LowNoiseLimit")
    }
    _ = try variance.checked("noise variance", in: 1e-12...1e12)
    return self
  }
}
