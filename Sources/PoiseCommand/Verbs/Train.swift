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
      every epoch; Ctrl-C stops, the same command goes on.

      Source: docs/theory/training.md; `poise cite train`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(parsing: .unconditional, help: "Hidden layers.") var depth: String
  @Option(parsing: .unconditional, help: "Units per hidden layer.") var width: String
  @OptionGroup(title: "Data") var data: TrainingDataOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Observables") var observables: ObservableOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let jobs = try common.threads()
    let depth = try wholeNumber(self.depth, "--depth", in: 1...100_000)
    let width = try wholeNumber(self.width, "--width", in: 1...Int(Int32.max))
    let data = try self.data.load()
    let law = try start(depth, width)
    let (rate, rule) = try rate(law, data, depth, width, jobs)
    let run = try TrainingRun(
      law, on: data, depth: depth, width: width,
      plan: try training.plan(rate: rate, seed: common.seed), rateRule: rule,
      threshold: training.threshold, networks: training.networks,
      observer: try observables.observer(on: data),
      fitsWeights: observables.fitWeights,
      folder: RecordSink.current == nil ? common.output : nil)
    let line = ProgressLine(quiet: common.quiet)
    let interruption = RecordSink.current == nil ? Interruption() : nil
    var result: TrainingResult
    do throws(PoiseError) {
      defer { line.finish() }
      result = try run.run(
        jobs: jobs, progress: { line.report($0, $1, $2) },
        isCancelled: { interruption?.isWanted ?? false })
    } catch {
      throw stopped(error)
    }
    result.testMajority = data.testMajority
    let record = delivery.record(
      "train", .train(result), assumptions: TrainingRun.assumptions,
      sources: Citations.forVerb("train").map(\.short) + ["docs/theory/training.md"])
    let files = try delivery.write(record)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
  }

  /// One whole number; several are the business of a sweep.
  private func wholeNumber(
    _ text: String, _ option: String, in range: ClosedRange<Int>
  ) throws(PoiseError) -> Int {
    if let number = Int(text), range.contains(number) { return number }
    let isRange = text.contains { ",:#@".contains($0) }
    throw PoiseError(
      .outOfRange, quantity: option, value: text,
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      suggestion: isRange ? "poise sweep run --into FOLDER -- train … \(option) \(text)" : "")
  }

  /// After Ctrl-C: how to go on. Other errors say that themselves.
  private func stopped(_ error: PoiseError) -> PoiseError {
    guard error.code == .cancelled else { return error }
    return PoiseError(
      .cancelled, quantity: error.quantity, value: error.value, allowed: "",
      suggestion: common.output == nil
        ? "--output DIR, which keeps every epoch, so that the same command goes on"
        : "the same command again: it goes on after the last whole epoch")
  }

  /// The ensemble that was named, or the one that theory recommends.
  private func start(_ depth: Int, _ width: Int) throws(PoiseError) -> NetworkEnsemble {
    let isNamed =
      ensemble.weightVariance != nil || ensemble.biasVariance != nil || ensemble.isStable
    guard ensemble.preset == "advised" || (ensemble.preset == nil && !isNamed) else {
      let all = try named(width)
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

  /// The ensembles that were named; a preset may be the advice, too.
  private func named(_ width: Int) throws(PoiseError) -> [NetworkEnsemble] {
    do throws(PoiseError) {
      return try ensemble.ensembles(fanIn: width)
    } catch {
      guard error.quantity == "init" else { throw error }
      throw PoiseError(
        error.code, quantity: "--init", value: error.value, allowed: "advised, " + error.allowed,
        suggestion: error.suggestion)
    }
  }

  /// The rate that was given, or the advised one.
  private func rate(
    _ law: NetworkEnsemble, _ data: TrainingData, _ depth: Int, _ width: Int, _ jobs: Int
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
      advisedFor: law, on: data, depth: depth, width: width, loss: try training.chosenLoss(),
      optimizer: try training.chosenOptimizer(), factor: training.rateFactor, seed: common.seed,
      jobs: jobs)
    return (advised.rate, advised.rule)
  }
}
