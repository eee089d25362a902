import Foundation
import PoiseLab

/// The information plane: layers as points or boxes, under the bottleneck curve.
enum InformationPlaneFigure {
  /// The plane of a `bottleneck` record; nil for others.
  static func script(_ record: Record) -> FigureScript? {
    guard case .bottleneck(let result) = record.result, !result.layers.isEmpty else { return nil }
    let layers = result.layers
    let curve = zip(result.curveX, result.curveY).map { [Double?]([$0, $1]) }
    let points = layers.map { layer -> [Double?] in
      let (x, y) = (layer.informationX, layer.informationY)
      return [
        (x.lower + x.upper) / 2, (y.lower + y.upper) / 2, x.lower - bar(layer.errorX, x),
        x.upper + bar(layer.errorX, x), y.lower - bar(layer.errorY, y),
        y.upper + bar(layer.errorY, y),
      ]
    }
    let right = max(points.compactMap { $0[3] }.max() ?? 1, result.curveX.max() ?? 0)
    let top = max(points.compactMap { $0[5] }.max() ?? 1, result.mostInformationY)
    var commands = [
      "set xlabel \(GnuplotText.title("what layer T keeps of x: I(T; x), nats"))",
      "set ylabel \(GnuplotText.title("what it tells of Y: I(T; Y), nats"))",
      "set xrange [0:\(1.03 * right)]", "set yrange [0:\(1.12 * top)]",
      "set key at graph 0.98,graph 0.06 right bottom font small",
    ]
    let roof = result.kind == "labels" ? "H(Y)" : "I(x; Y)"
    commands.append(
      "set arrow 1 from graph 0,first \(result.mostInformationY) to graph 1,first "
        + "\(result.mostInformationY) nohead lw 1.2 dt 2 lc rgb '#666666'")
    commands.append(
      "set label 1 \(GnuplotText.title(roof)) at graph 0.02,first \(result.mostInformationY) "
        + "offset 0,0.6 left font small")
    for (index, layer) in layers.enumerated() where isLabelled(index, of: layers.count) {
      commands.append(
        "set label \(10 + index) '\(layer.layer)' at first \(points[index][0] ?? 0),"
          + "first \(points[index][1] ?? 0) offset 0.7,-0.7 left font small")
    }
    var plots: [String] = []
    if !curve.isEmpty {
      plots.append(
        "data index 0 using 1:2 with lines ls 1 title 'bottleneck curve: the most at this rate'")
    }
    plots.append(
      "data index 1 using 1:2:3:4:5:6 with xyerrorbars pt 7 ps 0.8 lw 1.4 "
        + "lc rgb '\(Palette.vermillion)' title 'layers 1 to \(layers.count)'")
    commands.append("plot " + plots.joined(separator: ", \\\n  "))
    let first = curve.isEmpty ? [[0, 0]] : curve
    return FigureScript(
      name: "plane", width: 560, height: 420, commands: commands.joined(separator: "\n"),
      data: "# curve: I(T; x), I(T; Y)\n" + GnuplotText.rows(first)
        + "\n\n\n# layers: x, y, x low, x high, y low, y high\n" + GnuplotText.rows(points) + "\n",
      caption: caption(result),
      alternativeText: "Information plane with \(layers.count) layers of a "
        + "\(result.ensemble.activation) network.")
  }

  /// An error bar where the value is exact; a range is drawn as it is.
  private static func bar(_ error: Double?, _ range: BottleneckResult.Range) -> Double {
    range.lower == range.upper ? (error ?? 0) : 0
  }

  private static func isLabelled(_ index: Int, of count: Int) -> Bool {
    count <= 10 || index == 0 || index == count - 1 || (index + 1) % (count / 5) == 0
  }

  private static func caption(_ result: BottleneckResult) -> String {
    "Layers of \(result.ensemble.activation) networks of width \(result.width) with "
      + "\(result.ensemble.weights) weights, σ_w² = "
      + "\(NumberText.short(result.ensemble.weightVariance)), in the information plane: noise "
      + "\(NumberText.short(result.noiseVariance)) (\(result.noise)), \(result.target). "
      + (result.kind == "labels"
        ? "Bars: bounds by pairwise distances."
        : "Bars: bounds, or one standard error over \(result.networks) networks.")
  }
}
