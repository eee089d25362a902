import Poise

/// Training of a wide network on the digits: 10 hidden layers of 784 units, tanh, 20 epochs in batches
/// of 64, plain SGD at rate 0.05 from orthogonal weights of σ_w 1.05. The error is the share of wrong
/// answers on the test.
enum TrainingBenchmarks {
  private struct Answer: Decodable {
    var cpu: Double
    var accuracy: Double
  }

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let data = try TrainingData(
      "digits", preparation: .standardize, testRows: 297, seed: 1)
    let ensemble = try NetworkEnsemble(
      activation: .named("tanh"), weights: .orthogonal(variance: 1.1025))
    func train(width: Int, depth: Int, rate: Double, jobs: Int) throws -> Double {
      try TrainingRun(
        ensemble, on: data, depth: depth, width: width,
        plan: TrainingPlan(rate: rate, batch: 64, epochs: 20)
      ).run(jobs: jobs).summary.accuracy.value
    }
    var accuracy = 0.0
    var wide = Outcome(
      name: "training 10 × 784 tanh, digits, 20 epochs",
      timing: try Clock.processor.time(1, warm: false) {
        accuracy = try train(width: 784, depth: 10, rate: 0.05, jobs: 1)
      })
    // An accuracy that is not that of others would make the time worthless.
    wide.error = 1 - accuracy
    if let torch = numpy?.run("training_torch.py", as: Answer.self) {
      wide.peers = [Peer(name: "torch", seconds: torch.cpu, error: 1 - torch.accuracy)]
    }
    return [
      wide,
      Outcome(
        name: "training 100 × 64 tanh, digits, 20 epochs",
        timing: try Clock.processor.time(2) {
          _ = try train(width: 64, depth: 100, rate: 0.02, jobs: 1)
        }),
    ]
  }
}
