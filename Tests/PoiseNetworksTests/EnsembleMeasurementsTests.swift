import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Synchronization
import Testing

@Suite struct EnsembleMeasurementsTests {
  static func measure(
    _ law: WeightLaw, jobs: Int, networks: Int = 7,
    progress: (@Sendable (Int) -> Void)? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> EnsembleMeasurements {
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: law, biases: .gaussian(variance: 0.1))
    let options = MeasurementOptions(pairs: [(0, 1)], gradientRows: 5, directionRows: 3)
    return try EnsembleMeasurements.measure(
      ensemble, architecture: try Architecture(inputs: 12, widths: [40, 50, 30]),
      inputs: normalMatrix(10, 12), networks: networks, seed: 21, jobs: jobs, options: options,
      progress: progress, isCancelled: isCancelled)
  }

  /// Same bits for any number of jobs, and for a network measured alone.
  @Test(arguments: SamplingTests.laws) func jobsDoNotShow(law: WeightLaw) throws {
    let one = try Self.measure(law, jobs: 1)
    for jobs in [2, 3] {
      let many = try Self.measure(law, jobs: jobs)
      #expect(many == one)
    }
    let fewer = try Self.measure(law, jobs: 2, networks: 3)
    #expect(fewer.networks == Array(one.networks.prefix(3)))
    #expect(one.networks[0] != one.networks[1])
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: law, biases: .gaussian(variance: 0.1))
    let alone = NetworkSample(
      of: ensemble, architecture: try Architecture(inputs: 12, widths: [40, 50, 30]), seed: 21,
      index: 4)
    let options = MeasurementOptions(pairs: [(0, 1)], gradientRows: 5, directionRows: 3)
    let measured = try alone.measure(normalMatrix(10, 12), options: options)
    #expect(measured == one.networks[4])
  }

  @Test func viewsHaveTheirShapes() throws {
    let measured = try Self.measure(.gaussian(variance: 1.5), jobs: 2)
    for view in [
      measured.length, measured.overlap, measured.logGradient, measured.length(row: 9),
      measured.logGradient(row: 4), measured.logTangent(row: 2),
    ] {
      #expect(view.count == 7)
      #expect(view.allSatisfy { $0.count == 3 && $0.allSatisfy(\.isFinite) })
    }
    #expect(measured.divergedAtLayer == [Int?](repeating: nil, count: 7))
    #expect(measured.length(row: 3)[2][1] == measured.networks[2].rowLengths[1][3])
  }

  @Test func progressCountsEveryNetwork() throws {
    let seen = Mutex<[Int]>([])
    _ = try Self.measure(
      .gaussian(variance: 1), jobs: 2, progress: { count in seen.withLock { $0.append(count) } })
    #expect(seen.withLock { $0.sorted() } == Array(1...7))
  }

  @Test func cancellingStopsBetweenLayers() throws {
    let asked = Atomic<Int>(0)
    let error = #expect(throws: PoiseError.self) {
      _ = try Self.measure(
        .gaussian(variance: 1), jobs: 2,
        isCancelled: { asked.add(1, ordering: .relaxed).newValue > 5 })
    }
    #expect(error?.code == .cancelled)
    #expect(asked.load(ordering: .relaxed) < 9)
  }

  /// ReLU without biases: E length = (σ_w²/2)^{l−1} σ_w² |x|²/N₀, exactly at any width.
  @Test(arguments: [WeightLaw.gaussian(variance: 2), .orthogonal(variance: 2)])
  func meanLengthOfReLU(law: WeightLaw) throws {
    let ensemble = try NetworkEnsemble(activation: Activation(ReLU()), weights: law)
    let inputs = normalMatrix(1, 50)
    let measured = try EnsembleMeasurements.measure(
      ensemble, architecture: try Architecture(inputs: 50, depth: 4, width: 60), inputs: inputs,
      networks: 500, seed: 1, jobs: 2)
    let expected = 2 * inputs.elements.reduce(0) { $0 + $1 * $1 } / 50
    for layer in 0..<4 {
      let values = measured.length.map { $0[layer] / expected }
      let mean = values.reduce(0, +) / 500
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 499
      let error = (variance / 500).squareRoot()
      #expect(error < 0.03 && abs(mean - 1) < 5 * error + 1e-12, "layer \(layer): \(mean)")
    }
  }

  /// Default options send gradients through the first 64 rows at most.
  @Test func defaultGradientRows() throws {
    let ensemble = try NetworkEnsemble(
      activation: Activation(Tanh()), weights: .gaussian(variance: 1))
    let architecture = try Architecture(inputs: 3, depth: 1, width: 2)
    for (rows, expected) in [(2, 2), (70, 64)] {
      let measured = try EnsembleMeasurements.measure(
        ensemble, architecture: architecture, inputs: normalMatrix(rows, 3), networks: 1, seed: 0)
      #expect(measured.networks[0].rowLogGradients[0].count == expected)
    }
  }
}
