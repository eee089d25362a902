import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Advise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How shall I initialise this network for these data?",
    discussion: """
      Theory recommends the most non-linear critical network that is still isometric, compares it
      with every common preset, and proves it on networks that are really built.

        poise advise --activation tanh --depth 64 --width 256 --data digits --output advice

      The folder then holds record.json, figures, report.html, init.safetensors and init.py.
      With --weights stable: the (α, σ_w) for which a signal lives at that depth and width.

        poise advise --activation tanh --weights stable --depth 30 --width 256

      Source: Pennington et al. 2017, arXiv:1711.04735; `poise cite advise`.
      """)

  @Option(
    help: ArgumentHelp(
      "φ: \(Activation.catalogue.map(\.name).joined(separator: ", ")), leaky_relu_<slope>.",
      valueName: "name"))
  var activation: String
  @Option(parsing: .unconditional, help: "Hidden layers. A number, list or range.")
  var depth: String
  @Option(parsing: .unconditional, help: "Units per hidden layer. A number, list or range.")
  var width: String
  @Option(
    help: """
      Law of the weights: gaussian, orthogonal, uniform, or stable. Default: what theory prefers.
      """)
  var weights: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("α of stable weights. Default: 1:2:0.2.", valueName: "range"))
  var alpha: String?
  @Option(
    parsing: .unconditional,
    help: "Outputs of a linear read-out in init.safetensors; 0 for none.")
  var outputs = 0
  @OptionGroup(title: "Data") var data: DataOptions
  @Flag(help: "Scale the inputs so that the signal starts at q*; folded into layer 0.")
  var scaleInputs = false
  @Flag(help: "Check on networks that are built: always done when --data is given.")
  var check = false
  @Option(parsing: .unconditional, help: "Networks to build for the check; 0 for none.")
  var networks = 50
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let prepared = try data.load(seed: common.seed)
    guard !check || prepared != nil else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "without data",
        allowed: "--data with the inputs that the networks receive", suggestion: "--data digits")
    }
    var outcomes: [(record: Record, files: [String], disagrees: Bool)] = []
    let depths = try Axis(depth, quantity: "--depth").integers("--depth")
    let widths = try Axis(width, quantity: "--width").integers("--width")
    let many = depths.count * widths.count > 1
    try refuseMixtures()
    for depth in depths {
      for width in widths {
        let folder = many ? common.output.map { "\($0)/depth-\(depth)-width-\(width)" } : nil
        outcomes.append(
          weights == "stable"
            ? try stableAnswer(depth, width, prepared, folder)
            : try answer(depth, width, prepared, folder))
      }
    }
    var next = outcomes.map(\.files).makeIterator()
    try Delivery(common: common).print(outcomes.map(\.record)) {
      RecordText.render($0, style: Terminal.style, files: next.next() ?? [])
    }
    if outcomes.contains(where: \.disagrees) { throw ExitCode(1) }
  }

  private func answer(
    _ depth: Int, _ width: Int, _ prepared: PreparedData?, _ folder: String?
  ) throws -> (record: Record, files: [String], disagrees: Bool) {
    let delivery = Delivery(common: common)
    let line = ProgressLine(quiet: common.quiet)
    let advisor = try Advisor(question(depth, width, prepared))
    let advice = try advisor.answer(progress: { line.report($0, $1, $2) })
    line.finish()
    let record = delivery.record(
      "advise", .advise(advice),
      assumptions: MeanField.assumptions + ["D and W of the Jacobian are asymptotically free"],
      sources: Citations.forVerb("advise").map(\.short))
    let files = try delivery.write(record, pytorch: InitialWeights.python, into: folder) {
      try writeWeights(advisor, to: $0, shown: folder ?? common.output ?? ".")
    }
    return (record, files, advice.check?.verdict == .differs)
  }

  /// Options that belong to one law only.
  private func refuseMixtures() throws(PoiseError) {
    guard weights == "stable" || alpha == nil else {
      throw PoiseError(
        .outOfRange, quantity: "--alpha", value: "without stable weights",
        allowed: "beside --weights stable", suggestion: "--weights stable --alpha \(alpha ?? "1.5")"
      )
    }
    guard weights != "stable" || (outputs == 0 && !scaleInputs) else {
      throw PoiseError(
        .outOfRange, quantity: "--outputs, --scale-inputs", value: "with stable weights",
        allowed: "without: no initial weights are written for them")
    }
  }

  private func stableAnswer(
    _ depth: Int, _ width: Int, _ prepared: PreparedData?, _ folder: String?
  ) throws -> (record: Record, files: [String], disagrees: Bool) {
    try checkShape(depth, width)
    let delivery = Delivery(common: common)
    let line = ProgressLine(quiet: common.quiet)
    let advice = try StableAdvisor(
      activation: Activation.named(activation), depth: depth, width: width,
      alphas: Axis(alpha ?? "1:2:0.2", quantity: "--alpha").values,
      data: prepared.map { ($0.inputs, $0.summary) }, networks: networks, seed: common.seed,
      jobs: common.threads()
    ).answer(progress: { line.report($0, $1, $2) })
    line.finish()
    let record = delivery.record(
      "advise", .stableAdvice(advice), assumptions: StablePhaseSurvey.assumptions,
      sources: StablePhaseSurvey.sources)
    let files = try delivery.write(record, into: folder)
    return (record, files, advice.measurement?.verdict == .differs)
  }

  private func checkShape(_ depth: Int, _ width: Int) throws(PoiseError) {
    guard (1...10_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: "\(depth)", allowed: "1 to 10000 hidden layers")
    }
    guard (2...32_768).contains(width) else {
      throw PoiseError(
        .outOfRange, quantity: "--width", value: "\(width)", allowed: "2 to 32768 units",
        suggestion: "mean-field theory needs wide layers: 64 and more")
    }
    guard (0...1_000_000).contains(outputs) else {
      throw PoiseError(
        .outOfRange, quantity: "--outputs", value: "\(outputs)", allowed: "0 to 1000000")
    }
    guard networks == 0 || (3...1_000_000).contains(networks) else {
      throw PoiseError(
        .outOfRange, quantity: "--networks", value: "\(networks)", allowed: "0, or 3 to 1000000")
    }
  }

  private func question(
    _ depth: Int, _ width: Int, _ prepared: PreparedData?
  ) throws(PoiseError) -> Advisor.Question {
    try checkShape(depth, width)
    return Advisor.Question(
      activation: try Activation.named(activation), depth: depth, width: width,
      weights: try weights.map { name throws(PoiseError) in
        try WeightLaw.named(name, variance: 1)
      }, outputs: outputs,
      data: prepared.map { ($0.inputs, $0.summary, $0.classes) }, networks: networks,
      scalesInputs: scaleInputs, seed: common.seed, jobs: try common.threads())
  }

  /// init.safetensors and init.py, where there is a recommendation.
  private func writeWeights(
    _ advisor: Advisor, to directory: URL, shown: String
  ) throws -> [String] {
    guard let network = try advisor.network() else { return [] }
    let tensors = try InitialWeights.tensors(
      of: network, inputScale: advisor.appliedScale,
      metadata: [
        "made_by": "poise \(PoiseVersion.current)", "activation": activation,
        "seed": "\(common.seed)", "input_scale": "\(advisor.appliedScale)",
      ])
    try tensors.write(path: directory.appendingPathComponent("init.safetensors").path)
    try Data(InitialWeights.python.utf8).write(
      to: directory.appendingPathComponent("init.py"), options: .atomic)
    return ["\(shown)/init.safetensors", "\(shown)/init.py"]
  }
}
