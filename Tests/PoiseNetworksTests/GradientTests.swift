import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule
import Testing

@Suite struct GradientTests {
  /// Σ_k c_k z_k as a function of the preactivations h of layer `layer`, for one sample.
  private static func upper(
    _ network: FiniteNetwork<Double>, from layer: Int, h: [Double], readout: Bool
  ) -> [Double] {
    var h = h
    let layers = network.layers + (readout ? [network.readout!] : [])
    for next in layers[(layer + 1)...] {
      let x = h.map(network.activation.function.value)
      h = (0..<next.weights.rows).map { row in
        zip(next.weights.row(row), x).reduce(next.biases[row]) { $0 + $1.0 * $1.1 }
      }
    }
    return h
  }

  /// Squared norm of the gradient by central differences.
  private static func squaredGradient(
    _ network: FiniteNetwork<Double>, layer: Int, h: [Double], cotangent: [Double], readout: Bool
  ) -> Double {
    let step = 1e-5
    return h.indices.reduce(0.0) { sum, unit in
      var (up, down) = (h, h)
      up[unit] += step
      down[unit] -= step
      let high = upper(network, from: layer, h: up, readout: readout)
      let low = upper(network, from: layer, h: down, readout: readout)
      let slope = zip(cotangent, zip(high, low)).reduce(0.0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
      return sum + (slope / (2 * step)) * (slope / (2 * step))
    }
  }

  @Test(arguments: testActivations) func backwardAgreesWithDifferences(
    activation: Activation
  ) throws {
    let network = try testNetwork(activation)
    let (inputs, cotangents) = (normalMatrix(4, 5), normalMatrix(4, 6, seed: 12))
    let logs = try network.logGradientNorms(inputs, cotangents: cotangents)
    let readout = try network.readoutGradientNorms(inputs, output: 2)
    for row in 0..<4 {
      let h = naiveForward(network, inputs.row(row)).layers
      for layer in 0..<3 {
        let expected = Self.squaredGradient(
          network, layer: layer, h: h[layer], cotangent: cotangents.row(row), readout: false)
        #expect(isClose(Double.exp(logs[layer][row]), expected, 1e-7))
        let single = Self.squaredGradient(
          network, layer: layer, h: h[layer], cotangent: [0, 0, 1], readout: true)
        #expect(isClose(Double.exp(readout[layer][row]), single, 1e-7))
      }
    }
  }

  @Test(arguments: testActivations) func tangentsAgreeWithTheJacobian(
    activation: Activation
  ) throws {
    let network = try testNetwork(activation)
    let inputs = normalMatrix(4, 5)
    for (skipped, width) in [(0, 5), (1, 7), (2, 4)] {
      let directions = normalMatrix(4, width, seed: 13)
      let logs = try network.logNormsOfJacobianVectorProducts(
        inputs, directions: directions, skippedLayers: skipped)
      #expect(logs.count == 3 - skipped)
      for row in 0..<4 {
        let u = Matrix(rows: width, columns: 1, elements: directions.row(row))
        let norm = u.elements.reduce(0) { $0 + $1 * $1 }
        for layer in skipped..<3 {
          let jacobian = naiveJacobian(network, inputs.row(row), from: skipped, through: layer)
          let image = Matrix.product(jacobian, u).elements.reduce(0) { $0 + $1 * $1 }
          #expect(isClose(Double.exp(logs[layer - skipped][row]), image / norm, 1e-12))
        }
      }
    }
  }

  @Test func tangentsAgreeWithDifferences() throws {
    let network = try testNetwork(Activation(Tanh()))
    let (inputs, directions) = (normalMatrix(3, 5), normalMatrix(3, 5, seed: 14))
    let logs = try network.logNormsOfJacobianVectorProducts(inputs, directions: directions)
    let step = 1e-5
    for row in 0..<3 {
      let u = directions.row(row)
      let norm = u.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let ends = [step, -step].map { step in
        naiveForward(network, zip(inputs.row(row), u).map { $0 + step * $1 / norm }).layers
      }
      for layer in 0..<3 {
        let square = zip(ends[0][layer], ends[1][layer]).reduce(0.0) { sum, pair in
          let slope = (Double.tanh(pair.0) - Double.tanh(pair.1)) / (2 * step)
          return sum + slope * slope
        }
        #expect(isClose(Double.exp(logs[layer][row]), square, 1e-8))
      }
    }
  }

  /// Depth 1000, far from criticality both ways: logarithms grow linearly, nothing saturates.
  @Test(arguments: [0.01, 100.0]) func deepNetworksStayFinite(variance: Double) throws {
    // Without biases ReLU is homogeneous: per layer |h|², |g|² and |Ju|² gain σ_w²/2.
    let ensemble = try NetworkEnsemble(
      activation: Activation(ReLU()), weights: .gaussian(variance: variance))
    let sample = NetworkSample(
      of: ensemble, architecture: try Architecture(inputs: 16, depth: 150, width: 64), seed: 2,
      index: 0)
    let options = MeasurementOptions(gradientRows: 2, directionRows: 2)
    let measured = try sample.measure(normalMatrix(2, 16), options: options)
    let rate = Double.log(variance / 2)
    // Finite-width mean −Var/2 per layer, Var = 5/N (Hanin and Nica), and its fluctuation.
    let gradient = measured.rowLogGradients[0][0] / 149
    let tangent = measured.rowLogTangents[149][0] / 150
    #expect(abs(gradient - rate) < 0.2 && abs(tangent - rate) < 0.2)
    #expect(measured.divergedAtLayer == nil)
  }

  @Test func thousandLayersInSinglePrecision() throws {
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: .gaussian(variance: 6))
    let sample = NetworkSample(
      of: ensemble, architecture: try Architecture(inputs: 8, depth: 1000, width: 32), seed: 2,
      index: 0)
    let inputs = Matrix(rows: 2, columns: 8, elements: normalMatrix(2, 8).elements.map(Float.init))
    let options = MeasurementOptions(gradientRows: 2, directionRows: 2)
    let measured = try sample.measure(inputs, options: options)
    // Chaotic: beyond the range of Float and of Double.
    #expect(measured.rowLogGradients[0][0] > 120 && measured.rowLogTangents[999][0] > 120)
    #expect(measured.rowLogGradients[0].allSatisfy { $0.isFinite })
  }

  /// A dead network has ln 0 = −∞, not NaN.
  @Test func deadRowsAreMinusInfinity() throws {
    typealias Layer = FiniteNetwork<Double>.Layer
    let dead = Layer(weights: .identity(3), biases: [-9, -9, -9])
    let network = try FiniteNetwork(activation: Activation(ReLU()), layers: [dead, dead])
    let inputs = Matrix<Double>(rows: 2, columns: 3, repeating: 1)
    let gradients = try network.logGradientNorms(inputs)
    let tangents = try network.logNormsOfJacobianVectorProducts(inputs)
    #expect(gradients[0] == [-.infinity, -.infinity] && tangents[1] == [-.infinity, -.infinity])
  }

  /// ⟨|gˡ|²⟩ gains χ₁ per layer whatever the widths: ReLU at σ_w² = 2 has χ₁ = 1.
  @Test func squaredNormIsKeptAcrossUnequalWidths() throws {
    let ensemble = try NetworkEnsemble(
      activation: Activation(ReLU()), weights: .gaussian(variance: 2))
    let architecture = try Architecture(inputs: 20, widths: [50, 200, 100])
    let options = MeasurementOptions(gradientRows: 1)
    let measured = try EnsembleMeasurements.measure(
      ensemble, architecture: architecture, inputs: normalMatrix(1, 20), networks: 400, seed: 6,
      jobs: 2, options: options)
    for layer in 0..<2 {
      let ratios = measured.networks.map {
        Double.exp($0.rowLogGradients[layer][0] - $0.rowLogGradients[2][0])
      }
      let mean = ratios.reduce(0, +) / 400
      let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
      let error = (variance / 400).squareRoot()
      #expect(error < 0.03 && abs(mean - 1) < 5 * error, "layer \(layer): \(mean) ± \(error)")
    }
  }
}
