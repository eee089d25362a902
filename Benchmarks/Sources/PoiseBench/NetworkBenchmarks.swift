import Poise

/// Finite networks: sampling, both passes, the tangent kernel, and the whole main job.
enum NetworkBenchmarks {
  private struct Answer: Decodable {
    var haarSeconds: Double
    var forwardSeconds: Double
    var networkSeconds: Double
  }

  private static let (width, depth, rows, networks) = (256, 64, 256, 50)

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    var outcomes = [haar(), try forward()]
    outcomes += try passes()
    if let numpy, let answer = numpy.run("networks_numpy.py", as: Answer.self) {
      let whole = Double(networks) * answer.networkSeconds
      let peers = [answer.haarSeconds, answer.forwardSeconds, whole]
      for (index, seconds) in peers.enumerated() {
        outcomes[index].peers = [Peer(name: numpy.version, seconds: seconds)]
      }
    }
    outcomes.append(try tangentKernel())
    outcomes.append(try advice())
    return outcomes
  }

  private static func haar() -> Outcome {
    var index: UInt64 = 0
    let timing = Clock.processor.time(9) {
      for _ in 0..<8 {
        var stream = RandomStream(seed: 3, item: index, purpose: .init(kind: 255, index: 2))
        index += 1
        let _: Matrix<Double> = haarOrthogonal(rows: width, columns: width, stream: &stream)
      }
    }
    return Outcome(name: "Haar orthogonal 256", timing: timing.divided(by: 8))
  }

  private static func ensemble(_ law: WeightLaw) throws -> NetworkEnsemble {
    try NetworkEnsemble(activation: .tanh, weights: law, biases: .gaussian(variance: 1e-4))
  }

  /// h = W φ + b through all layers of a network that is there.
  private static func forward() throws -> Outcome {
    let network = FiniteNetwork<Double>(
      sampling: try ensemble(.gaussian(variance: 1.1)),
      architecture: try Architecture(inputs: width, depth: depth, width: width, outputs: 10),
      seed: 1, index: 0)
    let inputs = TheoryBenchmarks.gaussian(rows: rows, columns: width)
    let timing = try Clock.processor.time(7) { _ = try network.outputs(inputs) }
    return Outcome(name: "forward pass 256 × 64 layers", timing: timing)
  }

  /// Sampling, lengths and overlaps on the way up, gradients on the way down.
  private static func passes() throws -> [Outcome] {
    let inputs = TheoryBenchmarks.gaussian(rows: rows, columns: width)
    let shape = try Architecture(inputs: width, depth: depth, width: width)
    let jobs: [(String, Clock, WeightLaw, Int)] = [
      ("50 networks orthogonal, CPU, 1 job", .processor, .orthogonal(variance: 1.1), 1),
      ("50 networks orthogonal, wall, 2 jobs", .wall, .orthogonal(variance: 1.1), 2),
      ("50 networks gaussian, CPU, 1 job", .processor, .gaussian(variance: 1.1), 1),
    ]
    return try jobs.map { name, clock, law, jobs in
      let ensemble = try ensemble(law)
      let timing = try clock.time(2, warm: false) {
        _ = try EnsembleMeasurements.measure(
          ensemble, architecture: shape, inputs: inputs, networks: networks, seed: 1, jobs: jobs,
          options: MeasurementOptions(gradientRows: rows))
      }
      return Outcome(name: name, timing: timing)
    }
  }

  private static func tangentKernel() throws -> Outcome {
    let network = FiniteNetwork<Double>(
      sampling: try ensemble(.orthogonal(variance: 1.1)),
      architecture: try Architecture(inputs: 64, depth: depth, width: width, outputs: 10), seed: 1,
      index: 0)
    let inputs = TheoryBenchmarks.gaussian(rows: 128, columns: 64)
    let timing = try Clock.processor.time(3, warm: false) {
      _ = try EmpiricalNTK(of: network, inputs: inputs)
    }
    return Outcome(name: "tangent kernel 256 × 64, n 128, m 10", timing: timing)
  }

  /// The question of `make demo`, on one thread, without the pictures.
  static func advice() throws -> Outcome {
    let data = try PreparedData("digits", rows: 256, seed: 1)
    let timing = try Clock.processor.time(2, warm: false) {
      let advisor = try Advisor(
        Advisor.Question(
          activation: .tanh, depth: depth, width: width,
          data: (data.inputs, data.summary, data.classes), networks: networks, jobs: 1))
      _ = try advisor.answer()
    }
    return Outcome(name: "advise: the demo's question, 1 job", timing: timing)
  }
}
