import Foundation
import PoiseLab

/// Density, survival or quantiles of stable laws: smooth curves, the values asked for, and the
/// numbers of a check.
struct StableCurveFigure {
  private let result: StableResult
  private let shown: [(index: Int, curve: StableResult.Curve, line: StableResult.Line)]
  /// Values asked for are marked up to so many.
  private static let mostMarks = 60

  init(_ result: StableResult) {
    self.result = result
    shown = result.curves.enumerated().compactMap { index, curve in
      curve.line.map { (index, curve, $0) }
    }
  }

  private var isQuantile: Bool { result.operation == .quantile }

  private var name: (file: String, axis: String) {
    switch result.operation {
    case .pdf: ("density", "density f(x)")
    case .cdf: ("survival", "1 − F(x)")
    default: ("quantiles", "quantile x(p)")
    }
  }

  /// nil where no curve has more than a point.
  var script: FigureScript? {
    guard !shown.isEmpty else { return nil }
    let xs = shown.flatMap(\.line.arguments).map(place)
    guard let low = xs.min(), let high = xs.max(), low < high else { return nil }
    let blocks =
      shown.map { lineRows($0.line) } + shown.compactMap { marks($0.index, $0.curve) }
      + shown.compactMap { measured($0.index) }
    // Marks at the ends stand inside.
    let margin = isLogX ? pow(high / low, 0.02) : 0.02 * (high - low)
    var stack = PanelStack(
      panels: [panel], xLabel: GnuplotText.title(isQuantile ? "probability p" : "x"),
      xRange: isLogX ? low / margin...high * margin : low - margin...high + margin,
      isLogarithmicX: isLogX)
    stack.panelHeight = 330
    let laws =
      StableWords.name(shown[0].curve.law)
      + (shown.count > 1 ? " and \(shown.count - 1) more" : "")
    return FigureScript(
      name: name.file, width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# lines, then marks, then numbers with errors: x, \(name.axis)\n"
        + blocks.map { GnuplotText.rows($0) }.joined(separator: "\n\n\n") + "\n",
      caption: "\(shown.count > 1 ? "Stable laws" : "Stable law"), \(laws)."
        + (hasMarks ? " Circles: the values asked for." : "")
        + (result.check.map {
          " Bars: \($0.draws) numbers of each law, one standard error. \($0.statement)"
        } ?? ""),
      alternativeText: "\(name.axis) of \(shown.count) stable "
        + "law\(shown.count == 1 ? "" : "s") against \(isQuantile ? "p" : "x").")
  }

  // MARK: axes

  private var isLogX: Bool {
    guard !isQuantile else { return false }
    let all = shown.flatMap(\.line.arguments)
    guard let low = all.min(), let high = all.max() else { return false }
    return low > 0 && high / low > 30
  }

  /// Probabilities stand in their logit.
  private func place(_ x: Double) -> Double { isQuantile ? log(x) - log1p(-x) : x }

  /// Quantiles far from the middle stand in asinh of their distance from it, in scales.
  private var isWide: Bool {
    guard isQuantile else { return false }
    let (centre, width) = unit
    return shown.flatMap(\.line.values).contains { abs($0 - centre) > 30 * width }
  }

  private var unit: (centre: Double, width: Double) {
    (shown[0].curve.law.location, shown[0].curve.law.scale)
  }

  private func height(_ y: Double) -> Double {
    isWide ? asinh((y - unit.centre) / unit.width) : y
  }

  private var before: [String] {
    var lines: [String] = []
    if isQuantile {
      let xs = shown.flatMap(\.line.arguments)
      let (low, high) = (xs.min() ?? 0, xs.max() ?? 1)
      let marks =
        (1...9).flatMap { k -> [(String, Double)] in
          let rare = pow(10, -Double(k))
          let end = 1 - rare
          return [
            (NumberText.short(rare), rare), (String(format: "%.\(k)f", end), end),
          ]
        } + [("0.5", 0.5)]
      let inside = marks.filter { $0.1 >= low && $0.1 <= high }
        .map { "'\($0.0)' \(place($0.1))" }
      lines.append("set xtics (\(inside.joined(separator: ", ")))")
    }
    if isWide {
      let heights = shown.flatMap(\.line.values).map(height)
      lines.append(
        StableFigures.ticks(
          unit.centre, unit.width, heights.min() ?? 0, heights.max() ?? 1
        ).replacingOccurrences(of: "set format x '%g'; set xtics", with: "set ytics"))
    }
    if shown.count > 3 {
      lines.append(
        "set key at graph 0.98, graph 0.97 right top Left reverse vertical maxrows 12 "
          + "width 0 font small")
    }
    return lines
  }

  private var panel: Panel {
    let values = shown.flatMap(\.line.values).filter { $0.isFinite }
    let isLogarithmic =
      !isQuantile && Panel.wantsLogarithm(values.filter { $0 > 1e-300 })
    return Panel(
      yLabel: GnuplotText.title(name.axis + (isWide ? " (scale of asinh)" : "")),
      isLogarithmic: isLogarithmic, values: values.map(height), before: before, plots: plots)
  }

  // MARK: what is drawn

  private func look(_ position: Int) -> String { "ls \(position % 6 + 1)" }

  private var plots: [String] {
    var plots: [String] = []
    for (position, item) in shown.enumerated() {
      plots.append(
        "data index \(plots.count) using 1:2 with lines \(look(position)) lw 2.2 "
          + "dt \(position / 6 + 1) title \(GnuplotText.quoted(title(item.curve.law)))")
    }
    for (position, item) in shown.enumerated() where marks(item.index, item.curve) != nil {
      plots.append(
        "data index \(plots.count) using 1:2 with points \(look(position)) pt 6 ps 0.9 notitle")
    }
    var isFirst = true
    for item in shown where measured(item.index) != nil {
      let title = isFirst ? "title '\(result.check?.draws ?? 0) numbers'" : "notitle"
      isFirst = false
      plots.append(
        "data index \(plots.count) using 1:2:3:4 with yerrorbars pt 7 ps 0.4 lw 1.2 "
          + "lc rgb '#222222' \(title)")
    }
    return plots
  }

  /// The parameters in which the laws differ; α always.
  private func title(_ law: StableResult.Law) -> String {
    let laws = shown.map(\.curve.law)
    func varies(_ path: KeyPath<StableResult.Law, Double>) -> Bool {
      laws.contains { $0[keyPath: path] != laws[0][keyPath: path] }
    }
    var text = "α = \(NumberText.short(law.alpha))"
    if varies(\.beta) { text += ", β = \(NumberText.short(law.beta))" }
    if varies(\.scale) { text += ", c = \(NumberText.short(law.scale))" }
    if varies(\.location) { text += ", μ = \(NumberText.short(law.location))" }
    return text
  }

  private func lineRows(_ line: StableResult.Line) -> [[Double?]] {
    zip(line.arguments, line.values).map { [place($0), height($1)] }
  }

  private var hasMarks: Bool { shown.contains { marks($0.index, $0.curve) != nil } }

  private func marks(_ index: Int, _ curve: StableResult.Curve) -> [[Double?]]? {
    guard curve.arguments.count <= Self.mostMarks, measured(index) == nil else { return nil }
    let values = result.operation == .cdf ? curve.companions : curve.values
    let rows = zip(curve.arguments, values).map { [place($0), $1.map(height)] }
      .filter { row in row.allSatisfy { $0?.isFinite ?? false } }
    return rows.isEmpty ? nil : rows
  }

  /// Place, value, and the ends of its bar.
  private func measured(_ index: Int) -> [[Double?]]? {
    guard let check = result.check else { return nil }
    let ours = check.comparisons.filter { $0.curve == index }
    guard !ours.isEmpty, ours.count <= 2 * Self.mostMarks else { return nil }
    let rows = ours.map { one -> [Double?] in
      let value = result.operation == .cdf ? 1 - one.measured : one.measured
      return [
        place(one.argument), height(value), height(value - one.standardError),
        height(value + one.standardError),
      ]
    }
    return rows
  }
}
