import PoiseNumerics
import RealModule

/// The plane (α, σ_w) with its boundaries at several widths, read from `phase` records.
struct CriticalityPlane {
  private struct Boundary {
    var alphas: [Double]
    var scales: [Double]
    var errors: [Double]
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
          errors: try table.series("\(path).error", at: point),
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

  /// The scales from σ_c(N) to the multifractal end at one α.
  struct Band {
    var alpha: Double
    /// nil where the record does not tell.
    var extent: Estimate?
    /// Whether the end was looked for in vain, so that the band is at least so broad.
    var isOpen = false
  }

  func bands(width: Int) -> [Band] {
    guard let here = at(width), let death = here.boundaries["death"],
      let end = here.boundaries["multifractal"]
    else { return [] }
    return end.alphas.indices.map { place in
      let alpha = end.alphas[place]
      guard let low = death.alphas.firstIndex(where: { abs($0 - alpha) < 1e-9 }),
        death.scales[low].isFinite
      else { return Band(alpha: alpha, extent: nil) }
      let start = Self.estimate(death, low, degreesOfFreedom: .infinity)
      if end.scales[place].isFinite {
        let degrees = Double(MultifractalBoundary.networks - 1)
        return Band(
          alpha: alpha, extent: Self.estimate(end, place, degreesOfFreedom: degrees) - start)
      }
      if end.beyond[place].isFinite {
        return Band(alpha: alpha, extent: Estimate(end.beyond[place]) - start, isOpen: true)
      }
      // σ_c(N) is known, and the end is neither there nor beyond what was searched: localised vectors are
      // rare at σ_c(N) already, and the band is empty.
      return Band(alpha: alpha, extent: Estimate(0))
    }
  }

  private static func estimate(
    _ boundary: Boundary, _ place: Int, degreesOfFreedom: Double
  ) -> Estimate {
    let error = boundary.errors[place]
    return Estimate(
      boundary.scales[place],
      error.isFinite ? .standard(error, degreesOfFreedom: degreesOfFreedom) : .unknown)
  }

  func statements(width: Int) -> [StudyStatement] {
    let bands = bands(width: width)
    let source = "arXiv:2203.12967, abstract; docs/theory/heavy-tails.md, section 7"
    return [
      Self.statement(
        "band σ_c(\(width)) to multifractal end, α ≤ 1.6",
        "Heavy tails have an extended critical regime: over a range of σ_w of 1 or more signals "
          + "live and singular vectors of layers are localised in part.", source,
        bands.filter { $0.alpha <= 1.6 }, .atLeast, 1),
      Self.statement(
        "band σ_c(\(width)) to multifractal end, α = 2",
        "Gaussian weights have none: they are critical at one scale.", source,
        bands.filter { $0.alpha == 2 }, .atMost, 0.25),
    ]
  }

  /// Judges the least favourable band. One that is open is known to be broad, never to be narrow.
  private static func statement(
    _ quantity: String, _ claim: String, _ source: String, _ bands: [Band],
    _ relation: StudyStatement.Relation, _ expected: Double
  ) -> StudyStatement {
    func untested(_ reason: String) -> StudyStatement {
      StudyStatement(
        quantity, claim: claim, source: source, untested: reason, is: relation, expected,
        tolerance: 0)
    }
    let extents = bands.compactMap(\.extent)
    guard !bands.isEmpty, extents.count == bands.count else {
      return untested("σ_c or the end is not known at every α")
    }
    guard !bands.contains(where: { $0.isOpen && ($0.extent?.value ?? 0) < expected }) else {
      return untested("the end lies beyond the scales that were searched")
    }
    return StudyStatement(
      quantity, claim: claim, source: source, worstOf: extents, is: relation, expected,
      tolerance: 0)
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
