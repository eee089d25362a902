import Foundation
import PoiseLab

/// Sentence and table of a spectrum.
struct SpectrumWords: Answer {
  let result: SpectrumResult

  init(_ result: SpectrumResult) { self.result = result }

  /// What a map varies over.
  private var title: String {
    let ensemble = result.ensemble
    return "\(ensemble.activation), \(ensemble.weights) weights, σ_b² = "
      + NumberText.short(ensemble.biasVariance)
  }

  var headline: String {
    if let map = result.map { return IsometryMapWords(map, result.ensemble).headline }
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
    let caption =
      result.map == nil ? "\(result.ensemble.words); logarithms of singular values" : title
    let numbers = AnswerTable(heading: "Numbers", caption: caption, table: table)
    guard let isometricTable else { return [numbers] }
    return [
      numbers, AnswerTable(heading: "Isometry", caption: isometricTitle, table: isometricTable),
    ]
  }

  var next: String {
    let name = result.ensemble.activation
    if let map = result.map {
      return "poise advise --activation \(name) --depth \(map.depths.max() ?? 16) --width 256"
    }
    if result.curves.count > 1 { return "one --depth and --check for finite networks beside it" }
    return result.check == nil
      ? "add --check to overlay the singular values of finite networks"
      : "poise advise --activation \(name) --depth \(result.curves[0].depth) --width "
        + "\(result.check?.width ?? 256)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [
      IsometryMapFigure.script(record), SpectrumFigure.script(record),
      SpectrumDepthFigure.script(record), IsometryLineFigure.script(record),
    ].compactMap { $0 }
  }

  var table: TextTable {
    if let map = result.map { return IsometryMapWords(map, result.ensemble).table }
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

  /// Heading of the isometric variances.
  var isometricTitle: String {
    let v = result.isometric?.first?.relativeVariance ?? 1
    return "Critical variances at which orthogonal weights have v = \(NumberText.short(v))"
  }

  /// At every depth, or a dozen of them, where v is as wanted; nil where it is nowhere.
  var isometricTable: TextTable? {
    guard let all = result.isometric, all.contains(where: { $0.length != nil }) else { return nil }
    let points = TextLayout.thinned(all, to: 12)
    return TextTable([
      .init("depth", points.map { "\($0.depth)" }),
      .init("σ_w²", NumberText.fixed(points.map(\.weightVariance), decimals: 6)),
      .init("σ_b²", NumberText.column(points.map(\.biasVariance), digits: 4)),
      .init("q*", NumberText.column(points.map(\.length), digits: 4)),
    ])
  }
}
