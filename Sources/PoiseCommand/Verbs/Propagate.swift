import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Propagate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How do lengths, correlations and gradients travel through the layers?",
    discussion: """
      Layer by layer: the length q (mean squared preactivation), the overlap of pairs, the gap
      1 − c, and the growth of a squared gradient. From real data every row starts from its own
      length and every pair from its own overlap.

        poise propagate --activation tanh --init he_normal --depth 30 --data digits --check

      Source: Poole et al. 2016, arXiv:1606.05340; `poise cite propagate`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers. A number, list or range.")
  var depth = "20"
  @OptionGroup(title: "Data") var data: DataOptions
  @Option(parsing: .unconditional, help: "Without data: |x|²/N₀ of a typical input.")
  var inputSquare = 1.0
  @Option(parsing: .unconditional, help: "Without data: correlation of a pair of inputs.")
  var inputCorrelation = 0.5
  @OptionGroup(title: "Check") var check: CheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let prepared = try data.load(seed: common.seed)
    var records: [Record] = []
    var disagrees = false
    let ensembles = try ensemble.ensembles(fanIn: check.width)
    let depths = try Axis(depth, quantity: "--depth").integers("--depth")
    try requireCheckable(depths)
    for one in ensembles {
      for depth in depths {
        let result = try profile(one, depth, prepared)
        disagrees = disagrees || result.check?.verdict == .differs
        records.append(
          delivery.record(
            "propagate", .propagate(result), assumptions: MeanField.assumptions,
            sources: MeanField.sources))
      }
    }
    var files: [[String]] = []
    for (index, record) in records.enumerated() {
      let folder = records.count == 1 ? nil : common.output.map { "\($0)/point-\(index + 1)" }
      files.append(try delivery.write(record, into: folder))
    }
    var next = files.makeIterator()
    try delivery.print(records) {
      RecordText.render($0, style: Terminal.style, files: next.next() ?? [])
    }
    if disagrees { throw ExitCode(1) }
  }

  private func requireCheckable(_ depths: [Int]) throws(PoiseError) {
    guard let depth = depths.first(where: { !(1...100_000).contains($0) }) else { return }
    throw PoiseError(
      .outOfRange, quantity: "--depth", value: "\(depth)", allowed: "1 to 100000 hidden layers")
  }

  private func profile(
    _ one: NetworkEnsemble, _ depth: Int, _ prepared: PreparedData?
  ) throws -> PropagationResult {
    let start: PropagationSurvey.Start =
      prepared.map { .data($0.inputs, $0.summary) }
      ?? .typical(meanSquare: inputSquare, correlation: inputCorrelation)
    var result = try PropagationSurvey.profile(
      one, depth: depth, start: start, jobs: try common.threads())
    guard check.check else { return result }
    guard let prepared else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "without data",
        allowed: "--data with the inputs that the networks receive", suggestion: "--data digits")
    }
    result.width = check.width
    result.check = try CheckRun(
      ensemble: one, depth: depth, inputs: prepared.inputs, check: check, common: common
    ).run()
    return result
  }
}
