import PoiseInformation
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule

/// The information of network channels that `poise verify` knows.
enum InformationQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] =
    closedForms.merging(bounds) { first, _ in first }.merging(exact) { first, _ in first }
    .merging(lowNoise) { first, _ in first }

  private static let closedForms: [String: Verification.Compute] = [
    "shannon_marchenko_pastur": { p throws(PoiseError) in
      value(
        try MarchenkoPastur.shannonTransform(gain: p.number("gamma"), ratio: p.number("beta")))
    },
    "mi_first_layer": { p throws(PoiseError) in
      value(try channel(p).firstLayerInformation().nats)
    },
    "mi_first_layer_binary_input": { p throws(PoiseError) in
      let ensemble = try NetworkEnsemble(
        activation: .linear, weights: .named(p.text("ensemble"), variance: p.number("snr")))
      let channel = try NetworkChannel(
        ensemble, inputs: .binary(), noise: .everyLayer(variance: 1))
      return value(try channel.firstLayerInformation().nats)
    },
    "shannon_deep_linear_gaussian": { p throws(PoiseError) in
      value(
        try DeepLinearChannel.shannonTransform(depth: p.integer("depth"), gain: p.number("gamma")))
    },
    "mean_log_abs_det_gaussian": { p throws(PoiseError) in
      value(
        try GaussianDeterminant.meanLogarithm(
          size: p.integer("n"), weightVariance: p.number("sigma_w2")))
    },
    "noise_channel_q": { p throws(PoiseError) in value(try variances(p).total) },
    "noise_channel_v_same_input": { p throws(PoiseError) in value(try variances(p).overNoise) },
    "noise_channel_c_all_inputs": { p throws(PoiseError) in value(try variances(p).overInputs) },
  ]

  private static let bounds: [String: Verification.Compute] = [
    "mi_bound_lower_epi": { p throws(PoiseError) in value(try bound(p).entropyPower) },
    "mi_bound_lower_epi_structured": { p throws(PoiseError) in
      value(try bound(p).entropyPowerStructured)
    },
    "mi_bound_lower_linear": { p throws(PoiseError) in value(try bound(p).linearEstimator) },
    "mi_bound_upper_trace": { p throws(PoiseError) in value(try bound(p).trace) },
    "mi_bound_upper_structured": { p throws(PoiseError) in value(try bound(p).structured) },
  ]

  private static let exact: [String: Verification.Compute] = [
    "mi_exact_two_layer_orthogonal": { p throws(PoiseError) in
      value(try channel(p).exactTwoLayerInformation().nats)
    },
    "mi_replica": { p throws(PoiseError) in
      value(try channel(p).replicaInformation(atLayer: p.integer("layer")).information.nats)
    },
    "mi_replica_output_noise": { p throws(PoiseError) in
      let noise = ChannelNoise.output(variance: try p.number("sigma_n2_output"))
      let channel = try NetworkChannel(
        ensemble(p), inputs: .gaussian(variance: p.number("sigma_x2")), noise: noise)
      return value(try channel.replicaInformation(atLayer: p.integer("layer")).information.nats)
    },
  ]

  private static let lowNoise: [String: Verification.Compute] = [
    "mi_linearised_jacobian": { p throws(PoiseError) in
      let spectrum = try JacobianSpectrum(
        of: ensemble(p), lengths: p.numbers("preactivation_variances"))
      return value(
        try LinearisedChannel(spectrum, signalToNoise: p.number("snr")).information.nats)
    },
    "volume_rate_orthogonal": { p throws(PoiseError) in
      let limit = try LowNoiseLimit(of: orthogonal(p, variance: p.number("sigma_w2")))
      return value(try limit.volumeRate(atLength: p.number("q")))
    },
    "low_noise_offset_orthogonal": { p throws(PoiseError) in
      let deviation = try p.number("sigma_w")
      let limit = try LowNoiseLimit(
        of: orthogonal(p, variance: deviation * deviation),
        inputVariance: p.number("sigma_x2"))
      return value(try limit.offset(depth: p.integer("depth")))
    },
  ]

  private static func value(_ number: Double?) -> [String: Expected] {
    ["value": number.map { .number($0) } ?? .missing]
  }

  private static func ensemble(_ p: Parameters) throws(PoiseError) -> NetworkEnsemble {
    try NetworkEnsemble(
      activation: .named(p.has("activation") ? p.text("activation") : "linear"),
      weights: .named(p.text("ensemble"), variance: p.number("sigma_w2")),
      biases: .gaussian(variance: p.has("sigma_b2_fixed") ? p.number("sigma_b2_fixed") : 0))
  }

  private static func orthogonal(
    _ p: Parameters, variance: Double
  ) throws(PoiseError) -> NetworkEnsemble {
    try NetworkEnsemble(
      activation: .named(p.text("activation")), weights: .orthogonal(variance: variance))
  }

  /// Convention A: `sigma_b2` is the noise of every layer.
  private static func channel(_ p: Parameters) throws(PoiseError) -> NetworkChannel {
    try NetworkChannel(
      ensemble(p), inputs: .gaussian(variance: p.number("sigma_x2")),
      noise: .everyLayer(variance: p.number("sigma_b2")))
  }

  private static func bound(_ p: Parameters) throws(PoiseError) -> InformationBounds {
    try channel(p).bounds(atLayer: p.integer("layer"))
  }

  private static func variances(_ p: Parameters) throws(PoiseError) -> ChannelVariances {
    let layer = try p.integer("layer")
    let ensemble = try NetworkEnsemble(
      activation: .named(p.text("activation")),
      weights: .gaussian(variance: p.number("sigma_w2")))
    return try NetworkChannel(
      ensemble, inputs: .gaussian(variance: p.number("sigma_x2")),
      noise: .everyLayer(variance: p.number("sigma_b2"))
    ).variances(toLayer: layer)[layer - 1]
  }
}
