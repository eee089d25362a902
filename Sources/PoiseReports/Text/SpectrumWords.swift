import Foundation
import PoiseLab

/// Sentence and table of a spectrum.
struct SpectrumWords: Answer {
  let result: SpectrumResult

  init(_ result: SpectrumResult) { self.result = result }

  var headline: String {
    guard let curve = result.curves.last else { return "" }
    let v = NumberText.short(curve.relativeVariance)
    let isometry =
      curve.relativeVariance <= 1
      ? "isometric" : (curve.relativeVariance <= 16 ? "uneven" : "far from isometric")
    var text = "At depth \(curve.depth) the Jacobian is \(isometry): v = \(v)"
    if let upper = curve.upperEdge { text += ", largest singular value \(exponential(upper))" }
    if let median = curve.quantiles.first(where: { $0.share == 0.5 })?.logSingularValue {
      text += ", median \(exponential(median))"
    }
    if curve.zeroMass > 0 { text += "; a share \(NumberText.short(curve.zeroMass)) is exactly 0" }
    return text + "."
  }

  /// e^x as a number where it can be written, else as a power.
  private func exponential(_ value: Double) -> String {
    abs(value) < 60 ? NumberText.short(exp(value)) : "e^\(NumberText.short(value))"
  }

  var subject: String { result.ensemble.activation }

  var paragraphs: [String] { result.check.map { [$0.statement] } ?? [] }

  var tables: [AnswerTable] {
    [
      AnswerTable(
        heading: "Numbers", caption: "\(result.ensemble.words); logarithms of singular values",
        table: table)
    ]
  }

  var next: String {
    result.check == nil
      ? "add --check to overlay the singular values of finite networks"
      : "poise advise --activation \(result.ensemble.activation) --depth "
        + "\(result.curves[0].depth) --width \(result.check?.width ?? 256)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [SpectrumFigure.script(record)].compactMap { $0 }
  }

  var table: TextTable {
    let curves = result.curves
    func quantile(_ share: Double) -> [String] {
      NumberText.fixed(
        curves.map { $0.quantiles.first { $0.share == share }?.logSingularValue }, decimals: 3)
    }
    return TextTable([
      .init("depth", curves.map { "\($0.depth)" }),
      .init("ln E s²", NumberText.fixed(curves.map(\.logMean), decimals: 3)),
      .init("v", NumberText.column(curves.map(\.relativeVariance), digits: 4)),
      .init("zeros", NumberText.fixed(curves.map(\.zeroMass), decimals: 4)),
      .init(
        "atoms",
        NumberText.fixed(curves.map { $0.atoms.reduce(0) { $0 + $1.mass } }, decimals: 4)),
      .init("ln s₋", NumberText.fixed(curves.map(\.lowerEdge), decimals: 3)),
      .init("5 %", quantile(0.05)), .init("median", quantile(0.5)), .init("95 %", quantile(0.95)),
      .init("ln s₊", NumberText.fixed(curves.map(\.upperEdge), decimals: 3)),
    ])
  }
}
