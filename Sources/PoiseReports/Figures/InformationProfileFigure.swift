import Foundation
public import PoiseLab

/// Information by layer: the band between the bounds, the exact value, what is linearly decodable, and
/// measured points.
public enum InformationProfileFigure {
  /// Of an `information` record at one weight variance with at least two layers; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .information(let result) = record.result, result.weightVariances.count == 1 else {
      return nil
    }
    let points = result.points.sorted { $0.layer < $1.layer }
    guard points.count > 1, let last = points.last else { return nil }
    let rows = points.map { point -> [Double?] in
      [
        Double(point.layer), point.lower, point.exact, point.upper,
        point.linear.map { max(0, $0) }, point.classic,
      ]
    }
    var plots = [
      "data index 0 using 1:2:4 with filledcurves lt 1 lc rgb '#cfe3f0' title 'bounds'",
      "data index 0 using 1:3 with lines ls 1 title 'exact'",
      "data index 0 using 1:5 with lines ls 2 dt 2 title 'linear'",
    ]
    var blocks = [GnuplotText.rows(rows)]
    if let measured = result.check?.series.first(where: { $0.quantity == "information" }) {
      blocks.append(
        GnuplotText.rows(
          measured.layers.indices.map {
            [Double(measured.layers[$0]), measured.measured[$0], measured.standardError[$0]]
          }))
      plots.append(
        "data index 1 using 1:2:3 with yerrorbars pt 7 ps 0.75 lw 1.4 lc rgb '#222222' "
          + "title 'networks'")
    }
    let shown = points.flatMap { [$0.lower, $0.upper] } + points.compactMap(\.exact)
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: "'nats per neuron'", values: [0] + shown,
          before: ["set key width -2"] + LayerAxis.commands(last: last.layer), plots: plots)
      ],
      xLabel: "'layer'", xRange: 1...Double(last.layer))
    stack.panelHeight = 310
    return FigureScript(
      name: "information-layers", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data: "# layer; lower, exact, upper, linear, classic: nats per neuron\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption: "Information between input and layer of \(result.ensemble.activation) networks with "
        + "\(result.ensemble.weights) weights, \(InformationWords(result).noiseWords): band between "
        + "the best bounds, exact value, linearly decodable part."
        + (result.check == nil ? "" : " Points: nested Monte Carlo on networks of a few units."),
      alternativeText:
        "Exact information from \(NumberText.short(points[0].exact ?? points[0].lower)) "
        + "at layer 1 to \(NumberText.short(last.exact ?? last.lower)) at layer \(last.layer).")
  }
}
