import Foundation
public import PoiseLab

/// The answer of `spectrum` for a terminal.
public enum SpectrumText {
  /// First the answer, then a table with a row per depth, the check, files, what next.
  public static func render(
    _ record: Record, style: TextStyle, files: [String] = [], next: String? = nil
  ) -> String {
    guard case .spectrum(let result) = record.result else { return "" }
    var text = AnswerText(style: style)
    let words = SpectrumWords(result)
    text.headline(words.headline)
    text.table(
      "\(result.ensemble.activation), \(result.ensemble.weights) weights, σ_w² = "
        + "\(NumberText.short(result.ensemble.weightVariance)), σ_b² = "
        + NumberText.short(result.ensemble.biasVariance), words.table)
    if let check = result.check { text.paragraph(check.statement) }
    text.files(files)
    text.next(
      next
        ?? (result.check == nil
          ? "add --check to overlay the singular values of finite networks"
          : "poise advise --activation \(result.ensemble.activation) --depth "
            + "\(result.curves[0].depth) --width \(result.check?.width ?? 256)"))
    return text.text
  }
}

/// Sentence and table of a spectrum.
struct SpectrumWords {
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
