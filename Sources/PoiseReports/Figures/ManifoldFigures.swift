import Foundation
import PoiseLab

/// The figures of a circle in networks: the curve on its principal components, layers, vectors; or maps.
enum ManifoldFigures {
  static func scripts(_ result: ManifoldResult) -> [FigureScript] {
    guard result.profiles.isEmpty else {
      return [curve(result), layers(result), vectors(result)].compactMap { $0 }
    }
    return [
      map(result, "manifold-variation", "CV of neighbour distances", \.variation),
      map(result, "manifold-dimension", "effective dimension of φ(h)", \.outputDimension),
    ].compactMap { $0 }
  }

  private static let colors = [Palette.blue, Palette.vermillion]

  private static func name(_ profile: ManifoldResult.Profile) -> String {
    profile.alpha == 2 ? "Gaussian" : "α = \(NumberText.short(profile.alpha))"
  }

  // MARK: - The curve

  /// The closed curve of the first network, one picture for each law, coloured along θ.
  private static func curve(_ result: ManifoldResult) -> FigureScript? {
    let count = result.profiles.count
    let width = count > 1 ? 720 : 440
    var blocks: [String] = []
    var lines = [
      "set multiplot", "unset colorbox; set palette model HSV defined (0 0 0.85 0.8, 1 1 0.85 0.8)",
      "set view 60,35,1.05,1.1; set xyplane relative 0.05; set border 31 lw 1 lc rgb '#777777'",
      "unset key; set tics font small; set xtics offset 0,-0.3; set ytics offset 0,-0.3",
      "set ztics offset 1,0",
    ]
    for (index, profile) in result.profiles.enumerated() {
      let points = stride(from: 0, to: profile.projection.count, by: 3).map {
        Array(profile.projection[$0..<$0 + 3])
      }
      guard let first = points.first else { return nil }
      let total = Double(points.count)
      blocks.append(
        GnuplotText.rows(
          (points + [first]).enumerated().map { row, point in
            point.map { Optional($0) } + [Double(row) / total]
          }))
      let (left, right) = (Double(index) / Double(count), Double(index + 1) / Double(count))
      let shares = NumberText.fixed(profile.projectedShares.map { 100 * $0 }, decimals: 0).map {
        "\($0) %"
      }
      lines += [
        "set origin \(left),0.06; set size \(right - left),0.88",
        "set label 1 \(GnuplotText.title(name(profile))) at screen \((left + right) / 2),screen 0.95 "
          + "center",
        "set label 2 \(GnuplotText.quoted("variance " + shares.joined(separator: ", "))) at screen "
          + "\((left + right) / 2),screen 0.04 center font small",
        "set xlabel 'PC 1' font small; set ylabel 'PC 2' font small offset -2,0",
        "set zlabel 'PC 3' font small rotate by 90 offset 2,0",
        axes(points),
        "splot data index \(index) using 1:2:3:4 with lines lw 2 lc palette",
      ]
    }
    lines.append("unset multiplot")
    return FigureScript(
      name: "manifold", width: width, height: 400, commands: lines.joined(separator: "\n"),
      data: "# principal components 1 to 3, θ/2π; one block for each law\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption:
        "A circle of inputs in layer \(result.depth) of one \(result.activation) network of width "
        + "\(result.width), σ_w = \(NumberText.short(result.profiles[0].scale)), on its first three "
        + "principal components; colour runs along the circle.",
      alternativeText: "Closed curves in three dimensions: images of a circle in layer "
        + "\(result.depth), \(result.profiles.map(name).joined(separator: " and ")).")
  }

  /// Few tics on each axis, so that they do not overlap.
  private static func axes(_ points: [[Double]]) -> String {
    zip(["x", "y", "z"], 0..<3).map { axis, index in
      let size = points.map { abs($0[index]) }.max() ?? 1
      guard size > 0 else { return "set \(axis)range [-1:1]; set \(axis)tics 1" }
      let unit = pow(10, log10(size).rounded(.down))
      let step = [1.0, 2, 5].last { $0 * unit <= size } ?? 1
      let (low, high) = (-1.1 * size, 1.1 * size)
      return "set \(axis)range [\(low):\(high)]; set \(axis)tics \(step * unit)"
    }.joined(separator: "\n")
  }

  // MARK: - Layers and vectors

  private static func layers(_ result: ManifoldResult) -> FigureScript? {
    guard result.depth > 1 else { return nil }
    var blocks: [String] = []
    for profile in result.profiles {
      blocks.append(
        GnuplotText.rows(
          profile.layers.map { layer in
            [
              Double(layer.layer), layer.variation.value, layer.variation.standardError,
              layer.outputDimension.value, layer.outputDimension.standardError,
              layer.logLength.value,
              layer.logLength.standardError,
            ]
          }))
    }
    func plots(_ column: Int, titled: Bool) -> [String] {
      result.profiles.enumerated().map { index, profile in
        "data index \(index) using 1:\(column):\(column + 1) with yerrorlines lt 1 lw 1.6 pt 7 ps 0.5 "
          + "lc rgb '\(colors[index % colors.count])'"
          + (titled ? " title \(GnuplotText.title(name(profile)))" : "")
      }
    }
    let all = result.profiles.flatMap(\.layers)
    func ends(_ value: MeasuredValue) -> [Double] {
      let error = value.standardError ?? 0
      return [value.value - error, value.value + error]
    }
    let stack = PanelStack(
      panels: [
        Panel(
          yLabel: GnuplotText.title("CV of distances"),
          values: [0] + all.flatMap { ends($0.variation) }, plots: plots(2, titled: true)),
        Panel(
          yLabel: GnuplotText.title("dimension of φ(h)"),
          isLogarithmic: Panel.wantsLogarithm(all.map(\.outputDimension.value)),
          values: all.flatMap { ends($0.outputDimension) }, plots: plots(4, titled: false)),
        Panel(
          yLabel: GnuplotText.title("ln of length"), values: all.flatMap { ends($0.logLength) },
          plots: plots(6, titled: false)),
      ], xLabel: "'layer'", xRange: 0.5...(Double(result.depth) + 0.5))
    return FigureScript(
      name: "manifold-layers", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data:
        "# layer, CV, error, effective dimension of φ(h), error, ln length, error; a block for each law\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption:
        "A circle of inputs layer by layer in \(result.networks) \(result.activation) networks of "
        + "width \(result.width), bars one standard error: unevenness of the stretching, dimensions "
        + "filled, length of the curve.",
      alternativeText: "Coefficient of variation, effective dimension and logarithm of the length "
        + "over \(result.depth) layers.")
  }

  private static func vectors(_ result: ManifoldResult) -> FigureScript? {
    var (blocks, plots) = ([String](), [String]())
    let groups = result.profiles.flatMap(\.vectors).filter { $0.logSingularValue > -80 }
    guard let low = groups.map(\.logSingularValue).min(),
      let high = groups.map(\.logSingularValue).max(), low < high
    else { return nil }
    for (index, profile) in result.profiles.enumerated() {
      let rows = profile.vectors.filter { $0.logSingularValue > -80 }
      for (kind, point) in [("right", 7), ("left", 6)] {
        plots.append(
          "data index \(blocks.count) using 1:2:3 with yerrorlines lt 1 lw 1.4 pt \(point) ps 0.6 lc "
            + "rgb '\(colors[index % colors.count])' title \(GnuplotText.title(name(profile) + ", " + kind))"
        )
        blocks.append(
          GnuplotText.rows(
            rows.map { group in
              let value = kind == "right" ? group.right : group.left
              return [exp(group.logSingularValue), value.value, value.standardError]
            }))
      }
    }
    let order = NumberText.short(result.order)
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: "'D_{\(order)} of singular vectors'",
          values: groups.flatMap { [$0.right.value, $0.left.value] }
            + [0, result.extended, 1.3 * result.extended],
          before: [
            "set key at graph 0.02, graph 0.98 left top Left reverse vertical maxrows 2 width 0 font small",
            "set arrow 1 from graph 0, first \(result.extended) to graph 1, first \(result.extended) "
              + "nohead dt 2 lw 1.2 lc rgb '#555555'",
            "set label 1 'extended' at graph 0.98, first \(result.extended) right offset 0,0.6 font small",
          ], plots: plots)
      ],
      xLabel: GnuplotText.title("singular value s"),
      xRange: exp(low - 0.2)...exp(high + 0.2), isLogarithmicX: high - low > 2.3)
    stack.panelHeight = 330
    return FigureScript(
      name: "manifold-vectors", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data: "# s, D_q, error; right and left vectors of each law\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption:
        "D_\(order) of the singular vectors of the last layer's Jacobian, means over twelfths of "
        + "the spectrum and \(result.networks) networks of width \(result.width). Dashed: random "
        + "vectors spread over all units.",
      alternativeText: "D_\(order) of right and left singular vectors against the singular value.")
  }

  // MARK: - Maps

  private static func map(
    _ result: ManifoldResult, _ name: String, _ label: String,
    _ quantity: KeyPath<ManifoldResult.Cell, MeasuredValue>
  ) -> FigureScript? {
    guard result.alphas.count > 1, result.scales.count > 1 else {
      return line(result, name, label, quantity)
    }
    let (width, height) = (620.0, 470.0)
    let plot = PhaseMap.plot
    let (x, y) = (PlaneAxis(values: result.scales), PlaneAxis(values: result.alphas))
    var rows = ["# position on x (σ_w), on y (α), \(label)"]
    for (row, place) in zip(y.indices, y.positions) {
      for (column, position) in zip(x.indices, x.positions) {
        let cell = result.cells[row * result.scales.count + column]
        rows.append(
          String(format: "%.6g %.6g %.5g", position, place, cell[keyPath: quantity].value))
      }
      rows.append("")
    }
    let values = result.cells.map { $0[keyPath: quantity].value }
    let isLogarithmic = Panel.wantsLogarithm(values)
    func axis(_ text: String, _ px: Double, _ py: Double, upright: Bool = false) -> String {
      "set label \(GnuplotText.title(text)) at screen \(px / width),screen \(py / height) center"
        + (upright ? " rotate by 90" : "")
    }
    let lines = [
      "set lmargin at screen \(plot.left / width)",
      "set rmargin at screen \((plot.left + plot.width) / width)",
      "set bmargin at screen \(plot.bottom / height)",
      "set tmargin at screen \((plot.bottom + plot.height) / height)",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.lowerBound):\(y.range.upperBound)]",
      x.tics("x"), y.tics("y"), "unset grid", isLogarithmic ? "set logscale cb" : "",
      axis("scale σ_w", plot.left + plot.width / 2, 16),
      axis("index α", 18, plot.bottom + plot.height / 2, upright: true),
      axis(label, width - 15, plot.bottom + plot.height / 2, upright: true),
      "set colorbox user origin 0.8,\(plot.bottom / height) size 0.03,\(plot.height / height)",
      "plot data using 1:2:3 with image",
    ]
    return FigureScript(
      name: name, width: Int(width), height: Int(height),
      commands: lines.filter { !$0.isEmpty }.joined(separator: "\n"),
      data: rows.joined(separator: "\n") + "\n", caption: caption(result, label),
      alternativeText: "Map of the \(label) over α and σ_w.")
  }

  /// Where only one of α and σ_w varies.
  private static func line(
    _ result: ManifoldResult, _ name: String, _ label: String,
    _ quantity: KeyPath<ManifoldResult.Cell, MeasuredValue>
  ) -> FigureScript? {
    let byScale = result.scales.count > 1
    let rows = result.cells.map { cell -> [Double?] in
      let measured = cell[keyPath: quantity]
      return [byScale ? cell.scale : cell.alpha, measured.value, measured.standardError]
    }
    let places = byScale ? result.scales : result.alphas
    guard let low = places.min(), let high = places.max(), low < high else { return nil }
    let values = result.cells.map { $0[keyPath: quantity].value }
    let margin = 0.03 * (high - low)
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: GnuplotText.title(label), isLogarithmic: Panel.wantsLogarithm(values),
          values: values, plots: ["data using 1:2:3 with yerrorlines ls 1 lw 1.6 pt 7 ps 0.7"])
      ], xLabel: GnuplotText.title(byScale ? "scale σ_w" : "index α"),
      xRange: (low - margin)...(high + margin))
    stack.panelHeight = 330
    return FigureScript(
      name: name, width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# \(byScale ? "scale" : "alpha"), \(label), error\n" + GnuplotText.rows(rows) + "\n",
      caption: caption(result, label),
      alternativeText: "\(label) over the \(byScale ? "scale" : "index").")
  }

  private static func caption(_ result: ManifoldResult, _ label: String) -> String {
    "A circle of inputs in layer \(result.depth) of \(result.activation) networks of width "
      + "\(result.width): \(label), mean over \(result.networks) networks."
  }
}
