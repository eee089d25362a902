import PoiseInformation
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule
import Testing

@Suite struct LowNoiseTests {
  @Test(arguments: [
    (0.5, -0.693), (0.8, -0.223), (0.95, -0.051), (1.05, -0.003), (1.2, -0.043), (1.7, -0.372),
    (3, -1.773),
  ])
  func stationaryVolumeRate(deviation: Double, expected: Double) throws {
    let weights = WeightLaw.orthogonal(variance: deviation * deviation)
    let rate = try LowNoiseLimit(of: NetworkEnsemble(activation: .tanh, weights: weights))
      .stationaryVolumeRate()
    #expect(abs(rate - expected) < 6e-4)
  }

  /// With frozen biases the rate peaks inside the ordered phase.
  @Test func biasesMoveThePeakIntoTheOrderedPhase() throws {
    let rate = { (deviation: Double) in
      try LowNoiseLimit(
        of: NetworkEnsemble(
          activation: .tanh, weights: .orthogonal(variance: deviation * deviation),
          biases: .gaussian(variance: 0.05))
      ).stationaryVolumeRate()
    }
    let deviations = (0...60).map { 1 + 0.005 * Double($0) }
    let values = try deviations.map(rate)
    let best = values.indices.max { values[$0] < values[$1] }!
    // The edge of chaos stands at σ_w = 1.327.
    #expect(abs(deviations[best] - 1.145) < 0.006)
  }

  /// The rate is at most 0, and ½ ln(1 − σ_b²/q*) with biases, for every one-to-one activation.
  @Test(arguments: Activation.catalogue)
  func rateIsNeverPositive(_ activation: Activation) throws {
    for bias in [0, 0.3] {
      let ensemble = try NetworkEnsemble(
        activation: activation, weights: .orthogonal(variance: 0.9),
        biases: .gaussian(variance: bias))
      guard let limit = try? LowNoiseLimit(of: ensemble) else { continue }
      #expect(try limit.stationaryVolumeRate() <= 1e-12)
    }
  }

  /// I − [½ ln(1/s) + offset] for two orthogonal tanh layers.
  @Test(arguments: [(1e-2, 0.127), (1e-3, 0.038), (1e-4, 0.0097), (1e-5, 0.0020)])
  func limitIsReached(noise: Double, expected: Double) throws {
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: .orthogonal(variance: 1))
    let channel = try NetworkChannel(
      ensemble, inputs: .gaussian(), noise: .output(variance: noise))
    let limit = try LowNoiseLimit(of: ensemble).information(depth: 2, noiseVariance: noise)
    let difference = try channel.exactTwoLayerInformation().nats - limit.nats
    #expect(abs(difference - expected) < 6e-4 * max(1, expected / 0.05))
  }

  @Test(arguments: [(8, 1.145, 6e-4), (64, 1.0558, 6e-5), (128, 1.0389, 6e-5)])
  func bestDeviationAtFiniteDepth(depth: Int, deviation: Double, tolerance: Double) throws {
    let limit = try LowNoiseLimit(
      of: NetworkEnsemble(activation: .tanh, weights: .orthogonal(variance: 1)))
    let best = try limit.optimalWeightVariance(depth: depth)
    #expect(abs(best.squareRoot() - deviation) < tolerance)
  }

  /// (σ_w² − 1)/√(3/(4L)) → 1.
  @Test func bestVarianceApproachesTheEdge() throws {
    let limit = try LowNoiseLimit(
      of: NetworkEnsemble(activation: .tanh, weights: .orthogonal(variance: 1)))
    let ratios = try [64, 256, 1024].map { depth in
      (try limit.optimalWeightVariance(depth: depth) - 1) / (0.75 / Double(depth)).squareRoot()
    }
    #expect(ratios[0] > ratios[1] && ratios[1] > ratios[2])
    #expect(abs(ratios[2] - 1) < 0.02)
  }

  @Test func refusals() throws {
    for activation in [Activation.relu, .gelu, .hardTanh, .sin] {
      let ensemble = try NetworkEnsemble(
        activation: activation, weights: .orthogonal(variance: 1))
      #expect(throws: PoiseError.self) { try LowNoiseLimit(of: ensemble) }
    }
    let linear = try LowNoiseLimit(
      of: NetworkEnsemble(activation: .linear, weights: .orthogonal(variance: 1)))
    #expect(throws: PoiseError.self) { try linear.optimalWeightVariance(depth: 4) }
  }
}

@Suite struct LinearisedChannelTests {
  /// At one mean squared gain the information is largest for equal singular values.
  @Test func isometryIsOptimalAtGivenGain() throws {
    let snr = 30.0
    let ideal = 0.5 * Double.log(onePlus: snr)
    var last = ideal
    // Orthogonal linear layers, then slopes that spread more and more, all with E λ = 1.
    for length in [1e-12, 0.05, 0.3, 1, 3] {
      let probe = try JacobianSpectrum(
        of: NetworkEnsemble(activation: .tanh, weights: .orthogonal(variance: 1)), depth: 1,
        length: length)
      let ensemble = try NetworkEnsemble(
        activation: .tanh, weights: .orthogonal(variance: 1 / probe.mean))
      let channel = try LinearisedChannel(
        JacobianSpectrum(of: ensemble, depth: 4, length: length), signalToNoise: snr)
      #expect(abs(channel.isometricCapacity.nats - ideal) < 1e-9)
      #expect(channel.information.nats <= last + 1e-9)
      last = channel.information.nats
    }
    #expect(last < 0.8 * ideal)
  }

  @Test func orthogonalBeatsGaussian() throws {
    for depth in [1, 3, 10] {
      let information = try [WeightLaw.gaussian(variance: 1), .orthogonal(variance: 1)].map {
        try LinearisedChannel(
          JacobianSpectrum(
            of: NetworkEnsemble(activation: .tanh, weights: $0), depth: depth, length: 0.3),
          signalToNoise: 10
        ).information.nats
      }
      #expect(information[0] < information[1])
    }
  }

  /// Linear Gaussian networks lose ln²L/L: the closed form and the spectrum agree.
  @Test(arguments: [(1, 10.0), (3, 10), (100, 10)])
  func deepLinear(depth: Int, gain: Double) throws {
    let spectrum = try JacobianSpectrum(
      of: NetworkEnsemble(activation: .linear, weights: .gaussian(variance: 1)), depth: depth,
      length: 1)
    let channel = try LinearisedChannel(spectrum, signalToNoise: gain)
    let closed = try DeepLinearChannel.shannonTransform(depth: depth, gain: gain)
    #expect(abs(channel.information.nats - closed / 2) < 1e-9)
    if depth == 100 { #expect(abs(closed / 2 - 0.0933) < 5e-5) }
  }
}
