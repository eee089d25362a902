import ArgumentParser
import Poise
import PoiseReports

struct TailsVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tails",
    abstract: "What do heavy-tailed weights change?",
    discussion: """
      Symmetric α-stable weights of scale σ_w (2N)^(−1/α): lengths, growth, thresholds at a width, Lyapunov
      exponents; the geometry of representations in finite networks.

        poise tails --activation tanh --alpha 1.5 --scale 0.5 --width 1000
        poise tails geometry --activation tanh --alpha 1.5 --scale 1.5 --output geometry

      All options: poise tails theory --help, poise tails geometry --help.
      Source: Qu, Wardak, Gong 2022, arXiv:2203.12967; `poise cite tails`.
      """,
    subcommands: [Tails.self, TailsGeometry.self], defaultSubcommand: Tails.self)
}

struct TailsGeometry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "geometry",
    abstract: "What becomes of a circle of inputs in networks with heavy-tailed weights?",
    discussion: """
      Finite networks, layer by layer: how unevenly the circle is stretched (CV of the distances between
      neighbours), its length and turns by exact derivatives, the dimensions it fills, and D_q of the
      singular vectors and eigenvectors of the last layer's Jacobian; Gaussian weights of the same
      scale beside. Ranges of alpha and scale give maps of the last layer.

        poise tails geometry --activation tanh --alpha 1.5 --scale 1.5 --output geometry
        poise tails geometry --activation tanh --alpha 1:2:0.2 --scale 0.5:3#9 --networks 3 \\
          --output geometry-map

      Source: Qu, Wardak, Gong 2022, arXiv:2203.12967; Poole et al. 2016, arXiv:1606.05340.
      """)

  @Option(help: ArgumentHelp("φ, as in `poise advise --help`.", valueName: "name"))
  var activation: String
  @Option(parsing: .unconditional, help: "α in 0.1 to 2. A number, list or range.")
  var alpha: String
  @Option(parsing: .unconditional, help: "σ_w; 1 is natural. A number, list or range.")
  var scale: String
  @Option(parsing: .unconditional, help: "σ_b, scale of the biases.") var biasScale = 0.0
  @Option(parsing: .unconditional, help: "Units of the input and of every layer.") var width = 300
  @Option(parsing: .unconditional, help: "Hidden layers.") var depth = 30
  @Option(parsing: .unconditional, help: "Points on the circle.") var points = 200
  @Option(parsing: .unconditional, help: "Networks to average over.") var networks = 5
  @Option(
    parsing: .unconditional,
    help: "Radius of the circle. Default: width^(1/α), which gives the first layer scale σ_w.")
  var radius: Double?
  @Option(parsing: .unconditional, help: "q of the dimensions D_q of vectors.") var order = 2.0
  @Flag(help: "Take covariances about 0, not about the mean.") var uncentred = false
  @Flag(help: "Go ahead with a run that would take longer than ten minutes.") var yes = false
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let alphas = try Axis(alpha, quantity: "--alpha").values
    let scales = try Axis(scale, quantity: "--scale").values
    let jobs = try common.threads()
    let survey = try ManifoldSurvey(
      activation: try Activation.named(activation), biasScale: biasScale, width: width,
      depth: depth, points: points, networks: networks, radius: radius, isCentred: !uncentred,
      order: order, seed: common.seed)
    let (cells, overflow) = alphas.count.multipliedReportingOverflow(by: scales.count)
    guard !overflow, cells <= 10_000 else {
      throw PoiseError(
        .outOfRange, quantity: "cells", value: "\(alphas.count) × \(scales.count)",
        allowed: "at most 10000")
    }
    try common.announce(
      seconds: survey.seconds(points: cells) / Double(min(jobs, availableJobs)),
      work: "\(cells) cells", quantity: "\(cells) cells of \(networks) networks", isAllowed: yes,
      suggestion: "fewer --networks or --points, or a smaller --width")
    let line = ProgressLine(quiet: common.quiet)
    let result = try survey.run(alphas: alphas, scales: scales, jobs: jobs) {
      line.report("networks", $0, $1)
    }
    line.finish()
    let record = delivery.record(
      "tails geometry", .manifold(result), assumptions: ManifoldSurvey.assumptions,
      sources: ManifoldSurvey.sources + ["docs/theory/heavy-tails.md"])
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
  }
}
