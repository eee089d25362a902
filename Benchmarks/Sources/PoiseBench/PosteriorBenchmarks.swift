import Poise

/// Theory and samplers of what networks will have learned; random tasks of a noisy linear teacher.
enum PosteriorBenchmarks {
  private static func task(
    patterns: Int, inputs: Int, tests: Int
  ) throws -> PosteriorTask {
    try PosteriorPool.teacher(
      dimension: inputs, signal: 1, noiseVariance: 0.25, tests: tests, seed: 1
    ).task(patterns: patterns)
  }

  private static func sampling(
    _ task: PosteriorTask, depth: Int, temperature: Double
  ) throws -> SamplingTask {
    try SamplingTask(
      inputs: task.inputs, targets: task.targets, testInputs: task.testInputs,
      testTargets: task.testTargets, widths: [Int](repeating: 200, count: depth),
      variances: [Double](repeating: 1, count: depth + 1), temperature: temperature,
      activation: .named("linear"))
  }

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let peers = numpy?.run("gibbs_numpy.py", as: [String: Double].self) ?? [:]
    let small = try task(patterns: 100, inputs: 200, tests: 260)
    let large = try task(patterns: 2000, inputs: 400, tests: 100)
    let priors = try LayerPriors(depth: 2, width: 200, variance: 1)
    func theory(_ task: PosteriorTask) throws {
      let modes = try KernelModes(
        inputs: task.inputs, targets: task.targets, inputVariance: 1)
      let posterior = try DeepPosterior(modes: modes, priors: priors, temperature: 0.1)
      let points = try modes.project(task.testInputs, inputVariance: 1)
      _ = posterior.predict(points, mixture: try posterior.exact())
    }
    let sampled = try sampling(small, depth: 3, temperature: 0.1)
    let direct = try DirectSampler(sampling(small, depth: 2, temperature: 0), seed: 1)
    var gibbs = Outcome(
      name: "1000 Gibbs sweeps P 100, N 200, depth 3",
      timing: try Clock.processor.time(3) {
        var chain = try GibbsChain(sampled, seed: 1, chain: 0)
        for _ in 0..<200 { _ = try chain.advance() }
      }.divided(by: 0.2))
    if let time = peers["1000 sweeps"] { gibbs.peers = [Peer(name: "numpy", seconds: time)] }
    return [
      Outcome(
        name: "posterior P 100, 260 tests, saddle and exact",
        timing: try Clock.processor.time(5) { try theory(small) }),
      Outcome(
        name: "posterior P 2000, saddle and exact",
        timing: try Clock.processor.time(2, warm: false) { try theory(large) }),
      gibbs,
      Outcome(
        name: "direct posterior draw P 100, N 200, depth 2",
        timing: Clock.processor.time(3) {
          for index in 0..<200 { _ = direct.draw(index, orderParameters: [1, 1]) }
        }.divided(by: 200)),
    ]
  }
}
