import Foundation
import PoiseLab

/// Draws any picture of a study: curves with errors, or a map with curves over it.
enum StudyFigure {
  /// One colour for theory and measurement of one thing.
  private static let colors = [
    Palette.blue, Palette.vermillion, Palette.green, Palette.purple, Palette.orange, Palette.sky,
    Palette.black,
  ]
  private static let symbols = [7, 5, 9, 13, 11, 15, 3]

  static func script(_ panel: StudyPanel) -> FigureScript {
    panel.map == nil ? curves(panel) : map(panel)
  }

  // MARK: curves

  private static func curves(_ panel: StudyPanel) -> FigureScript {
    let names = panel.curves.map(\.name).filter { !$0.isEmpty }
    // Two entries in a line where gnuplot, which takes letters for wider than they are, lets them stand.
    let columns = (names.map(\.count).max() ?? 0) > 20 ? 1 : 2
    let space = 21 * ((names.count + columns - 1) / columns)
    let size = (width: 560, height: 384 + space)
    let (w, h) = (Double(size.width), Double(size.height))
    func place(_ px: Double, _ py: Double) -> String { "screen \(px / w),screen \(py / h)" }
    let top = h - 20 - Double(space)
    var commands = [
      "set lmargin at screen \(96 / w); set rmargin at screen \(1 - 24 / w)",
      "set bmargin at screen \(66 / h); set tmargin at screen \(top / h)",
      names.isEmpty
        ? "unset key"
        : "set key at \(place(88, h - 6)) left top Left reverse horizontal maxcols \(columns) "
          + "font small width -3",
      "set label 91 \(GnuplotText.title(panel.x.title)) at \(place(96 + (w - 120) / 2, 16)) center",
      "set label 90 \(GnuplotText.title(panel.y.title)) at \(place(18, (66 + top) / 2)) center "
        + "rotate by 90",
    ]
    commands += StudyAxis("x", panel.x, panel.curves.flatMap(\.x)).commands
    let heights = panel.curves.flatMap { curve in
      curve.y.indices.flatMap { place -> [Double] in
        guard let y = curve.y[place] else { return [] }
        let error = curve.error?[place] ?? 0
        return [y - error, y + error]
      }
    }
    commands += StudyAxis("y", panel.y, heights).commands
    let plots = panel.curves.enumerated().map { plot($1, block: $0) }
    commands.append("plot " + plots.joined(separator: ", \\\n  "))
    return FigureScript(
      name: panel.name, width: size.width, height: size.height,
      commands: commands.joined(separator: "\n"), data: blocks(panel.curves),
      caption: panel.caption, alternativeText: words(panel))
  }

  /// The arguments of `plot` for a curve in its own block of the data.
  private static func plot(_ curve: StudyPanel.Curve, block: Int) -> String {
    let color = colors[curve.color % colors.count]
    let title = curve.name.isEmpty ? "notitle" : "title \(GnuplotText.title(curve.name))"
    let points = "pt \(symbols[curve.color % symbols.count]) ps 0.6 lc rgb '\(color)'"
    let source = "data index \(block) using 1:2"
    return switch curve.style {
    case .line: "\(source) with lines lw 2.4 lc rgb '\(color)' \(title)"
    case .dashed: "\(source) with lines lw 1.8 dt (8,6) lc rgb '\(color)' \(title)"
    case .points:
      curve.error == nil
        ? "\(source) with points \(points) \(title)"
        : "\(source):3 with yerrorbars lw 1.4 \(points) \(title)"
    }
  }

  /// A curve over a map: black with a white rim, which shows on all colours.
  private static func plotOverMap(_ curve: StudyPanel.Curve, block: Int) -> [String] {
    let source = "data index \(block) using 1:2 with"
    return switch curve.style {
    case .line:
      ["\(source) lines lw 5 lc rgb '#ffffff'", "\(source) lines lw 2.4 lc rgb '#000000'"]
    case .dashed: ["\(source) lines lw 2.4 dt (8,6) lc rgb '#ffffff'"]
    case .points:
      [
        "\(source) points pt 7 ps 0.8 lc rgb '#ffffff'",
        "\(source) points pt 7 ps 0.45 lc rgb '#000000'",
      ]
    }
  }

  /// A block of rows for each curve; a number that does not exist breaks a line.
  private static func blocks(_ curves: [StudyPanel.Curve]) -> String {
    curves.map { curve in
      let errors = curve.error ?? []
      let rows = curve.x.indices.map { place in
        [curve.x[place], curve.y[place], errors.isEmpty ? 0 : errors[place] ?? 0]
      }
      return "# \(curve.name)\n" + GnuplotText.rows(rows) + "\n"
    }.joined(separator: "\n\n")
  }

  // MARK: map

  private static let mapSize = (width: 620, height: 470)
  private static let plot = LabelLayout.Box(left: 92, bottom: 66, width: 380, height: 380)

  private static func map(_ panel: StudyPanel) -> FigureScript {
    guard let map = panel.map else { return curves(panel) }
    let xAxis = PlaneAxis(values: map.x)
    let yAxis = PlaneAxis(values: map.y)
    var lines = ["# \(panel.x.title), \(panel.y.title), \(map.title)"]
    for (row, height) in zip(yAxis.indices, yAxis.positions) {
      for (column, position) in zip(xAxis.indices, xAxis.positions) {
        let value = map.values[row * map.x.count + column]
        lines.append("\(position) \(height) \(GnuplotText.number(value))")
      }
      lines.append("")
    }
    // Curves in the coordinates of the picture, those outside left out.
    let curves = panel.curves.map { curve in
      var placed = curve
      placed.x = curve.x.map { xAxis.isLogarithmic ? log10(max($0, 1e-300)) : $0 }
      placed.y = zip(curve.x, curve.y).map { x, y in
        guard let y, xAxis.position(x) != nil else { return nil }
        return yAxis.position(y)
      }
      return placed
    }
    let gaps = map.values.contains { $0 == nil } ? " White: there is none." : ""
    return FigureScript(
      name: panel.name, width: mapSize.width, height: mapSize.height,
      commands: commands(panel, map, xAxis, yAxis, curves).joined(separator: "\n"),
      data: lines.joined(separator: "\n") + "\n\n" + blocks(curves),
      caption: panel.caption + gaps, alternativeText: words(panel))
  }

  private static func commands(
    _ panel: StudyPanel, _ map: StudyPanel.Map, _ xAxis: PlaneAxis, _ yAxis: PlaneAxis,
    _ curves: [StudyPanel.Curve]
  ) -> [String] {
    let (w, h) = (Double(mapSize.width), Double(mapSize.height))
    var commands = [
      "set lmargin at screen \(plot.left / w); set rmargin at screen \((plot.left + plot.width) / w)",
      "set bmargin at screen \(plot.bottom / h)",
      "set tmargin at screen \((plot.bottom + plot.height) / h)",
      "set xrange [\(xAxis.range.lowerBound):\(xAxis.range.upperBound)]",
      "set yrange [\(yAxis.range.lowerBound):\(yAxis.range.upperBound)]",
      xAxis.tics("x"), yAxis.tics("y"), "unset grid; unset key",
      label(panel.x.title, plot.left + plot.width / 2, 16),
      label(panel.y.title, 18, plot.bottom + plot.height / 2, isUpright: true),
      label(map.title, w - 36, plot.bottom + plot.height / 2, isUpright: true),
      "set colorbox user origin 0.79,\(plot.bottom / h) size 0.03,\(plot.height / h)",
      range(map), "set style textbox opaque margins 0.4,0.4 noborder fillcolor rgb '#ffffff'",
    ]
    commands += curves.compactMap { name(of: $0, xAxis, yAxis) }
    let layers = ["data index 0 using 1:2:3 with image"]
    let plots = curves.enumerated().flatMap { plotOverMap($1, block: $0 + 1) }
    commands.append("plot " + (layers + plots).joined(separator: ", \\\n  "))
    return commands.filter { !$0.isEmpty }
  }

  /// The ends of the colours; zero in the middle where it means something.
  private static func range(_ map: StudyPanel.Map) -> String {
    let known = map.values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return "set cbrange [0:1]" }
    guard map.isDiverging else {
      return low < high
        ? "set cbrange [\(low):\(high)]" : "set cbrange [\(low - max(1e-9, abs(low) / 2)):*]"
    }
    let end = max(abs(low), abs(high), 1e-12)
    return "set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#f7f7f7', 0.5 '#f4a582', "
      + "1 '#b2182b')\nset cbrange [\(-end):\(end)]"
  }

  /// The name of a curve beside it: curves of different colours have theirs at different places.
  private static func name(
    of curve: StudyPanel.Curve, _ xAxis: PlaneAxis, _ yAxis: PlaneAxis
  ) -> String? {
    let inside = curve.x.indices.filter { curve.y[$0] != nil }
    let fractions = [0.67, 0.1, 0.95, 0.5]
    let part = Int(fractions[curve.color % fractions.count] * Double(inside.count))
    guard !curve.name.isEmpty, !inside.isEmpty,
      let y = curve.y[inside[min(part, inside.count - 1)]]
    else { return nil }
    let x = curve.x[inside[min(part, inside.count - 1)]]
    let width = xAxis.range.upperBound - xAxis.range.lowerBound
    let isRight = x > xAxis.range.lowerBound + 0.6 * width
    // Below the line for odd colours, above it for the even ones after the first.
    let up = curve.color == 0 ? 0 : curve.color % 2 == 0 ? 0.7 : -0.6
    return "set label \(GnuplotText.title(curve.name)) at first \(x),first \(y) "
      + "\(isRight ? "right" : "left") offset character \(isRight ? -1 : 1),\(up) front boxed font small"
  }

  private static func label(
    _ text: String, _ px: Double, _ py: Double, isUpright: Bool = false
  ) -> String {
    "set label \(GnuplotText.title(text)) at screen \(px / Double(mapSize.width)),"
      + "screen \(py / Double(mapSize.height)) center\(isUpright ? " rotate by 90" : "")"
  }

  // MARK: words

  /// What a reader who cannot see the picture should know.
  private static func words(_ panel: StudyPanel) -> String {
    func span(_ values: [Double]) -> String {
      guard let low = values.min(), let high = values.max() else { return "nothing" }
      return "\(NumberText.short(low)) to \(NumberText.short(high))"
    }
    // A curve without a name goes with one that has it.
    let curves = panel.curves.filter { !$0.name.isEmpty }.map { curve in
      "\(curve.name) (\(span(curve.y.compactMap { $0 })))"
    }
    let list = curves.isEmpty ? "" : " with \(curves.joined(separator: "; "))"
    guard let map = panel.map else {
      let range = panel.x.names?.joined(separator: ", ") ?? span(panel.curves.flatMap(\.x))
      return "\(panel.y.title) against \(panel.x.title), \(range)\(list)."
    }
    return "Map of \(map.title), \(span(map.values.compactMap { $0 })), over \(panel.x.title), "
      + "\(span(map.x)), and \(panel.y.title), \(span(map.y))\(list)."
  }
}
