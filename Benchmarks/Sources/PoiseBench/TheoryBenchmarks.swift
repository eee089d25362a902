import Poise

/// One point of mean field, and kernels of given inputs.
enum TheoryBenchmarks {
  static func run() throws -> [Outcome] {
    let critical = try ensemble(.tanh, weights: 1.76, biases: 0.05)
    let chaotic = try ensemble(.tanh, weights: 2.5, biases: 0.3)
    var outcomes = try [("near the edge", critical), ("chaotic", chaotic)].map { name, ensemble in
      let timing = try Clock.processor.time(9) {
        for _ in 0..<20 { _ = try MeanField(of: ensemble).fixedPoint() }
      }
      return Outcome(
        name: "mean field point tanh, \(name)", unit: .microseconds,
        timing: timing.divided(by: 20 * 1e-6))
    }
    let inputs = gaussian(rows: 256, columns: 64)
    for (activation, weights) in [(Activation.tanh, 1.76), (.relu, 2.0)] {
      let ensemble = try ensemble(activation, weights: weights, biases: 0.01)
      let timing = try Clock.processor.time(3, warm: false) {
        _ = try InputPropagation(ensemble, inputs: inputs, depth: 64, jobs: 1)
      }
      outcomes.append(
        Outcome(name: "input kernels \(activation.name) 256 rows, depth 64", timing: timing))
    }
    return outcomes
  }

  static func ensemble(
    _ activation: Activation, weights: Double, biases: Double
  ) throws -> NetworkEnsemble {
    try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: weights),
      biases: .gaussian(variance: biases))
  }

  /// Standard normal inputs.
  static func gaussian(rows: Int, columns: Int) -> Matrix<Double> {
    var stream = RandomStream(seed: 7, item: 0, purpose: .init(kind: 255, index: 1))
    var values = [Double](repeating: 0, count: rows * columns)
    values.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    return Matrix(rows: rows, columns: columns, elements: values)
  }
}
