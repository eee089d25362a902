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

  static func epochs(_ count: Int) -> String { "\(count) epoch\(count == 1 ? "" : "s")" }

  private static func text(_ value: MeasuredValue) -> String {
    guard let error = value.standardError, error > 0 else {
      return String(format: "%.4f", value.value)
    }
    return Measured.format(value: value.value, error: error)
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
    var text = "Test accuracy \(Self.text(summary.accuracy)) after \(Self.epochs(result.epochs))"
    if summary.diverged > 0 { text += " (\(summary.diverged) of \(all) networks diverged)" }
    if let first = summary.firstEpoch {
      text +=
        "; \(Self.percent(result.threshold)) first reached in epoch \(NumberText.short(first))"
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
        + "\(optimizer), \(result.loss) loss, batches of "
        + "\(min(result.batch, result.trainingRows)), schedule \(result.schedule)."
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
    return texts + [guessing, growth].compactMap(\.self)
  }

  private var optimizer: String {
    guard let momentum = result.momentum else { return "Adam" }
    return momentum == 0 ? "SGD" : "SGD with momentum \(NumberText.short(momentum))"
  }

  /// Whether the test cannot tell the networks from a constant answer.
  private var guessing: String? {
    let chance = result.testMajority ?? 1 / Double(result.classes)
    let error = (chance * (1 - chance) / Double(result.testRows)).squareRoot()
    guard result.summary.accuracy.value < chance + 3 * error,
      result.summary.diverged < result.courses.count
    else { return nil }
    let rows = "\(result.testRows) test row\(result.testRows == 1 ? "" : "s")"
    return "With \(rows) that cannot be told from guessing (\(Self.percent(chance)): "
      + (result.testMajority == nil
        ? "one of \(result.classes) classes)." : "the most frequent class).")
  }

  /// Networks that did not overflow, but ended far above where they began.
  private var growth: String? {
    for course in result.courses where course.divergedEpoch == nil {
      guard let first = course.trainingLoss.first, let last = course.trainingLoss.last,
        last > 3 * min(first, course.initialLoss ?? first)
      else { continue }
      let start = course.initialLoss.map { "\(NumberText.short($0)) before training" }
      return "The loss has grown, from \(start ?? "\(NumberText.short(first)) in epoch 1") to "
        + "\(NumberText.short(last)) in epoch \(course.trainingLoss.count)"
        + (result.courses.count > 1 ? " of network \(course.network)" : "")
        + ": the rate is too large."
    }
    return nil
  }

  var tables: [AnswerTable] {
    var tables: [AnswerTable] = []
    if let course = result.courses.first(where: { !$0.trainingLoss.isEmpty }) {
      tables.append(
        AnswerTable(
          heading: "Course",
          caption: result.courses.count == 1
            ? "After each epoch" : "Network \(course.network), after each epoch",
          table: epochs(course)))
    }
    if result.courses.count > 1 {
      tables.append(
        AnswerTable(heading: "Networks", caption: "Each network", table: networks))
    }
    tables += [
      layers("Layers", [("q", \.length), ("dim", \.dimension), ("D_2", \.fractality)]),
      layers(
        "Information",
        [("I(x) ≥", { $0.inputInformation?.lower }), ("I(y) ≥", { $0.classInformation?.lower })]),
      jacobian,
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
      .init(
        "training accuracy",
        NumberText.fixed(shown.map { course.trainingAccuracy[$0] }, decimals: 4)),
    ]
    if !course.validationAccuracy.isEmpty {
      columns.append(
        .init(
          "validation accuracy",
          NumberText.fixed(shown.map { course.validationAccuracy[$0] }, decimals: 4)))
    }
    columns.append(
      .init("test accuracy", NumberText.fixed(shown.map { course.testAccuracy[$0] }, decimals: 4)))
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

  /// Singular values of the Jacobian at the first and the last look; nil if nobody looked.
  private var jacobian: AnswerTable? {
    guard let first = result.observations.first(where: { $0.jacobian != nil }) else { return nil }
    let looks = [first, result.observations.last { $0.network == first.network } ?? first]
    let shown = first.epoch < looks[1].epoch ? looks : [first]
    func column(_ value: (TrainingResult.JacobianSummary) -> Double?) -> [String] {
      NumberText.column(shown.map { $0.jacobian.flatMap(value) })
    }
    return AnswerTable(
      heading: "Jacobian",
      caption: "Singular values s of the Jacobian of the hidden layers, network \(first.network)",
      table: TextTable([
        .init("epoch", shown.map { "\($0.epoch)" }), .init("ln ⟨s²⟩", column(\.logMeanSquare)),
        .init("var s²/⟨s²⟩²", column(\.relativeVariance)),
        .init("ln s_max", column(\.logLargest)),
      ]))
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
      guard let alpha = law.alpha else { return "–" }
      return law.alphaError.map { Measured.format(value: alpha, error: $0) }
        ?? NumberText.short(alpha)
    }
    var table = TextTable([
      .init("layer", shown.map { $0.layer == result.depth + 1 ? "read-out" : "\($0.layer)" }),
      .init("α start", shown.map { alpha($0.before) }),
      .init("α end", shown.map { alpha($0.after) }),
      .init("σ_w start", NumberText.column(shown.map(\.before.scale))),
      .init("σ_w end", NumberText.column(shown.map(\.after.scale))),
    ])
    let reasons = shown.map { $0.before.alphaCase ?? $0.after.alphaCase ?? "" }
    if reasons.contains(where: { !$0.isEmpty }) {
      table.columns.append(.init("no law because of", reasons, .left))
    }
    return table
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
    if result.summary.diverged > 0 || growth != nil {
      return "the same command with a smaller rate: --rate \(NumberText.short(result.rate / 10))"
    }
    if result.observations.isEmpty {
      return "the same command with --observe length,dimension shows what became of the layers"
    }
    let data = result.data.name == "digits" ? "" : " --data \(ShellText.word(result.data.name))"
    return "another start: poise train --activation \(result.activation) --depth \(result.depth) "
      + "--width \(result.width)\(data) --init pytorch_default"
  }

  var written: [String] { result.files }

  func figures(of record: Record) -> [FigureScript] { TrainingFigure.scripts(result) }
}
