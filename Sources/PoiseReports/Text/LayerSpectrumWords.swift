import Foundation
import PoiseLab

/// Sentence and table of the singular values of one layer with stable weights.
struct LayerSpectrumWords: Answer {
  let result: LayerSpectrumResult

  init(_ result: LayerSpectrumResult) { self.result = result }

  private var isSingle: Bool { result.curves.count == 1 }

  var subject: String { "\(result.activation), one layer, stable weights" }

  var headline: String {
    guard let curve = result.curves.first else { return "" }
    guard isSingle else {
      return "Singular values of one layer's Jacobian at \(result.curves.count) points (α, σ_w)."
    }
    var text =
      "At α = \(NumberText.short(curve.alpha)), σ_w = \(NumberText.short(curve.scale)) half of the "
      + "singular values of a layer's Jacobian lie below \(value(curve, 0.5)), one in a hundred above "
      + value(curve, 0.99)
    if curve.zeroMass > 0 { text += "; a share \(NumberText.short(curve.zeroMass)) is exactly 0" }
    guard curve.alpha < 2 else { return text + "." }
    let power = NumberText.short(1 + curve.alpha)
    return text + "; the tail is \(NumberText.short(curve.tailConstant)) s^(−\(power)) with slopes "
      + "independent of the weights."
  }

  private func value(_ curve: LayerSpectrumResult.Curve, _ share: Double) -> String {
    let quantile = curve.quantiles.first { $0.share == share }
    if let logarithm = quantile?.logSingularValue { return NumberText.short(exp(logarithm)) }
    return share <= curve.zeroMass ? "0" : "< " + NumberText.short(exp(least(curve)))
  }

  private func least(_ curve: LayerSpectrumResult.Curve) -> Double {
    curve.logSingularValues.first ?? 0
  }

  var paragraphs: [String] {
    guard isSingle, let curve = result.curves.first else { return [] }
    var texts: [String] = []
    if let constant = curve.networkTailConstant {
      texts.append(
        "In a real layer a large weight saturates its own unit: its tail is the faster "
          + "\(NumberText.short(constant)) s^(−\(NumberText.short(2 + curve.alpha))).")
    }
    var mass =
      "The law holds a share \(NumberText.short(1 - curve.massBelow)) above s = "
      + "\(NumberText.short(exp(least(curve))))"
    if curve.zeroMass > 0 { mass += ", zeros counted" }
    if curve.massBelow > 1e-6 {
      mass +=
        "; below, \(NumberText.short(curve.massBelow)), where a share "
        + "\(NumberText.short(curve.saturatedShare)) of the units is saturated"
    }
    texts.append(mass + ".")
    if let ratio = curve.tailRatio {
      let place = NumberText.short(300 * max(1, curve.scale))
      texts.append(
        "At s = \(place) the density is \(NumberText.fixed([ratio], decimals: 5)[0]) of its "
          + "power law.")
    }
    if let check = result.check { texts += [check.statement, check.layerStatement] }
    return texts
  }

  var tables: [AnswerTable] {
    let bias =
      result.biasScale > 0 ? ", σ_b = \(NumberText.short(result.biasScale))" : ", no biases"
    return [
      AnswerTable(
        heading: "Singular values of one layer",
        caption: "\(result.activation), stable weights\(bias); D independent of W but for B₂",
        table: table)
    ]
  }

  var caveats: [String] {
    guard result.curves.contains(where: { $0.alpha < 2 }) else { return [] }
    return [
      "slopes are taken as independent of the weights: the bulk of a layer's Jacobian is described, its "
        + "largest singular values are smaller",
      "networks approach q* only where σ_w is well above σ_c(N): poise tails",
    ]
  }

  var next: String {
    let curve = result.curves.first
    let point =
      "--activation \(result.activation) --alpha \(NumberText.short(curve?.alpha ?? 1.5)) --scale "
      + NumberText.short(curve?.scale ?? 1)
    guard isSingle else { return "a single --alpha and --scale with --check" }
    return result.check == nil
      ? "add --check to overlay the singular values of finite layers" : "poise tails \(point)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [LayerSpectrumFigure.script(record)].compactMap { $0 }
  }

  var table: TextTable {
    let curves = result.curves
    func column(_ share: Double) -> [String] { curves.map { value($0, share) } }
    var columns: [TextTable.Column] = [
      .init("α", NumberText.column(curves.map(\.alpha))),
      .init("σ_w", NumberText.column(curves.map(\.scale))),
      .init(
        "q*", curves.map { $0.logLength.map { TailsWords.power($0) } ?? "0" }),
      .init("M_α", NumberText.column(curves.map(\.slopeMoment))),
    ]
    if curves.contains(where: { $0.zeroMass > 0 }) {
      columns.append(.init("zeros", NumberText.column(curves.map(\.zeroMass))))
    }
    columns += [
      .init("5 %", column(0.05)), .init("median", column(0.5)), .init("95 %", column(0.95)),
      .init("99 %", column(0.99)),
      .init("B", NumberText.column(curves.map { $0.alpha < 2 ? $0.tailConstant : nil })),
      .init("B₂", NumberText.column(curves.map(\.networkTailConstant))),
      .init(
        "E ln s²",
        zip(curves, NumberText.fixed(curves.map(\.meanLogSquare), decimals: 3)).map {
          $0.meanLogSquareCase == "diverges" ? "-infinite" : $1
        }),
    ]
    return TextTable(columns)
  }
}
