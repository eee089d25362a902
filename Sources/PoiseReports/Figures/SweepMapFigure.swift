import Foundation
public import PoiseLab

/// One quantity of a sweep over two of its options.
public enum SweepMapFigure {
  static let width = 620
  static let height = 470
  static let plot = LabelLayout.Box(left: 92, bottom: 66, width: 380, height: 380)

  /// A map for each quantity that a `sweep` record shows; none for curves and other records.
  public static func scripts(_ record: Record) -> [FigureScript] {
    guard case .sweep(let result) = record.result, let slice = SweepSlice(result), slice.isMap,
      let y = slice.y
    else { return [] }
    return result.shown.enumerated().compactMap { script($1, number: $0 + 1, slice, y) }
  }

  private static func script(
    _ shown: SweepResult.Shown, number: Int, _ slice: SweepSlice, _ y: SweepSlice.Dimension
  ) -> FigureScript? {
    let known = (0..<slice.x.count).flatMap { place in
      (0..<y.count).compactMap { slice.value(shown, place, $0) }
    }
    guard let low = known.min(), let high = known.max() else { return nil }
    let isLogarithmic = Panel.wantsLogarithm(known)
    let xAxis = PlaneAxis(values: slice.x.values)
    let yAxis = PlaneAxis(values: y.values)
    var lines = ["# \(slice.x.title), \(y.title), \(shown.name)"]
    for (row, height) in zip(yAxis.indices, yAxis.positions) {
      for (column, position) in zip(xAxis.indices, xAxis.positions) {
        let value = slice.value(shown, column, row)
        lines.append("\(position) \(height) \(GnuplotText.number(value))")
      }
      lines.append("")
    }
    let rest = slice.rest.isEmpty ? "" : ", at \(slice.rest)"
    let gaps = known.count < slice.x.count * y.count ? " White where it does not exist." : ""
    return FigureScript(
      name: "sweep-\(number)", width: width, height: height,
      commands: commands(
        shown, slice.x, xAxis, y, yAxis, (low, high), isLogarithmic
      ).joined(separator: "\n"),
      data: lines.joined(separator: "\n") + "\n",
      caption: "\(shown.name) over \(slice.x.title) and \(y.title)\(rest).\(gaps)",
      alternativeText: "Map of \(shown.name), from \(NumberText.short(low)) to "
        + "\(NumberText.short(high)), over \(slice.x.title) from \(slice.x.word(0)) to "
        + "\(slice.x.word(slice.x.count - 1)) and \(y.title) from \(y.word(0)) to "
        + "\(y.word(y.count - 1)).")
  }

  private static func commands(
    _ shown: SweepResult.Shown, _ x: SweepSlice.Dimension, _ xAxis: PlaneAxis,
    _ y: SweepSlice.Dimension, _ yAxis: PlaneAxis, _ range: (low: Double, high: Double),
    _ isLogarithmic: Bool
  ) -> [String] {
    let (w, h) = (Double(width), Double(height))
    let isFlat = range.low == range.high
    return [
      "set lmargin at screen \(plot.left / w); set rmargin at screen \((plot.left + plot.width) / w)",
      "set bmargin at screen \(plot.bottom / h)",
      "set tmargin at screen \((plot.bottom + plot.height) / h)",
      "set xrange [\(xAxis.range.lowerBound):\(xAxis.range.upperBound)]",
      "set yrange [\(yAxis.range.lowerBound):\(yAxis.range.upperBound)]",
      x.names == nil ? xAxis.tics("x") : x.tics("x"),
      y.names == nil ? yAxis.tics("y") : y.tics("y"),
      "unset grid; unset key",
      label(x.title, plot.left + plot.width / 2, 16),
      label(y.title, 18, plot.bottom + plot.height / 2, isUpright: true),
      isLogarithmic ? "set logscale cb; set format cb '10^{%L}'" : "",
      isFlat
        ? "set cbrange [\(range.low - max(1e-9, abs(range.low) / 2)):*]"
        : "set cbrange [\(range.low):\(range.high)]",
      "set colorbox user origin 0.79,\(plot.bottom / h) size 0.03,\(plot.height / h)",
      label(
        SweepFigure.short(shown.name), w - 15, plot.bottom + plot.height / 2, isUpright: true),
      "plot data using 1:2:3 with image",
    ].filter { !$0.isEmpty }
  }

  private static func label(
    _ text: String, _ px: Double, _ py: Double, isUpright: Bool = false
  ) -> String {
    "set label \(GnuplotText.quoted(text)) at screen \(px / Double(width)),"
      + "screen \(py / Double(height)) center\(isUpright ? " rotate by 90" : "")"
  }
}
