import PoiseInformation
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct ReplicaTests {
  /// Two orthogonal layers are exact at every width by another route.
  @Test(arguments: Activation.catalogue.filter { $0.name != "linear" })
  func twoOrthogonalLayers(_ activation: Activation) throws {
    let channel = try everyLayer(activation, .orthogonal(variance: 1.4), noise: 0.1, bias: 0.2)
    let exact = try channel.exactTwoLayerInformation().nats
    #expect(abs(try channel.replicaInformation(atLayer: 2).information.nats - exact) < 1e-10)
    let output = try outputOnly(activation, .orthogonal(variance: 1.4), noise: 0.1, bias: 0.2)
    let other = try output.exactTwoLayerInformation().nats
    #expect(abs(try output.replicaInformation(atLayer: 2).information.nats - other) < 1e-10)
  }

  /// Linear Gaussian networks with noise at the output: the closed Shannon transform.
  @Test(arguments: [1, 2, 3, 5])
  func linearGaussian(depth: Int) throws {
    for (variance, noise) in [(1.0, 0.1), (1.3, 0.01)] {
      let channel = try outputOnly(.linear, .gaussian(variance: variance), noise: noise)
      let closed = try DeepLinearChannel.shannonTransform(
        depth: depth, gain: 1 / noise, weightVariance: variance)
      let replica = try channel.replicaInformation(atLayer: depth).information.nats
      #expect(abs(replica - closed / 2) < 1e-10)
    }
  }

  /// Log-determinants of linear networks with noise at every layer, extrapolated to infinite width, with
  /// their standard errors (`References/channel.py`); orthogonal ones do not fluctuate.
  @Test(arguments: [
    (1, 0.793011, 0.000944, 1.007452), (2, 0.491920, 0.000829, 0.770998),
    (4, 0.282809, 0.000600, 0.598194),
  ])
  func linearNetworks(depth: Int, gaussian: Double, error: Double, orthogonal: Double) throws {
    for (weights, expected, tolerance) in [
      (WeightLaw.gaussian(variance: 1.3), gaussian, 4 * error),
      (.orthogonal(variance: 1.3), orthogonal, 1e-6),
    ] {
      let channel = try everyLayer(.linear, weights, noise: 0.2)
      let replica = try channel.replicaInformation(atLayer: depth).information.nats
      #expect(abs(replica - expected) < tolerance)
    }
  }

  /// The same for unequal widths, per unit of the last layer.
  @Test func unequalWidths() throws {
    for (weights, widths, expected, error) in [
      (WeightLaw.gaussian(variance: 1.3), [2, 1, 3], 0.262882, 0.000389),
      (.orthogonal(variance: 1.3), [2, 1, 3], 0.303377, 2.5e-7),
      (.orthogonal(variance: 1.3), [1, 3, 2], 0.509261, 0.000560),
    ] {
      let channel = try everyLayer(.linear, weights, noise: 0.2)
      let replica = try channel.replicaInformation(atLayer: 2, widths: widths).information.nats
      #expect(abs(replica - expected) < 4 * error)
    }
  }

  /// Information at finite noise by weight deviation, made by another program.
  @Test(arguments: [
    (0.01, true, 2, [1.2971, 1.5059, 1.5808, 1.6410, 1.7282, 1.8031, 1.8374]),
    (0.01, true, 4, [0.6160, 0.9157, 1.0136, 1.0853, 1.1744, 1.2323, 1.2484]),
    (0.01, false, 4, [0.3147, 0.4883, 0.5610, 0.6240, 0.7242, 0.8252, 0.8867]),
    (0.001, true, 4, [1.5405, 1.8581, 1.9432, 1.9958, 2.0385, 2.0234, 1.9727]),
  ])
  func table(noise: Double, isOrthogonal: Bool, layer: Int, expected: [Double]) throws {
    let deviations = [0.8, 1, 1.1, 1.2, 1.4, 1.7, 2]
    let values = try parallelMap(count: deviations.count, jobs: 2) { index in
      let variance = deviations[index] * deviations[index]
      return try everyLayer(
        .tanh, isOrthogonal ? .orthogonal(variance: variance) : .gaussian(variance: variance),
        noise: noise
      ).replicaInformation(atLayer: layer).information.nats
    }
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 6e-5) }
  }

  @Test func deepChaoticNetworks() throws {
    let orthogonal = try everyLayer(.tanh, .orthogonal(variance: 4), noise: 0.01)
    #expect(abs(try orthogonal.replicaInformation(atLayer: 8).information.nats - 0.8398) < 6e-5)
    let gaussian = try everyLayer(.tanh, .gaussian(variance: 1), noise: 0.001)
    #expect(abs(try gaussian.replicaInformation(atLayer: 8).information.nats - 0.4851) < 6e-5)
    let output = try outputOnly(.tanh, .orthogonal(variance: 1), noise: 0.01)
    #expect(abs(try output.replicaInformation(atLayer: 8).information.nats - 0.9469) < 6e-5)
  }

  /// Frozen biases, Gaussian weights, noise at the output.
  @Test(arguments: [(1.5, 1, 2.0853), (1.5, 2, 1.3607), (1.5, 6, 0.6666), (3, 6, 1.0205)])
  func frozenBiases(variance: Double, layer: Int, expected: Double) throws {
    let channel = try outputOnly(.tanh, .gaussian(variance: variance), noise: 0.01, bias: 0.1)
    #expect(abs(try channel.replicaInformation(atLayer: layer).information.nats - expected) < 6e-5)
  }

  /// Layers cannot add information (every layer noisy), and noise only removes it.
  @Test(arguments: [WeightLaw.gaussian(variance: 1.6), .orthogonal(variance: 1.6)])
  func dataProcessing(_ weights: WeightLaw) throws {
    var last = [Double.infinity, .infinity]
    for layer in 1...4 {
      let values = try [0.05, 0.2].map { noise in
        try everyLayer(.tanh, weights, noise: noise).replicaInformation(atLayer: layer)
          .information.nats
      }
      #expect(values[0] > values[1])
      #expect(values[0] < last[0] && values[1] < last[1])
      last = values
    }
  }

  /// At most the entropy of a discrete input, reached without noise; a Gaussian of the same variance
  /// carries more.
  @Test func discreteInputs() throws {
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: .orthogonal(variance: 1.5))
    let prior = try InputPrior.discrete(values: [-1, 0, 2], probabilities: [0.5, 0.3, 0.2])
    let entropy = -[0.5, 0.3, 0.2].reduce(0) { $0 + $1 * .log($1) }
    let quiet = try NetworkChannel(ensemble, inputs: prior, noise: .output(variance: 1e-3))
    #expect(abs(try quiet.replicaInformation(atLayer: 2).information.nats - entropy) < 1e-6)
    let noisy = try NetworkChannel(ensemble, inputs: prior, noise: .everyLayer(variance: 0.5))
    let normal = try NetworkChannel(
      ensemble, inputs: InputPrior([.init(weight: 1, mean: prior.mean, variance: prior.variance)]),
      noise: .everyLayer(variance: 0.5))
    #expect(
      try noisy.replicaInformation(atLayer: 1).information
        < normal.replicaInformation(atLayer: 1).information)
  }

  @Test func refusals() throws {
    let channel = try everyLayer(.tanh, .gaussian(variance: 1), noise: 0.1)
    #expect(throws: PoiseError.self) { try channel.replicaInformation(atLayer: 0) }
    #expect(throws: PoiseError.self) { try channel.replicaInformation(atLayer: 2, widths: [3, 4]) }
    #expect(throws: PoiseError.self) { try channel.exactTwoLayerInformation() }
    let exploding = try everyLayer(.relu, .gaussian(variance: 10), noise: 0.1)
    #expect(throws: PoiseError.self) { try exploding.replicaInformation(atLayer: 30) }
  }
}
