import Foundation
public import PoiseLab

/// How squared gradients grow from the last layer to the first, for every candidate.
public enum GradientFigure {
  /// The gradient profiles of an `advise` record; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .advise(let advice) = record.result, !advice.gradientProfiles.isEmpty else {
      return nil
    }
    return GradientPlot(advice).figure()
  }
}

/// The gradient figure in the making.
struct GradientPlot {
  let advice: AdviceResult
  /// Profiles that coincide share a line.
  let groups: [(names: [String], profile: AdviceResult.Profile, isRecommended: Bool)]
  let limit: Double

  init(_ advice: AdviceResult) {
    self.advice = advice
    let best = advice.recommended?.name
    var groups: [(names: [String], profile: AdviceResult.Profile, isRecommended: Bool)] = []
    for profile in advice.gradientProfiles {
      let isBest = profile.name == best
      let same = groups.firstIndex {
        !$0.isRecommended && !isBest && Self.coincide($0.profile, profile)
      }
      if let same {
        groups[same].names.append(profile.name)
      } else {
        groups.append(([profile.name], profile, isBest))
      }
    }
    self.groups = groups.filter(\.isRecommended) + groups.filter { !$0.isRecommended }
    let extremes = groups.map { group in
      group.profile.values.filter(\.isFinite).map { abs($0) }.max() ?? 0
    }.sorted()
    // A factor of e^±15 is hopeless already; what is worse may leave the picture.
    let measured = advice.check?.series.first { $0.quantity == "gradient" }?.measured ?? []
    let needed = measured.filter(\.isFinite).map { abs($0) }.max() ?? 0
    limit = max(2, 1.2 * needed, min(15, 1.05 * (extremes.last ?? 2)))
  }

  private static func coincide(_ a: AdviceResult.Profile, _ b: AdviceResult.Profile) -> Bool {
    a.layers == b.layers
      && zip(a.values, b.values).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-3 * (1 + abs($0)) }
  }

  private var leaving: [String] {
    groups.filter { $0.profile.values.contains { abs($0) > limit } }.flatMap(\.names)
  }

  func figure() -> FigureScript {
    let series = advice.check?.series.first { $0.quantity == "gradient" && !$0.layers.isEmpty }
    let entries = groups.count + (series == nil ? 0 : 1)
    let width = 560
    let height = 342 + 24 * entries
    let (w, h) = (Double(width), Double(height))
    let last = groups.compactMap { $0.profile.layers.max() }.max() ?? 1
    var commands = [
      "set lmargin at screen \(82 / w); set rmargin at screen \(1 - 18 / w)",
      "set tmargin at screen \(1 - 14 / h); set bmargin at screen \((h - 268) / h)",
      "set key at screen \(30 / w),screen \((h - 334) / h) left top Left reverse vertical "
        + "maxcols 1 font small spacing 1.15",
      "set xrange [0:\(Double(last) + 0.5)]; set yrange [\(range.lowerBound):\(range.upperBound)]",
      "set label 'layer' at screen 0.55,screen \((h - 318) / h) center",
      "set label 'ln squared gradient' at screen \(18 / w),screen \((h - 141) / h) center "
        + "rotate by 90",
      "set arrow from graph 0, first 0 to graph 1, first 0 nohead lw 1 lc rgb '#999999' back",
    ]
    commands.append("plot " + plots(series).joined(separator: ", \\\n  "))
    var blocks = groups.map { group in
      "# \(group.names.joined(separator: ", ").filter { !$0.isNewline })\n"
        + GnuplotText.rows(
          zip(group.profile.layers, group.profile.values).map { [Double($0), $1] }) + "\n"
    }
    if let series { blocks.append(SeriesCurve(series, index: 0).data) }
    return FigureScript(
      name: "gradient", width: width, height: height, commands: commands.joined(separator: "\n"),
      data: blocks.joined(separator: "\n\n"), caption: caption(series != nil),
      alternativeText: alternativeText)
  }

  private var range: ClosedRange<Double> {
    let values = groups.flatMap(\.profile.values).filter { $0.isFinite }
    let low = max(-limit, min(-1, values.min() ?? -1))
    let high = min(limit, max(1, values.max() ?? 1))
    let margin = 0.05 * (high - low)
    return (low - margin)...(high + margin)
  }

  private func plots(_ series: CheckResult.Series?) -> [String] {
    let colors = [Palette.blue, Palette.green, Palette.purple, Palette.orange, Palette.sky]
    var number = 0
    var plots = groups.enumerated().map { index, group -> String in
      var look = "lt 1 lw 4 lc rgb '\(Palette.vermillion)'"
      if !group.isRecommended {
        look = "dt \(number / colors.count + 1) lw 1.8 lc rgb '\(colors[number % colors.count])'"
        number += 1
      }
      return "data index \(index) using 1:2 with lines \(look) title \(title(group))"
    }
    if let series {
      let curve = SeriesCurve(series, index: groups.count)
      plots.append(
        "data index \(groups.count) every \(curve.stride) using 1:4:5 with yerrorbars pt 7 "
          + "ps 0.75 lw 1.4 lc rgb '#222222' title 'measured on networks, recommended'")
    }
    return plots
  }

  private func title(
    _ group: (names: [String], profile: AdviceResult.Profile, isRecommended: Bool)
  ) -> String {
    var shown = group.names.count
    func words() -> String {
      let rest = group.names.count - shown
      return group.names.prefix(shown).joined(separator: ", ")
        + (rest > 0 ? " and \(rest) more" : "")
    }
    while shown > 1, words().count > 56 { shown -= 1 }
    let text = TextLayout.truncated(words(), 58)
    return GnuplotText.quoted(group.isRecommended ? "\(text) (recommended)" : text)
  }

  private func caption(_ hasPoints: Bool) -> String {
    var text = "Natural logarithm of the mean squared gradient at each layer over that at the last "
    text += "layer, at infinite width. Flat is good; up to the left explodes, down vanishes."
    if hasPoints, let check = advice.check {
      text += " Points: mean over \(check.networks) networks of width \(check.width), bars one "
      text += "standard error."
    }
    if !leaving.isEmpty {
      text += " Leaving the picture beyond ±\(NumberText.short(limit)): "
      text += "\(leaving.joined(separator: ", "))."
    }
    return text
  }

  private var alternativeText: String {
    let ends = groups.map { group in
      "\(group.names.joined(separator: ", ")) \(NumberText.short(group.profile.values.first ?? 0))"
    }
    return "Logarithm of the squared gradient by layer. At the first layer: "
      + ends.joined(separator: "; ") + "."
  }
}
