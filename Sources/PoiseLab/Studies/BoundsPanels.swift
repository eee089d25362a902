import PoiseNumerics

/// The pictures of the bounds.
enum BoundsPanels {
  private static let weight = StudyPanel.Axis("weight variance σ_w²")
  private static let layers = StudyPanel.Axis("layers", isLogarithmic: true)

  static func all(_ data: StudyData) throws(PoiseError) -> [StudyPanel] {
    let maps = try data.part("map")
    let depth = try data.part("depth")
    var panels: [StudyPanel] = []
    for activation in try depth.values(of: "activation") {
      panels.append(try approach(depth, activation))
    }
    let depths = try maps.values(of: "depth")
    for activation in try maps.values(of: "activation") {
      for depth in depths.reversed() {
        let name = depth == depths.last ? "map-\(activation)" : "map-\(activation)-\(depth)"
        panels.append(try map(name, maps, activation, depth))
      }
    }
    return panels + [try slice(data.part("exact"))]
  }

  /// Where the bounds are largest, by depth, for the smallest noises.
  private static func approach(
    _ table: StudyTable, _ activation: String
  ) throws(PoiseError) -> StudyPanel {
    let depths = try table.numbers(of: "depth")
    var curves: [StudyPanel.Curve] = []
    for (color, noise) in try table.values(of: "noise-variance").enumerated() {
      var (edges, best): ([Double?], [Double?]) = ([], [])
      for depth in try table.values(of: "depth") {
        let point = try table.point([
          "activation": activation, "noise-variance": noise, "depth": depth,
        ])
        edges.append(try table.optional("edge", at: point))
        best.append(try BoundsStudy.best("points.lower", table, at: point)?.place.value)
      }
      curves.append(.init("", .dashed, color: color, x: depths, y: edges))
      curves.append(.init("s = \(noise)", .points, color: color, x: depths, y: best))
    }
    return StudyPanel(
      "depth-\(activation)",
      caption: "Weight variance at which the best lower bound of \(activation) is largest, for "
        + "several noises s. Dashed: the edge of chaos of the lengths that this "
        + "noise gives.",
      x: layers, y: weight, curves: curves)
  }

  /// The best bound over the plane.
  private static func map(
    _ name: String, _ table: StudyTable, _ activation: String, _ depth: String
  ) throws(PoiseError) -> StudyPanel {
    let points = try table.points(["activation": activation, "depth": depth])
    let noise = try points.map { point throws(PoiseError) in
      try table.value("noise-variance", at: point)
    }
    // Of relu nothing is largest, and there is no edge; its χ₁ = σ_w²/2 is 1 at 2.
    let isEdge = activation != "relu"
    var (values, edges, best): ([Double?], [Double?], [Double?]) = ([], [], [])
    var weights: [Double] = []
    for point in points {
      weights = try table.series("points.weightVariance", at: point)
      values += try table.series("points.lower", at: point).map { $0 }
      edges.append(isEdge ? try table.optional("edge", at: point) : 2)
      best.append(try BoundsStudy.best("points.lower", table, at: point)?.place.value)
    }
    func curve(
      _ name: String, _ style: StudyPanel.Style, _ x: [Double?]
    ) -> StudyPanel.Curve {
      let known = zip(x, noise).compactMap { x, noise in x.map { ($0, noise) } }
      return .init(name, style, color: 6, x: known.map(\.0), y: known.map(\.1))
    }
    return StudyPanel(
      name,
      caption: "Best lower bound of the information that layer \(depth) of \(activation) "
        + "carries, nats per neuron, over weight variance and noise. Line: "
        + (isEdge ? "edge of chaos. Points: its maximum at each noise." : "χ₁ = 1."),
      x: weight, y: .init("noise variance s", isLogarithmic: true),
      map: .init(
        "nats per neuron", x: weights, y: noise, values: values),
      curves: [curve(isEdge ? "edge of chaos" : "χ₁ = 1", .line, edges)]
        + (isEdge ? [curve("", .points, best)] : []))
  }

  /// Bounds beside the replica value, by depth.
  private static func slice(_ table: StudyTable) throws(PoiseError) -> StudyPanel {
    let activation = try table.values(of: "activation")[0]
    let noises = try table.values(of: "noise-variance")
    let noise = noises[noises.count / 2]
    let deepest = try table.values(of: "depth").last ?? ""
    var curves: [StudyPanel.Curve] = []
    for (color, weights) in ["orthogonal", "gaussian"].enumerated() {
      let point = try table.point([
        "activation": activation, "weights": weights, "noise-variance": noise, "depth": deepest,
      ])
      let x = try table.series("points.weightVariance", at: point)
      curves.append(
        .init(
          "replica value, \(weights)", .line, color: color, x: x,
          y: try table.series("points.exact", at: point).map { $0 }))
      curves.append(
        .init(
          "lower bound, \(weights)", .dashed, color: color, x: x,
          y: try table.series("points.lower", at: point).map { $0 }))
    }
    return StudyPanel(
      "exact",
      caption: "Information of layer \(deepest) of \(activation) at noise \(noise), and its "
        + "best lower bound. The bound peaks where a linear reader finds most, the information "
        + "far on the chaotic side.",
      x: weight, y: .init("nats per neuron"), curves: curves)
  }
}
