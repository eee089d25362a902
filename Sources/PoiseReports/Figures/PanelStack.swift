import Foundation

/// One of several panels that share the axis below.
struct Panel {
  /// The axis, quoted for gnuplot.
  var yLabel: String
  var isLogarithmic = false
  /// What must be seen; the axis is a little longer.
  var values: [Double]
  /// Commands before the plot.
  var before: [String] = []
  /// The arguments of `plot`, without the word.
  var plots: [String]

  /// The ends of the axis; a logarithmic one shows at most twelve decades.
  var yRange: ClosedRange<Double> {
    let finite = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    if isLogarithmic {
      let bottom = max(low, 1e-12 * high)
      let margin = pow(high / bottom, 0.06)
      return (bottom / margin)...(high * margin)
    }
    let margin = 0.07 * (high - low)
    // A constant is not shown as noise.
    let least = 0.02 * max(abs(low), abs(high), 1e-12)
    return (low - max(margin, least))...(high + max(margin, least))
  }

  /// Space between long titles of a key above the first panel.
  static func key(width: Double) -> String { "set key width \(width) samplen 1.4 spacing 1" }

  /// Logarithmic where all values are positive and span more than a decade and a half.
  static func wantsLogarithm(_ values: [Double]) -> Bool {
    let finite = values.filter { $0.isFinite }
    guard let low = finite.min(), let high = finite.max(), low > 0 else { return false }
    return high / low > 31.6
  }
}

/// Panels one above the other.
struct PanelStack {
  var panels: [Panel]
  /// Quoted for gnuplot.
  var xLabel: String
  var xRange: ClosedRange<Double>
  var isLogarithmicX = false
  let width = 560
  var panelHeight = 210

  var height: Int { panels.count * panelHeight + 92 }

  /// Commands for all panels; the first holds the key, above it.
  func commands() -> String {
    var lines = ["set multiplot"]
    lines.append("set lmargin at screen \(96.0 / Double(width))")
    lines.append("set rmargin at screen \(1 - 18.0 / Double(width))")
    lines.append("set xrange [\(xRange.lowerBound):\(xRange.upperBound)]")
    if isLogarithmicX { lines.append("set logscale x; set format x '10^{%L}'") }
    for (index, panel) in panels.enumerated() {
      let total = Double(height)
      let top = total - 34 - Double(index * panelHeight)
      lines.append("set tmargin at screen \(top / total)")
      lines.append("set bmargin at screen \((top - Double(panelHeight) + 24) / total)")
      let isLast = index == panels.count - 1
      lines.append(isLast ? "set format x" : "set format x ''")
      if isLast {
        lines.append("set label 91 \(xLabel) at screen 0.55,screen \(16 / total) center")
      }
      if isLast, isLogarithmicX { lines.append("set format x '10^{%L}'") }
      lines.append(
        "set label 90 \(panel.yLabel) at screen \(18.0 / Double(width)),"
          + "screen \((top - Double(panelHeight) / 2 + 12) / total) center rotate by 90")
      lines.append(
        panel.isLogarithmic
          ? "set logscale y; set format y '10^{%L}'" : "unset logscale y; set format y '%g'")
      let range = panel.yRange
      lines.append("set yrange [\(range.lowerBound):\(range.upperBound)]")
      lines.append(
        index == 0
          ? "set key at screen \(96.0 / Double(width)),screen \((total - 12) / total) "
            + "left Left reverse vertical maxrows 1 width -2 font small" : "unset key")
      lines += panel.before
      lines.append("plot " + panel.plots.joined(separator: ", \\\n  "))
    }
    lines.append("unset multiplot")
    return lines.joined(separator: "\n")
  }
}
