import Foundation
public import PoiseLab

/// The plane of weight and bias variance, coloured by ln χ₁.
public enum PhaseFigure {
  /// The phase diagram of `advise` or `phase`; nil where the record holds no plane.
  public static func script(_ record: Record) -> FigureScript? {
    switch record.result {
    case .advise(let advice): return PhaseMap(advice.plane, extra: marks(of: advice))?.figure()
    case .phase(let phase): return PhaseMap(phase, extra: [])?.figure()
    default: return nil
    }
  }

  private static func marks(of advice: AdviceResult) -> [MarkedPoint] {
    guard let best = advice.recommended, !advice.plane.presets.contains(where: \.isRecommended)
    else { return [] }
    return [
      MarkedPoint(
        name: "recommended", weightVariance: best.ensemble.weightVariance,
        biasVariance: best.ensemble.biasVariance, isRecommended: true)
    ]
  }
}

/// A map in the making: pixel layout and commands.
struct PhaseMap {
  static let width = 620
  static let height = 470
  static let plot = LabelLayout.Box(left: 82, bottom: 66, width: 390, height: 386)

  let phase: PhaseResult
  let x: PlaneAxis
  let y: PlaneAxis
  let limit: Double
  let groups: [PhaseMarks.Group]
  let omitted: [String]

  init?(_ phase: PhaseResult, extra: [MarkedPoint]) {
    let columns = phase.weightVariances.count
    guard columns > 1, phase.biasVariances.count > 1,
      phase.cells.count == columns * phase.biasVariances.count,
      Set(phase.weightVariances).count > 1, Set(phase.biasVariances).count > 1
    else { return nil }
    self.phase = phase
    x = PlaneAxis(values: phase.weightVariances)
    y = PlaneAxis(values: phase.biasVariances)
    limit = Self.colorLimit(phase.cells.filter { $0.phase != "diverging" }.map(\.chi1))
    (groups, omitted) = PhaseMarks.group(phase.presets + extra, x: x, y: y)
  }

  /// Half the colour range: wide enough for nine cells in ten, but never more than three times
  /// what the weaker of the two phases needs.
  static func colorLimit(_ chi1: [Double]) -> Double {
    let logs = chi1.filter { $0 > 0 }.map { log($0) }.sorted()
    guard let last = logs.last else { return 1 }
    let low = max(0, -logs[logs.count / 20])
    let high = max(0, min(last, logs[logs.count - 1 - logs.count / 20]))
    let weaker = min(low, high)
    let wanted = weaker > 0.05 ? min(max(low, high), 3 * weaker) : max(low, high)
    return [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10].first { $0 >= wanted } ?? 20
  }

  func pixel(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
    let u = (px - x.range.lowerBound) / (x.range.upperBound - x.range.lowerBound)
    let v = (py - y.range.lowerBound) / (y.range.upperBound - y.range.lowerBound)
    return (Self.plot.left + u * Self.plot.width, Self.plot.bottom + v * Self.plot.height)
  }

  func figure() -> FigureScript {
    var layout = LabelLayout(plot: Self.plot)
    let critical = CriticalLabel(map: self)
    critical.boxes.forEach { layout.reserve($0) }
    for group in groups { layout.reserve(group.marker(on: self)) }
    var lines = frame()
    lines += critical.commands
    lines += divergenceLabel(&layout)
    lines += PhaseMarks.commands(groups, on: self, layout)
    lines.append("plot " + plots(critical).joined(separator: ", \\\n  "))
    return FigureScript(
      name: "phase", width: Self.width, height: Self.height,
      commands: lines.joined(separator: "\n"), data: data(critical), caption: caption(critical),
      alternativeText: alternativeText)
  }

  private func frame() -> [String] {
    let (w, h) = (Double(Self.width), Double(Self.height))
    let box = Self.plot
    return [
      "set lmargin at screen \(box.left / w); set rmargin at screen \((box.left + box.width) / w)",
      "set bmargin at screen \(box.bottom / h)",
      "set tmargin at screen \((box.bottom + box.height) / h)",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.lowerBound):\(y.range.upperBound)]",
      x.tics("x"), y.tics("y"), "unset grid",
      axisLabel("weight variance σ_w²", box.left + box.width / 2, 16),
      axisLabel("bias variance σ_b²", 18, box.bottom + box.height / 2, isUpright: true),
      "set palette defined (-4 '#123a73', -3 '#1f6fb4', -2 '#6fb1de', -1 '#c3e0f3', 0 '#ffffff', "
        + "1 '#fddcb5', 2 '#f7a456', 3 '#d8610f', 4 '#7f2704')",
      "set cbrange [\(-limit):\(limit)]; set cbtics \(ticStep)",
      "set colorbox user origin 0.8,\(box.bottom / h) size 0.03,\(box.height / h)",
      axisLabel(
        "ln χ_1: below 0 ordered, above 0 chaotic", w - 15, box.bottom + box.height / 2,
        isUpright: true),
      phase.cells.contains { $0.phase == "diverging" } ? Self.hatching : "",
    ].filter { !$0.isEmpty }
  }

  private static let hatching = """
    # where lengths diverge nothing covers this hatching
    set object 1 rectangle from graph 0,0 to graph 1,1 fillstyle pattern 4 border lt -2 \
    fillcolor rgb '#8a8a8a' behind
    """

  private var ticStep: Double {
    switch limit {
    case 0.3, 0.75, 1.5, 3, 7.5: limit / 3
    default: limit / 2
    }
  }

  private func axisLabel(
    _ text: String, _ px: Double, _ py: Double, isUpright: Bool = false
  ) -> String {
    "set label \(GnuplotText.title(text)) at screen \(px / Double(Self.width)),"
      + "screen \(py / Double(Self.height)) center\(isUpright ? " rotate by 90" : "")"
  }

  private func plots(_ critical: CriticalLabel) -> [String] {
    var plots = ["data index 0 using 1:2:3 with image"]
    if critical.points.count > 1 {
      plots.append("data index 1 using 1:2 with lines lt 1 lw 5 lc rgb '#ffffff'")
      plots.append("data index 1 using 1:2 with lines lt 1 lw 2.2 lc rgb '#000000'")
    } else if critical.points.count == 1 {
      plots.append("data index 1 using 1:2 with points pt 13 ps 1.6 lc rgb '#000000'")
    }
    let index = critical.points.isEmpty ? 1 : 2
    if groups.contains(where: { !$0.isRecommended }) {
      plots.append("data index \(index) using 1:2 with points pt 7 ps 1.15 lc rgb '#000000'")
      plots.append("data index \(index) using 1:2 with points pt 7 ps 0.7 lc rgb '#ffffff'")
    }
    return plots
  }

  private func data(_ critical: CriticalLabel) -> String {
    var cells: [String] = ["# position on x, on y, ln chi_1 (nan where lengths diverge)"]
    for row in y.positions.indices {
      for column in x.positions.indices {
        let cell = phase.cells[y.indices[row] * phase.weightVariances.count + x.indices[column]]
        let isShown = cell.phase != "diverging" && cell.chi1 > 0
        let value = isShown ? log(cell.chi1) : cell.chi1 == 0 ? -1e3 : Double.nan
        cells.append(
          String(format: "%.6g %.6g %.5g", x.positions[column], y.positions[row], value))
      }
      cells.append("")
    }
    var blocks = [cells.joined(separator: "\n")]
    if !critical.points.isEmpty {
      blocks.append("# edge of chaos\n" + GnuplotText.rows(critical.points.map { [$0.x, $0.y] }))
    }
    let known = groups.filter { !$0.isRecommended }
    if !known.isEmpty {
      blocks.append("# known initialisations\n" + GnuplotText.rows(known.map { [$0.x, $0.y] }))
    }
    return blocks.joined(separator: "\n\n\n") + "\n"
  }
}
