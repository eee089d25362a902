import PoiseNumerics
import RealModule

/// The plane (α, σ_w) with its boundaries at several widths, read from `phase` records.
struct CriticalityPlane {
  private struct Boundary {
    var alphas: [Double]
    var scales: [Double]
    /// Where it may lie beyond.
    var beyond: [Double]
  }
  private struct Width {
    var width: Int
    var growth: [Double]
    var boundaries: [String: Boundary] = [:]
  }
  private let alphas: [Double]
  private let scales: [Double]
  private let widths: [Width]

  init(_ table: StudyTable) throws(PoiseError) {
    let first = try table.series("alphas", at: 0)
    alphas = first
    scales = try table.series("scales", at: 0)
    widths = try (0..<table.count).map { point throws(PoiseError) in
      var width = Width(
        width: Int(try table.value("width", at: point)),
        growth: try table.series("cells.growthRate", at: point))
      for name in ["death", "raw-floor", "lyapunov", "multifractal"] {
        let path = "boundaries.\(name).points"
        width.boundaries[name] = Boundary(
          alphas: try table.series("\(path).alpha", at: point),
          scales: try table.series("\(path).scale", at: point),
          beyond: try table.series("\(path).beyond", at: point))
      }
      return width
    }
  }

  private func at(_ width: Int) -> Width? { widths.first { $0.width == width } }

  /// The boundaries that matter to networks of a width.
  func lines(width: Int) -> [StudyPanel.Curve] {
    guard let here = at(width) else { return [] }
    return [
      ("death", "σ_c(\(width))", StudyPanel.Style.line, 1), ("lyapunov", "λ = 0", .dashed, 2),
      ("multifractal", "multifractal end", .points, 0),
    ].compactMap { name, words, style, color in
      guard let boundary = here.boundaries[name], boundary.scales.contains(where: \.isFinite)
      else { return nil }
      return StudyPanel.Curve(
        words, style, color: color, x: boundary.alphas, y: boundary.scales.map { $0 })
    }
  }

  /// σ_w from σ_c(N) to the multifractal end, by α; at least so much where the end lies beyond.
  func band(width: Int) -> [(alpha: Double, extent: Double)] {
    guard let here = at(width), let death = here.boundaries["death"],
      let end = here.boundaries["multifractal"]
    else { return [] }
    return end.alphas.indices.compactMap { place in
      let alpha = end.alphas[place]
      guard
        let low = death.alphas.indices.min(by: {
          abs(death.alphas[$0] - alpha) < abs(death.alphas[$1] - alpha)
        })
      else { return nil }
      let start = death.scales[low]
      let high = [end.scales[place], end.beyond[place], start].first(where: \.isFinite) ?? start
      return (alpha, max(0, high - start))
    }
  }

  func statements(width: Int) -> [StudyStatement] {
    let band = band(width: width)
    let heavy = band.filter { $0.alpha <= 1.6 }
    let source = "arXiv:2203.12967, abstract; docs/theory/heavy-tails.md, section 7"
    return [
      StudyStatement(
        "band σ_c(\(width)) to multifractal end, α ≤ 1.6",
        claim:
          "Heavy tails have an extended critical regime: over a range of σ_w of 1 or more signals "
          + "live and singular vectors of layers are localised in part.", source: source,
        measured: heavy.map(\.extent).min() ?? .nan, is: .atLeast, 1, tolerance: 0),
      StudyStatement(
        "band σ_c(\(width)) to multifractal end, α = 2",
        claim: "Gaussian weights have none: they are critical at one scale.",
        source: source, measured: band.last { $0.alpha == 2 }?.extent ?? .nan, is: .atMost, 0.25,
        tolerance: 0),
    ]
  }

  func panel(width: Int) -> StudyPanel {
    let here = at(width)
    var lines = lines(width: width)
    if let floor = here?.boundaries["raw-floor"] {
      lines.append(
        .init("raw floor", .dashed, color: 3, x: floor.alphas, y: floor.scales.map { $0 }))
    }
    let growth = here?.growth ?? []
    let values = scales.indices.flatMap { j in
      alphas.indices.map { i -> Double? in growth[i * scales.count + j] }
    }
    return StudyPanel(
      "phase-plane",
      caption:
        "Growth of a small signal per layer at width \(width), ln σ_w + m_N: signals die where it "
        + "is negative. The multifractal end is where localised singular vectors become rare; where there is "
        + "no point, they stay frequent up to σ_w = 4 (α small), or are rare from σ_c on (α near 2).",
      x: .init("stability index α"), y: .init("weight scale σ_w"),
      map: .init(
        "growth per layer, ln σ_w + m_N", x: alphas, y: scales, values: values, isDiverging: true),
      curves: lines)
  }
}
