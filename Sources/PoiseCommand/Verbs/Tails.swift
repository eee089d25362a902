import ArgumentParser
import Poise
import PoiseReports

struct Tails: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theory", abstract: "Lengths, growth and thresholds with heavy-tailed weights.",
    discussion: """
      Symmetric α-stable weights of scale σ_w (2N)^(−1/α): the length q* in the limit of infinite width,
      the exact growth of a small signal at width N and the scale σ_c(N) below which it dies, the Lyapunov
      exponent λ of a pool of units, E ln s² and the median mean squared singular value of a layer.

        poise tails --activation tanh --alpha 1.5 --scale 0.5 --width 1000
        poise tails --activation tanh --alpha 1.5 --scale 1 --check

      Source: Qu, Wardak, Gong 2022, arXiv:2203.12967; `poise cite tails`.
      """)

  @Option(help: ArgumentHelp("φ, as in `poise advise --help`.", valueName: "name"))
  var activation: String
  @Option(parsing: .unconditional, help: "α in 0.1 to 2. A number, list or range.")
  var alpha: String
  @Option(parsing: .unconditional, help: "σ_w; 1 is natural. A number, list or range.")
  var scale: String
  @Option(parsing: .unconditional, help: "σ_b, scale of the biases.") var biasScale = 0.0
  @Option(parsing: .unconditional, help: "Width N of the thresholds.") var width = 1000
  @Option(
    parsing: .unconditional,
    help: "Units P of the pool for λ, some 4 s a point at 40000; 0 leaves λ out.")
  var pool = 40_000
  @Flag(help: "Go ahead with a run that would take longer than ten minutes.") var yes = false
  @Flag(
    help: """
      Build chains of layers of --width and of a half and a quarter of it, and compare: lengths, death \
      below σ_c(N), exact growth.
      """)
  var check = false
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let alphas = try Axis(alpha, quantity: "--alpha").values
    let scales = try Axis(scale, quantity: "--scale").values
    let jobs = try common.threads()
    let survey = TailsSurvey(
      activation: try Activation.named(activation), biasScale: biasScale, width: width,
      pool: pool == 0 ? nil : pool, seed: common.seed)
    let count = alphas.count * scales.count
    try common.announce(
      seconds: survey.secondsOfExponents(points: count) / Double(min(jobs, availableJobs)),
      work: "λ at \(count) points", quantity: "--pool \(pool) at \(count) points", isAllowed: yes,
      suggestion: "--pool 0 for everything but λ")
    let store = try delivery.store()
    let networks = try check ? networkCheck(alphas, scales) : nil
    var result = try survey.run(alphas: alphas, scales: scales, jobs: jobs, store: store)
    if let networks {
      let line = ProgressLine(quiet: common.quiet)
      defer { line.finish() }
      result.check = try networks.run(jobs: jobs) { line.report("chains", $0, $1) }
    }
    let record = delivery.record(
      "tails", .tails(result), assumptions: HeavyTailMeanField.assumptions,
      sources: HeavyTailMeanField.sources + ["docs/theory/heavy-tails.md"])
    let files = try delivery.write(record)
    delivery.finish(store)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.check?.verdict == .differs { throw ExitCode(1) }
  }

  /// The check of a single point.
  private func networkCheck(
    _ alphas: [Double], _ scales: [Double]
  ) throws(PoiseError) -> StableNetworkCheck {
    guard alphas.count * scales.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(alphas.count * scales.count) points",
        allowed: "one α and one σ_w")
    }
    let networks = try StableNetworkCheck(
      HeavyTailMeanField(
        activation: Activation.named(activation), alpha: alphas[0], scale: scales[0],
        biasScale: biasScale), width: width, seed: common.seed)
    let minutes = (networks.seconds / 6).rounded() / 10
    guard networks.seconds < 600 || yes else {
      throw PoiseError(
        .outOfRange, quantity: "--check at width \(width)", value: "about \(minutes) minutes",
        allowed: "ten minutes, or --yes", suggestion: "--width 1000")
    }
    return networks
  }
}
