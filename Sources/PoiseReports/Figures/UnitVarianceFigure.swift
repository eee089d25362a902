import Foundation
import PoiseLab

/// Variance of a unit over inputs by layer: classic and corrected mean field, and networks.
enum UnitVarianceFigure {
  /// The variances of a `bottleneck` record; nil for others.
  static func script(_ record: Record) -> FigureScript? {
    guard case .bottleneck(let result) = record.result, result.layers.count > 1 else { return nil }
    let layers = result.layers
    let theory = layers.map { layer -> [Double?] in
      [Double(layer.layer), layer.classicVariance, layer.correctedVariance]
    }
    let measured = layers.map { layer -> [Double?] in
      [Double(layer.layer), layer.measuredVariance, layer.varianceError ?? 0]
    }
    let values =
      layers.flatMap { [$0.classicVariance, $0.correctedVariance, $0.measuredVariance] }
      .filter { $0 > 0 }
    guard !values.isEmpty else { return nil }
    let panel = Panel(
      yLabel: GnuplotText.title("variance over inputs"),
      isLogarithmic: Panel.wantsLogarithm(values),
      values: values
        + [0].filter { _ in
          !Panel.wantsLogarithm(values)
        },
      plots: [
        "data index 0 using 1:2 with linespoints lt 1 dt 2 lw 2 pt 6 ps 0.4 "
          + "lc rgb '\(Palette.orange)' title 'classic mean field'",
        "data index 0 using 1:3 with linespoints lt 1 lw 2.4 pt 7 ps 0.4 "
          + "lc rgb '\(Palette.blue)' title 'corrected'",
        "data index 1 using 1:2:3 with yerrorbars pt 7 ps 0.8 lw 1.4 lc rgb '#222222' "
          + "title '\(result.networks) \(result.networks == 1 ? "network" : "networks")'",
      ])
    var stack = PanelStack(
      panels: [panel], xLabel: GnuplotText.title("layer"),
      xRange: 0.8...(Double(layers.count) + 0.2))
    stack.panelHeight = 300
    return FigureScript(
      name: "variance", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# layer, classic, corrected\n" + GnuplotText.rows(theory)
        + "\n\n\n# layer, measured, standard error\n" + GnuplotText.rows(measured) + "\n",
      caption: "Variance of one unit over inputs at fixed weights, before its noise, "
        + "\(result.ensemble.activation), σ_w² = "
        + "\(NumberText.short(result.ensemble.weightVariance)), σ_b² = "
        + "\(NumberText.short(result.ensemble.biasVariance)): classic mean field, corrected, and "
        + "networks of width \(result.width) with one standard error.",
      alternativeText: "Classic and corrected variance of a unit by layer beside measured ones.")
  }
}
