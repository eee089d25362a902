import PoiseNumerics
import RealModule

/// Circles of inputs at the last layer over (α, σ_w), read from a `tails geometry` record.
struct CircleMap {
  let alphas: [Double]
  let scales: [Double]
  /// α outside, σ_w inside.
  private let variation: [Double]
  private let variationError: [Double]
  private let depth: Int
  private let networks: Int

  init(_ table: StudyTable) throws(PoiseError) {
    alphas = try table.series("alphas", at: 0)
    scales = try table.series("scales", at: 0)
    variation = try table.series("cells.variation.value", at: 0)
    variationError = try table.series("cells.variation.standardError", at: 0)
    depth = Int(try table.number("depth", at: 0))
    networks = Int(try table.number("networks", at: 0))
  }

  /// Mean CV of α < 2 less that of α = 2, over scales at which signals live at every α.
  ///
  /// The networks of different cells share their random numbers, so errors of cells add up, in the means
  /// and in the difference.
  func excess() -> Estimate {
    let live = scales.indices.filter { scales[$0] > 1 }
    func mean(_ chosen: [Int]) -> Estimate {
      .dependentMean(
        chosen.flatMap { i in live.map { i * scales.count + $0 } }.map {
          Estimate(variation[$0], standardError: variationError[$0], samples: networks)
        })
    }
    return Estimate(dependent: [
      (1, mean(alphas.indices.filter { alphas[$0] < 2 })),
      (-1, mean(alphas.indices.filter { alphas[$0] == 2 })),
    ])
  }

  func statements() -> [StudyStatement] {
    [
      StudyStatement(
        "excess CV of a circle, layer \(depth), σ_w > 1",
        claim: "Heavy tails stretch a circle of inputs more unevenly than Gaussian weights do.",
        source: "arXiv:2203.12967, propagation of a circle; docs/theory/heavy-tails.md, section 10",
        measured: excess(), is: .atLeast, 0, tolerance: 0)
    ]
  }

  func panel(lines: [StudyPanel.Curve]) -> StudyPanel {
    StudyPanel(
      "circle-variation",
      caption:
        "A circle of inputs after \(depth) layers: standard deviation over mean of the distances "
        + "between neighbours (CV). High: a few arcs are stretched, the rest is not.",
      x: .init("stability index α"), y: .init("weight scale σ_w"),
      map: .init(
        "CV of distances, layer \(depth)", x: alphas, y: scales,
        values: scales.indices.flatMap { j in
          alphas.indices.map { variation[$0 * scales.count + j] }
        }), curves: lines)
  }

  /// CV and effective dimension layer by layer at one scale.
  static func layerPanels(_ table: StudyTable) throws(PoiseError) -> [StudyPanel] {
    var variation: [StudyPanel.Curve] = []
    var dimension: [StudyPanel.Curve] = []
    let alphas = try table.numbers(of: "alpha")
    for (color, alpha) in (alphas + [2]).enumerated() {
      let point = min(color, alphas.count - 1)
      let path = "profiles.\(alpha < 2 ? "stable" : "gaussian").layers"
      func curve(_ quantity: String) throws(PoiseError) -> StudyPanel.Curve {
        StudyPanel.Curve(
          "α = \(alpha.significant(3))", .points, color: color,
          x: try table.series("\(path).layer", at: point),
          y: try table.series("\(path).\(quantity).value", at: point).map { $0 },
          error: try table.series("\(path).\(quantity).standardError", at: point).map { $0 })
      }
      variation.append(try curve("variation"))
      dimension.append(try curve("outputDimension"))
    }
    let scale = try table.value("scale", at: 0).significant(3)
    let width = try table.option("width", at: 0)
    return [
      StudyPanel(
        "circle-layers",
        caption: "CV of the distances along a circle of inputs by layer, σ_w = \(scale), width "
          + "\(width).", x: .init("layer"), y: .init("CV of distances"), curves: variation),
      StudyPanel(
        "circle-dimension",
        caption: "Effective dimension of φ(h) over the circle, before training, σ_w = \(scale), "
          + "width \(width).", x: .init("layer"), y: .init("effective dimension of φ(h)"),
        curves: dimension),
    ]
  }
}
