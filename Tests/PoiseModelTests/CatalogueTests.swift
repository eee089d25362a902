import PoiseModel
import PoiseNumerics
import Testing

/// Names of activations and presets, and the presets' variances.
@Suite struct CatalogueTests {
  @Test func everyNameFindsItsActivation() throws {
    for activation in Activation.catalogue {
      #expect(try Activation.named(activation.name) == activation)
    }
    #expect(Set(Activation.catalogue.map(\.name)).count == 17)
  }

  @Test(arguments: [
    ("hardtanh", "hard_tanh"), ("swish", "silu"), ("identity", "linear"),
    ("leaky_relu", "leaky_relu_0.01"), ("leaky_relu_0.2", "leaky_relu_0.2"),
    ("leaky_relu_0.10", "leaky_relu_0.1"),
  ])
  func aliases(_ alias: String, _ name: String) throws {
    #expect(try Activation.named(alias).name == name)
  }

  @Test(arguments: [
    ("tahn", "tanh"), ("rleu", "relu"), ("Hard-Tanh", "hard_tanh"), ("gelo", "gelu"),
    ("zzzzzzzzzzz", ""),
  ])
  func unknownActivation(_ name: String, _ suggestion: String) {
    let error = #expect(throws: PoiseError.self) { try Activation.named(name) }
    #expect(error?.code == .unknownName)
    #expect(error?.suggestion == suggestion)
    #expect(error?.allowed.contains("softsign, sin") == true)
  }

  @Test(arguments: ["leaky_relu_nan", "leaky_relu_inf"])
  func badSlope(_ name: String) {
    let error = #expect(throws: PoiseError.self) { try Activation.named(name) }
    #expect(error?.code == .outOfRange)
  }

  /// (preset, activation, weights, σ_w², σ_b² fan-in)
  static let expected: [(String, String, String, Double, Double)] = [
    ("pytorch_default", "tanh", "uniform", 1.0 / 3, 1.0 / 3),
    ("xavier_uniform", "tanh", "uniform", 1, 0), ("xavier_normal", "relu", "gaussian", 1, 0),
    ("xavier_uniform_gain", "tanh", "uniform", 25.0 / 9, 0),
    ("xavier_normal_gain", "leaky_relu_0.1", "gaussian", 2 / 1.01, 0),
    ("he_uniform", "tanh", "uniform", 2, 0), ("he_normal", "relu", "gaussian", 2, 0),
    ("kaiming_gain", "selu", "gaussian", 0.5625, 0), ("kaiming_gain", "gelu", "gaussian", 1, 0),
    ("lecun_normal", "selu", "gaussian", 1, 0), ("orthogonal", "tanh", "orthogonal", 1, 0),
    ("orthogonal_gain", "relu", "orthogonal", 2, 0),
  ]

  @Test(arguments: expected)
  func presets(
    _ name: String, _ activation: String, _ law: String, _ variance: Double, _ bias: Double
  ) throws {
    let preset = try InitializationPreset.named(name)
    let ensemble = try preset.ensemble(activation: try .named(activation), fanIn: 250)
    #expect(ensemble.weights.name == law)
    #expect(abs(ensemble.weightVariance - variance) < 1e-15)
    #expect(abs(ensemble.biasVariance - bias / 250) < 1e-18)
    #expect(ensemble.activation.name == activation)
  }

  @Test func everyPresetIsComplete() throws {
    for preset in InitializationPreset.catalogue {
      #expect(!preset.title.isEmpty && !preset.summary.isEmpty && !preset.source.isEmpty)
      #expect(try InitializationPreset.named(preset.name).name == preset.name)
    }
    #expect(Set(InitializationPreset.catalogue.map(\.name)).count == 11)
    let error = #expect(throws: PoiseError.self) { try InitializationPreset.named("he_norm") }
    #expect(error?.suggestion == "he_normal")
    let preset = try InitializationPreset.named("he_normal")
    #expect(throws: PoiseError.self) { try preset.ensemble(activation: .relu, fanIn: 0) }
  }
}
