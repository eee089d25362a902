import Foundation
public import PoiseLab

/// Quantiles, edges and moments of the singular values against depth.
public enum SpectrumDepthFigure {
  /// Of a `spectrum` record with at least three depths; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .spectrum(let result) = record.result else { return nil }
    let curves = result.curves.sorted { $0.depth < $1.depth }
    guard curves.count > 2, let first = curves.first, let last = curves.last,
      first.depth < last.depth
    else { return nil }
    let rows = curves.map { curve -> [Double?] in
      func quantile(_ share: Double) -> Double? {
        curve.quantiles.first { $0.share == share }?.logSingularValue
      }
      return [
        Double(curve.depth), quantile(0.05), quantile(0.5), quantile(0.95), curve.lowerEdge,
        curve.upperEdge, curve.logMean / 2, curve.relativeVariance,
      ]
    }
    let shown = rows.flatMap { $0[1...6] }.compactMap { $0 }
    let spreads = curves.map(\.relativeVariance)
    let panels = [
      Panel(
        yLabel: GnuplotText.title("ln s"), values: shown,
        before: [
          "set key at graph 0.03, graph 0.04 left bottom Left reverse vertical maxrows 4 width 0 "
            + "font small"
        ],
        plots: [
          "data using 1:2:4 with filledcurves lt 1 lc rgb '#cfe3f0' title '5 to 95 %'",
          "data using 1:3 with lines ls 1 title 'median'",
          "data using 1:7 with lines ls 3 title '½ ln E s²'",
          "data using 1:6 with lines lt 1 dt 2 lw 2 lc rgb '#222222' title 'edges'",
          "data using 1:5 with lines lt 1 dt 2 lw 2 lc rgb '#222222' notitle",
        ]),
      Panel(
        yLabel: GnuplotText.title("spread v"), isLogarithmic: Panel.wantsLogarithm(spreads),
        values: spreads, before: ["unset key"],
        plots: ["data using 1:8 with lines ls 2 notitle"]),
    ]
    var stack = PanelStack(
      panels: panels, xLabel: "'depth'", xRange: Double(first.depth)...Double(last.depth),
      isLogarithmicX: Double(last.depth) > 8 * Double(first.depth))
    stack.panelHeight = 240
    return FigureScript(
      name: "spectrum-depth", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# depth, ln s at 5, 50, 95 %, edges in ln s, half ln of mean s^2, v\n"
        + GnuplotText.rows(rows) + "\n",
      caption: "Singular values of the Jacobian of \(result.ensemble.activation) networks with "
        + "\(result.ensemble.weights) weights against depth: quantiles and edges above, relative "
        + "variance of s² below.",
      alternativeText: "v from \(NumberText.short(spreads[0])) at depth \(first.depth) to "
        + "\(NumberText.short(spreads[spreads.count - 1])) at depth \(last.depth).")
  }
}
