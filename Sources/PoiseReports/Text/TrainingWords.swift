import Foundation
import PoiseLab

/// Sentence and tables of trained networks.
struct TrainingWords: Answer {
  let result: TrainingResult

  init(_ result: TrainingResult) { self.result = result }

  var subject: String {
    "\(result.activation), depth \(result.depth), width \(result.width), data \(result.data.name)"
  }

  static func percent(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }

  private static func text(_ value: MeasuredValue) -> String {
    value.standardError > 0
      ? Measured.format(value: value.value, error: value.standardError)
      : String(format: "%.4f", value.value)
  }

  var headline: String {
    let summary = result.summary
    let many = result.courses.count > 1
    let all = result.courses.count
    if summary.diverged == all {
      let epoch = result.courses.compactMap(\.divergedEpoch).first ?? 1
      return "It does not train: at rate \(NumberText.short(result.rate)) the loss overflows in "
        + "epoch \(NumberText.short(epoch))\(many ? " or so, in every network" : "")."
    }
    var text = "Test accuracy \(Self.text(summary.accuracy)) after \(result.epochs) epochs"
    if summary.diverged > 0 { text += " (\(summary.diverged) of \(all) networks diverged)" }
    if let first = summary.firstEpoch {
      text +=
        "; \(Self.percent(result.threshold)) from epoch \(NumberText.short(first)) on"
        + (many ? " (median of \(all) networks)" : "")
    } else {
      text +=
        "; \(Self.percent(result.threshold)) \(many ? "by \(summary.reached) of \(all) networks" : "never reached")"
    }
    return text + "."
  }

  var paragraphs: [String] {
    var texts = [
      "Start: \(result.ensemble). Rate \(NumberText.short(result.rate)) (\(result.rateRule)), "
        + "\(optimizer), \(result.loss) loss, batches of \(result.batch), schedule \(result.schedule)."
    ]
    let rows =
      "\(result.trainingRows) rows to learn from, "
      + (result.validationRows > 0 ? "\(result.validationRows) to choose by, " : "")
      + "\(result.testRows) to test"
    texts.append(
      "\(rows). One test row is \(NumberText.short(1 / Double(result.testRows))) of accuracy"
        + (result.validationRows > 0
          ? "; at the epoch that validation chooses the test accuracy is "
            + "\(Self.text(result.summary.chosenAccuracy))." : "."))
    if let guess = guessing { texts.append(guess) }
    return texts
  }

  private var optimizer: String {
    guard let momentum = result.momentum else { return "Adam" }
    return momentum == 0 ? "SGD" : "SGD with momentum \(NumberText.short(momentum))"
  }

  /// Whether the networks learnt nothing at all.
  private var guessing: String? {
    let chance = 1 / Double(result.classes)
    let error = (chance * (1 - chance) / Double(result.testRows)).squareRoot()
    guard result.summary.accuracy.value < chance + 3 * error,
      result.summary.diverged < result.courses.count
    else { return nil }
    return "That is not better than guessing (\(Self.percent(chance))): no signal or no gradient "
      + "passes."
  }

  var tables: [AnswerTable] {
    var tables = [
      AnswerTable(
        heading: "Course",
        caption: result.courses.count == 1
          ? "After each epoch" : "Network \(result.courses[0].network), after each epoch",
        table: epochs(result.courses[0]))
    ]
    if result.courses.count > 1 {
      tables.append(
        AnswerTable(heading: "Networks", caption: "Each network", table: networks))
    }
    tables += [
      layers("Layers", [("q", \.length), ("dim", \.dimension), ("D_2", \.fractality)]),
      layers(
        "Information",
        [("I(x) ≥", { $0.inputInformation?.lower }), ("I(y) ≥", { $0.classInformation?.lower })]),
    ].compactMap(\.self)
    if !result.weightFits.isEmpty {
      tables.append(
        AnswerTable(
          heading: "Weights", caption: "Stable laws of the weights of network 0",
          table: weights))
    }
    return tables
  }

  private func epochs(_ course: TrainingResult.Course) -> TextTable {
    let shown = TextLayout.thinned(Array(course.trainingLoss.indices), to: 12)
    var columns: [TextTable.Column] = [
      .init("epoch", shown.map { "\($0 + 1)" }),
      .init("loss", NumberText.fixed(shown.map { course.trainingLoss[$0] }, decimals: 4)),
      .init("test loss", NumberText.fixed(shown.map { course.testLoss[$0] }, decimals: 4)),
      .init("hits", NumberText.fixed(shown.map { course.trainingAccuracy[$0] }, decimals: 4)),
    ]
    if !course.validationAccuracy.isEmpty {
      columns.append(
        .init(
          "validation",
          NumberText.fixed(shown.map { course.validationAccuracy[$0] }, decimals: 4)))
    }
    columns.append(
      .init("test", NumberText.fixed(shown.map { course.testAccuracy[$0] }, decimals: 4)))
    return TextTable(columns)
  }

  private var networks: TextTable {
    let shown = TextLayout.thinned(result.courses, to: 12)
    return TextTable([
      .init("network", shown.map { "\($0.network)" }),
      .init("outcome", shown.map(\.outcome.rawValue)),
      .init("first epoch", shown.map { $0.firstEpoch.map { NumberText.short($0) } ?? "–" }),
      .init(
        "loss", NumberText.fixed(shown.map { $0.trainingLoss.last ?? $0.initialLoss }, decimals: 4)),
      .init("test", NumberText.fixed(shown.map(\.finalAccuracy), decimals: 4)),
    ])
  }

  private typealias Values = (TrainingResult.Observation) -> [Double]?

  /// The layers at the start and after the last look; nil if none of the quantities was looked at.
  private func layers(
    _ heading: String, _ kinds: [(name: String, values: Values)]
  ) -> AnswerTable? {
    guard let first = result.observations.first,
      let last = result.observations.last(where: { $0.network == first.network }),
      first.epoch < last.epoch
    else { return nil }
    let shown = TextLayout.thinned(Array(0..<result.depth), to: 12)
    var columns: [TextTable.Column] = [.init("layer", shown.map { "\($0 + 1)" })]
    for kind in kinds {
      for (look, suffix) in [(first, "start"), (last, "end")] {
        guard let values = kind.values(look) else { continue }
        columns.append(
          .init("\(kind.name) \(suffix)", NumberText.column(shown.map { values[$0] })))
      }
    }
    guard columns.count > 1 else { return nil }
    return AnswerTable(
      heading: heading,
      caption: "Network \(first.network), epochs \(first.epoch) and \(last.epoch)",
      table: TextTable(columns))
  }

  private var weights: TextTable {
    let all = result.weightFits.filter { $0.network == result.weightFits[0].network }
    let shown = TextLayout.thinned(all, to: 14)
    func alpha(_ law: TrainingResult.Law) -> String {
      law.alphaError.map { Measured.format(value: law.alpha, error: $0) }
        ?? NumberText.short(law.alpha)
    }
    return TextTable([
      .init("layer", shown.map { $0.layer == result.depth + 1 ? "read-out" : "\($0.layer)" }),
      .init("α start", shown.map { alpha($0.before) }),
      .init("α end", shown.map { alpha($0.after) }),
      .init("σ_w start", NumberText.column(shown.map(\.before.scale))),
      .init("σ_w end", NumberText.column(shown.map(\.after.scale))),
    ])
  }

  var caveats: [String] {
    var texts: [String] = []
    if result.courses.count == 1 {
      texts.append(
        "one network: another seed gives another accuracy; --networks 5 for an error bar")
    }
    if result.validationRows == 0 {
      texts.append(
        "no validation rows: a rate or an epoch chosen by these numbers is chosen on the test set")
    }
    if result.noiseVariance != nil {
      texts.append(
        "information is bounded from \(min(result.testRows, 128)) inputs of the test: near the "
          + "logarithm of their number it tells of the sample, not of the layer")
    }
    return texts
  }

  var next: String {
    "poise train --activation \(result.activation) --depth \(result.depth) --width \(result.width) "
      + "--init pytorch_default, or --observe length,dimension"
  }

  var written: [String] { result.files }

  func figures(of record: Record) -> [FigureScript] { TrainingFigure.scripts(result) }
}
