import Foundation
import PoiseLab

/// Mean kernels of the layers with patterns ordered by label, and how far each points along the labels.
enum LayerKernelFigure {
  static func script(_ result: PosteriorResult) -> FigureScript? {
    guard let profile = result.kernels, profile.size > 1, let first = result.points.first,
      profile.kernels.allSatisfy({ $0.count == profile.size * profile.size })
    else { return nil }
    let layers = shown(profile.kernels.count)
    let side = 150.0
    let (width, height) = (Int(70 + 160 * Double(layers.count) + 60), 470)
    let (w, h) = (Double(width), Double(height))
    // Off the diagonal: the diagonal of a kernel would hide the rest.
    var most = 0.0
    for layer in layers {
      for a in 0..<profile.size {
        for b in 0..<profile.size where a != b {
          most = max(most, abs(profile.kernels[layer][a * profile.size + b]))
        }
      }
    }
    let limit = most > 0 ? most : 1
    var lines = [
      "set multiplot", "unset key", "unset grid",
      "set palette defined (-2 '#123a73', -1 '#6fb1de', 0 '#ffffff', 1 '#f7a456', 2 '#7f2704')",
      "set cbrange [\(-limit):\(limit)]", "set size ratio 1", "unset xtics", "unset ytics",
      "set border 15 lw 1", "set xrange [-0.5:\(Double(profile.size) - 0.5)]",
      "set yrange [\(Double(profile.size) - 0.5):-0.5]",
    ]
    for (place, layer) in layers.enumerated() {
      let left = 60 + 160 * Double(place)
      lines.append(
        "set lmargin at screen \(left / w); set rmargin at screen \((left + side) / w)")
      lines.append(
        "set tmargin at screen \((h - 36) / h); set bmargin at screen \((h - 36 - side) / h)")
      let isLast = place == layers.count - 1
      lines.append(
        isLast
          ? "set colorbox user origin screen \((left + side + 10) / w),screen "
            + "\((h - 36 - side) / h) size screen 0.015,screen \(side / h); "
            + "set cbtics font small" : "unset colorbox")
      lines.append(
        "set title \(GnuplotText.quoted(layer == 0 ? "inputs" : "layer \(layer)")) offset 0,-0.6")
      lines.append("plot data index \(place) matrix with image")
    }
    lines += alignmentPanel(profile, layers.count, w, h)
    lines.append("unset multiplot")
    return FigureScript(
      name: "kernels", width: width, height: height,
      commands: lines.joined(separator: "\n"), data: data(profile, layers),
      caption: "Mean kernels of the layers on \(first.patterns) patterns ordered by label, each "
        + "divided by the factor it had before learning; colours end at the largest entry off the "
        + "diagonal. Below: A_l = yᵀK_l y/|y|², the part along the labels, after and before learning"
        + (profile.measuredAlignment == nil ? "." : "; points: sampled networks."),
      alternativeText: "Kernels of \(layers.count) layers; the part along the labels grows from "
        + "\(NumberText.short(profile.alignment.first ?? 0)) to "
        + "\(NumberText.short(profile.alignment.last ?? 0)).")
  }

  /// At most four layers, ends included.
  private static func shown(_ count: Int) -> [Int] {
    guard count > 4 else { return Array(0..<count) }
    return [0, 1, count / 2, count - 1]
  }

  private static func alignmentPanel(
    _ profile: PosteriorResult.LayerProfile, _ index: Int, _ w: Double, _ h: Double
  ) -> [String] {
    let values =
      profile.alignment + profile.priorAlignment + (profile.measuredAlignment ?? [])
    let isLog = Panel.wantsLogarithm(values)
    var plots = [
      "data index \(index) using 1:2 with linespoints ls 3 pt 7 ps 0.5 title 'after learning'",
      "data index \(index) using 1:3 with linespoints lw 1.4 dt 3 pt 6 ps 0.5 lc rgb '#777777' "
        + "title 'before'",
    ]
    if profile.measuredAlignment != nil {
      plots.append(
        "data index \(index) using 1:4:5 with yerrorbars pt 7 ps 0.8 lw 1.4 lc rgb '#222222' "
          + "title 'sampled'")
    }
    let top = (values.max() ?? 1) * (isLog ? 1.3 : 1.1)
    return [
      "unset title", "unset colorbox", "set size noratio", "set border 3 lw 1.4", "set grid",
      "set lmargin at screen \(70 / w); set rmargin at screen \((w - 40) / w)",
      "set tmargin at screen \(218 / h); set bmargin at screen \(62 / h)",
      "set xrange [-0.2:\(Double(profile.alignment.count) - 0.8)]; set xtics 1; set ytics auto",
      isLog
        ? "set logscale y; set yrange [\((values.min() ?? 1) / 1.3):\(top)]"
        : "set yrange [0:\(top)]",
      "set xlabel 'layer'; set ylabel 'A_l' enhanced",
      "set key at screen \(80 / w),screen \(240 / h) left Left reverse horizontal font small",
      "plot " + plots.joined(separator: ", \\\n  "),
    ]
  }

  private static func data(_ profile: PosteriorResult.LayerProfile, _ layers: [Int]) -> String {
    var blocks = layers.map { layer in
      GnuplotText.rows(
        (0..<profile.size).map { row in
          (0..<profile.size).map { profile.kernels[layer][row * profile.size + $0] }
        })
    }
    blocks.append(
      GnuplotText.rows(
        profile.alignment.indices.map { layer in
          [
            Double(layer), profile.alignment[layer], profile.priorAlignment[layer],
            layer > 0 ? profile.measuredAlignment?[layer - 1] : nil,
            layer > 0 ? profile.measuredStandardError?[layer - 1] : nil,
          ]
        }))
    return "# kernels of layers \(layers); then layer, A after, A before, measured, error\n"
      + blocks.joined(separator: "\n\n\n") + "\n"
  }
}
