import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import PoisePosterior
import RealModule

/// Samples of the posterior against its theory.
///
/// Gibbs for linear networks at T > 0 and Hamiltonian chains for others are independent of the theory. The
/// direct sampler at T = 0 draws its order parameters from the theory's own density: it tests what
/// follows from them (weights, kernels, errors), not that density.
public struct PosteriorCheck: Sendable {
  /// Independent chains, at least 2.
  public var chains: Int
  /// Sweeps or trajectories dropped of each chain.
  public var warmup: Int
  /// Kept of each chain.
  public var draws: Int
  /// Seed of all chains; each has streams of its own.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int
  /// Where chains are kept, so that a run that ends early can go on; nil to keep nothing.
  public var chainsFile: String?
  /// Blocks after which a test ends the run.
  var mostBlocks = Int.max

  /// |z| of one comparison beyond which theory and samples differ: chance 7e-6 each.
  public static let threshold = 4.5

  /// - Throws: `outOfRange` for fewer than 2 chains or 100 draws.
  public init(
    chains: Int = 2, draws: Int = 4000, chainsFile: String? = nil, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    self.chainsFile = chainsFile
    guard (2...64).contains(chains), (100...10_000_000).contains(draws) else {
      throw PoiseError(
        .outOfRange, quantity: "chains and draws", value: "\(chains) chains of \(draws)",
        allowed: "2 to 64 chains of 100 to 10000000 draws")
    }
    self.chains = chains
    self.draws = draws
    warmup = max(50, draws / 4)
    self.seed = seed
    self.jobs = jobs
  }

  /// Draws, and compares.
  /// - Throws: what samplers throw; `outOfRange` where no sampler exists: T = 0 with several outputs or
  ///   an activation that is not linear.
  public func run(_ theory: PosteriorTheory) throws(PoiseError) -> PosteriorResult.Sampled {
    let task = try Self.samplingTask(theory)
    let (estimates, bias, sampler) = try sample(theory, task)
    var comparisons: [PosteriorResult.Comparison] = []
    for estimate in estimates {
      guard let reference = try reference(estimate.name, theory) else { continue }
      let error =
        (estimate.standardError * estimate.standardError
        + reference.allowance * reference.allowance).squareRoot()
      let difference = estimate.mean - reference.value
      comparisons.append(
        PosteriorResult.Comparison(
          quantity: estimate.name, theory: reference.value, level: reference.level,
          saddle: reference.saddle, measured: estimate.mean,
          standardError: estimate.standardError, allowance: reference.allowance,
          z: abs(difference) < 1e-10 * abs(reference.value) ? 0 : difference / error,
          splitRHat: estimate.splitRHat, effectiveSize: estimate.effectiveSize,
          isConverged: estimate.isConverged))
    }
    var sampled = judge(theory, comparisons, sampler)
    sampled.measured = Self.measured(estimates, bias, comparisons, depth: task.depth)
    return sampled
  }

  private static func measured(
    _ estimates: [ChainEstimate], _ bias: SampledBias?,
    _ comparisons: [PosteriorResult.Comparison], depth: Int
  ) -> PosteriorResult.Measured {
    func value(_ name: String) -> PosteriorResult.Measured.Value? {
      estimates.first { $0.name == name }.map { .init(value: $0.mean, error: $0.standardError) }
    }
    return PosteriorResult.Measured(
      testError: value("test error"), bias: bias.map { .init(value: $0.bias, error: $0.biasError) },
      variance: bias.map { .init(value: $0.variance, error: $0.varianceError) },
      trainingError: value("training error"), scale: value("s"),
      readoutParameter: value("q_\(depth)"),
      worstZ: comparisons.map { abs($0.z) }.max() ?? 0, comparisons: comparisons.count,
      isConverged: comparisons.allSatisfy(\.isConverged))
  }

  /// The task as the samplers know it.
  static func samplingTask(_ theory: PosteriorTheory) throws(PoiseError) -> SamplingTask {
    try SamplingTask(
      inputs: theory.task.inputs, targets: theory.task.targets,
      testInputs: theory.task.testInputs, testTargets: theory.task.testTargets,
      widths: theory.setting.priors.widths, variances: theory.setting.priors.variances,
      temperature: theory.setting.temperature, activation: theory.setting.activation)
  }

  private func sample(
    _ theory: PosteriorTheory, _ task: SamplingTask
  ) throws(PoiseError) -> (estimates: [ChainEstimate], bias: SampledBias?, sampler: String) {
    let seed = seed
    if task.temperature > 0, theory.setting.isLinear {
      let (estimates, bias) = try estimates(task, "gibbs") {
        (chain: Int, state: ChainState?, _: Int) throws(PoiseError) -> GibbsChain in
        try GibbsChain(task, seed: seed, chain: chain, resuming: state)
      }
      return (estimates, bias, "gibbs")
    }
    if task.temperature > 0 {
      let (estimates, bias) = try estimates(task, "hamiltonian") {
        (chain: Int, state: ChainState?, warmup: Int) throws(PoiseError) -> HamiltonianChain in
        try HamiltonianChain(task, warmup: warmup, seed: seed, chain: chain, resuming: state)
      }
      return (estimates, bias, "hamiltonian")
    }
    guard case .one(let posterior, _) = theory.solution, theory.setting.isLinear else {
      let square =
        task.targets.elements.reduce(0) { $0 + $1 * $1 } / Double(task.targets.elements.count)
      throw PoiseError(
        .outOfRange, quantity: "temperature of a check", value: "0",
        allowed: "T > 0 for several outputs and for activations that are not linear: at T = 0 the "
          + "networks that meet every label form a surface, on which no chain here can move",
        suggestion:
          "--temperature \((0.01 * square).significant(2)), a hundredth of the squared labels")
    }
    guard chainsFile == nil else {
      throw PoiseError(
        .outOfRange, quantity: "--chains-file", value: "at T = 0",
        allowed: "T > 0: at T = 0 draws are independent and fast, there is no chain to keep")
    }
    let (estimates, bias) = try direct(posterior, task)
    return (estimates, bias, "direct")
  }

  /// Draws of the chains in blocks, the first with the warm-up. With a file, what it holds is not
  /// drawn again and every block is kept; without one there is a single block, and the bias is measured.
  private func estimates<Chain: PosteriorChain>(
    _ task: SamplingTask, _ sampler: String,
    _ make: @Sendable (Int, ChainState?, Int) throws(PoiseError) -> Chain
  ) throws(PoiseError) -> ([ChainEstimate], SampledBias?) {
    guard let path = chainsFile else {
      let warmup = warmup
      let run = try ChainRun(
        chains: chains, warmup: warmup, draws: draws,
        averaging: task.testInputs.rows > 0 ? task.testInputs : nil, jobs: jobs
      ) { chain, state throws(PoiseError) in try make(chain, state, warmup) }
      let column = run.names.firstIndex(of: "test error")
      let errors = column.map { column in
        run.traces.map { trace in (0..<trace.rows).map { trace[$0, column] } }
      }
      return (
        run.estimates,
        SampledBias(run.meanOutputs, targets: task.testTargets, errors: errors ?? [])
      )
    }
    let fingerprint = ChainFile.fingerprint(task, sampler: sampler, seed: seed)
    var file =
      try ChainFile(path: path, fingerprint: fingerprint, chains: chains)
      ?? ChainFile(fingerprint: fingerprint, warmup: warmup, chains: chains)
    let (warmup, block) = (file.warmup, max(4, draws / 20))
    var blocks = 0
    while file.draws < draws {
      guard blocks < mostBlocks else {
        throw PoiseError(
          .noAnswer, quantity: "chains", value: "\(file.draws) of \(draws) draws",
          allowed: "all draws", suggestion: "the same command again goes on from \(path)")
      }
      let run = try ChainRun(
        chains: chains, warmup: warmup, draws: max(4, min(block, draws - file.draws)),
        resuming: file.states.isEmpty ? nil : file.states, jobs: jobs
      ) { chain, state throws(PoiseError) in try make(chain, state, warmup) }
      file.names = run.names
      for chain in 0..<chains { file.traces[chain] += run.traces[chain].elements }
      file.states = run.states
      try file.write(path: path)
      blocks += 1
    }
    return (file.estimates, nil)
  }

  /// Independent draws at T = 0, in as many blocks as there are chains.
  private func direct(
    _ posterior: DeepPosterior, _ task: SamplingTask
  ) throws(PoiseError) -> ([ChainEstimate], SampledBias?) {
    let source = try OrderParameterDraws(
      posterior.problem, around: posterior.renormalization)
    let sampler = try DirectSampler(task, seed: seed)
    let count = min(draws, 4000)
    let names =
      ["s", "test error"] + (1...task.depth).map { "A_\($0)" }
      + (1...task.depth).map { "|W_\($0)|²" } + ["|a|²"]
    let blocks = try parallelMap(count: chains, jobs: jobs) {
      (block: Int) throws(PoiseError) -> (draws: [[Double]], means: BlockMeans) in
      var means = BlockMeans(draws: count)
      var stream = RandomStream(
        seed: seed, item: UInt64(block), purpose: LabStream.posteriorDraws)
      let q = try source.draw(count: count, from: &stream)
      let draws = (0..<count).map { index in
        let draw = sampler.draw(block * count + index, orderParameters: q.row(index))
        let outputs = Matrix.product(task.testInputs, draw.map, transposeB: true)
        means.add(outputs, draw: index)
        return [q.row(index).reduce(1, *)]
          + [task.testError(outputs)]
          + Self.alignments(draw, task)
          + draw.weights.map { $0.elements.reduce(0) { $0 + $1 * $1 } }
      }
      return (draws, means)
    }
    let bias = SampledBias(
      blocks.map(\.means), targets: task.testTargets,
      errors: blocks.map { $0.draws.map { $0[1] } })
    let estimates = names.indices.map { column in
      ChainEstimate(name: names[column], chains: blocks.map { $0.draws.map { $0[column] } })
    }
    return (estimates, bias)
  }

  /// A_l of one network: |X_l y|²/(N_l |y|²), through yᵀX.
  private static func alignments(_ draw: DirectSampler.Draw, _ task: SamplingTask) -> [Double] {
    let square = task.targets.elements.reduce(0) { $0 + $1 * $1 }
    var signal = Matrix.product(task.targets, task.inputs, transposeA: true)
    return (0..<task.depth).map { layer in
      let columns = Double(signal.columns)
      signal = Matrix.product(signal, draw.weights[layer], transposeB: true)
      for index in signal.elements.indices { signal.elements[index] /= columns.squareRoot() }
      return signal.elements.reduce(0) { $0 + $1 * $1 } / Double(signal.columns) / square
    }
  }
}
