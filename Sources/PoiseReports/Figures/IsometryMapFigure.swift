import Foundation
public import PoiseLab

/// ln v over weight variance and depth, with the lines that bound the isometric networks.
public enum IsometryMapFigure {
  static let width = 620
  static let height = 500
  static let plot = LabelLayout.Box(left: 82, bottom: 66, width: 390, height: 386)

  /// The map of a `spectrum` record; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .spectrum(let result) = record.result, let map = result.map,
      Set(map.weightVariances).count > 1, Set(map.depths).count > 1
    else { return nil }
    let x = PlaneAxis(values: map.weightVariances)
    let y = PlaneAxis(values: map.depths.map { Double($0) })
    let data = [cells(map, x, y), nodes(map, x, y)].joined(separator: "\n\n\n") + "\n"
    return FigureScript(
      name: "isometry-map", width: width, height: height,
      commands: commands(map, x, y).joined(separator: "\n"), data: data,
      caption: caption(map, result.ensemble), alternativeText: alternativeText(map))
  }

  /// Pixels: position on x, on y, ln v.
  private static func cells(_ map: IsometryMap, _ x: PlaneAxis, _ y: PlaneAxis) -> String {
    var lines = ["# position on x, on y, ln v (nan where lengths diverge)"]
    for (row, place) in zip(y.indices, y.positions) {
      for (column, position) in zip(x.indices, x.positions) {
        let v = map.relativeVariance(row: row, column: column)
        // v = 0 is below every colour.
        let value = v.map { $0 > 0 ? log($0) : -1e3 } ?? .nan
        lines.append(String(format: "%.6g %.6g %.5g", position, place, value))
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  /// The computed points: position on x, on y, ln v, ln E s²; for the contours.
  private static func nodes(_ map: IsometryMap, _ x: PlaneAxis, _ y: PlaneAxis) -> String {
    var lines = ["# the same at the computed points, and ln E s²"]
    for (row, depth) in map.depths.enumerated() {
      for (column, variance) in map.weightVariances.enumerated() {
        guard let px = x.position(variance), let py = y.position(Double(depth)) else { continue }
        let v = map.relativeVariance(row: row, column: column)
        let values = [
          px, py, v.map { log(max($0, 1e-300)) }, map.logMean(row: row, column: column),
        ]
        lines.append(values.map { GnuplotText.number($0) }.joined(separator: " "))
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private static func commands(
    _ map: IsometryMap, _ x: PlaneAxis, _ y: PlaneAxis
  ) -> [String] {
    let (w, h) = (Double(width), Double(height))
    let (low, high) = colors(map)
    var lines = [
      "set lmargin at screen \(plot.left / w); set rmargin at screen \((plot.left + plot.width) / w)",
      "set bmargin at screen \(plot.bottom / h)",
      "set tmargin at screen \((plot.bottom + plot.height) / h)",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.lowerBound):\(y.range.upperBound)]",
      x.tics("x"), y.tics("y"), "unset grid",
      label("weight variance σ_w²", plot.left + plot.width / 2, 16),
      label("depth", 18, plot.bottom + plot.height / 2, isUpright: true),
      "set cbrange [\(low):\(high)]",
      "set colorbox user origin 0.8,\(plot.bottom / h) size 0.03,\(plot.height / h)",
      label(
        "ln v, relative variance of s²", w - 15, plot.bottom + plot.height / 2, isUpright: true),
      "set key at screen \(plot.left / w),screen \((h - 12) / h) left top Left reverse vertical "
        + "maxrows 1 samplen 1.8 width -4 font small",
      "set contour base; unset surface; set view map",
      "set cntrparam levels discrete 0",
      "set table $isometric; splot data index 1 using 1:2:3 with lines; unset table",
      "set cntrparam levels discrete -1, 1",
      "set table $mean; splot data index 1 using 1:2:4 with lines; unset table",
      "unset contour; set surface",
    ]
    let edge = map.criticalWeightVariances.compactMap { x.position($0) }
    for place in edge {
      lines.append(
        "set arrow from first \(place), graph 0 to first \(place), graph 1 nohead lt 1 lw 1.6 "
          + "lc rgb '#ffffff' front")
    }
    var plots = [
      "data index 0 using 1:2:3 with image notitle",
      "$isometric using 1:2 with lines lt 1 lw 2.6 lc rgb '\(Palette.vermillion)' title 'v = 1'",
      "$mean using 1:2 with lines lt 1 dt 2 lw 2.2 lc rgb '#000000' title 'E s² = e^{±1}'",
    ]
    if !edge.isEmpty {
      plots.append("NaN with lines lt 1 lw 1.6 lc rgb '#bbbbbb' title 'edge of chaos (white)'")
    }
    lines.append("plot " + plots.joined(separator: ", \\\n  "))
    return lines.filter { !$0.isEmpty }
  }

  /// Ends of the colours: all but the extreme twentieths, whole numbers.
  private static func colors(_ map: IsometryMap) -> (low: Double, high: Double) {
    var values: [Double] = []
    for row in map.depths.indices {
      for column in map.weightVariances.indices {
        if let v = map.relativeVariance(row: row, column: column), v > 0 { values.append(log(v)) }
      }
    }
    values.sort()
    guard !values.isEmpty else { return (-1, 1) }
    let low = values[values.count / 20].rounded(.down)
    let high = values[values.count - 1 - values.count / 20].rounded(.up)
    return (low, max(high, low + 1))
  }

  private static func label(
    _ text: String, _ px: Double, _ py: Double, isUpright: Bool = false
  ) -> String {
    "set label \(GnuplotText.title(text)) at screen \(px / Double(width)),"
      + "screen \(py / Double(height)) center\(isUpright ? " rotate by 90" : "")"
  }

  private static func caption(_ map: IsometryMap, _ ensemble: EnsembleSummary) -> String {
    "Relative variance v of the squared singular values of the end-to-end Jacobian of "
      + "\(ensemble.activation) networks with \(ensemble.weights) weights, σ_b² = "
      + "\(NumberText.short(ensemble.biasVariance)). Networks are isometric below the line v = 1 "
      + "and between the dashed lines, which close in on the edge of chaos as depth grows."
  }

  private static func alternativeText(_ map: IsometryMap) -> String {
    "Map of ln v over weight variance from \(NumberText.short(map.weightVariances.min() ?? 0)) to "
      + "\(NumberText.short(map.weightVariances.max() ?? 0)) and depth from "
      + "\(map.depths.min() ?? 0) to \(map.depths.max() ?? 0)."
  }
}
