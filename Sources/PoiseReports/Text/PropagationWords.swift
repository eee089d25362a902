import Foundation
import PoiseLab

/// Sentence and table of a propagation.
struct PropagationWords: Answer {
  let result: PropagationResult

  init(_ result: PropagationResult) { self.result = result }

  var headline: String {
    var text = "After \(result.depth) layers"
    if let first = result.length.first, let last = result.length.last {
      text += " the length went from \(NumberText.short(first)) to \(NumberText.short(last))"
    }
    if let gap = result.gap.last {
      text += ", two inputs are \(NumberText.short(gap)) short of identical (1 − c)"
    }
    if let gradient = result.logGradient.first {
      let factor =
        abs(gradient) < 600
        ? NumberText.short(exp(gradient)) : "e^\(NumberText.short(gradient))"
      text += "; from the last layer to the first a squared gradient changes by a factor \(factor)"
    }
    return text + "."
  }

  var subject: String { "\(result.ensemble.activation), depth \(result.depth)" }

  var paragraphs: [String] { [PhaseWords.headline(result.fixedPoint)] }

  var tables: [AnswerTable] {
    [AnswerTable(heading: "Layer by layer", caption: result.ensemble.words, table: table)]
  }

  var next: String {
    result.check == nil
      ? "add --check to measure the same on finite networks"
      : "poise advise --activation \(result.ensemble.activation) --depth \(result.depth)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [PropagationFigure.script(record)].compactMap { $0 }
  }

  /// Layers 1, 2, 3, 4, 6, 8, 12, … and the last.
  var rows: [Int] {
    var wanted: Set<Int> = [result.layers.count - 1]
    var layer = 1
    while layer <= result.layers.count {
      wanted.insert(layer - 1)
      if layer > 2, layer + layer / 2 <= result.layers.count { wanted.insert(layer * 3 / 2 - 1) }
      layer *= 2
    }
    return wanted.filter { $0 >= 0 }.sorted()
  }

  var table: TextTable {
    var columns = [
      TextTable.Column("layer", rows.map { "\(result.layers[$0])" })
    ]
    let quantities = [
      ("length q", result.length), ("overlap k", result.overlap), ("gap 1 − c", result.gap),
    ]
    for (title, values) in quantities where values.count == result.layers.count {
      columns.append(.init(title, NumberText.column(rows.map { values[$0] }, digits: 5)))
    }
    if result.logGradient.count == result.layers.count {
      columns.append(
        .init("ln grad", NumberText.fixed(rows.map { result.logGradient[$0] }, decimals: 2)))
    }
    return TextTable(columns)
  }
}
