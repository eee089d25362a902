import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Phase: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Is this ensemble ordered, critical or chaotic, and how deep can a signal go?",
    discussion: """
      χ₁ = σ_w² E φ′(√q* z)² is the growth per layer of a small squared distance between inputs:
      below 1 ordered, above 1 chaotic. One pair of variances gives the point, ranges a map; no
      variances at all, the whole plane.

        poise phase --activation tanh --weight-variance 1.5 --bias-variance 0.05
        poise phase --activation tanh --weight-variance 0.5:4#100 --bias-variance 0:1#100 \\
          --output phase-tanh

      With stable weights the plane is (α, σ_w): length q*, growth and the scale σ_c(N) below which
      signals die at width N, geometric gain, the raw floor; --boundaries adds dear ones.

        poise phase --activation tanh --weights stable --alpha 1:2#21 --scale 0.25:3#60 --width 1000

      Source: Schoenholz et al. 2017, arXiv:1611.01232; Qu, Wardak, Gong 2022, arXiv:2203.12967;
      `poise cite phase`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Dropout: chance that a unit is kept, in (0, 1].")
  var keep = 1.0
  @Option(
    parsing: .unconditional, help: "Weight a of a residual branch h' = a h + W φ(h) + b.")
  var residual = 0.0
  @Flag(
    inversion: .prefixedNo, help: "Whether c* and ξ_c are computed.") var correlations = true
  @OptionGroup(title: "Plane of stable weights") var plane: StablePlaneOptions
  @OptionGroup(title: "Check") var check: CheckOptions
  @Option(parsing: .unconditional, help: "Hidden layers of the networks of a check.")
  var depth = 20
  @OptionGroup(title: "Data of a check") var data: DataOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    if isStablePlane { return try runStable() }
    guard !plane.isUsed else {
      throw PoiseError(
        .outOfRange, quantity: "--boundaries, --boundary-alpha, --pool, --journal, --yes",
        value: "without stable weights", allowed: "beside --weights stable",
        suggestion: "--weights stable --alpha 1:2#21 --scale 0.25:3#60")
    }
    let delivery = Delivery(common: common)
    let store = try delivery.store()
    var result = try survey(store)
    if check.check { result.check = try compare(result) }
    let record = delivery.record(
      "phase", .phase(result), assumptions: MeanField.assumptions, sources: MeanField.sources)
    let files = try delivery.write(record)
    delivery.finish(store)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.check?.verdict == .differs { throw ExitCode(1) }
  }

  /// Whether the plane is (α, σ_w); one Gaussian point, α = 2, is a cell of the other.
  private var isStablePlane: Bool {
    guard ensemble.isStable, ensemble.preset == nil else { return false }
    guard let alpha = ensemble.alpha, let scale = ensemble.scale else { return true }
    return Double(alpha) != 2 || Double(scale) == nil
  }

  private func runStable() throws {
    guard ensemble.weights == nil || ensemble.weights == "stable", keep == 1, residual == 0 else {
      throw PoiseError(
        .outOfRange, quantity: "stable weights",
        value:
          "with --weights \(ensemble.weights ?? "stable"), --keep \(keep), --residual \(residual)",
        allowed: "--weights stable, no dropout or residual branch")
    }
    guard !check.check else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "of a plane of stable weights",
        allowed: "a point: poise tails",
        suggestion: "poise tails --activation \(ensemble.activation) --alpha 1.5 --scale 1 --check")
    }
    try StablePlane(
      ensemble: ensemble, options: plane, width: check.width, depth: depth, common: common
    ).run()
  }

  private func survey(_ store: PointStore?) throws -> PhaseResult {
    let function = try ensemble.function()
    let (weights, biases) = try axes()
    guard weights.count * biases.count <= 4_000_000 else {
      throw PoiseError(
        .outOfRange, quantity: "grid", value: "\(weights.count) × \(biases.count) cells",
        allowed: "at most 4000000")
    }
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    return try PhaseSurvey.map(
      // Stable weights with a variance are Gaussian.
      function, weights: ensemble.isStable ? "gaussian" : ensemble.weights ?? "gaussian",
      weightVariances: weights,
      biasVariances: biases, correlations: correlations, keep: keep, residual: residual,
      width: check.width, jobs: try common.threads(), store: store
    ) { line.report("cells", $0, weights.count * biases.count) }
  }

  /// The variances of the map: as given, of a preset, or a plane that shows the critical line.
  private func axes() throws -> (weights: [Double], biases: [Double]) {
    if let weights = ensemble.weights, !ensemble.isStable {
      _ = try WeightLaw.named(weights, variance: 1)
    }
    if ensemble.preset != nil || ensemble.isStable {
      let all = try ensemble.ensembles(fanIn: check.width)
      let one = all[0]
      try one.requireSecondMoments()
      guard all.count == 1 else {
        throw PoiseError(
          .outOfRange, quantity: "stable weights", value: "\(all.count) ensembles",
          allowed: "one", suggestion: "--weight-variance with a range: alpha = 2 is Gaussian")
      }
      return ([one.weightVariance], [one.biasVariance])
    }
    let whole = ensemble.weightVariance == nil && ensemble.biasVariance == nil
    let weights = try Axis(
      ensemble.weightVariance ?? "0.05:4#80", quantity: "--weight-variance")
    let biases = try Axis(
      ensemble.biasVariance ?? (whole ? "0:1#61" : "0"), quantity: "--bias-variance")
    return (weights.values, biases.values)
  }

  private func compare(_ result: PhaseResult) throws -> CheckResult {
    guard result.cells.count == 1, keep == 1, residual == 0 else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(result.cells.count) cells",
        allowed: "a single plain ensemble (one weight variance, one bias variance, no dropout "
          + "or residual branch)")
    }
    var inputs = try data.load(seed: common.seed)?.inputs
    if inputs == nil {
      inputs = try SyntheticInputs.gaussian(
        rows: 32, dimension: check.width, scale: 1, seed: common.seed
      ).inputs
    }
    let law = try WeightLaw.named(result.weights, variance: result.weightVariances[0])
    let one = try NetworkEnsemble(
      activation: try ensemble.function(), weights: law,
      biases: .gaussian(variance: result.biasVariances[0]))
    return try CheckRun(
      ensemble: one, depth: depth, inputs: inputs!, check: check, common: common
    ).run()
  }
}

/// A check with a progress line.
struct CheckRun {
  let ensemble: NetworkEnsemble
  let depth: Int
  let inputs: Matrix<Double>
  let check: CheckOptions
  let common: CommonOptions

  func run() throws(PoiseError) -> CheckResult {
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    let total = check.networks
    return try NetworkCheck(
      ensemble,
      architecture: Architecture(inputs: inputs.columns, depth: depth, width: check.width),
      networks: total, seed: common.seed, jobs: common.threads()
    ).run(inputs: inputs, progress: { line.report("networks", $0, total) })
  }
}
