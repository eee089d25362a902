public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct InformationEstimateVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "How much do these samples of Y tell of these samples of X?",
    discussion: """
      Row i of both files is sample i. ksg1 and ksg2 count nearest neighbours: for densities in up to \
      four dimensions together. pairwise bounds what Y plus noise tells of which row of X it was. \
      logdet takes Gaussians: with a noise variance the most that Y plus noise can tell, without \
      one the linearly visible part. All say when not to trust them.

        poise information estimate X.npy Y.npy
        poise information estimate X.npy Y.npy --method pairwise --noise-variance 0.1

      Source: Kraskov et al. 2004; Kolchinsky and Tracey 2017; `poise cite information`.
      """)

  @Argument(help: "Samples of X (row = sample): .npy, .csv, .npz, .safetensors.") var x: String
  @Argument(help: "Samples of Y, as many rows.") var y: String
  @Option(help: "ksg1, ksg2, pairwise or logdet.") var method: EstimateSurvey.Method = .ksg1
  @Option(
    name: [.customLong("neighbors"), .customLong("neighbours")], parsing: .unconditional,
    help: "k of the nearest neighbours, 3 to 6.")
  var neighbours = 3
  @Option(
    parsing: .unconditional,
    help: "s: variance of the noise added to every column of Y (pairwise, logdet).")
  var noiseVariance: Double?
  @Flag(help: "Break ties by a relative jitter of 1e-10 instead of refusing them.")
  var jitter = false
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let survey = EstimateSurvey(
      method: method, neighbours: neighbours, noiseVariance: noiseVariance, jitters: jitter,
      seed: common.seed, jobs: try common.threads())
    let first = try Dataset.load(x, seed: common.seed)
    let second = try Dataset.load(y, seed: common.seed)
    let record = delivery.record(
      "information estimate", .estimate(try survey.run(first, second)),
      assumptions: ["rows are independent samples of one law"],
      sources: Citations.forVerb("information estimate").map(\.short))
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
  }
}

extension EstimateSurvey.Method: ExpressibleByArgument {}
