import Foundation
public import PoiseLab

/// The laws of the singular values of the recommendation and of every preset.
public enum CandidateSpectrumFigure {
  /// Of an `advise` record that has them; nil for others.
  public static func script(_ record: Record) -> FigureScript? {
    guard case .advise(let advice) = record.result else { return nil }
    let groups = groups(advice)
    guard !groups.isEmpty else { return nil }
    let (width, height) = (560, 342 + 24 * groups.count)
    let (w, h) = (Double(width), Double(height))
    let (x, top) = frame(groups)
    let commands =
      [
        "set lmargin at screen \(82 / w); set rmargin at screen \(1 - 18 / w)",
        "set tmargin at screen \(1 - 14 / h); set bmargin at screen \((h - 268) / h)",
        "set key at screen \(30 / w),screen \((h - 334) / h) left top Left reverse vertical "
          + "maxcols 1 font small spacing 1.15",
        "set xrange [\(x.lowerBound):\(x.upperBound)]; set logscale y",
        "set yrange [\(top * 1e-3):\(top * 1.6)]; set format y '10^{%L}'",
        "set label \(GnuplotText.title("log₁₀ singular value s")) at screen 0.55,"
          + "screen \((h - 318) / h) center",
        "set label 'density per ln s' at screen \(18 / w),screen \((h - 141) / h) center rotate by 90",
        "set arrow from first 0, graph 0 to first 0, graph 1 nohead lw 1 lc rgb '#999999' back",
        "plot " + plots(groups).joined(separator: ", \\\n  "),
      ]
    let blocks = groups.map { group in
      "# \(group.names.joined(separator: ", ").filter { !$0.isNewline }): log10 s, density\n"
        + GnuplotText.rows(
          zip(group.curve.logSingularValues, group.curve.density).map {
            [$0 / log(10), $1 > 0 ? $1 : nil]
          }) + "\n"
    }
    return FigureScript(
      name: "singular-values", width: width, height: height,
      commands: commands.joined(separator: "\n"), data: blocks.joined(separator: "\n\n"),
      caption: caption(advice, groups, x), alternativeText: alternativeText(advice, groups))
  }

  struct Group {
    var names: [String]
    var curve: SpectrumResult.Curve
    var isRecommended: Bool
  }

  /// Laws that coincide share a line; those that are atoms only have none.
  private static func groups(_ advice: AdviceResult) -> [Group] {
    let best = advice.recommended?.name
    var groups: [Group] = []
    for one in advice.spectra ?? [] where one.curve.density.contains(where: { $0 > 0 }) {
      let isBest = one.name == best
      let same = groups.firstIndex {
        !$0.isRecommended && !isBest
          && abs($0.curve.logMean - one.curve.logMean) < 1e-3 * (1 + abs(one.curve.logMean))
          && abs($0.curve.relativeVariance / one.curve.relativeVariance - 1) < 1e-3
      }
      if let same {
        groups[same].names.append(one.name)
      } else {
        groups.append(Group(names: [one.name], curve: one.curve, isRecommended: isBest))
      }
    }
    return groups.filter(\.isRecommended) + groups.filter { !$0.isRecommended }
  }

  /// The middle nine tenths of every law, but no more than eight decades round 1; the largest density.
  private static func frame(_ groups: [Group]) -> (x: ClosedRange<Double>, top: Double) {
    let ends = groups.flatMap { group in
      group.curve.quantiles.filter { $0.share == 0.05 || $0.share == 0.99 }
        .compactMap(\.logSingularValue)
    }.map { $0 / log(10) }
    let low = max(-6, (ends.min() ?? -1) - 0.2)
    let high = min(2, (ends.max() ?? 1) + 0.2)
    let range: ClosedRange<Double> = low...max(high, low + 0.1)
    var top = 1e-6
    for curve in groups.map(\.curve) {
      for (value, density) in zip(curve.logSingularValues, curve.density) {
        if range.contains(value / log(10)) { top = max(top, density) }
      }
    }
    return (range, top)
  }

  private static func plots(_ groups: [Group]) -> [String] {
    let colors = [Palette.blue, Palette.green, Palette.purple, Palette.orange, Palette.sky]
    let others = groups.filter { !$0.isRecommended }.count
    return groups.enumerated().map { index, group in
      let number = index - (groups.count - others)
      let look =
        group.isRecommended
        ? "lt 1 lw 4 lc rgb '\(Palette.vermillion)'"
        : "dt \(number / colors.count + 1) lw 1.8 lc rgb '\(colors[number % colors.count])'"
      let name = TextLayout.truncated(group.names.joined(separator: ", "), 56)
      let title = GnuplotText.quoted(group.isRecommended ? "\(name) (recommended)" : name)
      return "data index \(index) using 1:2 with lines \(look) title \(title)"
    }
  }

  private static func caption(
    _ advice: AdviceResult, _ groups: [Group], _ x: ClosedRange<Double>
  ) -> String {
    var text = "Singular values of the Jacobian of all \(advice.depth) layers, at infinite width: "
    text += "density per unit of ln s. A narrow law at 1 keeps every direction; layers whose "
    text += "lengths vary count as equal ones with the same mean and variance."
    let outside = groups.filter { group in
      let median = group.curve.quantiles.first { $0.share == 0.5 }?.logSingularValue
      return median.map { !x.contains($0 / log(10)) } ?? false
    }.flatMap(\.names)
    if !outside.isEmpty { text += " Outside of the picture: \(outside.joined(separator: ", "))." }
    return text
  }

  private static func alternativeText(_ advice: AdviceResult, _ groups: [Group]) -> String {
    let spreads = groups.map {
      "\($0.names.joined(separator: ", ")) \(NumberText.short($0.curve.relativeVariance))"
    }
    return "Densities of singular values at depth \(advice.depth). Relative variance of s²: "
      + spreads.joined(separator: "; ") + "."
  }
}
