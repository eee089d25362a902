import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct PropagationTests {
  @Test(arguments: testActivations) func agreesWithPlainLoops(activation: Activation) throws {
    let network = try testNetwork(activation)
    let inputs = normalMatrix(6, 5)
    let layers = try network.preactivations(inputs)
    let outputs = try network.outputs(inputs)
    for row in 0..<6 {
      let expected = naiveForward(network, inputs.row(row))
      for layer in 0..<3 {
        for (x, y) in zip(layers[layer].row(row), expected.layers[layer]) {
          #expect(isClose(x, y, 1e-13))
        }
      }
      for (x, y) in zip(outputs.row(row), expected.outputs) { #expect(isClose(x, y, 1e-13)) }
    }
  }

  /// Length, overlap, pairs and Gram matrix against sums over all pairs.
  @Test(arguments: testActivations) func statisticsAgreeWithAllPairs(activation: Activation) throws
  {
    let network = try testNetwork(activation)
    let inputs = normalMatrix(6, 5)
    let layers = try network.preactivations(inputs)
    let options = MeasurementOptions(pairs: [(0, 1), (5, 2), (3, 3)], fullGram: true)
    let measured = try network.measure(inputs, options: options)
    #expect(measured.divergedAtLayer == nil)
    for (index, h) in layers.enumerated() {
      let gram: Matrix<Double> = h.gram
      let width = Double(h.columns)
      var (length, overlap) = (0.0, 0.0)
      for a in 0..<6 {
        length += gram[a, a] / width / 6
        #expect(isClose(measured.rowLengths[index][a], gram[a, a] / width, 1e-13))
        for b in 0..<6 {
          if a < b { overlap += gram[a, b] / width / 15 }
          #expect(isClose(measured.grams[index][a, b], gram[a, b] / width, 1e-13))
        }
      }
      #expect(isClose(measured.length[index], length, 1e-13))
      #expect(isClose(measured.overlap[index], overlap, 1e-13))
      let pairs = [gram[0, 1], gram[5, 2], gram[3, 3]]
      for (x, y) in zip(measured.pairOverlaps[index], pairs) {
        #expect(isClose(x, y / width, 1e-13))
      }
    }
  }

  @Test func singlePrecisionAgrees() throws {
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: .gaussian(variance: 1.3),
      biases: .gaussian(variance: 0.1))
    let sample = NetworkSample(
      of: ensemble, architecture: try Architecture(inputs: 20, depth: 8, width: 100), seed: 4,
      index: 2)
    let inputs = normalMatrix(9, 20)
    let narrow = Matrix(rows: 9, columns: 20, elements: inputs.elements.map(Float.init))
    let options = MeasurementOptions(gradientRows: 5, directionRows: 4)
    let (a, b) = (
      try sample.measure(inputs, options: options), try sample.measure(narrow, options: options)
    )
    for layer in 0..<8 {
      #expect(isClose(a.length[layer], b.length[layer], 1e-5))
      #expect(isClose(a.overlap[layer], b.overlap[layer], 1e-4))
      #expect(isClose(a.logGradient[layer], b.logGradient[layer], 1e-4))
      for row in 0..<4 {
        #expect(isClose(a.rowLogTangents[layer][row], b.rowLogTangents[layer][row], 1e-4))
      }
    }
  }

  /// Layers drawn on the way and layers in memory give the same bits.
  @Test(arguments: SamplingTests.laws, [0, 4]) func streamingAgrees(
    law: WeightLaw, gradientRows: Int
  ) throws {
    let sample = try SamplingTests.sample(law, widths: [30, 30, 20])
    let network = FiniteNetwork<Double>(
      sampling: sample.ensemble, architecture: sample.architecture, seed: 9, index: 0)
    let inputs = normalMatrix(7, 60)
    var options = MeasurementOptions(gradientRows: gradientRows, directionRows: 2)
    let streamed = try sample.measure(inputs, options: options)
    (options.seed, options.index) = (9, 0)
    let stored = try network.measure(inputs, options: options)
    #expect(stored == streamed)
    #expect(streamed.length.count == 3)
  }

  @Test func smallestShapes() throws {
    let network = try testNetwork(Activation(Tanh()), inputs: 1, widths: [2], outputs: 0)
    let measured = try network.measure(
      normalMatrix(1, 1), options: MeasurementOptions(gradientRows: 1, directionRows: 1))
    #expect(measured.length.count == 1 && measured.overlap.isEmpty)
    #expect(measured.rowLogGradients.count == 1 && measured.rowLogTangents.count == 1)
    #expect(measured.length[0] > 0 && measured.rowLogGradients[0][0].isFinite)
  }

  /// An overflow ends the lists before its layer; nothing is NaN.
  @Test func divergenceIsAValue() throws {
    let network = try testNetwork(
      Activation(Quadratic()), widths: [Int](repeating: 20, count: 30), outputs: 2,
      weights: .gaussian(variance: 3))
    let inputs = normalMatrix(4, 5)
    let measured = try network.measure(
      inputs, options: MeasurementOptions(gradientRows: 2, directionRows: 2))
    let layer = try #require(measured.divergedAtLayer)
    #expect(layer > 3 && layer < 20)
    #expect(measured.length.count == layer - 1 && measured.overlap.count == layer - 1)
    #expect(measured.rowLengths.count == layer - 1)
    #expect((measured.length + measured.overlap).allSatisfy { $0.isFinite })
    #expect(measured.rowLogTangents.allSatisfy { $0.allSatisfy { !$0.isNaN } })
    #expect(measured.logGradient.isEmpty && measured.rowLogGradients.isEmpty)
    let error = #expect(throws: PoiseError.self) { _ = try network.outputs(inputs) }
    #expect(error?.code == .noAnswer)
  }

  @Test func shapesAreChecked() throws {
    let network = try testNetwork(Activation(Tanh()))
    let error = #expect(throws: PoiseError.self) { _ = try network.measure(normalMatrix(3, 4)) }
    #expect(error?.code == .shapeMismatch)
    #expect(error?.message.contains("4") == true && error?.message.contains("5") == true)
    let inputs = normalMatrix(3, 5)
    for options in [
      MeasurementOptions(gradientRows: 4), MeasurementOptions(directionRows: 4),
      MeasurementOptions(skippedLayers: 3), MeasurementOptions(pairs: [(0, 3)]),
    ] {
      let error = #expect(throws: PoiseError.self) {
        _ = try network.measure(inputs, options: options)
      }
      #expect(error?.code == .outOfRange)
    }
    #expect(throws: PoiseError.self) { _ = try network.measure(Matrix(rows: 0, columns: 5)) }
    var broken = inputs
    broken[1, 2] = .nan
    let value = #expect(throws: PoiseError.self) { _ = try network.measure(broken) }
    #expect(value?.code == .outOfRange && value?.value == "nan in row 1, column 2")
    let cotangents = #expect(throws: PoiseError.self) {
      _ = try network.logGradientNorms(inputs, cotangents: normalMatrix(3, 5))
    }
    #expect(cotangents?.code == .shapeMismatch && cotangents?.allowed == "3 × 6")
    let headless = try testNetwork(Activation(Tanh()), outputs: 0)
    #expect(throws: PoiseError.self) { _ = try headless.outputs(inputs) }
    #expect(throws: PoiseError.self) { _ = try headless.readoutGradientNorms(inputs) }
    #expect(throws: PoiseError.self) { _ = try network.readoutGradientNorms(inputs, output: 3) }
  }
}
