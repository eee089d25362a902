import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Does it train? How well, how fast, and what becomes of the layers.",
    discussion: """
      Builds networks of an ensemble and trains them on labelled data, in single precision. Without
      variances or a preset the start is the one that `poise advise` recommends, and without --rate the
      rate is too.

        poise train --activation tanh --depth 30 --width 64 --output trained
        poise train --activation tanh --depth 30 --width 64 --init xavier_normal --networks 5

      Many points: `poise sweep run --into tails -- train --activation tanh --depth 10 --width 64
      --alpha 1:2#6 --scale 0.25:3#12 --rate 0.01 --seed 1:5:1`. With --output every network is kept after
      every epoch; the same command goes on where it was stopped.

      Source: docs/theory/training.md; `poise cite train`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers.") var depth: Int
  @Option(parsing: .unconditional, help: "Units per hidden layer.") var width: Int
  @OptionGroup(title: "Data") var data: TrainingDataOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Observables") var observables: ObservableOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let jobs = try common.threads()
    guard (1...100_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: "\(depth)", allowed: "1 to 100000")
    }
    let data = try self.data.load()
    let law = try start()
    let (rate, rule) = try rate(law, data, jobs)
    let run = try TrainingRun(
      law, on: data, depth: depth, width: width,
      plan: try training.plan(rate: rate, seed: common.seed), rateRule: rule,
      threshold: training.threshold, networks: training.networks,
      observer: try observables.observer(on: data),
      fitsWeights: observables.fitWeights,
      folder: RecordSink.current == nil ? common.output : nil)
    let line = ProgressLine(quiet: common.quiet)
    let interruption = RecordSink.current == nil ? Interruption() : nil
    let result: TrainingResult
    do {
      defer { line.finish() }
      result = try run.run(
        jobs: jobs, progress: { line.report($0, $1, $2) },
        isCancelled: { interruption?.isWanted ?? false })
    }
    let record = delivery.record(
      "train", .train(result), assumptions: TrainingRun.assumptions,
      sources: Citations.forVerb("train").map(\.short) + ["docs/theory/training.md"])
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
  }

  /// The ensemble that was named, or the one that theory recommends.
  private func start() throws(PoiseError) -> NetworkEnsemble {
    let isNamed =
      ensemble.weightVariance != nil || ensemble.biasVariance != nil || ensemble.isStable
    guard ensemble.preset == "advised" || (ensemble.preset == nil && !isNamed) else {
      let all = try ensemble.ensembles(fanIn: width)
      guard all.count == 1 else {
        throw PoiseError(
          .outOfRange, quantity: "ensemble", value: "\(all.count) of them",
          allowed: "one start at a time",
          suggestion: "poise sweep run --into FOLDER -- train with the ranges")
      }
      return all[0]
    }
    if ensemble.preset != nil, isNamed { try ensemble.refuseVariances(beside: "advised") }
    let law = try ensemble.weights.map { name throws(PoiseError) in
      try WeightLaw.named(name, variance: 1)
    }
    let advisor = try Advisor(
      Advisor.Question(
        activation: try ensemble.function(), depth: depth, width: width, weights: law, networks: 0))
    guard let advised = advisor.ensemble else {
      throw PoiseError(
        .noAnswer, quantity: "recommendation", value: "\(ensemble.activation) has no edge of chaos",
        allowed: "a start of your own", suggestion: "--weight-variance 1, or --init he_normal")
    }
    return advised
  }

  /// The rate that was given, or the advised one.
  private func rate(
    _ law: NetworkEnsemble, _ data: TrainingData, _ jobs: Int
  ) throws(PoiseError) -> (rate: Double, rule: String) {
    if training.rate != "advised" {
      guard let rate = Double(training.rate), rate > 0, rate.isFinite else {
        throw PoiseError(
          .outOfRange, quantity: "--rate", value: training.rate,
          allowed: "a number above 0, or advised")
      }
      let factor = training.rateFactor
      return (rate * factor, factor == 1 ? "as given" : "as given, × \(factor)")
    }
    let advised = try TrainingRate(
      advisedFor: law, on: data, depth: depth, width: width, loss: training.loss,
      optimizer: try training.chosenOptimizer(), factor: training.rateFactor, seed: common.seed,
      jobs: jobs)
    return (advised.rate, advised.rule)
  }
}
