import Foundation
public import PoiseLab

/// The plane (α, σ_w), coloured by length or geometric gain, with every boundary named on its line.
public enum StablePhaseFigure {
  /// What the colour shows.
  public enum Colour: String, Sendable, CaseIterable { case length, gain }

  static let width = 620
  static let height = 470
  static let plot = LabelLayout.Box(left: 82, bottom: 66, width: 390, height: 386)

  /// The map of a plane of stable weights; nil for other records, and where only one of the two varies.
  public static func script(_ record: Record, showing colour: Colour = .length) -> FigureScript? {
    switch record.result {
    case .stablePhase(let result): return StablePlaneMap(result, colour)?.figure()
    case .stableAdvice(let advice): return StablePlaneMap(advice.plane, colour)?.figure()
    default: return nil
    }
  }
}

/// A map in the making: pixel layout and commands.
struct StablePlaneMap {
  let result: StablePhaseResult
  let colour: StablePhaseFigure.Colour
  let x: PlaneAxis
  let y: PlaneAxis

  init?(_ result: StablePhaseResult, _ colour: StablePhaseFigure.Colour) {
    guard Set(result.alphas).count > 1, Set(result.scales).count > 1,
      result.cells.count == result.alphas.count * result.scales.count
    else { return nil }
    self.result = result
    self.colour = colour
    x = PlaneAxis(values: result.alphas)
    y = PlaneAxis(values: result.scales)
  }

  private var plot: LabelLayout.Box { StablePhaseFigure.plot }
  private var size: (w: Double, h: Double) {
    (Double(StablePhaseFigure.width), Double(StablePhaseFigure.height))
  }

  func figure() -> FigureScript {
    FigureScript(
      name: colour == .length ? "stable-phase" : "stable-gain", width: StablePhaseFigure.width,
      height: StablePhaseFigure.height, commands: commands.joined(separator: "\n"), data: data,
      caption: caption, alternativeText: alternativeText)
  }

  /// log₁₀ q*, or E ln s²; nothing finite shows as the lowest colour.
  private func value(_ cell: StablePhaseResult.Cell) -> Double {
    switch colour {
    case .length: cell.logLength.map { $0 / log(10) } ?? -1e6
    case .gain: cell.meanLogSquare ?? -1e6
    }
  }

  private var colours: ClosedRange<Double> {
    let values = result.cells.map { value($0) }.filter { $0 > -1e6 }.sorted()
    guard let high = values.last else { return -1...0 }
    switch colour {
    case .length: return -8...max(high.rounded(.up), -7)
    case .gain:
      let low = values[values.count / 10].rounded(.down)
      return min(low, high.rounded(.up) - 1)...high.rounded(.up)
    }
  }

  private static let styles: [String: (colour: String, dash: String)] = [
    "death": (Palette.vermillion, ""), "raw-floor": ("#ffffff", " dt 2"),
    "lyapunov": (Palette.orange, ""), "delocalized": (Palette.sky, ""),
    "multifractal": (Palette.purple, ""), "chaos": (Palette.orange, ""),
  ]

  private func place(_ axis: PlaneAxis, _ value: Double) -> Double {
    axis.isLogarithmic ? log10(value) : value
  }

  private func pixel(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
    let u = (px - x.range.lowerBound) / (x.range.upperBound - x.range.lowerBound)
    let v = (py - y.range.lowerBound) / (y.range.upperBound - y.range.lowerBound)
    return (plot.left + u * plot.width, plot.bottom + v * plot.height)
  }

  /// Points of a boundary inside the plane, on the axes of the picture.
  private func line(_ boundary: StablePhaseResult.Boundary) -> [(x: Double, y: Double)] {
    boundary.points.sorted { $0.alpha < $1.alpha }.compactMap { point in
      guard let scale = point.scale, scale > 0, x.position(point.alpha) != nil else { return nil }
      return (place(x, point.alpha), place(y, scale))
    }
  }

  private var commands: [String] {
    let (w, h) = size
    var lines = [
      "set lmargin at screen \(plot.left / w); set rmargin at screen \((plot.left + plot.width) / w)",
      "set bmargin at screen \(plot.bottom / h)",
      "set tmargin at screen \((plot.bottom + plot.height) / h)",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.lowerBound):\(y.range.upperBound)]",
      x.tics("x"), y.tics("y"), "unset grid",
      axisLabel("'stability index α'", plot.left + plot.width / 2, 16),
      axisLabel("'scale σ_{w}'", 18, plot.bottom + plot.height / 2, isUpright: true),
      "set cbrange [\(colours.lowerBound):\(colours.upperBound)]",
      "set colorbox user origin 0.8,\(plot.bottom / h) size 0.03,\(plot.height / h)",
      axisLabel(
        colour == .length
          ? "'log_{10} q*, length at infinite width'" : "'E ln s², gain of one layer'",
        w - 15, plot.bottom + plot.height / 2, isUpright: true),
    ]
    lines += labels
    lines.append("plot " + plots.joined(separator: ", \\\n  "))
    return lines.filter { !$0.isEmpty }
  }

  private var plots: [String] {
    var plots = ["data index 0 using 1:2:3 with image"]
    for (index, boundary) in result.boundaries.enumerated() {
      let style = Self.styles[boundary.name] ?? (Palette.black, "")
      let under = boundary.name == "raw-floor" ? "#000000" : "#ffffff"
      let source = "data index \(index + 1) using 1:2"
      plots.append("\(source) with lines lt 1 lw 4.4 lc rgb '\(under)'")
      plots.append("\(source) with lines lt 1\(style.dash) lw 2.4 lc rgb '\(style.colour)'")
      if boundary.points.contains(where: { ($0.error ?? 0) > 1e-4 }) {
        plots.append(
          "data index \(index + 1) using 1:2:3:4 with yerrorbars pt 7 ps 0.8 lw 1.6 "
            + "lc rgb '\(style.colour)'")
      }
    }
    return plots
  }

  /// Names beside the lines, each on a pale card and with a line to its curve.
  private var labels: [String] {
    var layout = LabelLayout(plot: plot)
    let curves = result.boundaries.map { line($0).map { pixel($0.x, $0.y) } }
    for point in curves.flatMap({ Self.dense($0) }) {
      layout.reserve(.init(left: point.x - 4, bottom: point.y - 4, width: 8, height: 8))
    }
    let (w, h) = size
    var commands: [String] = []
    for (index, (boundary, curve)) in zip(result.boundaries, curves).enumerated() {
      let inside = Self.dense(curve).filter {
        $0.y > plot.bottom && $0.y < plot.bottom + plot.height
      }
      guard !inside.isEmpty else { continue }
      let share = (Double(index) + 0.7) / (Double(result.boundaries.count) + 0.4)
      let anchor = inside[min(inside.count - 1, Int(share * Double(inside.count)))]
      let text = StablePhaseNames.title(boundary)
      let box = layout.place([text], x: anchor.x, y: anchor.y)
      let end = box.nearest(to: anchor.x, anchor.y)
      if hypot(end.x - anchor.x, end.y - anchor.y) > 12 {
        let start = "screen \(anchor.x / w),screen \(anchor.y / h)"
        commands.append(
          "set object polygon from \(start) to screen \(end.x / w),screen \(end.y / h) to \(start) "
            + "fillstyle empty border rgb '#111111' lw 1 front")
      }
      commands.append(
        "set object rectangle from screen \((box.left - 3) / w),screen \((box.bottom - 1) / h) to "
          + "screen \((box.left + box.width + 1) / w),screen \((box.bottom + box.height + 1) / h) "
          + "fillstyle transparent solid 0.86 noborder fillcolor rgb '#ffffff' front")
      commands.append(
        "set label \(GnuplotText.title(text)) at screen \(box.left / w),"
          + "screen \((box.bottom + box.height / 2) / h) left front font small "
          + "textcolor rgb '#111111'")
    }
    return commands
  }

  /// Points every few pixels along a curve.
  private static func dense(_ curve: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    zip(curve, curve.dropFirst()).flatMap { a, b in
      let steps = max(1, Int(hypot(b.x - a.x, b.y - a.y) / 8))
      return (0..<steps).map { step in
        let t = Double(step) / Double(steps)
        return (a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
      }
    } + curve.suffix(1)
  }

  private func axisLabel(
    _ quoted: String, _ px: Double, _ py: Double, isUpright: Bool = false
  ) -> String {
    "set label \(quoted) at screen \(px / size.w),screen \(py / size.h) "
      + "center\(isUpright ? " rotate by 90" : "")"
  }

  private var data: String {
    var lines = [
      "# alpha, scale (positions on the axes), "
        + (colour == .length ? "log10 q*" : "E ln s^2")
    ]
    for (column, position) in zip(x.indices, x.positions) {
      for (row, height) in zip(y.indices, y.positions) {
        let cell = result.cells[column * result.scales.count + row]
        lines.append(String(format: "%.6g %.6g %.5g", position, height, value(cell)))
      }
      lines.append("")
    }
    var blocks = [lines.joined(separator: "\n")]
    for boundary in result.boundaries {
      let rows = boundary.points.sorted { $0.alpha < $1.alpha }.compactMap { point -> [Double?]? in
        guard let scale = point.scale, scale > 0 else { return nil }
        let error = point.error ?? 0
        return [
          place(x, point.alpha), place(y, scale), place(y, max(scale - error, 1e-9)),
          place(y, scale + error),
        ]
      }
      let title = "# \(StablePhaseNames.title(boundary)): \(boundary.definition)"
      // A block without a row would shift those after it.
      blocks.append(title + "\n" + (rows.isEmpty ? "nan nan nan nan" : GnuplotText.rows(rows)))
    }
    return blocks.joined(separator: "\n\n\n") + "\n"
  }

  private var caption: String {
    let what =
      colour == .length
      ? "length q* at infinite width (10^(−8) and less: darkest)"
      : "E ln s², growth of squared volumes in one layer"
    var text =
      "\(result.activation), stable weights: colour is the \(what). Lines, each for the width N "
      + "or pool P in its name: "
    text += result.boundaries.map { boundary in
      "\(StablePhaseNames.title(boundary)) (\(boundary.definition)"
        + "\(boundary.settings.isEmpty ? "" : "; \(boundary.settings)"))"
    }.joined(separator: "; ")
    let inherits = result.boundaries.filter { ["raw-floor", "delocalized"].contains($0.name) }
    if !inherits.isEmpty {
      text +=
        ". Raw floor\(inherits.count > 1 ? " and χ_deloc" : "") take φ′(h) as independent of W"
    }
    return text + "."
  }

  private var alternativeText: String {
    "Map over α from \(NumberText.short(result.alphas.min() ?? 0)) to "
      + "\(NumberText.short(result.alphas.max() ?? 0)) and σ_w from "
      + "\(NumberText.short(result.scales.min() ?? 0)) to "
      + "\(NumberText.short(result.scales.max() ?? 0)), crossed by "
      + result.boundaries.map { StablePhaseNames.title($0) }.joined(separator: "; ") + "."
  }
}
