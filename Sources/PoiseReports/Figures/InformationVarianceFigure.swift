import Foundation
public import PoiseLab

/// Information against weight variance: one colour per depth, with the edge of chaos.
public enum InformationVarianceFigure {
  /// Of an `information` record over at least three weight variances; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .information(let result) = record.result else { return nil }
    let variances = result.weightVariances
    guard variances.count > 2, let low = variances.first, let high = variances.last, low < high
    else { return nil }
    let layers = result.layers
    var blocks: [String] = []
    var exact: [String] = []
    var lower: [String] = []
    for (index, layer) in layers.enumerated() {
      let points = result.points.filter { $0.layer == layer }
        .sorted { $0.weightVariance < $1.weightVariance }
      blocks.append(
        GnuplotText.rows(
          points.map {
            [
              $0.weightVariance, $0.exact, $0.linear.map { max(0, $0) },
              $0.entropyPower.map { max(0, $0) }, $0.lower, $0.upper,
            ]
          }))
      let look =
        layers.count > 4
        ? "lt 1 lc palette frac \(0.92 * Double(index) / Double(layers.count - 1))"
        : "ls \(index % 6 + 1)"
      exact.append(
        "data index \(index) using 1:2 with lines \(look) lw 2.4 title 'layer \(layer)'")
      lower.append("data index \(index) using 1:3 with lines \(look) lw 2.2 notitle")
      lower.append("data index \(index) using 1:4 with lines \(look) lw 1.6 dt 2 notitle")
    }
    let tops = result.points.compactMap(\.exact)
    let bounds = result.points.flatMap { [max(0, $0.linear ?? 0), max(0, $0.entropyPower ?? 0)] }
    let mark = edgeMark(result, low...high)
    let panels = [
      Panel(
        yLabel: "'exact, nats per neuron'", values: [0] + tops,
        before: ["unset colorbox; set key width -2"] + mark, plots: exact),
      Panel(
        yLabel: "'linear, entropy power'", values: [0] + bounds, before: ["unset key"],
        plots: lower),
    ]
    var stack = PanelStack(
      panels: panels, xLabel: GnuplotText.title("weight variance σ_w²"), xRange: low...high)
    stack.panelHeight = 250
    return FigureScript(
      name: "information-variance", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data: "# weight variance; exact, linear, entropy power, best lower, upper: nats per neuron\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption: caption(result, isMarked: !mark.isEmpty),
      alternativeText: "Information against weight variance for layers "
        + layers.map(String.init).joined(separator: ", ") + ".")
  }

  /// A line where χ₁ = 1.
  private static func edgeMark(
    _ result: InformationResult, _ range: ClosedRange<Double>
  ) -> [String] {
    guard let edge = result.edge, range.contains(edge) else { return [] }
    return [
      "set arrow 80 from \(edge), graph 0 to \(edge), graph 1 nohead lt 1 lw 1.4 dt 3 "
        + "lc rgb '#222222'"
    ]
  }

  private static func caption(_ result: InformationResult, isMarked: Bool) -> String {
    let words = InformationWords(result)
    var text =
      "Information between input and layer of \(result.ensemble.activation) networks with "
      + "\(result.ensemble.weights) weights, \(words.noiseWords). Above: exact, by the replica "
      + "formula. Below: linearly decodable (lines) and the entropy power bound (dashed)."
    if isMarked, let edge = result.edge {
      text +=
        " Dotted: edge of chaos, σ_w² = \(NumberText.short(edge)), for σ_b² = "
        + NumberText.short(result.edgeBiasVariance) + "."
    }
    return text
  }
}
