import Foundation
public import PoiseLab

/// Density of the singular values of one layer in two logarithms, with its tails and finite layers.
public enum LayerSpectrumFigure {
  /// The figure of a record of that kind; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .layerSpectrum(let result) = record.result else { return nil }
    let curves = Array(result.curves.filter { $0.density.contains { $0 > 0 } }.prefix(12))
    let top = curves.flatMap(\.density).max() ?? 1
    let ends = curves.map { shown($0, top) }
    guard let low = ends.map(\.low).min(), let high = ends.map(\.high).max(), low < high else {
      return nil
    }
    let isSingle = result.curves.count == 1
    var (blocks, plots) = ([String](), [String]())
    for (index, curve) in curves.enumerated() {
      blocks.append(
        GnuplotText.rows(
          zip(curve.logSingularValues, curve.density).map { place, density in
            [exp(place), density > 1e-9 * top ? density : nil]
          }))
      let title = "α = \(NumberText.short(curve.alpha)), σ_w = \(NumberText.short(curve.scale))"
      plots.append(
        "data index \(index) using 1:2 with lines ls \(index % 6 + 1) dt \(index / 6 + 1) title "
          + GnuplotText.title(isSingle ? "law" : title))
    }
    if isSingle, let curve = curves.first { tails(curve, low...high, &blocks, &plots) }
    if let check = result.check { histograms(check, &blocks, &plots) }
    let least = curves.map { curve in
      zip(curve.logSingularValues, curve.density).filter { (low...high).contains($0.0) }
        .map(\.1).filter { $0 > 0 }.min() ?? top
    }.min()
    // Room above the curves for the key, in two columns.
    let space = pow(10, 0.3 + 0.34 * Double((plots.count + 1) / 2))
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: GnuplotText.title("density per ln s"), isLogarithmic: true,
          values: [top * space, max(least ?? top, top * 1e-6)], before: [Self.inside], plots: plots)
      ],
      xLabel: GnuplotText.title("singular value s"), xRange: exp(low)...exp(high),
      isLogarithmicX: true)
    stack.panelHeight = 330
    return FigureScript(
      name: "layer-spectrum", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data: "# s, density per unit of ln s; then tails and measured densities with errors\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption: caption(result),
      alternativeText:
        "Density of the singular values of one layer's Jacobian with stable weights, "
        + "\(result.curves.count == 1 ? "one law" : "\(result.curves.count) laws"), in two logarithms."
    )
  }

  private static let inside =
    "set key at graph 0.02, graph 0.98 left top Left reverse horizontal maxcols 2 width 0 font small"

  /// Where the density is within a millionth of the largest.
  private static func shown(
    _ curve: LayerSpectrumResult.Curve, _ top: Double
  ) -> (low: Double, high: Double) {
    let places = zip(curve.logSingularValues, curve.density).filter { $0.1 > 1e-5 * top }.map(\.0)
    let high = places.max() ?? 0
    return (max(places.min() ?? 0, high - 18), high)
  }

  /// B s^{−α} and B₂ s^{−1−α}, the densities per ln s far out.
  private static func tails(
    _ curve: LayerSpectrumResult.Curve, _ range: ClosedRange<Double>, _ blocks: inout [String],
    _ plots: inout [String]
  ) {
    guard curve.alpha < 2 else { return }
    let median = curve.quantiles.first { $0.share == 0.75 }?.logSingularValue ?? 0
    let places = [max(median, log(curve.scale)), range.upperBound]
    guard places[0] < places[1] else { return }
    let lines = [
      (curve.tailConstant, curve.alpha, Palette.black, 2, "tail B s^{−1−α}"),
      (
        curve.networkTailConstant ?? 0, 1 + curve.alpha, Palette.orange, 3,
        "tail of layers B_2 s^{−2−α}"
      ),
    ]
    for (constant, power, color, dash, title) in lines where constant > 0 {
      plots.append(
        "data index \(blocks.count) using 1:2 with lines lt 1 lw 1.8 dt \(dash) lc rgb '\(color)' "
          + "title '\(title)'")
      blocks.append(
        GnuplotText.rows(places.map { [exp($0), constant * exp(-power * $0)] }))
    }
  }

  private static func histograms(
    _ check: LayerSpectrumResult.Check, _ blocks: inout [String], _ plots: inout [String]
  ) {
    let kinds = [
      (check.independent, 7, "#222222", "\(check.matrices) matrices, D independent"),
      (check.layer, 4, Palette.vermillion, "\(check.matrices) layers"),
    ]
    for (histogram, point, color, title) in kinds {
      plots.append(
        "data index \(blocks.count) using 1:2:3 with yerrorbars pt \(point) ps 0.7 lw 1.2 lc rgb "
          + "'\(color)' title '\(title)'")
      // The outermost bins have no middle.
      let rows = check.theory.indices.dropFirst().dropLast().compactMap { bin -> [Double?]? in
        let width = check.edges[bin + 1] - check.edges[bin]
        guard width > 0, histogram.shares[bin] > 0 else { return nil }
        return [
          exp((check.edges[bin] + check.edges[bin + 1]) / 2), histogram.shares[bin] / width,
          histogram.standardError[bin] / width,
        ]
      }
      blocks.append(rows.isEmpty ? "nan nan nan" : GnuplotText.rows(rows))
    }
  }

  private static func caption(_ result: LayerSpectrumResult) -> String {
    var text =
      "Singular values of D W of one \(result.activation) layer with stable weights: density per unit "
      + "of ln s, D independent of W."
    if result.curves.count == 1, let curve = result.curves.first, curve.alpha < 2 {
      text +=
        " Dashed: its power law. In a layer D belongs to W, and the tail falls by one power more."
    }
    if result.check != nil { text += " Points: means over matrices, bars one standard error." }
    return text
  }
}
