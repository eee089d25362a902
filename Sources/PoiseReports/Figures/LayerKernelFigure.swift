import Foundation
import PoiseLab

/// Mean kernels of the layers with patterns ordered by label, and how far each points along the labels.
enum LayerKernelFigure {
  static func script(_ result: PosteriorResult) -> FigureScript? {
    guard let profile = result.kernels, profile.size > 1, let first = result.points.first,
      profile.kernels.allSatisfy({ $0.count == profile.size * profile.size })
    else { return nil }
    let layers = shown(profile.kernels.count)
    let side = 142.0
    let (width, height) = (Int(24 + 152 * Double(layers.count) + 130), 490)
    let (w, h) = (Double(width), Double(height))
    let ends = layers.map { limit(values(profile, $0), profile.size) }
    let limits = [ends[0], ends.dropFirst().max() ?? 1]
    var lines = [
      "set multiplot", "unset key", "unset grid",
      "set palette defined (-2 '#123a73', -1 '#6fb1de', 0 '#ffffff', 1 '#f7a456', 2 '#7f2704')",
      "set size ratio 1", "unset xtics", "unset ytics", "set border 15 lw 1",
      "set xrange [-0.5:\(Double(profile.size) - 0.5)]",
      "set yrange [\(Double(profile.size) - 0.5):-0.5]",
    ]
    for (place, layer) in layers.enumerated() {
      let left = 24 + 152 * Double(place) + (place > 0 ? 62 : 0)
      lines.append(
        "set lmargin at screen \(left / w); set rmargin at screen \((left + side) / w)")
      lines.append(
        "set tmargin at screen \((h - 36) / h); set bmargin at screen \((h - 36 - side) / h)")
      let hasBox = place == 0 || place == layers.count - 1
      lines.append(
        hasBox
          ? "set colorbox user origin screen \((left + side + 8) / w),screen "
            + "\((h - 36 - side) / h) size screen 0.012,screen \(side / h); "
            + "set cbtics font small" : "unset colorbox")
      let bound = limits[min(place, 1)]
      lines.append(
        "set cbrange [\(-bound):\(bound)]; set cbtics \(bound / 2); set format cb '%.2g'")
      lines.append(
        "set title '\(layer == 0 ? "inputs" : "layer \(layer), change")' offset 0,-0.6")
      lines.append("plot data index \(place) matrix with image")
    }
    lines += alignmentPanel(profile, layers.count, w, h)
    lines.append("unset multiplot")
    return FigureScript(
      name: "kernels", width: width, height: height,
      commands: lines.joined(separator: "\n"), data: data(profile, layers),
      caption:
        "Kernel of \(first.patterns) inputs ordered by label, and what learning changed in the "
        + "mean kernels of the layers, each divided by the factor it had before. "
        + "Below: A_l = yᵀK_l y/|y|², the part along the labels, after and before learning"
        + (profile.measuredAlignment == nil ? "." : "; points: sampled networks."),
      alternativeText: "Kernels of \(layers.count) layers; the part along the labels grows from "
        + "\(NumberText.short(profile.alignment.first ?? 0)) to "
        + "\(NumberText.short(profile.alignment.last ?? 0)).")
  }

  /// The kernel of the inputs; of a layer, the difference to it.
  private static func values(_ profile: PosteriorResult.LayerProfile, _ layer: Int) -> [Double] {
    guard layer > 0 else { return profile.kernels[0] }
    return zip(profile.kernels[layer], profile.kernels[0]).map { $0 - $1 }
  }

  /// End of the colours: the largest entry off the diagonal, which would hide the rest; 1 for nothing.
  private static func limit(_ values: [Double], _ size: Int) -> Double {
    let most = values.enumerated().reduce(0.0) { most, entry in
      entry.offset / size == entry.offset % size ? most : max(most, abs(entry.element))
    }
    return most > 0 && most.isFinite ? most : 1
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
      "set tmargin at screen \(236 / h); set bmargin at screen \(78 / h)",
      "set xrange [-0.2:\(Double(profile.alignment.count) - 0.8)]; set xtics 1 nomirror; set ytics auto nomirror",
      isLog
        ? "set logscale y; set yrange [\((values.min() ?? 1) / 1.3):\(top)]"
        : "set yrange [0:\(top)]",
      "set xlabel 'layer l'; set ylabel 'A_l' enhanced",
      "set key at screen \(80 / w),screen \(262 / h) left Left reverse horizontal font small",
      "plot " + plots.joined(separator: ", \\\n  "),
    ]
  }

  private static func data(_ profile: PosteriorResult.LayerProfile, _ layers: [Int]) -> String {
    var blocks = layers.map { layer in
      let entries = values(profile, layer)
      return GnuplotText.rows(
        (0..<profile.size).map { row in
          entries[row * profile.size..<(row + 1) * profile.size].map { $0 }
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
    return
      "# kernel of the inputs and changes of layers \(layers); then layer, A after, A before, measured, error\n"
      + blocks.joined(separator: "\n\n\n") + "\n"
  }
}
