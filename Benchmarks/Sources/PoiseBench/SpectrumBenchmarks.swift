import Poise

/// Laws of singular values, and those of a network that is really built.
enum SpectrumBenchmarks {
  private struct Answer: Decodable {
    var seconds: Double
  }

  private static let (width, layers, variance) = (1000, 20, 1.05)

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    var outcomes = [
      try law("gaussian", inputMeanSquare: nil), try law("orthogonal", inputMeanSquare: nil),
      try law("gaussian", inputMeanSquare: 3),
    ]
    let jacobian = try jacobian()
    var found: [Double] = []
    let graded = try Clock.processor.time(2, warm: false) {
      found = try jacobian.logSingularValues().logarithms
    }
    // One factorisation a layer, whatever the condition.
    let careful = try jacobian.logSingularValues(grouping: 1).logarithms
    let error = zip(found, careful).map { abs($0 - $1) }.max()
    let plain = try Clock.processor.time(2, warm: false) {
      _ = try jacobian.matrix().singularValues()
    }
    var peers: [Peer] = []
    if let numpy, let answer = numpy.run("spectra_numpy.py", as: Answer.self) {
      peers = [Peer(name: "\(numpy.version), product", seconds: answer.seconds)]
    }
    let name = "tanh N = \(width), L = \(layers)"
    outcomes += [
      Outcome(name: "all singular values, \(name)", timing: graded, error: error, peers: peers),
      Outcome(name: "product and SVD, \(name)", timing: plain, peers: peers),
    ]
    return outcomes
  }

  /// 400 values of density and distribution at depth 100.
  private static func law(_ weights: String, inputMeanSquare: Double?) throws -> Outcome {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights, variance: 1.1),
      biases: .gaussian(variance: 0.001))
    let timing = try Clock.processor.time(3, warm: false) {
      _ = try SpectrumSurvey.curve(
        ensemble, depth: 100, inputMeanSquare: inputMeanSquare, points: 400)
    }
    let lengths = inputMeanSquare == nil ? "" : ", lengths that vary"
    return Outcome(name: "400-point spectrum, depth 100, \(weights)\(lengths)", timing: timing)
  }

  private static func jacobian() throws -> NetworkJacobian {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: variance),
      biases: .gaussian(variance: 0.001))
    let architecture = try Architecture(inputs: width, depth: layers, width: width)
    let network = FiniteNetwork<Double>(
      sampling: ensemble, architecture: architecture, seed: 1, index: 0)
    return try network.jacobian(at: [Double](repeating: 0.5, count: width))
  }
}
