import PoiseLab

/// The kernel of some inputs as a map, sorted by label: blocks on the diagonal are classes that the
/// network tells apart before it has learned anything.
enum KernelFigure {
  private static let width = 590
  private static let height = 460
  /// More labels than this cannot be told apart.
  private static let mostLabels = 30

  static func script(_ result: KernelResult) -> FigureScript? {
    guard let map = result.map, map.rows > 1 else { return nil }
    let name = result.kind.uppercased()
    let sorted = map.labels == nil ? "in their order" : "sorted by label"
    return FigureScript(
      name: "kernel", width: width, height: height,
      commands: commands(map, name).joined(separator: "\n"), data: data(map),
      caption: "Cosines of the \(name) at depth \(result.depth) between \(map.rows) inputs of "
        + "\(result.data.name), \(sorted). The diagonal is 1.",
      alternativeText: "A square map of the cosines between \(map.rows) inputs \(sorted), from "
        + "\(NumberText.short(map.cosines.min() ?? 0)) to 1 on the diagonal.")
  }

  private static func commands(_ map: KernelResult.Map, _ name: String) -> [String] {
    let last = Double(map.rows) - 0.5
    var lines = [
      "set size ratio -1; unset grid",
      // Of 590 × 460 pixels a square of 384.
      "set lmargin at screen 0.1322; set rmargin at screen 0.7831",
      "set bmargin at screen 0.1261; set tmargin at screen 0.9609",
      "set xrange [-0.5:\(last)]; set yrange [\(last):-0.5]",
      "set cblabel 'cosine of the \(name)' offset 1.5; set cbtics scale 0.5",
      "set colorbox user origin 0.82,0.1261 size 0.03,0.8348",
    ]
    if let range = range(map) {
      lines.append("set cbrange [\(range.lowerBound):\(range.upperBound)]")
    }
    guard let labels = map.labels, Set(labels).count <= mostLabels else {
      return lines + ["set xlabel 'input' offset 0,0.5; set ylabel 'input'", plot]
    }
    let starts = labels.indices.filter { $0 == 0 || labels[$0] != labels[$0 - 1] }
    let ends = starts.dropFirst() + [labels.count]
    let tics = zip(starts, ends).map { start, end in
      "'\(labels[start])' \(Double(start + end - 1) / 2)"
    }.joined(separator: ", ")
    lines += ["set xtics (\(tics)) scale 0; set ytics (\(tics)) scale 0"]
    lines += starts.dropFirst().flatMap { start -> [String] in
      let at = Double(start) - 0.5
      let style = "nohead front lt 1 lw 0.8 lc rgb '#ffffff'"
      return [
        "set arrow from \(at),-0.5 to \(at),\(last) \(style)",
        "set arrow from -0.5,\(at) to \(last),\(at) \(style)",
      ]
    }
    return lines + ["set xlabel 'label' offset 0,0.5; set ylabel 'label'", plot]
  }

  /// Colours are for the pairs; the diagonal lies beyond. nil where all pairs are alike.
  private static func range(_ map: KernelResult.Map) -> ClosedRange<Double>? {
    let pairs = (0..<map.rows).flatMap { a in (0..<a).map { map.cosines[a * map.rows + $0] } }
    guard let low = pairs.min(), let high = pairs.max(), low < high else { return nil }
    return low...high
  }

  private static let plot = "plot data matrix with image"

  private static func data(_ map: KernelResult.Map) -> String {
    (0..<map.rows).map { row in
      map.cosines[row * map.rows..<(row + 1) * map.rows].map { "\($0)" }.joined(separator: " ")
    }.joined(separator: "\n") + "\n"
  }
}
