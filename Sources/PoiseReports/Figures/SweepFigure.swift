import Foundation
public import PoiseLab

/// Quantities of a sweep against one option, a curve for each value of a second one if it has few.
public enum SweepFigure {
  private static let colors = [
    Palette.blue, Palette.vermillion, Palette.green, Palette.purple, Palette.orange, Palette.sky,
  ]

  /// The curves of a `sweep` record; nil for maps and other records.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .sweep(let result) = record.result, !result.shown.isEmpty,
      let slice = SweepSlice(result), !slice.isMap
    else { return nil }
    let order = slice.x.values.indices.sorted { slice.x.values[$0] < slice.x.values[$1] }
    guard let low = slice.x.values.min(), let high = slice.x.values.max(), low < high else {
      return nil
    }
    let curves = slice.y?.count ?? 1
    let rows = order.map { place in
      [slice.x.values[place]]
        + result.shown.flatMap { shown in (0..<curves).map { slice.value(shown, place, $0) } }
    }
    let stack = PanelStack(
      panels: result.shown.enumerated().map {
        panel($1, number: $0, slice, panels: result.shown.count)
      },
      xLabel: GnuplotText.title(slice.x.title), xRange: low...high,
      isLogarithmicX: slice.x.names == nil && low > 0 && high / low > 50)
    let names = result.shown.map { GnuplotText.escaped($0.name) }.joined(separator: ", ")
    let families = slice.y.map { ", one curve for each value of \($0.title)" } ?? ""
    return FigureScript(
      name: "sweep", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# \(slice.x.title), then for each of \(names) the curves in turn\n"
        + GnuplotText.rows(rows) + "\n",
      caption: "\(result.shown.map(\.name).joined(separator: ", ")) against \(slice.x.title)"
        + families + (slice.rest.isEmpty ? "" : ", at \(slice.rest)") + ".",
      alternativeText: "Curves of \(result.shown.map(\.name).joined(separator: ", ")) over "
        + "\(slice.x.title) from \(slice.x.word(order[0])) to "
        + "\(slice.x.word(order[order.count - 1])).")
  }

  private static func panel(
    _ shown: SweepResult.Shown, number: Int, _ slice: SweepSlice, panels: Int
  ) -> Panel {
    let curves = slice.y?.count ?? 1
    let values = (0..<slice.x.count).flatMap { place in
      (0..<curves).compactMap { slice.value(shown, place, $0) }
    }
    let plots = (0..<curves).map { curve in
      let title = slice.y.map { "title \(GnuplotText.quoted($0.word(curve)))" }
      return "data using 1:\(2 + number * curves + curve) with linespoints lt 1 lw 2 pt 7 ps 0.4 "
        + "lc rgb '\(colors[curve % colors.count])' \(number == 0 ? title ?? "notitle" : "notitle")"
    }
    let tics = slice.x.tics("x")
    return Panel(
      yLabel: GnuplotText.quoted(Self.short(shown.name)),
      isLogarithmic: Panel.wantsLogarithm(values), values: values,
      before: (number == 0 ? key(slice, panels: panels) : ["unset label 92"])
        + (tics.isEmpty ? [] : [tics]),
      plots: plots)
  }

  /// The option whose values the curves are, left of a key with the values alone: all entries of a
  /// key are as wide as the longest.
  private static func key(_ slice: SweepSlice, panels: Int) -> [String] {
    guard let y = slice.y else { return [] }
    let height = Double(PanelStack(panels: [], xLabel: "", xRange: 0...1).panelHeight * panels + 92)
    return [
      "set key at screen 0.27,screen \((height - 12) / height) left Left reverse vertical maxrows 1 "
        + "samplen 1 width 0 font small",
      "set label 92 \(GnuplotText.quoted(y.title)) at screen 0.26,screen "
        + "\((height - 22) / height) right font small",
    ]
  }

  /// The last part of a path, as a label has room for it.
  static func short(_ name: String) -> String {
    name.split(separator: ".").last.map(String.init) ?? name
  }
}
