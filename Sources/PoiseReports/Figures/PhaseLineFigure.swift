import Foundation
public import PoiseLab

/// χ₁, q* and ξ_c along a line of the phase plane.
public enum PhaseLineFigure {
  /// The curves of a `phase` record in which one variance has a single value; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .phase(let phase) = record.result, phase.cells.count > 1 else { return nil }
    let overWeights = phase.biasVariances.count == 1
    guard overWeights || phase.weightVariances.count == 1 else { return nil }
    let xs = phase.cells.map { overWeights ? $0.weightVariance : $0.biasVariance }
    guard let low = xs.min(), let high = xs.max(), low < high else { return nil }
    let symbol = overWeights ? "weight variance σ_w²" : "bias variance σ_b²"
    let isLogarithmic = low > 0 && high / low > 50
    let stack = PanelStack(
      panels: panels(phase), xLabel: GnuplotText.title(symbol), xRange: low...high,
      isLogarithmicX: isLogarithmic)
    let rows = xs.indices.sorted { xs[$0] < xs[$1] }.map { index -> [Double?] in
      let cell = phase.cells[index]
      return [xs[index], cell.chi1, cell.length, cell.correlationDepth]
    }
    let fixed =
      overWeights
      ? "bias variance \(phase.biasVariances[0])" : "weight variance \(phase.weightVariances[0])"
    return FigureScript(
      name: "line", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# \(symbol), chi_1, q*, xi_c\n" + GnuplotText.rows(rows) + "\n",
      caption: "\(phase.activation) at \(fixed): growth χ₁ of a small squared distance per layer, "
        + "length q* and correlation depth ξ_c; gaps where they do not exist. "
        + phase.criticalStatement,
      alternativeText: "Curves over the \(overWeights ? "weight" : "bias") variance for "
        + "\(phase.activation): χ₁ runs from \(NumberText.short(phase.cells[0].chi1)) to "
        + "\(NumberText.short(phase.cells[phase.cells.count - 1].chi1)).")
  }

  private static func panels(_ phase: PhaseResult) -> [Panel] {
    let chi1 = phase.cells.map(\.chi1)
    var panels = [
      Panel(
        yLabel: GnuplotText.title("growth χ_1"), isLogarithmic: Panel.wantsLogarithm(chi1),
        values: chi1 + [1],
        before: [
          "set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead dt 2 lw 1.2 "
            + "lc rgb '#555555'",
          "set label 1 'edge of chaos, χ_1 = 1' at graph 0.02, first 1 offset 0,0.6 font small",
        ],
        plots: ["data using 1:2 with lines ls 3"])
    ]
    let lengths = phase.cells.compactMap(\.length)
    if lengths.contains(where: { $0 > 0 }) {
      panels.append(
        Panel(
          yLabel: GnuplotText.title("length q*"), isLogarithmic: Panel.wantsLogarithm(lengths),
          values: lengths,
          before: ["unset arrow 1; unset label 1"], plots: ["data using 1:3 with lines ls 1"]))
    }
    let depths = phase.cells.compactMap(\.correlationDepth)
    if depths.count > 1 {
      panels.append(
        Panel(
          yLabel: GnuplotText.title("depth ξ_c (layers)"),
          isLogarithmic: Panel.wantsLogarithm(depths), values: depths,
          before: ["unset arrow 1; unset label 1"],
          plots: ["data using 1:4 with lines ls 2"]))
    }
    return panels
  }
}
