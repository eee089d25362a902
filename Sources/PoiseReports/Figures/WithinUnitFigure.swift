import Foundation
public import PoiseLab

/// Variance of one unit over inputs: corrected against classic, and measured.
public enum WithinUnitFigure {
  /// Of an `information` record at one weight variance with at least two layers; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .information(let result) = record.result, result.weightVariances.count == 1 else {
      return nil
    }
    let points = result.points.sorted { $0.layer < $1.layer }
    guard points.count > 1, let last = points.last,
      points.contains(where: { $0.length - $0.overInputs > 1e-6 * $0.length })
    else { return nil }
    var blocks = [
      GnuplotText.rows(
        points.map { [Double($0.layer), $0.overInputs, $0.length, $0.overNoise] })
    ]
    var plots = [
      "data index 0 using 1:2 with lines ls 1 title 'corrected c'",
      "data index 0 using 1:3 with lines ls 3 dt 2 title 'classic q'",
    ]
    if let measured = result.check?.series.first(where: { $0.quantity == "overInputs" }) {
      blocks.append(
        GnuplotText.rows(
          measured.layers.indices.map {
            [Double(measured.layers[$0]), measured.measured[$0], measured.standardError[$0]]
          }))
      plots.append(
        "data index 1 using 1:2:3 with yerrorbars pt 7 ps 0.75 lw 1.4 lc rgb '#222222' "
          + "title 'networks'")
    }
    let shown = points.flatMap { [$0.overInputs, $0.length] }
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: "'variance over inputs'", isLogarithmic: Panel.wantsLogarithm(shown),
          values: shown, before: ["set key width -2"] + LayerAxis.commands(last: last.layer),
          plots: plots)
      ],
      xLabel: "'layer'", xRange: 1...Double(last.layer))
    stack.panelHeight = 300
    return FigureScript(
      name: "within-unit", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# layer; corrected variance c, classic variance q, variance over noise v\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption:
        "Variance of a unit over inputs at fixed weights: corrected mean field, and the classic "
        + "q that counts the frozen means of the units too."
        + (result.check == nil ? "" : " Points: finite networks, extrapolated to infinite width."),
      alternativeText: "At layer \(last.layer) the classic variance is "
        + "\(NumberText.short(last.length / max(last.overInputs, 1e-300))) times the corrected one."
    )
  }
}
