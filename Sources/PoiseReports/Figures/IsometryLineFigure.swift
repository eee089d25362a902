import Foundation
public import PoiseLab

/// The critical variances that keep v, against depth.
public enum IsometryLineFigure {
  /// Of a `spectrum` record with at least three depths that have such variances; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .spectrum(let result) = record.result, let all = result.isometric else { return nil }
    let points = all.filter { $0.length != nil }.sorted { $0.depth < $1.depth }
    guard points.count > 2, let first = points.first, let last = points.last,
      first.depth < last.depth
    else { return nil }
    let rows = points.map {
      [Double($0.depth), $0.length, $0.weightVariance, $0.biasVariance] as [Double?]
    }
    let panels = [
      panel("length q*", points.map(\.length), column: 2, color: Palette.blue),
      panel("σ_w²", points.map(\.weightVariance), column: 3, color: Palette.vermillion),
      panel("σ_b²", points.map(\.biasVariance), column: 4, color: Palette.green),
    ]
    let isLogarithmic = Double(last.depth) > 8 * Double(first.depth)
    var stack = PanelStack(
      panels: panels, xLabel: "'depth'", xRange: Double(first.depth)...Double(last.depth),
      isLogarithmicX: isLogarithmic)
    stack.panelHeight = 170
    let v = NumberText.short(first.relativeVariance)
    return FigureScript(
      name: "isometry-line", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# depth, q*, weight variance, bias variance\n" + GnuplotText.rows(rows) + "\n",
      caption: "Critical variances at which orthogonal \(result.ensemble.activation) networks keep "
        + "v = \(v): the deeper the network, the nearer to the linear one they have to start.",
      alternativeText: "Isometric critical point by depth: weight variance from "
        + "\(NumberText.short(first.weightVariance ?? 0)) at depth \(first.depth) to "
        + "\(NumberText.short(last.weightVariance ?? 0)) at depth \(last.depth).")
  }

  private static func panel(
    _ name: String, _ values: [Double?], column: Int, color: String
  ) -> Panel {
    let known = values.compactMap { $0 }
    return Panel(
      yLabel: GnuplotText.title(name), isLogarithmic: Panel.wantsLogarithm(known), values: known,
      plots: ["data using 1:\(column) with linespoints lt 1 lw 2.2 pt 7 ps 0.4 lc rgb '\(color)'"])
  }
}
