import PoiseInformation
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct FirstLayerTests {
  /// Against 30-digit values.
  @Test(arguments: [
    (0.5, 1.0, 0.355861523933749), (10, 0.5, 2.16631163713298), (100, 2, 2.5006832469224),
  ])
  func shannonTransform(gain: Double, ratio: Double, expected: Double) throws {
    let value = try MarchenkoPastur.shannonTransform(gain: gain, ratio: ratio)
    #expect(abs(value - expected) < 1e-13)
  }

  /// Small gains give γ − ½γ²(1 + β), large ones ln γ − 1 for β = 1, and HᵀH and HHᵀ share eigenvalues.
  @Test func shannonTransformLimits() throws {
    let small = try MarchenkoPastur.shannonTransform(gain: 1e-5, ratio: 0.3)
    #expect(abs(small - (1e-5 - 0.65e-10)) < 1e-14)
    let large = try MarchenkoPastur.shannonTransform(gain: 1e14)
    #expect(abs(large - (.log(1e14) - 1)) < 1e-6)
    for gain in [1e-3, 0.7, 30, 1e6] {
      let (tall, wide) = (
        try MarchenkoPastur.shannonTransform(gain: gain, ratio: 0.25),
        try MarchenkoPastur.shannonTransform(gain: gain / 4, ratio: 4)
      )
      #expect(abs(tall - 4 * wide) < 1e-12 * tall)
    }
    // The two forms of the same expression meet.
    for ratio in [1, 0.9, 0.1] {
      let (below, above) = (
        try MarchenkoPastur.shannonTransform(gain: 2 - 1e-9, ratio: ratio),
        try MarchenkoPastur.shannonTransform(gain: 2 + 1e-9, ratio: ratio)
      )
      #expect(abs(above - below) < 2e-9)
    }
  }

  @Test(arguments: [
    (1.0, 0.290229, 0.346574), (10, 0.943833, 1.198948), (100, 1.900127, 2.307560),
    (400, 2.545112, 2.996981),
  ])
  func normalInput(gain: Double, gaussian: Double, orthogonal: Double) throws {
    for (weights, expected) in [
      (WeightLaw.gaussian(variance: gain), gaussian), (.orthogonal(variance: gain), orthogonal),
    ] {
      let channel = try everyLayer(.tanh, weights, noise: 1)
      let exact = try channel.firstLayerInformation().nats
      #expect(abs(exact - expected) < 5e-7)
      #expect(abs(exact - (try channel.replicaInformation(atLayer: 1).information.nats)) < 1e-11)
    }
  }

  /// Inputs ±1 (`References/channel.py`: adaptive quadrature, and the one-layer formula by a root).
  @Test(arguments: [
    (0.3, 0.130906243801, 0.1189824527), (1, 0.336830820347, 0.2875604928),
    (2, 0.500072136067, 0.4324123399), (5, 0.658734381094, 0.6407511589),
  ])
  func binaryInput(snr: Double, orthogonal: Double, gaussian: Double) throws {
    for (weights, expected) in [
      (WeightLaw.gaussian(variance: snr), gaussian), (.orthogonal(variance: snr), orthogonal),
    ] {
      let channel = try NetworkChannel(
        NetworkEnsemble(activation: .linear, weights: weights), inputs: .binary(),
        noise: .output(variance: 1))
      #expect(abs(try channel.firstLayerInformation().nats - expected) < 1e-8)
    }
  }

  /// A layer n₁ × n₀ sees no more than its inputs or its outputs hold, and the replica formula agrees.
  @Test func rectangularLayers() throws {
    for weights in [WeightLaw.gaussian(variance: 1.3), .orthogonal(variance: 1.3)] {
      let channel = try everyLayer(.tanh, weights, noise: 0.2)
      for widths in [[800, 400], [400, 1000]] {
        let exact = try channel.firstLayerInformation(widths: widths).nats
        let replica = try channel.replicaInformation(atLayer: 1, widths: widths).information.nats
        #expect(abs(exact - replica) < 1e-11)
      }
    }
    // Orthonormal rows: W Wᵀ = σ_w² I. Orthonormal columns: WᵀW = σ_w² n₁/n₀ I.
    let channel = try everyLayer(.tanh, .orthogonal(variance: 1.3), noise: 0.2)
    let wide = try channel.firstLayerInformation(widths: [800, 400]).nats
    #expect(abs(wide - 0.5 * .log(onePlus: 6.5)) < 1e-12)
    let tall = try channel.firstLayerInformation(widths: [400, 800]).nats
    #expect(abs(tall - 0.25 * .log(onePlus: 13)) < 1e-12)
  }

  @Test func refusesWhatDoesNotExist() {
    #expect(throws: PoiseError.self) { try MarchenkoPastur.shannonTransform(gain: -1) }
    #expect(throws: PoiseError.self) { try MarchenkoPastur.shannonTransform(gain: 1, ratio: 0) }
    #expect(throws: PoiseError.self) { try InputPrior.gaussian(variance: 0) }
    #expect(throws: PoiseError.self) {
      try InputPrior.discrete(values: [1, 2], probabilities: [1])
    }
    let error = #expect(throws: PoiseError.self) {
      try everyLayer(.tanh, .gaussian(variance: 1), noise: 0)
    }
    #expect(error?.code == .noAnswer)
    #expect(error?.value.contains("infinite") == true)
  }
}

/// A channel with normal inputs of variance 1 and noise at every layer.
func everyLayer(
  _ activation: Activation, _ weights: WeightLaw, noise: Double, bias: Double = 0
) throws -> NetworkChannel {
  try NetworkChannel(
    NetworkEnsemble(
      activation: activation, weights: weights, biases: .gaussian(variance: bias)),
    inputs: .gaussian(), noise: .everyLayer(variance: noise))
}

/// The same with noise at the output alone.
func outputOnly(
  _ activation: Activation, _ weights: WeightLaw, noise: Double, bias: Double = 0
) throws -> NetworkChannel {
  try NetworkChannel(
    NetworkEnsemble(
      activation: activation, weights: weights, biases: .gaussian(variance: bias)),
    inputs: .gaussian(), noise: .output(variance: noise))
}
