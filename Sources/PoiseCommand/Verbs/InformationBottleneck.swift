public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct InformationBottleneckVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bottleneck",
    abstract: "How good a compression of its input is each layer?",
    discussion: """
      Places layers in the information plane: what T keeps of x against what it tells of Y, under the \
      most that any T of that rate can tell. x ~ N(0, I); Y = x + noise weighs all directions alike, \
      --targets m makes Y = B x + noise with a random B of m rows. Linear networks are exact. With \
      --data, Y are the labels and both are bounded by pairwise distances.

        poise information bottleneck --activation linear --weights orthogonal \\
          --weight-variance 1 --depth 6 --noise every-layer --noise-variance 0.1 --targets 40 --check
        poise information bottleneck --activation tanh --weight-variance 1.5 --depth 5 \\
          --data digits --width 256 --noise output --noise-variance 1

      Source: Chechik et al. 2005; Kolchinsky and Tracey 2017; `poise cite information`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers.") var depth = 6
  @Option(parsing: .unconditional, help: "Units per layer, and inputs without --data.")
  var width = 40
  @Option(help: "Where the noise enters: every-layer, or output (of the layer looked at).")
  var noise: BottleneckSurvey.Noise
  @Option(parsing: .unconditional, help: "s: variance of the noise.") var noiseVariance: Double
  @Option(parsing: .unconditional, help: "Networks to average. Default: 5, and 40 for --check.")
  var networks: Int?
  @Flag(
    help:
      "Compare variance, information and bounds of these networks with theory; exit 1 if not alike."
  )
  var check = false
  @Option(
    parsing: .unconditional,
    help: "Noisy passes through each network that is not linear, 100 to 10000000.")
  var passes = 20_000
  @Option(parsing: .unconditional, help: "Rows of B; default: Y = x + noise.") var targets: Int?
  @Option(parsing: .unconditional, help: "Variance of the noise of Y.") var targetNoise = 0.5
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let ensembles = try ensemble.ensembles(fanIn: width)
    guard ensembles.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "variances", value: "\(ensembles.count) ensembles",
        allowed: "one ensemble: a plane holds one network's layers")
    }
    var survey = try BottleneckSurvey(
      ensembles[0], depth: depth, width: width, noise: noise, noiseVariance: noiseVariance,
      networks: networks ?? 5, seed: common.seed, jobs: try common.threads())
    guard (100...10_000_000).contains(passes) else {
      throw PoiseError(
        .outOfRange, quantity: "--passes", value: "\(passes)", allowed: "100 to 10000000")
    }
    survey.passes = passes
    var result: BottleneckResult
    if let prepared = try data.load(seed: common.seed) {
      guard targets == nil else {
        throw PoiseError(
          .outOfRange, quantity: "--targets", value: "with --data", allowed: "one of them",
          suggestion: "with --data, Y are the labels")
      }
      result = try survey.run(prepared)
      survey.networks = networks ?? 40
      if check { result.check = try survey.check(prepared) }
    } else {
      result = try survey.run(targets: targets, targetNoise: targetNoise)
      survey.networks = networks ?? 40
      if check { result.check = try survey.check(targets: targets, targetNoise: targetNoise) }
    }
    let record = delivery.record(
      "information bottleneck", .bottleneck(result),
      assumptions: (data.data == nil ? GaussianBottleneck.assumptions : [])
        + CorrectedMeanField.assumptions,
      sources: Citations.forVerb("information bottleneck").map(\.short))
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.check?.verdict == .differs { throw ExitCode(1) }
  }
}

extension BottleneckSurvey.Noise: ExpressibleByArgument {}
