import Foundation
import PoiseLab

/// The figures of `stable`: density and survival of the law; data over fit; quantiles; the tail.
enum StableFigures {
  /// All that the record has numbers for.
  static func scripts(_ result: StableResult) -> [FigureScript] {
    switch result.operation {
    case .pdf, .cdf, .quantile: return [StableCurveFigure(result).script].compactMap { $0 }
    case .sample: return []
    case .fit, .compare:
      return [density(result), survival(result), quantiles(result)].compactMap { $0 }
    case .tail: return [survival(result), density(result)].compactMap { $0 }
    }
  }

  private static func color(_ name: String) -> String {
    switch name {
    case "stable": Palette.blue
    case "Gaussian": Palette.vermillion
    case "Student t": Palette.green
    case "log-normal |x|": Palette.purple
    default: Palette.orange
    }
  }

  /// Histogram with errors and the laws over it, logarithmic.
  private static func density(_ result: StableResult) -> FigureScript? {
    guard let picture = result.picture, let sample = result.sample, picture.x.count > 2,
      let low = picture.x.min(), let high = picture.x.max(), low < high
    else { return nil }
    var blocks = [
      GnuplotText.rows(
        picture.x.indices.map {
          [picture.x[$0], picture.density[$0], picture.densityError[$0]]
        })
    ]
    // The tails are far out: asinh of x in units of the middle keeps both visible.
    let width = max(unit(picture, sample), 1e-300)
    let u = "(asinh(($1 - \(sample.median))/\(width)))"
    var plots: [String] = []
    for (index, law) in picture.laws.enumerated() {
      blocks.append(GnuplotText.rows(zip(picture.line, law.density).map { [$0, $1] }))
      plots.append(
        "data index \(index + 1) using \(u):2 with lines lw 2.2 lc rgb '\(color(law.name))' "
          + "title \(GnuplotText.quoted(law.name))")
    }
    plots.append(
      "data index 0 using \(u):2:3 with yerrorbars pt 7 ps 0.5 lw 1.2 lc rgb '#222222' "
        + "title 'data'")
    func place(_ x: Double) -> Double { asinh((x - sample.median) / width) }
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: GnuplotText.title("density"), isLogarithmic: true,
          values: picture.density.filter { $0 > 0 },
          before: [
            key(plots.count, inside: "graph 0.53, graph 0.03 center bottom"),
            ticks(sample.median, width, place(low), place(high)),
          ], plots: plots)
      ],
      xLabel: GnuplotText.title("x (scale of asinh)"),
      xRange: (place(low) - 0.2)...(place(high) + 0.2))
    stack.panelHeight = 330
    return FigureScript(
      name: "fit", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# x, density, error; then one block for each law\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption:
        "Density of \(sample.count) numbers (points, bars one standard error) and fitted laws.",
      alternativeText: "Histogram of \(sample.name) with the fitted densities over it.")
  }

  /// Above the panel, or where the curves leave room if there are too many for one line.
  private static func key(_ entries: Int, inside place: String) -> String {
    guard entries > 4 else { return Panel.key(width: 1) }
    return "set key at \(place) Left reverse vertical maxrows 8 width -2 samplen 1.4 spacing 1"
  }

  /// A width of the middle of the histogram.
  private static func unit(_ picture: StableResult.Picture, _ sample: StableResult.Sample) -> Double
  {
    let near = picture.x.map { abs($0 - sample.median) }.filter { $0 > 0 }.sorted()
    return near.isEmpty ? 1 : near[near.count / 4]
  }

  /// Labels of the asinh axis: zero and powers of ten (times the unit's decade) on both sides.
  static func ticks(
    _ centre: Double, _ width: Double, _ low: Double, _ high: Double
  ) -> String {
    let decade = pow(10, (log10(width)).rounded(.up))
    let reach = max(abs(low), abs(high))
    let powers = Int((log10(sinh(min(reach, 600)) * width / decade)).rounded(.down))
    let step = max(1, (max(powers, 0) + 3) / 4)
    var marks = ["'0' \(asinh(-centre / width))"]
    for power in stride(from: 0, through: max(powers, 0), by: step) {
      for sign in [-1.0, 1.0] {
        let x = sign * decade * pow(10, Double(power))
        let place = asinh((x - centre) / width)
        guard place >= low, place <= high else { continue }
        marks.append("'\(GnuplotText.escaped(NumberText.short(x)))' \(place)")
      }
    }
    return "set format x '%g'; set xtics (\(marks.joined(separator: ", ")))"
  }

  /// P(|X| > x) in two logarithms, with the fitted power law where there is one.
  private static func survival(_ result: StableResult) -> FigureScript? {
    guard let picture = result.picture, let sample = result.sample, picture.size.count > 2,
      let low = picture.size.min(), let high = picture.size.max(), low < high
    else { return nil }
    var blocks = [
      GnuplotText.rows(picture.size.indices.map { [picture.size[$0], picture.beyond[$0]] })
    ]
    var plots: [String] = []
    let least = picture.beyond.filter { $0 > 0 }.min() ?? 1e-6
    for law in picture.laws {
      plots.append(
        "data index \(blocks.count) using 1:2 with lines lw 2.2 lc rgb '\(color(law.name))' "
          + "title \(GnuplotText.quoted(law.name))")
      blocks.append(
        GnuplotText.rows(
          picture.size.indices.map {
            [picture.size[$0], law.beyond[$0] > least / 30 ? law.beyond[$0] : nil]
          }))
    }
    plots.append(
      "data index 0 using 1:2 with points pt 7 ps 0.45 lc rgb '#222222' title 'data'")
    if let tail = result.tail {
      let share = Double(tail.count) / Double(sample.count)
      let ends = [tail.least, high]
      plots.append(
        "data index \(blocks.count) using 1:2 with lines lw 2.6 dt 2 lc rgb '\(Palette.orange)' "
          + "title 'power law'")
      blocks.append(
        GnuplotText.rows(ends.map { [$0, share * pow($0 / tail.least, 1 - tail.exponent)] }))
    }
    // The middle of the sample is no tail, and its smallest numbers are far apart in the logarithm.
    let outer = zip(picture.size, picture.beyond).filter { $0.1 < 0.97 }.map(\.0).min() ?? low
    let start = max(min(outer, high / 10), high * 1e-7)
    var stack = PanelStack(
      panels: [
        Panel(
          yLabel: GnuplotText.title("share beyond, P(|X| > x)"), isLogarithmic: true,
          values: [1, least],
          before: [key(plots.count, inside: "graph 0.02, graph 0.03 left bottom")], plots: plots)
      ], xLabel: GnuplotText.title("|x|"), xRange: start...(high * 1.3), isLogarithmicX: true)
    stack.panelHeight = 330
    return FigureScript(
      name: "tail", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# |x|, share beyond; then one block for each law\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption: "Share of numbers with larger |x| (points) and fitted laws"
        + (result.tail.map {
          "; dashed: power law with γ = "
            + Measured.format(value: $0.exponent, error: $0.exponentError)
        } ?? "") + ".",
      alternativeText: "Survival of the absolute values of \(sample.name) in two logarithms.")
  }

  /// Quantiles of the sample against those of the fitted law, on asinh axes.
  private static func quantiles(_ result: StableResult) -> FigureScript? {
    guard let picture = result.picture, let sample = result.sample,
      picture.lawQuantiles.count > 2
    else { return nil }
    let width = max(unit(picture, sample), 1e-300)
    func place(_ x: Double) -> Double { asinh((x - sample.median) / width) }
    let laws = picture.lawQuantiles.map(place)
    let data = picture.sampleQuantiles.map(place)
    guard let low = laws.min(), let high = laws.max(), low < high else { return nil }
    let panel = Panel(
      yLabel: GnuplotText.title("sample quantile"), values: data + laws,
      before: [
        Panel.key(width: 1), ticks(sample.median, width, low, high),
        ticks(
          sample.median, width, min(low, data.min() ?? low), max(high, data.max() ?? high)
        ).replacingOccurrences(of: "set format x '%g'; set xtics", with: "set ytics"),
      ],
      plots: [
        "x with lines lw 2 lc rgb '\(Palette.blue)' title 'equal'",
        "data using 1:2 with points pt 7 ps 0.5 lc rgb '#222222' title 'data'",
      ])
    var stack = PanelStack(
      panels: [panel], xLabel: GnuplotText.title("quantile of the stable law (scale of asinh)"),
      xRange: low...high)
    stack.panelHeight = 380
    return FigureScript(
      name: "quantiles", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# asinh of quantiles: law, sample\n"
        + GnuplotText.rows(zip(laws, data).map { [$0, $1] }) + "\n",
      caption: "Quantiles of the sample against those of the fitted stable law, equal on the line.",
      alternativeText: "Quantile-quantile plot of \(sample.name) against the stable law.")
  }
}
