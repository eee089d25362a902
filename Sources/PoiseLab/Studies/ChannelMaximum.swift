import PoiseNumerics

/// At which weight variance a channel carries most.
struct ChannelMaximum {
  let data: StudyData

  init(_ data: StudyData) { self.data = data }

  private func top(_ table: StudyTable, _ point: Int) throws(PoiseError) -> GridMaximum? {
    GridMaximum(
      try table.series("points.weightVariance", at: point),
      try table.series("points.exact", at: point))
  }

  private static func statement(
    _ quantity: String, _ claim: String, _ source: String, _ maximum: GridMaximum?,
    is expected: Double
  ) -> StudyStatement {
    maximum?.statement(quantity, claim: claim, source: source, is: expected, tolerance: 0.1)
      ?? StudyStatement(
        quantity, claim: claim, source: source, untested: "no information is known", is: .equal,
        expected, tolerance: 0.1)
  }

  func statements() throws(PoiseError) -> [StudyStatement] {
    try isometry() + lowNoise() + weights()
  }

  private func isometry() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("maximum")
    let depth = try table.values(of: "depth").last ?? ""
    let noises = try table.values(of: "noise-variance")
    return try Set([noises[0], noises[noises.count - 1]]).sorted().map {
      noise throws(PoiseError) in
      let point = try table.point(["depth": depth, "noise-variance": noise])
      return Self.statement(
        "\(depth) layers, s = \(noise): σ_w² of most information",
        "Among weight variances, \(depth) layers of orthogonal tanh carry most at "
          + "dynamical isometry, σ_w² = 1, to a tenth, with noise \(noise).",
        "Weng et al. 2022, abstract, read without a constraint on the gain",
        try top(table, point), is: 1)
    }
  }

  private func lowNoise() throws(PoiseError) -> [StudyStatement] {
    let (table, deep) = (try data.part("maximum"), try data.part("deep"))
    let layers = try deep.value("depth", at: 0)
    let little = try deep.option("noise-variance", at: 0)
    let found = try top(deep, 0)
    let depth = try table.values(of: "depth")[0]
    let noise = try table.values(of: "noise-variance").last ?? ""
    let first = try top(table, table.point(["depth": depth, "noise-variance": noise]))
    let source = "docs/theory/information.md, section 5"
    return [
      Self.statement(
        "\(Int(layers)) layers, s = \(little): σ_w² of most information",
        "With little noise \(Int(layers)) layers carry most at σ_w² = 1 + √(3/4L), to a tenth.",
        source, found, is: 1 + (0.75 / layers).squareRoot()),
      StudyStatement(
        "\(Int(layers))\(found?.words ?? "") less \(depth) layers\(first?.words ?? ""): σ_w² of most "
          + "information",
        claim: "With little noise the maximum moves towards isometry as layers are added.",
        source: source,
        measured: (found?.place ?? Estimate(.nan)) - (first?.place ?? Estimate(.nan)), is: .atMost,
        0, tolerance: 0),
    ]
  }

  /// Orthogonal less Gaussian weights, the least over all that was asked.
  private func weights() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("weights")
    var leads: [Estimate] = []
    for point in try table.points(["weights": "orthogonal"]) {
      var place = ["weights": "gaussian"]
      for option in ["activation", "depth", "noise", "noise-variance"] {
        place[option] = try table.option(option, at: point)
      }
      let one = try table.series("points.exact", at: point)
      let other = try table.series("points.exact", at: table.point(place))
      for (a, b) in zip(one, other) where a.isFinite && b.isFinite {
        leads.append(Estimate(a - b))
      }
    }
    return [
      StudyStatement(
        "all cases: information, orthogonal − Gaussian",
        claim: "At equal variances orthogonal weights carry no less than Gaussian ones; the "
          + "least of \(leads.count) cases.",
        source: "docs/theory/information.md, section 6", worstOf: leads, is: .atLeast, 0,
        tolerance: 1e-6)
    ]
  }

  func panel() throws(PoiseError) -> StudyPanel {
    let table = try data.part("maximum")
    let depth = try table.values(of: "depth").last ?? ""
    var curves: [StudyPanel.Curve] = []
    for (color, noise) in try table.values(of: "noise-variance").enumerated() {
      let point = try table.point(["depth": depth, "noise-variance": noise])
      let x = try table.series("points.weightVariance", at: point)
      let y = try table.series("points.exact", at: point)
      curves.append(.init("s = \(noise)", .line, color: color, x: x, y: y.map { $0 }))
      if let top = GridMaximum(x, y) {
        curves.append(.init("", .points, color: color, x: [top.place.value], y: [top.value]))
      }
    }
    return StudyPanel(
      "maximum",
      caption: "Information that layer \(depth) of orthogonal tanh networks carries, for "
        + "several variances s of the noise at the output. Points: maxima. Isometry is at σ_w² "
        + "= 1.",
      x: .init("weight variance σ_w²", isLogarithmic: true),
      y: .init("nats per neuron"), curves: curves)
  }
}
