import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Posterior: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What will a network have learned, and how well will it generalise?",
    discussion: """
      Equilibrium learning with squared loss at temperature T (the variance of label noise) and
      Gaussian priors of variance σ². Deep linear networks: saddle point and the exact answer at
      finite width. Other activations: an effective action, right to some per cent.

        poise posterior --data digits --classes 0,1 --patterns 100 --depth 2 --width 200 \\
          --temperature 0.1
        poise posterior --data teacher:200 --patterns 100 --depth 2 --width 10:400@20 \\
          --weight-variance 0.5 --output curve

      Source: Li and Sompolinsky 2021, arXiv:2012.04030; `poise cite posterior`.
      """ + DefaultOptions.help(of: PosteriorCurve.self),
    subcommands: [PosteriorCurve.self, PosteriorKernels.self],
    defaultSubcommand: PosteriorCurve.self)
}

/// Error and order parameters at one setting or along a curve.
struct PosteriorCurve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "error",
    abstract: "Order parameters, predictions and error, at one setting or along a curve.",
    discussion: """
      The error of a sampled network is bias, which averaging many networks leaves, and spread.

        poise posterior error --data teacher:200 --patterns 10:180:10 --depth 2 --width 100 \\
          --weight-variance 0.5 --output learning-curve
      """)

  @OptionGroup(title: "Network") var network: PosteriorNetworkOptions
  @OptionGroup(title: "Data") var data: PosteriorDataOptions
  @OptionGroup(title: "Check") var check: PosteriorCheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let jobs = try common.threads()
    let grid = try network.grid(patterns: data.patterns)
    let pool = try data.pool(seed: common.seed)
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    var points: [PosteriorResult.Point] = []
    var map: PosteriorResult.PhaseMap?
    var (power, outputs) = (0.0, 1)
    let sampler = try check.sampler(
      settings: grid.places.count, seed: common.seed, jobs: jobs)
    let store = try delivery.store()
    for (index, place) in grid.places.enumerated() {
      line.report(sampler == nil ? "settings" : "settings sampled", index, grid.places.count)
      let task = try pool.task(patterns: place.patterns)
      points.append(
        try store.value("\(index)") { () throws(PoiseError) -> PosteriorResult.Point in
          let theory = try PosteriorTheory(task, place.setting, jobs: jobs)
          var point = PosteriorSurvey.point(theory, coordinates: place.coordinates)
          if let sampler { point.sampled = try sampler.run(theory) }
          return point
        })
      if grid.places.count == 1 {
        map = PosteriorSurvey.phaseMap(try PosteriorTheory(task, place.setting, jobs: jobs))
      }
      outputs = task.targets.columns
      power =
        task.testTargets.elements.reduce(0) { $0 + $1 * $1 } / Double(task.testTargets.rows)
    }
    line.finish()
    var result = PosteriorResult(
      activation: grid.activation.name, data: pool.summary, tests: data.tests, outputs: outputs,
      axes: grid.axes, points: points, testPower: power)
    result.phaseMap = map
    try Self.deliver(result, grid.activation, delivery, store)
  }

  /// Writes and prints; exit status 1 where samples disagree.
  static func deliver(
    _ result: PosteriorResult, _ activation: Activation, _ delivery: Delivery,
    _ store: PointStore? = nil
  ) throws {
    let record = delivery.record(
      "posterior", .posterior(result), assumptions: PosteriorSurvey.assumptions(activation),
      sources: Citations.forVerb("posterior").map(\.short))
    let files = try delivery.write(record)
    delivery.finish(store)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.points.contains(where: { $0.sampled?.verdict == .differs }) { throw ExitCode(1) }
  }
}

struct PosteriorKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "What have the hidden layers of a deep linear network learned of the labels?",
    discussion: """
      Mean kernels K_l = X_lᵀX_l/N_l of the hidden layers after learning, their part along the labels
      A_l = yᵀK_l y/|y|², and the squared weights of every layer, with what they were before.

        poise posterior kernels --data digits --classes 0,1 --patterns 100 --depth 4 --width 100 \\
          --temperature 0.1 --check --output kernels
      """)

  @OptionGroup(title: "Network") var network: PosteriorNetworkOptions
  @OptionGroup(title: "Data") var data: PosteriorDataOptions
  @OptionGroup(title: "Check") var check: PosteriorCheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let jobs = try common.threads()
    let grid = try network.grid(patterns: data.patterns)
    guard grid.places.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "settings", value: "\(grid.places.count)",
        allowed: "a single one: kernels are matrices")
    }
    let pool = try data.pool(seed: common.seed)
    let task = try pool.task(patterns: grid.places[0].patterns)
    let theory = try PosteriorTheory(task, grid.places[0].setting, jobs: jobs)
    var point = PosteriorSurvey.point(theory)
    var profile = try PosteriorSurvey.layerProfile(theory)
    if let sampler = try check.sampler(
      settings: grid.places.count, seed: common.seed, jobs: jobs)
    {
      let sampled = try sampler.run(theory)
      let suffix = task.targets.columns == 1 ? "" : "(1)"
      let rows = (1...theory.setting.priors.depth).compactMap { layer in
        sampled.alignments.first { $0.quantity == "A_\(layer)\(suffix)" }
      }
      if rows.count == theory.setting.priors.depth {
        profile.measuredAlignment = rows.map(\.measured)
        profile.measuredStandardError = rows.map(\.standardError)
      }
      point.sampled = sampled
    }
    var result = PosteriorResult(
      activation: grid.activation.name, data: pool.summary, tests: data.tests,
      outputs: task.targets.columns, axes: [], points: [point],
      testPower: task.testTargets.elements.reduce(0) { $0 + $1 * $1 }
        / Double(task.testTargets.rows))
    result.kernels = profile
    try PosteriorCurve.deliver(result, grid.activation, delivery)
  }
}

extension PosteriorResult.Sampled {
  /// Comparisons of A_l.
  fileprivate var alignments: [PosteriorResult.Comparison] {
    comparisons.filter { $0.quantity.hasPrefix("A_") }
  }
}
