import PoiseInformation
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct BoundsTests {
  struct Row: Sendable {
    let activation: Activation
    let weights: WeightLaw
    let noise: Double
    let layer: Int
    /// Entropy power, structured, linear, upper structured, upper trace.
    let expected: [Double]
  }

  /// Made by another program.
  static let table = [
    Row(
      activation: .tanh, weights: .orthogonal(variance: 1), noise: 0.01, layer: 2,
      expected: [1.3847, 1.3992, 1.1415, 1.7522, 1.7522]),
    Row(
      activation: .tanh, weights: .orthogonal(variance: 1), noise: 0.01, layer: 4,
      expected: [0.6672, 0.6838, 0.7555, 1.1042, 1.1042]),
    Row(
      activation: .tanh, weights: .gaussian(variance: 1), noise: 0.01, layer: 2,
      expected: [0.5992, 0.6088, 0.7543, 1.2796, 1.4532]),
    Row(
      activation: .tanh, weights: .gaussian(variance: 1), noise: 0.01, layer: 4,
      expected: [-0.1751, -0.1564, 0.3545, 0.7444, 1.0307]),
    Row(
      activation: .tanh, weights: .orthogonal(variance: 4), noise: 0.01, layer: 4,
      expected: [-0.4418, -0.1649, 0.4962, 2.5650, 2.5650]),
    Row(
      activation: .relu, weights: .orthogonal(variance: 2), noise: 0.1, layer: 2,
      expected: [0.2807, 0.3402, 0.5291, 1.3644, 1.3644]),
    Row(
      activation: .relu, weights: .gaussian(variance: 2), noise: 0.1, layer: 4,
      expected: [-0.4867, -0.3826, 0.0962, 0.7550, 0.9267]),
  ]

  @Test(arguments: table)
  func againstTable(_ row: Row) throws {
    let bounds = try everyLayer(row.activation, row.weights, noise: row.noise)
      .bounds(atLayer: row.layer)
    let values = [
      bounds.entropyPower, bounds.entropyPowerStructured, bounds.linearEstimator,
      bounds.structured, bounds.trace,
    ]
    for (value, expected) in zip(values, row.expected) {
      #expect(abs(try #require(value) - expected) < 6e-5)
    }
  }

  /// ReLU through orthogonal weights by hand: ρ² = σ_x² σ_w⁴/4c, c = σ_w²(q/2 − q/2π) + s, q = 2.1.
  @Test func matchedFilterOfReLU() throws {
    let c = 2 * (2.1 / 2 - 2.1 / (2 * .pi)) + 0.1
    let bounds = try everyLayer(.relu, .orthogonal(variance: 2), noise: 0.1).bounds(atLayer: 2)
    let expected = -0.5 * Double.log(onePlus: -1 / c)
    #expect(abs(try #require(bounds.linearEstimator) - expected) < 1e-12)
  }

  /// lower ≤ exact ≤ upper: activations × weights × variances × noises × layers, both conventions.
  @Test func sandwich() throws {
    let activations: [Activation] = [
      .linear, .tanh, .erf, .erfUnitSlope, .relu, .hardTanh, .leakyReLU(slope: 0.2), .softplus,
      .gelu,
    ]
    var cases: [(Activation, NetworkChannel)] = []
    for activation in activations {
      for variance in [0.7, 1.4, 3] {
        for weights in [WeightLaw.gaussian(variance: variance), .orthogonal(variance: variance)] {
          for noise in [0.05, 0.6] {
            cases.append((activation, try everyLayer(activation, weights, noise: noise)))
          }
        }
      }
      let gaussian = WeightLaw.gaussian(variance: 1.2)
      cases.append((activation, try outputOnly(activation, gaussian, noise: 0.1, bias: 0.1)))
      let orthogonal = WeightLaw.orthogonal(variance: 1.2)
      cases.append(
        (activation, try everyLayer(activation, orthogonal, noise: 0.1, bias: 0.3)))
    }
    let grid = cases
    let counts = try parallelMap(count: grid.count, jobs: 2) { index in
      let (activation, channel) = grid[index]
      var count = 0
      for (layer, bounds) in try channel.bounds(toLayer: 3).enumerated() {
        let exact = try channel.replicaInformation(atLayer: layer + 1).information.nats
        let name = "\(activation.name), \(channel), layer \(layer + 1)"
        #expect(bounds.lower.nats <= exact + 1e-9, "\(name)")
        #expect(bounds.upper.nats >= exact - 1e-9, "\(name)")
        count += 1
      }
      return count
    }
    #expect(counts.reduce(0, +) >= 300)
  }

  /// Layers that widen and narrow: lower ≤ exact ≤ upper per unit of every layer.
  @Test func sandwichForUnequalWidths() throws {
    let profiles = [
      [100, 200, 50, 100], [100, 40, 120, 60], [60, 100, 90, 300], [300, 100, 90, 30],
    ]
    var cases: [(Activation, NetworkChannel, [Int])] = []
    for activation in [Activation.linear, .tanh, .erfUnitSlope, .relu, .hardTanh] {
      for profile in profiles {
        for variance in [0.8, 2] {
          for weights in [WeightLaw.gaussian(variance: variance), .orthogonal(variance: variance)] {
            cases.append((activation, try everyLayer(activation, weights, noise: 0.05), profile))
          }
        }
        cases.append(
          (
            activation, try outputOnly(activation, .gaussian(variance: 1.5), noise: 0.1, bias: 0.1),
            profile
          ))
      }
    }
    let grid = cases
    let counts = try parallelMap(count: grid.count, jobs: 2) {
      (index: Int) throws(PoiseError) -> (cases: Int, lower: Int) in
      let (activation, channel, widths) = grid[index]
      var counts = (cases: 0, lower: 0)
      for (layer, bounds) in try channel.bounds(toLayer: 3, widths: widths).enumerated() {
        let exact = try channel.replicaInformation(
          atLayer: layer + 1, widths: Array(widths[...(layer + 1)])
        ).information.nats
        let name = "\(activation.name), \(channel), \(widths), layer \(layer + 1)"
        #expect(bounds.lower.nats <= exact + 1e-9, "\(name)")
        #expect(bounds.upper.nats >= exact - 1e-9, "\(name)")
        // A linear network is what its linear reader finds.
        if activation == .linear {
          let linear = bounds.linearEstimator ?? .nan
          #expect(abs(linear - exact) < 1e-9, "\(name)")
        }
        counts.cases += 1
        if bounds.bestLower?.method != .linearEstimator { counts.lower += 1 }
      }
      return counts
    }
    #expect(counts.reduce(0) { $0 + $1.cases } == 300)
    // Entropy power wins somewhere, so that it is tested.
    #expect(counts.reduce(0) { $0 + $1.lower } > 20)
  }

  /// Sizes in any unit, and the same numbers where all are alike.
  @Test func equalWidthsAreASpecialCase() throws {
    for weights in [WeightLaw.gaussian(variance: 1.5), .orthogonal(variance: 1.5)] {
      for activation in [Activation.tanh, .relu] {
        let channel = try everyLayer(activation, weights, noise: 0.05)
        #expect(
          try channel.bounds(toLayer: 3)
            == channel.bounds(toLayer: 3, widths: [1, 1, 1, 1]))
        for (a, b) in zip(
          try channel.bounds(toLayer: 3), try channel.bounds(toLayer: 3, widths: [9, 9, 9, 9]))
        {
          #expect(abs(a.lower.nats - b.lower.nats) < 1e-9)
          #expect(abs(a.upper.nats - b.upper.nats) < 1e-9)
        }
      }
    }
    let channel = try everyLayer(.tanh, .gaussian(variance: 1), noise: 0.1)
    #expect(throws: PoiseError.self) { try channel.bounds(toLayer: 3, widths: [7, 7, 7]) }
  }

  /// Linear φ, orthogonal weights: all bounds meet, at every depth.
  @Test func boundsMeetForOrthogonalLinearNetworks() throws {
    let channel = try everyLayer(.linear, .orthogonal(variance: 1.3), noise: 0.1)
    for (layer, bounds) in try channel.bounds(toLayer: 4).enumerated() {
      let exact = try channel.replicaInformation(atLayer: layer + 1).information.nats
      for bound in [
        bounds.entropyPower, bounds.entropyPowerStructured, bounds.linearEstimator, bounds.trace,
        bounds.structured,
      ] {
        #expect(abs(try #require(bound) - exact) < 1e-9)
      }
    }
  }

  /// What peaks near the edge of chaos are the lower bounds of deep, quiet networks.
  @Test func boundsPeakOnTheChaoticSideOfTheEdge() throws {
    let deviations = (0...20).map { 0.8 + 0.05 * Double($0) }
    let bounds = try deviations.map {
      try everyLayer(.tanh, .orthogonal(variance: $0 * $0), noise: 0.01).bounds(atLayer: 8)
    }
    let entropyPower = bounds.indices.max { bounds[$0].entropyPower! < bounds[$1].entropyPower! }!
    let linear = bounds.indices.max { bounds[$0].linearEstimator! < bounds[$1].linearEstimator! }!
    #expect(abs(deviations[entropyPower] - 1.05) < 1e-9)
    #expect(abs(deviations[linear] - 1.2) < 1e-9)
  }

  @Test func missingBounds() throws {
    let folding = try everyLayer(.gelu, .gaussian(variance: 1), noise: 0.1).bounds(atLayer: 2)
    #expect(folding.entropyPower == nil && folding.entropyPowerStructured == nil)
    #expect(folding.linearEstimator != nil)
    let flat = try outputOnly(.relu, .orthogonal(variance: 2), noise: 0.1)
    #expect(try flat.bounds(atLayer: 2).entropyPower != nil)
    #expect(try flat.bounds(atLayer: 3).entropyPower == nil)
    let binary = try NetworkChannel(
      NetworkEnsemble(activation: .tanh, weights: .gaussian(variance: 1)), inputs: .binary(),
      noise: .everyLayer(variance: 0.1))
    #expect(try binary.bounds(atLayer: 2).linearEstimator == nil)
  }
}
