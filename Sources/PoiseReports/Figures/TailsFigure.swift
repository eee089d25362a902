import Foundation
public import PoiseLab

/// Lengths and growth rates over the scale, one colour per α; at a single point ln q layer by layer.
public enum TailsFigure {
  /// The figure of a `tails` record; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .tails(let result) = record.result, let first = result.points.first else {
      return nil
    }
    return result.points.count == 1 ? settling(result, first) : lines(result)
  }

  private static let colors = [
    Palette.blue, Palette.vermillion, Palette.green, Palette.orange, Palette.purple, Palette.sky,
  ]

  private static func lines(_ result: TailsResult) -> FigureScript? {
    let alphas = result.points.map(\.alpha).reduce(into: [Double]()) { list, alpha in
      if !list.contains(alpha) { list.append(alpha) }
    }
    let scales = result.points.map(\.scale)
    guard let low = scales.min(), let high = scales.max(), low < high else { return nil }
    var (lengthPlots, growthPlots, blocks) = ([String](), [String](), [String]())
    for (index, alpha) in alphas.prefix(colors.count).enumerated() {
      let rows = result.points.filter { $0.alpha == alpha }.sorted { $0.scale < $1.scale }.map {
        point -> [Double?] in
        [
          point.scale, point.logLength.map { $0 / log(10) }, point.growthRate, point.lyapunov,
          point.lyapunovError,
        ]
      }
      blocks.append(
        "# alpha \(alpha): scale, log10 q*, growth, lambda, error\n" + GnuplotText.rows(rows) + "\n"
      )
      let color = "lc rgb '\(colors[index])'"
      lengthPlots.append(
        "data index \(index) using 1:2 with lines lt 1 lw 2.4 \(color) "
          + "title 'α = \(NumberText.short(alpha))'")
      growthPlots.append("data index \(index) using 1:3 with lines lt 1 lw 2.4 \(color)")
      if result.pool != nil {
        growthPlots.append("data index \(index) using 1:4:5 with yerrorbars pt 7 ps 0.6 \(color)")
      }
    }
    let lengths = result.points.compactMap(\.logLength).map { max($0 / log(10), -12) }
    let rates = result.points.flatMap { [$0.growthRate, $0.lyapunov] }.compactMap { $0 }
    let stack = PanelStack(
      panels: [
        Panel(yLabel: "'log_{10} q*'", values: lengths, plots: lengthPlots),
        Panel(
          yLabel: "'growth per layer'", values: rates + [0],
          before: [
            "set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead dt 2 lw 1.2 lc rgb '#555555'"
          ],
          plots: growthPlots),
      ],
      xLabel: GnuplotText.title("scale σ_w"), xRange: low...high,
      isLogarithmicX: low > 0 && high / low > 30)
    var caption =
      "\(result.activation), stable weights. Above: length q* at infinite width. Below, lines: exact "
      + "growth ln σ_w + m_N of a small signal at width \(result.width); it dies left of the zero."
    if let pool = result.pool { caption += " Points: λ of a pool of \(pool) units." }
    return FigureScript(
      name: "tails", width: stack.width, height: stack.height, commands: stack.commands(),
      data: blocks.joined(separator: "\n\n"), caption: caption,
      alternativeText: "Length and growth over the scale from \(NumberText.short(low)) to "
        + "\(NumberText.short(high)) for α = "
        + alphas.map { NumberText.short($0) }.joined(separator: ", ") + ".")
  }

  private static func settling(_ result: TailsResult, _ point: TailsResult.Point) -> FigureScript? {
    guard point.logLengths.count > 1 else { return nil }
    let values = point.logLengths.map { $0 / log(10) }
    let rows = values.enumerated().map { [Double($0), $1] as [Double?] }
    var before: [String] = []
    if let length = point.logLength {
      let y = length / log(10)
      before = [
        "set arrow 1 from graph 0, first \(y) to graph 1, first \(y) nohead dt 2 lw 1.2 lc rgb '#555555'",
        "set label 1 'q*' at graph 0.96, first \(y) offset 0,0.6 font small",
      ]
    }
    let stack = PanelStack(
      panels: [
        Panel(
          yLabel: "'log_{10} q'", values: values + (point.logLength.map { [$0 / log(10)] } ?? []),
          before: before, plots: ["data using 1:2 with linespoints ls 1 pt 7 ps 0.4"])
      ], xLabel: "'layer'", xRange: 0...Double(values.count - 1))
    return FigureScript(
      name: "tails", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# layer, log10 q\n" + GnuplotText.rows(rows) + "\n",
      caption: "\(result.activation), α = \(NumberText.short(point.alpha)), σ_w = "
        + "\(NumberText.short(point.scale)): the length layer by layer at infinite width, from q = 1.",
      alternativeText: "log10 q from 0 to \(NumberText.short(values.last ?? 0)) over "
        + "\(values.count - 1) layers.")
  }
}
