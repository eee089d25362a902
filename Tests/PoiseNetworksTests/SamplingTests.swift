import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct SamplingTests {
  static let laws: [WeightLaw] = [
    .gaussian(variance: 1.7), .uniform(variance: 1.7), .orthogonal(variance: 1.7),
  ]

  static func sample(_ law: WeightLaw, widths: [Int], index: UInt64 = 0) throws -> NetworkSample {
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: law, biases: .gaussian(variance: 0.3))
    let architecture = try Architecture(inputs: 60, widths: widths, outputs: 10)
    return NetworkSample(of: ensemble, architecture: architecture, seed: 9, index: index)
  }

  /// Entries have second moment σ_w²/n_in in wide, square and narrow layers, all laws.
  @Test(arguments: laws) func secondMoments(law: WeightLaw) throws {
    let sample = try Self.sample(law, widths: [200, 200, 120])
    for index in 0...3 {
      let layer: FiniteNetwork<Double>.Layer = sample.layer(index)
      let entries = layer.weights.elements
      let fanIn = Double(layer.weights.columns)
      let moment = entries.reduce(0) { $0 + $1 * $1 } / Double(entries.count) * fanIn
      // Five standard errors of a Gaussian sample; exact for orthogonal layers.
      let error = 5 * 1.7 * (2 / Double(entries.count)).squareRoot()
      #expect(abs(moment - 1.7) < (law.name == "orthogonal" ? 1e-12 : error))
      if law.name == "uniform" {
        let bound = (3 * 1.7 / fanIn).squareRoot()
        #expect(entries.allSatisfy { abs($0) <= bound })
        #expect(entries.max()! > 0.99 * bound && entries.min()! < -0.99 * bound)
      }
    }
  }

  @Test func orthogonalLayersAreScaledIsometries() throws {
    let sample = try Self.sample(.orthogonal(variance: 1.7), widths: [200, 200, 120])
    for (index, scale) in [(0, 1.7 * 200 / 60), (1, 1.7), (2, 1.7), (3, 1.7)] {
      let layer: FiniteNetwork<Double>.Layer = sample.layer(index)
      let w = layer.weights
      let gram: Matrix<Double> = w.rows >= w.columns ? w.transposed.gram : w.gram
      for row in 0..<gram.rows {
        for column in 0..<gram.columns {
          #expect(abs(gram[row, column] - (row == column ? scale : 0)) < 1e-12)
        }
      }
    }
  }

  @Test func biasesHaveTheirVariance() throws {
    let layer: FiniteNetwork<Double>.Layer =
      try Self.sample(.gaussian(variance: 1), widths: [20_000]).layer(0)
    let variance = layer.biases.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(variance - 0.3) < 5 * 0.3 * 0.01)
  }

  /// Layers, networks and weights versus biases are uncorrelated: |Σ xy| < 5 √n σ².
  @Test(arguments: laws) func streamsAreDistinct(law: WeightLaw) throws {
    let first = try Self.sample(law, widths: [200, 200, 200])
    let second = try Self.sample(law, widths: [200, 200, 200], index: 1)
    let layers: [FiniteNetwork<Double>.Layer] = [first.layer(1), first.layer(2), second.layer(1)]
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      let (x, y) = (layers[a].weights.elements, layers[b].weights.elements)
      let product = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product) < 5 * 200 * 1.7 / 200)
      let biases = zip(layers[a].biases, layers[b].biases).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(biases) < 5 * 200.0.squareRoot() * 0.3)
    }
  }

  /// A layer drawn alone is the layer of the whole network; `Float` is `Double`, rounded.
  @Test(arguments: laws) func layersCanBeRegenerated(law: WeightLaw) throws {
    let sample = try Self.sample(law, widths: [80, 40, 40])
    let network = FiniteNetwork<Double>(
      sampling: sample.ensemble, architecture: sample.architecture, seed: 9, index: 0)
    let single = FiniteNetwork<Float>(
      sampling: sample.ensemble, architecture: sample.architecture, seed: 9, index: 0)
    for index in [2, 0, 1] {
      #expect(sample.layer(index) == network.layers[index])
      for (x, y) in zip(
        network.layers[index].weights.elements, single.layers[index].weights.elements)
      {
        #expect(abs(x - Double(y)) < 3e-6)
      }
      #expect(network.layers[index].biases.map(Float.init) == single.layers[index].biases)
    }
    #expect(sample.layer(3) == network.readout)
  }

  @Test func parametersAreNamedInOrder() throws {
    let network = try testNetwork(Activation(Tanh()))
    let parameters = network.parameters
    #expect(
      parameters.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "layers.2.weight",
        "layers.2.bias", "layers.3.weight", "layers.3.bias",
      ])
    #expect(parameters.map(\.shape) == [[7, 5], [7], [4, 7], [4], [6, 4], [6], [3, 6], [3]])
    #expect(parameters[2].values == network.layers[1].weights.elements)
    #expect(parameters[7].values == network.readout!.biases)
  }

  @Test func misfitLayersAreRefused() throws {
    typealias Layer = FiniteNetwork<Double>.Layer
    let good = Layer(weights: Matrix(rows: 4, columns: 3), biases: [0, 0, 0, 0])
    let tall = Layer(weights: Matrix(rows: 4, columns: 5), biases: [0, 0, 0, 0])
    let short = Layer(weights: Matrix(rows: 4, columns: 4), biases: [0])
    for layers in [[good, tall], [good, short]] {
      let error = #expect(throws: PoiseError.self) {
        _ = try FiniteNetwork(activation: Activation(Tanh()), layers: layers)
      }
      #expect(error?.code == .shapeMismatch)
      #expect(error?.allowed.contains("4 × 4") == true)
    }
    #expect(throws: PoiseError.self) {
      _ = try FiniteNetwork<Double>(activation: Activation(Tanh()), layers: [])
    }
  }
}
