import Foundation
import PoiseLab

/// Error and order parameter along a curve of settings.
enum PosteriorFigure {
  /// All figures of a posterior, the most telling first.
  static func scripts(_ result: PosteriorResult) -> [FigureScript] {
    [curve(result), PosteriorPhaseFigure.script(result), LayerKernelFigure.script(result)]
      .compactMap { $0 }
  }

  /// Points that share all coordinates but the last.
  private struct Series {
    var name: String
    var points: [PosteriorResult.Point]
  }

  private static func series(_ result: PosteriorResult) -> [Series] {
    var all: [Series] = []
    for point in result.points {
      let name = zip(result.axes, point.coordinates).dropLast()
        .map { "\($0) \(NumberText.short($1))" }.joined(separator: ", ")
      if let index = all.firstIndex(where: { $0.name == name }) {
        all[index].points.append(point)
      } else {
        all.append(Series(name: name, points: [point]))
      }
    }
    return all.map { one in
      Series(
        name: one.name, points: one.points.sorted { $0.coordinates.last! < $1.coordinates.last! })
    }
  }

  private static func curve(_ result: PosteriorResult) -> FigureScript? {
    guard let axis = result.axes.last, result.points.count > 1 else { return nil }
    let all = Array(series(result).prefix(6))
    let x = result.points.compactMap(\.coordinates.last)
    guard let low = x.min(), let high = x.max(), low < high else { return nil }
    let isLog =
      low > 0 && high / low > 20 && ["width", "weight variance", "temperature"].contains(axis)
    var blocks: [String] = []
    for one in all {
      blocks.append(
        GnuplotText.rows(
          one.points.map { point in
            let row = point.sampled?.comparisons.first { $0.quantity == "test error" }
            let order = point.sampled?.comparisons.first { $0.quantity == "s" }
            return [
              point.coordinates.last, point.testError, point.exactTestError, point.bias,
              point.variance, point.processError, row?.measured, row?.standardError,
              point.scales.last, point.exactScale, order?.measured, order?.standardError,
              point.priorScale,
            ]
          }))
    }
    let panels = [errorPanel(all, result), orderPanel(all, result)]
    var stack = PanelStack(
      panels: panels, xLabel: GnuplotText.title(label(axis)),
      xRange: isLog
        ? low / 1.06...high * 1.06 : low - 0.02 * (high - low)...high + 0.02 * (high - low),
      isLogarithmicX: isLog)
    stack.panelHeight = 250
    return FigureScript(
      name: "posterior", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# \(axis), error (saddle), error (exact), bias, variance, error (infinite width), "
        + "error (measured), its standard error, s (saddle), s (exact), s (measured), its standard "
        + "error, s (infinite width)\n" + blocks.joined(separator: "\n\n\n") + "\n",
      caption: caption(result, axis),
      alternativeText: "Test error from \(NumberText.short(result.points.first!.testError)) to "
        + "\(NumberText.short(result.points.last!.testError)) as the \(axis) goes from "
        + "\(NumberText.short(low)) to \(NumberText.short(high)).")
  }

  private static func label(_ axis: String) -> String {
    switch axis {
    case "patterns": "patterns P"
    case "width": "width N"
    case "depth": "hidden layers L"
    case "weight variance": "weight variance σ²"
    default: "temperature T"
    }
  }

  private static func errorPanel(_ all: [Series], _ result: PosteriorResult) -> Panel {
    var plots: [String] = []
    let points = all.flatMap(\.points)
    var values = points.map(\.testError) + points.compactMap(\.exactTestError)
    if all.count == 1 {
      let single = all[0].points
      plots += [
        "data index 0 using 1:2 with lines ls 1 title 'saddle'",
        "data index 0 using 1:3 with lines ls 1 lw 1.6 dt 2 title 'exact'",
        "data index 0 using 1:4 with lines ls 2 lw 1.6 title 'bias'",
        "data index 0 using 1:5 with lines ls 5 lw 1.6 title 'spread'",
      ]
      values += single.map(\.bias) + single.map { max($0.variance, values.min()! / 30) }
      if result.axes.last != "width", result.outputs == 1 {
        plots.append("data index 0 using 1:6 with lines lw 1.4 dt 3 lc rgb '#777777' title 'wide'")
        values += single.compactMap(\.processError)
      }
    } else {
      for (index, one) in all.enumerated() {
        plots.append(
          "data index \(index) using 1:2 with lines ls \(index + 1) title "
            + GnuplotText.title(one.name))
        plots.append("data index \(index) using 1:3 with lines ls \(index + 1) lw 1.4 dt 2")
      }
    }
    for (index, one) in all.enumerated() where one.points.contains(where: { $0.sampled != nil }) {
      let color = all.count == 1 ? "lc rgb '#222222'" : "ls \(index + 1)"
      plots.append(
        "data index \(index) using 1:7:8 with yerrorbars \(color) pt 7 ps 0.7 lw 1.3"
          + (all.count == 1 ? " title 'sampled'" : ""))
      values += one.points.compactMap { point in
        point.sampled?.comparisons.first { $0.quantity == "test error" }?.measured
      }
    }
    return Panel(
      yLabel: GnuplotText.title("test error"),
      isLogarithmic: Panel.wantsLogarithm(points.map(\.testError)), values: values,
      // Six titles have to move together to stay within the picture.
      before: [Panel.key(width: plots.count > 5 ? -2 : -1)], plots: plots)
  }

  private static func orderPanel(_ all: [Series], _ result: PosteriorResult) -> Panel {
    var plots: [String] = []
    let points = all.flatMap(\.points)
    var values = points.compactMap { $0.scales.last } + points.compactMap(\.exactScale)
    for (index, one) in all.enumerated() {
      let style = all.count == 1 ? 4 : index + 1
      plots.append("data index \(index) using 1:9 with lines ls \(style)")
      plots.append("data index \(index) using 1:10 with lines ls \(style) lw 1.4 dt 2")
      if one.points.contains(where: {
        $0.sampled?.comparisons.contains { $0.quantity == "s" } ?? false
      }) {
        plots.append(
          "data index \(index) using 1:11:12 with yerrorbars "
            + (all.count == 1 ? "lc rgb '#222222'" : "ls \(style)") + " pt 7 ps 0.7 lw 1.3")
      }
    }
    if all.count == 1 {
      plots.append("data index 0 using 1:13 with lines lw 1.2 dt 3 lc rgb '#777777'")
      // The prior of deep networks may be many powers away: it leaves the picture there.
      let (low, high) = (values.min()! / 5, values.max()! * 5)
      values += points.map(\.priorScale).filter { low < $0 && $0 < high }
    }
    return Panel(
      yLabel: result.outputs == 1 ? "'kernel factor s'" : "'largest eigenvalue of U'",
      isLogarithmic: Panel.wantsLogarithm(values), values: values, plots: plots)
  }

  private static func caption(_ result: PosteriorResult, _ axis: String) -> String {
    var text =
      "\(result.activation) networks, data \(result.data.name): mean squared test error of a "
      + "sampled network, and the factor s by which learning multiplies the kernel. Solid: saddle "
      + "point"
    if result.points.contains(where: { $0.exactTestError != nil }) {
      text += "; dashed: exact at finite width"
    }
    text += result.axes.count == 1 ? "; dotted grey: infinite width." : "."
    if let sampled = result.points.compactMap(\.sampled).first {
      text += " Points: \(sampled.sampler) samples, bars one standard error."
    }
    return text
  }
}
