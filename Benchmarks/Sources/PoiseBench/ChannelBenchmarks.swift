import Poise

/// The information of network channels: the replica formula over weight variances and depths.
enum ChannelBenchmarks {
  static func run() throws -> [Outcome] {
    let variances = (0..<20).map { 0.6 + 0.17 * Double($0) }
    let timing = try Clock.processor.time(1) {
      for variance in variances {
        let channel = try channel(.orthogonal(variance: variance))
        for depth in 1...10 { _ = try channel.replicaInformation(atLayer: depth) }
      }
    }
    let bounds = try Clock.processor.time(5) {
      for variance in variances {
        _ = try channel(.gaussian(variance: variance)).bounds(toLayer: 10)
      }
    }
    return [
      Outcome(name: "replica formula, 20 variances, depths 1 to 10", timing: timing),
      Outcome(name: "information bounds, 20 variances, 10 layers", timing: bounds),
    ]
  }

  /// tanh, noise 0.01 at every layer.
  private static func channel(_ weights: WeightLaw) throws -> NetworkChannel {
    try NetworkChannel(
      NetworkEnsemble(activation: .tanh, weights: weights), inputs: .gaussian(),
      noise: .everyLayer(variance: 0.01))
  }
}
