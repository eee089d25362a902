import Foundation
import PoiseLab

/// Sentence and tables of a collected sweep.
struct SweepWords: Answer {
  let result: SweepResult

  init(_ result: SweepResult) { self.result = result }

  var subject: String {
    let verb = result.swept.split(separator: " ").first.map(String.init) ?? ""
    return "\(verb), \(result.points) points"
  }

  var headline: String {
    let axes = result.axes.map { "\($0.name) (\($0.values.count))" }.joined(separator: ", ")
    let over = axes.isEmpty ? "" : " over \(axes)"
    guard result.done < result.points else {
      return "All \(result.points) points of `poise \(result.swept)` are done\(over)."
    }
    return "\(result.done) of \(result.points) points of `poise \(result.swept)` are done\(over): "
      + "\(result.failed) failed, \(result.timeLimit) over the time limit, "
      + "\(result.missing) missing."
  }

  var paragraphs: [String] {
    var texts = [
      "sweep.npz holds every number as an array over the grid "
        + "(\(result.lengths.map(String.init).joined(separator: " × "))), sweep.csv one row per "
        + "point. The points took \(NumberText.short(result.seconds)) s of work together."
    ]
    if !result.series.isEmpty {
      let names = result.series.prefix(12).map { "\($0.name) (\($0.length))" }
      texts.append("Series of every point: " + names.joined(separator: ", ") + ".")
    }
    return texts
  }

  var tables: [AnswerTable] {
    var tables: [AnswerTable] = []
    let quantities = telling
    if !quantities.isEmpty {
      tables.append(
        AnswerTable(
          heading: "Numbers", caption: "Numbers that vary, over all points",
          table: TextTable([
            .init("quantity", quantities.map(\.name), .left),
            .init("exists at", quantities.map { "\($0.defined)" }),
            .init("smallest", quantities.map { $0.minimum.map { NumberText.short($0) } ?? "–" }),
            .init("largest", quantities.map { $0.maximum.map { NumberText.short($0) } ?? "–" }),
          ])))
    }
    let words = result.words.filter { $0.legend.count > 1 }.prefix(8)
    let rows = words.flatMap { word in
      zip(word.legend, word.counts).prefix(12).map { (word.name, $0, $1) }
    }
    if !rows.isEmpty {
      tables.append(
        AnswerTable(
          heading: "Words", caption: "Words that vary",
          table: TextTable([
            .init("quantity", rows.map(\.0), .left), .init("word", rows.map(\.1), .left),
            .init("points", rows.map { "\($0.2)" }),
          ])))
    }
    if !result.failures.isEmpty {
      let shown = result.failures.prefix(12)
      tables.append(
        AnswerTable(
          heading: "Points without a result", caption: "Points without a result",
          table: TextTable([
            .init("point", shown.map(\.place), .left),
            .init("", shown.map(\.status), .left),
            .init("why", shown.map(\.reason), .left),
          ])))
    }
    return tables
  }

  var caveats: [String] {
    var texts: [String] = []
    if result.missing > 0 {
      texts.append("\(result.missing) points are missing: arrays hold not-a-number there.")
    }
    if !result.leftOut.isEmpty {
      texts.append(
        "Series whose length differs between points are left out: "
          + result.leftOut.prefix(12).joined(separator: ", ") + ".")
    }
    if result.damagedLines > 0 {
      texts.append("\(result.damagedLines) lines of the journals are damaged.")
    }
    return texts
  }

  var next: String {
    if result.missing > 0 { return "poise sweep run --into the folder of the sweep" }
    if result.failed + result.timeLimit > 0 { return "poise sweep retry the folder of the sweep" }
    return "--show with other quantities; numpy.load(\"sweep.npz\")"
  }

  func figures(of record: Record) -> [FigureScript] {
    [SweepFigure.script(record)].compactMap { $0 } + SweepMapFigure.scripts(record)
  }

  /// Quantities that vary, two dozen of them.
  private var telling: [SweepResult.Quantity] {
    Array(
      result.quantities.filter { $0.defined > 0 && $0.minimum != $0.maximum }.prefix(24))
  }
}
