import Foundation
public import PoiseLab

/// Length, overlap, correlation gap and gradient by layer.
public enum PropagationFigure {
  /// The figure of a `propagate` record; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .propagate(let result) = record.result, let last = result.layers.max() else {
      return nil
    }
    let curves = quantities(result)
    guard !curves.isEmpty else { return nil }
    var panels: [Panel] = []
    var blocks: [String] = []
    for curve in curves {
      let series = result.check?.series.first {
        $0.quantity == curve.quantity && !$0.layers.isEmpty
      }
      if let series {
        let drawn = SeriesCurve(series, index: blocks.count)
        panels.append(drawn.panel)
        blocks.append(drawn.data)
      } else {
        panels.append(panel(curve, index: blocks.count))
        let rows = zip(result.layers, curve.values).map { [Double($0), $1] as [Double?] }
        blocks.append("# \(curve.quantity): layer, theory\n" + GnuplotText.rows(rows) + "\n")
      }
    }
    let stack = PanelStack(
      panels: panels, xLabel: "'layer'", xRange: 0...(Double(last) + 0.5))
    return FigureScript(
      name: "propagate", width: stack.width, height: stack.height, commands: stack.commands(),
      data: blocks.joined(separator: "\n\n"),
      caption: caption(result, curves.map(\.words)),
      alternativeText: "By layer, from layer 1 to layer \(last): "
        + curves.map {
          "\($0.words) from \(NumberText.short($0.values.first ?? 0)) to "
            + NumberText.short($0.values.last ?? 0)
        }.joined(separator: "; ") + ".")
  }

  private static func caption(_ result: PropagationResult, _ words: [String]) -> String {
    let ensemble = result.ensemble
    var text = "\(ensemble.activation), \(ensemble.weights) weights, "
    text += "σ_w² = \(NumberText.short(ensemble.weightVariance)), "
    text += "σ_b² = \(NumberText.short(ensemble.biasVariance)): "
    text += words.joined(separator: ", ") + " by layer. Lines: theory."
    if let check = result.check {
      text += " Points: mean over \(check.networks) networks of width \(check.width), "
      text += "bars one standard error."
    }
    return text
  }

  private struct Curve {
    var quantity: String
    var words: String
    var label: String
    var values: [Double]
  }

  private static func quantities(_ result: PropagationResult) -> [Curve] {
    [
      Curve(quantity: "length", words: "length q", label: "length q", values: result.length),
      Curve(quantity: "overlap", words: "overlap k", label: "overlap k", values: result.overlap),
      Curve(
        quantity: "gap", words: "correlation gap 1 − c", label: "gap 1 − c", values: result.gap),
      Curve(
        quantity: "gradient", words: "ln of the squared gradient", label: "ln squared gradient",
        values: result.logGradient),
    ].filter { $0.values.contains { $0.isFinite } }
  }

  private static func panel(_ curve: Curve, index: Int) -> Panel {
    let color = Palette.color(of: curve.quantity)
    return Panel(
      yLabel: GnuplotText.title(curve.label), isLogarithmic: Panel.wantsLogarithm(curve.values),
      values: curve.values,
      plots: ["data index \(index) using 1:2 with lines lt 1 lw 2.4 lc rgb '\(color)'"])
  }
}
