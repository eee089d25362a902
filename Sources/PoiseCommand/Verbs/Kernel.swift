public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct Kernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What are the kernels of infinitely wide networks on these inputs?",
    discussion: """
      NNGP: covariance of the outputs of random networks. NTK: Gram matrix of their gradients. Both
      go through hidden layers as K′ = σ_w² E φφ + σ_b² and T′ = K′ + σ_w² E φ′φ′ T. The matrix goes
      to an NPY file tile by tile; the same command again resumes an interrupted run.

        poise kernel --activation relu --weight-variance 2 --depth 3 --kind ntk --regress
        poise kernel --activation erf --init he_normal --depth 10 --output-file K.npy

      Conventions are those of neural-tangents (docs/theory/kernels.md). Sources: poise cite kernel.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers; a linear read-out follows.")
  var depth = 3
  @Option(help: "nngp or ntk.") var kind: KernelFile.Kind = .ntk
  @Option(help: "Scaling of the parameters of the NTK: ntk, or standard (with --width).")
  var parametrization: ParametrizationName = .ntk
  @OptionGroup(title: "Data") var data: KernelDataOptions
  @Option(
    help: ArgumentHelp(
      """
      Inputs of the columns, for a cross kernel; brought to scale by the statistics of --data, \
      so that equal rows stay equal.
      """, valueName: "data"))
  var cross: String?
  @Option(help: ArgumentHelp("Write the matrix here as NPY, float64.", valueName: "path"))
  var outputFile: String?
  @Flag(help: "Learn the labels of some rows with the kernel, predict the others.")
  var regress = false
  @Option(parsing: .unconditional, help: "Rows to learn from.") var trainRows: Int?
  @Option(parsing: .unconditional, help: "Share of rows to learn from.") var trainFraction = 0.8
  @Option(parsing: .unconditional, help: "Noise variance of the labels, the ridge.")
  var noise = 1e-4
  @OptionGroup(title: "Check") var check: CheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let jobs = try common.threads()
    let ensembles = try ensemble.ensembles(fanIn: check.width)
    guard ensembles.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "variances", value: "\(ensembles.count) ensembles",
        allowed: "one ensemble: a kernel is one matrix")
    }
    let kernel = try NetworkKernel(
      of: ensembles[0], depth: depth,
      parametrization: parametrization == .ntk ? .ntk : .standard(width: check.width))
    let prepared = try data.load(seed: common.seed)
    let other = try cross.map {
      try PreparedData($0, preparedAs: prepared, rows: data.rows, seed: common.seed)
    }
    let plan = try KernelPlan(kernel, rows: prepared.inputs, columns: other?.inputs, jobs: jobs)
    var result = summary(plan, prepared, other)
    try write(plan, &result, jobs)
    if regress { result.regression = try regression(kernel, prepared, jobs) }
    if common.output != nil, other == nil, prepared.inputs.rows > 1 {
      result.map = try KernelSurvey.map(kernel, kind: kind, data: prepared, jobs: jobs)
    }
    if check.check { result.check = try checked(kernel, prepared.inputs, jobs) }
    let record = delivery.record(
      "kernel", .kernel(result), assumptions: NetworkKernel.assumptions,
      sources: Citations.forVerb("kernel").map(\.short))
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.check?.verdict == .differs { throw ExitCode(1) }
  }

  private func summary(
    _ plan: KernelPlan, _ prepared: PreparedData, _ other: PreparedData?
  ) -> KernelResult {
    let ensemble = plan.kernel.ensemble
    let means = KernelSurvey.summary(plan, kind: kind)
    return KernelResult(
      ensemble: EnsembleSummary(
        activation: ensemble.activation.name, weights: ensemble.weights.name,
        weightVariance: ensemble.weightVariance, biasVariance: ensemble.biasVariance),
      depth: depth, kind: kind, parametrization: parametrization.rawValue,
      width: parametrization == .standard || check.check ? check.width : nil,
      data: prepared.summary, crossData: other?.summary, rows: plan.rowCount,
      columns: plan.columnCount, meanDiagonal: means.diagonal, meanOffDiagonal: means.offDiagonal,
      tableError: plan.tableError)
  }

  private func write(_ plan: KernelPlan, _ result: inout KernelResult, _ jobs: Int) throws {
    guard let outputFile else { return }
    let line = ProgressLine(quiet: common.quiet)
    defer { line.finish() }
    let outcome = try KernelFile(plan, kind: kind, path: outputFile).write(
      jobs: jobs, progress: { line.report("tiles of \(outputFile)", $0, $1) })
    result.file = outputFile
    result.resumedTiles = outcome.resumed
    if outcome.resumed > 0, !common.quiet {
      Terminal.note("resumed: \(outcome.resumed) of \(outcome.tiles) tiles were there")
    }
  }

  private func regression(
    _ kernel: NetworkKernel, _ prepared: PreparedData, _ jobs: Int
  ) throws -> KernelResult.Regression {
    let dataset = try Dataset(
      name: prepared.summary.name, inputs: prepared.inputs, labels: prepared.labels,
      classes: prepared.classes)
    let fraction = try trainFraction.checked("--train-fraction", in: 0...1)
    let rows = trainRows ?? Int((fraction * Double(dataset.count)).rounded())
    return try KernelSurvey.regression(
      kernel, kind: kind, data: dataset, trainRows: rows, noiseVariance: noise,
      seed: common.seed, jobs: jobs)
  }

  private func checked(
    _ kernel: NetworkKernel, _ inputs: Matrix<Double>, _ jobs: Int
  ) throws -> CheckResult {
    let rows = inputs.selecting(rows: Array(0..<min(inputs.rows, 16)))
    return try KernelCheck(
      kernel, inputs: rows, networks: check.networks, width: check.width, seed: common.seed,
      jobs: jobs
    ).run()
  }
}

/// The inputs of a kernel: as many rows as there are, unless fewer are asked for.
struct KernelDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Inputs: digits (built in), gaussian:ROWSxDIM, or a file, as in the other verbs.",
      valueName: "data"))
  var data = "digits"

  @Option(parsing: .unconditional, help: "Most rows; a seeded sample. Default: all, in order.")
  var rows: Int?

  @Option(
    help: "How raw values are scaled: standardize (per feature), scale (one factor), raw.")
  var prepare: PreparedData.Preparation = .standardize

  func load(seed: UInt64) throws(PoiseError) -> PreparedData {
    try PreparedData(data, preparation: prepare, rows: rows, seed: seed)
  }
}

/// Names of the parametrisations.
enum ParametrizationName: String, CaseIterable, ExpressibleByArgument { case ntk, standard }

extension KernelFile.Kind: ExpressibleByArgument {}
