import Foundation
public import PoiseLab

/// Density of the singular values, one line per depth, with the histogram of finite networks.
public enum SpectrumFigure {
  /// The densities of a `spectrum` record; nil for others, and where all values sit at atoms.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .spectrum(let result) = record.result else { return nil }
    let curves = result.curves.filter { $0.density.contains { $0 > 0 } }
    guard !curves.isEmpty else { return nil }
    let top = curves.flatMap(\.density).max() ?? 1
    let grid = curves.flatMap(\.logSingularValues).map { $0 / log(10) }
    guard let low = grid.min(), let high = grid.max(), low < high else { return nil }
    var blocks: [String] = []
    var plots: [String] = []
    for (index, curve) in curves.enumerated() {
      blocks.append(GnuplotText.rows(rows(curve, top: top)))
      // A few have colours of their own, a series runs through the palette.
      let look =
        curves.count > 4
        ? "lt 1 lc palette frac \(0.92 * Double(index) / Double(curves.count - 1))"
        : "ls \(index % 6 + 1)"
      plots.append(
        "data index \(index) using 1:2 with lines \(look) lw 2.2 title 'depth \(curve.depth)'")
    }
    if let check = result.check {
      blocks.append(GnuplotText.rows(histogram(check)))
      plots.append(
        "data index \(curves.count) using 1:2:3 with yerrorbars pt 7 ps 0.6 lw 1.2 "
          + "lc rgb '#222222' title '\(check.networks) networks, width \(check.width)'")
    }
    let panel = Panel(
      yLabel: GnuplotText.title("density per ln s"), isLogarithmic: true,
      values: [top, max(top * 1e-4, curves.flatMap(\.density).filter { $0 > 0 }.min() ?? top)],
      before: curves.count > 2 ? [Self.inside] : [], plots: plots)
    var stack = PanelStack(
      panels: [panel], xLabel: GnuplotText.title("log₁₀ singular value s"),
      xRange: low...high)
    stack.panelHeight = 330
    return FigureScript(
      name: "spectrum", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# log10 s, density per unit of ln s\n" + blocks.joined(separator: "\n\n\n") + "\n",
      caption: caption(result),
      alternativeText: "Density of the singular values of the Jacobian of \(curves.count) "
        + "depth\(curves.count == 1 ? "" : "s") for \(result.ensemble.activation).")
  }

  /// A key for more curves than fit into one row above the picture.
  private static let inside = """
    unset colorbox; set key at graph 0.02, graph 0.98 left top Left reverse vertical maxrows 9 \
    width 0 font small
    """

  private static func rows(_ curve: SpectrumResult.Curve, top: Double) -> [[Double?]] {
    zip(curve.logSingularValues, curve.density).map { value, density in
      [value / log(10), density > 1e-5 * top ? density : nil]
    }
  }

  /// Measured density in the middle of each bin, with its standard error.
  private static func histogram(_ check: SpectrumResult.Check) -> [[Double?]] {
    check.measured.indices.compactMap { bin in
      let width = check.edges[bin + 1] - check.edges[bin]
      guard width > 0, check.measured[bin] > 0 else { return nil }
      return [
        (check.edges[bin] + check.edges[bin + 1]) / 2 / log(10), check.measured[bin] / width,
        check.standardError[bin] / width,
      ]
    }
  }

  private static func caption(_ result: SpectrumResult) -> String {
    var text =
      "Singular values of the end-to-end Jacobian of \(result.ensemble.activation) networks with "
      + "\(result.ensemble.weights) weights: density of the continuous part per unit of ln s."
    let zero = result.curves.map(\.zeroMass).max() ?? 0
    if zero > 0 { text += " A share \(NumberText.short(zero)) is exactly 0." }
    if let atom = result.curves.flatMap(\.atoms).last {
      text += " A share \(NumberText.short(atom.mass)) sits at one value."
    }
    if result.check != nil { text += " Points: mean over networks, bars one standard error." }
    return text
  }
}
