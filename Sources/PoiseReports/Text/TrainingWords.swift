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
    guard result.summary.accuracy.value <= chance + 3 * error,
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
        + ": the rate may be too large."
    }
    return nil
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
