import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Spectrum: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How are the singular values of the end-to-end Jacobian distributed?",
    discussion: """
      The whole law at finite depth, by free probability: density in ln s, quantiles, moments,
      edges, atoms. Networks are isometric where v, the relative variance of s², stays below 1.

        poise spectrum --activation tanh --weights orthogonal --weight-variance 1.1025 \\
          --bias-variance 1.68e-4 --depth 4,16,64 --output spectrum

      Source: Pennington et al. 2018, arXiv:1802.09979; `poise cite spectrum`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers, 1 to 1000. A number, list or range.")
  var depth = "16"
  @Option(
    parsing: .unconditional,
    help: "|x|²/N₀ of the inputs, from which lengths run; default: the fixed point.")
  var inputSquare: Double?
  @Option(parsing: .unconditional, help: "Points of the grid in ln s.") var points = 400
  @OptionGroup(title: "Check") var check: CheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    var disagrees = false
    let depths = try Axis(depth, quantity: "--depth").integers("--depth")
    var records: [Record] = []
    for one in try ensemble.ensembles(fanIn: check.width) {
      var result = try survey(one, depths)
      if check.check { result.check = try compare(one, depths) }
      disagrees = disagrees || result.check?.verdict == .differs
      records.append(
        delivery.record(
          "spectrum", .spectrum(result), assumptions: JacobianSpectrum.assumptions,
          sources: JacobianSpectrum.sources))
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

  private func compare(
    _ one: NetworkEnsemble, _ depths: [Int]
  ) throws(PoiseError) -> SpectrumResult.Check {
    guard depths.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(depths.count) depths",
        allowed: "a single depth")
    }
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    let total = 2 * check.networks
    return try SpectrumCheck(
      one, depth: depths[0], width: check.width, networks: check.networks, seed: common.seed,
      jobs: common.threads()
    ).run(inputMeanSquare: inputSquare, progress: { line.report("networks", $0, total) })
  }

  private func survey(
    _ one: NetworkEnsemble, _ depths: [Int]
  ) throws(PoiseError) -> SpectrumResult {
    let points = points
    let square = inputSquare
    let curves = try parallelMap(count: depths.count, jobs: common.threads()) {
      (index: Int) throws(PoiseError) in
      try SpectrumSurvey.curve(
        one, depth: depths[index], inputMeanSquare: square, points: points)
    }
    return SpectrumResult(ensemble: EnsembleSummary(one), curves: curves)
  }
}
