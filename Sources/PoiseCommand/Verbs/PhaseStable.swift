import ArgumentParser
import Poise
import PoiseReports

/// Options of the plane of stable weights.
struct StablePlaneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Boundaries to trace beside σ_c(N) and the raw floor, by bisection: lyapunov, delocalised, \
      multifractal.
      """, valueName: "list"))
  var boundaries: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "α at which they are traced. Default: five values of the plane.", valueName: "range"))
  var boundaryAlpha: String?

  @Option(
    parsing: .unconditional,
    help: "Units P of the pool of λ = 0. Default: 10000; that of χ_deloc is 5000.")
  var pool: Int?

  @Option(
    help: ArgumentHelp(
      "Keep finished traces in this folder and take them from there when run again.",
      valueName: "dir"))
  var journal: String?

  @Flag(help: "Go ahead with traces that would take longer than an hour.") var yes = false

  var isUsed: Bool {
    boundaries != nil || boundaryAlpha != nil || pool != nil || journal != nil || yes
  }
}

/// `poise phase --weights stable`: the plane (α, σ_w).
struct StablePlane {
  let ensemble: EnsembleOptions
  let options: StablePlaneOptions
  let width: Int
  let depth: Int
  let common: CommonOptions

  /// Most cells of a plane; 1260 take seconds.
  static let limit = 200_000

  func run() throws {
    let delivery = Delivery(common: common)
    let (survey, alphas, scales) = try question()
    let store = try delivery.store()
    // What may be refused comes first.
    let traced = try dearBoundaries(survey, alphas)
    let line = ProgressLine(quiet: common.quiet)
    var result = try survey.run(
      alphas: alphas, scales: scales, jobs: common.threads(), store: store
    ) { line.report("plane", $0, alphas.count) }
    line.finish()
    result.boundaries += traced
    let record = delivery.record(
      "phase", .stablePhase(result), assumptions: StablePhaseSurvey.assumptions,
      sources: StablePhaseSurvey.sources)
    let files = try delivery.write(record)
    delivery.finish(store)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
  }

  private func question() throws(PoiseError) -> (
    survey: StablePhaseSurvey, alphas: [Double], scales: [Double]
  ) {
    guard ensemble.fan == nil || ensemble.fan == "in" else {
      throw PoiseError(
        .outOfRange, quantity: "--fan", value: ensemble.fan ?? "",
        allowed: "in: theory divides the scale by the fan-in")
    }
    let alphas = try Axis(ensemble.alpha ?? "1:2#21", quantity: "--alpha").values
    let scales = try Axis(ensemble.scale ?? "0.25:3#60", quantity: "--scale").values
    let biases = try Axis(ensemble.biasScale ?? "0", quantity: "--bias-scale")
    guard let bias = biases.single else {
      throw PoiseError(
        .outOfRange, quantity: "--bias-scale", value: biases.text, allowed: "one number",
        suggestion: "a run for each")
    }
    guard alphas.count * scales.count <= Self.limit else {
      throw PoiseError(
        .outOfRange, quantity: "grid", value: "\(alphas.count) × \(scales.count) cells",
        allowed: "at most \(Self.limit), some minutes",
        suggestion: "--alpha 1:2#21 --scale 0.25:3#60")
    }
    for alpha in alphas { _ = try alpha.checked("--alpha", in: 0.1...2, suggestion: "1:2#21") }
    for scale in scales {
      _ = try scale.checked("--scale", in: 1e-3...1e4, suggestion: "0.25:3#60")
    }
    let survey = try StablePhaseSurvey(
      activation: try ensemble.function(), biasScale: bias, width: width, depth: depth)
    return (survey, alphas, scales)
  }

  private func dearBoundaries(
    _ plane: StablePhaseSurvey, _ planeAlphas: [Double]
  ) throws(PoiseError) -> [StablePhaseResult.Boundary] {
    guard let list = options.boundaries else { return [] }
    let kinds = try BoundarySurvey.kinds(list)
    let alphas =
      try options.boundaryAlpha.map { text throws(PoiseError) in
        try Axis(text, quantity: "--boundary-alpha").values
      } ?? BoundarySurvey.handful(planeAlphas)
    var survey = try BoundarySurvey(
      activation: try ensemble.function(), biasScale: plane.biasScale, width: width,
      seed: common.seed)
    if let pool = options.pool { survey.pool = pool }
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    return try survey.run(
      kinds, alphas: alphas, journal: options.journal ?? traces, jobs: try common.threads(),
      announce: { seconds, traces throws(PoiseError) in try announce(seconds, traces) },
      progress: { line.report($0, $1, $2) })
  }

  /// Where traces are kept until the answer is whole, if no folder was named for them.
  private var traces: String? {
    guard RecordSink.current == nil, let output = common.output, !output.isEmpty else { return nil }
    return "\(output)/.unfinished/traces"
  }

  /// Says how long the traces take; refuses hours unless told to go ahead.
  private func announce(_ seconds: Double, _ traces: Int) throws(PoiseError) {
    let time =
      seconds < 90
      ? "\(Int(seconds.rounded(.up))) s"
      : seconds < 5400
        ? "\(Int((seconds / 60).rounded(.up))) minutes"
        : "\((seconds / 360).rounded() / 10) hours"
    guard seconds < 3600 || options.yes else {
      throw PoiseError(
        .outOfRange, quantity: "--boundaries at \(traces) traces", value: "about \(time)",
        allowed: "one hour, or --yes",
        suggestion: "fewer values of --boundary-alpha, a smaller --pool or --width; --journal DIR "
          + "keeps what is finished")
    }
    if !common.quiet, seconds > 2 { Terminal.note("\(traces) traces: about \(time)") }
  }
}
