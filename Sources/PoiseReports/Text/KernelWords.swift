import PoiseLab

/// Sentence and table of a kernel.
struct KernelWords: Answer {
  let result: KernelResult

  init(_ result: KernelResult) { self.result = result }

  private var name: String { result.kind.uppercased() }

  var headline: String {
    if let regression = result.regression {
      return "Regression with the \(name) of depth \(result.depth) on \(regression.trainRows) rows "
        + "puts \(NumberText.short(100 * regression.accuracy)) % of \(regression.testRows) test "
        + "rows into the right class."
    }
    return "\(name) of \(result.rows) × \(result.columns) inputs at depth \(result.depth): "
      + "\(NumberText.short(result.meanDiagonal)) on the diagonal"
      + (result.meanOffDiagonal.map { ", \(NumberText.short($0)) off it" } ?? "") + " on average."
  }

  var subject: String { "\(result.ensemble.activation), depth \(result.depth)" }

  var tables: [AnswerTable] {
    [
      AnswerTable(
        heading: "Numbers", caption: "\(result.ensemble.words), data \(result.data.name)",
        table: table)
    ]
  }

  var written: [String] { result.file.map { [$0] } ?? [] }

  func figures(of record: Record) -> [FigureScript] {
    [KernelFigure.script(result)].compactMap { $0 }
  }

  /// Values by name.
  var table: TextTable {
    var rows: [(String, String)] = [
      ("mean of the diagonal", NumberText.short(result.meanDiagonal))
    ]
    if let value = result.meanOffDiagonal {
      rows.append(("mean off the diagonal", NumberText.short(value)))
    }
    if result.kind == "ntk" { rows.append(("parametrisation", result.parametrization)) }
    if let regression = result.regression {
      rows += [
        ("test accuracy", NumberText.short(regression.accuracy)),
        ("mean squared error", NumberText.short(regression.meanSquaredError)),
        ("noise variance", NumberText.short(regression.noiseVariance)),
        ("jitter", NumberText.short(regression.jitter)),
      ]
      if let variance = regression.meanVariance {
        rows.append(("mean posterior variance", NumberText.short(variance)))
      }
    }
    return TextTable([.init("quantity", rows.map(\.0), .left), .init("value", rows.map(\.1))])
  }

  var caveats: [String] {
    var all: [String] = []
    if let jitter = result.regression?.jitter, jitter > 0 {
      all.append(
        "The kernel was not positive definite; \(NumberText.short(jitter)) was added to its diagonal."
      )
    }
    if let tiles = result.resumedTiles, tiles > 0 {
      all.append("Resumed: \(tiles) tiles of an earlier run were kept.")
    }
    return all
  }

  var next: String {
    if result.regression == nil, result.file == nil {
      return "add --output-file K.npy to keep the matrix, --regress to learn the labels with it"
    }
    return result.check == nil
      ? "add --check to measure the same on finite networks"
      : "poise phase --activation \(result.ensemble.activation)"
  }
}
