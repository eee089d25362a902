import Poise

/// NNGP and NTK of the digits, both kernels together.
enum NetworkKernelBenchmarks {
  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let inputs = try PreparedData("digits", rows: nil, seed: 1).inputs
    let peers = numpy?.run("network_kernels_numpy.py", as: [String: Double].self) ?? [:]
    return try [Activation.erf, .relu, .gelu, .tanh].map { activation in
      let ensemble = try TheoryBenchmarks.ensemble(activation, weights: 1.7, biases: 0.05)
      let kernel = try NetworkKernel(of: ensemble, depth: 10)
      let timing = try Clock.processor.time(3) { _ = try kernel.matrices(inputs, jobs: 1) }
      var outcome = Outcome(
        name: "NNGP and NTK \(activation.name) 1797 x 64, depth 10", timing: timing)
      if let time = peers[activation.name] {
        outcome.peers = [Peer(name: numpy?.version ?? "numpy", seconds: time)]
      }
      return outcome
    }
  }
}
