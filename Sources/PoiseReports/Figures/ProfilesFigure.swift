import Foundation
public import PoiseLab

/// Theory against finite networks, layer by layer: lines and points with error bars.
public enum ProfilesFigure {
  /// Length and overlap of the check of any record; nil where nothing was checked.
  public static func script(_ record: Record) -> FigureScript? {
    guard let check = record.check else { return nil }
    let series = check.series.filter { $0.quantity != "gradient" && !$0.layers.isEmpty }
    guard !series.isEmpty, let last = series.compactMap({ $0.layers.max() }).max() else {
      return nil
    }
    let curves = series.enumerated().map { SeriesCurve($1, index: $0) }
    let stack = PanelStack(
      panels: curves.map(\.panel), xLabel: "'layer'", xRange: 0...(Double(last) + 0.5))
    return FigureScript(
      name: "profiles", width: stack.width, height: stack.height, commands: stack.commands(),
      data: curves.map(\.data).joined(separator: "\n\n"),
      caption: "Lines: theory at width \(check.width)"
        + (curves.contains(where: \.showsInfinite) ? ", dashed at infinite width" : "")
        + ". Points: mean over \(check.networks) networks, bars one standard error"
        + (curves.contains { $0.stride > 1 } ? ", not every layer is marked" : "") + ".",
      alternativeText: "Layer profiles of "
        + series.map(\.quantity).joined(separator: " and ") + ", theory and measurement. "
        + check.statement)
  }
}

/// One compared quantity as a panel.
struct SeriesCurve {
  let series: CheckResult.Series
  let index: Int
  let stride: Int
  let showsInfinite: Bool

  init(_ series: CheckResult.Series, index: Int) {
    self.series = series
    self.index = index
    stride = series.layers.count > 40 ? (series.layers.count + 19) / 20 : 1
    let logarithmic = Panel.wantsLogarithm(series.corrected)
    let spread = (series.corrected.max() ?? 0) - (series.corrected.min() ?? 0)
    let scale = max(spread, 0.05 * (series.corrected.map { abs($0) }.max() ?? 1))
    showsInfinite = zip(series.theory, series.corrected).contains { theory, corrected in
      logarithmic
        ? abs(theory - corrected) > 0.03 * abs(corrected) : abs(theory - corrected) > 0.015 * scale
    }
  }

  var panel: Panel {
    let color = Palette.color(of: series.quantity)
    var plots = [
      "data index \(index) using 1:3 with lines lt 1 lw 2.4 lc rgb '\(color)' title 'theory'"
    ]
    if showsInfinite {
      plots.append(
        "data index \(index) using 1:2 with lines dt 2 lw 1.6 lc rgb '\(color)' "
          + "title 'infinite width'")
    }
    plots.append(
      "data index \(index) every \(stride) using 1:4:5 with yerrorbars pt 7 ps 0.75 lw 1.4 "
        + "lc rgb '#222222' title 'networks'")
    return Panel(
      yLabel: GnuplotText.title(series.title),
      isLogarithmic: Panel.wantsLogarithm(series.corrected + series.measured), values: values,
      plots: plots)
  }

  private var values: [Double] {
    let bars = zip(series.measured, series.standardError).flatMap { [$0 - $1, $0 + $1] }
    return series.corrected + (showsInfinite ? series.theory : [])
      + (Panel.wantsLogarithm(series.corrected + series.measured) ? series.measured : bars)
  }

  var data: String {
    let rows = series.layers.indices.map { layer -> [Double?] in
      [
        Double(series.layers[layer]), series.theory[layer], series.corrected[layer],
        series.measured[layer], series.standardError[layer],
      ]
    }
    return "# \(series.quantity): layer, infinite width, theory, measured, standard error\n"
      + GnuplotText.rows(rows) + "\n"
  }
}
