import PoiseNumerics

/// At which weight variance a channel carries most.
struct ChannelMaximum {
  let data: StudyData

  init(_ data: StudyData) { self.data = data }

  /// The top of the parabola through the largest of some values and its neighbours; the place itself at
  /// an end. nil where there is no value.
  static func top(_ x: [Double], _ y: [Double]) -> Double? {
    let known = x.indices.filter { y[$0].isFinite }
    guard let best = known.indices.max(by: { y[known[$0]] < y[known[$1]] }) else { return nil }
    guard best > 0, best < known.count - 1 else { return x[known[best]] }
    let (a, b, c) = (known[best - 1], known[best], known[best + 1])
    let (left, right) = (x[b] - x[a], x[c] - x[b])
    let (low, high) = ((y[b] - y[a]) / left, (y[b] - y[c]) / right)
    guard low + high > 0 else { return x[b] }
    return x[b] + 0.5 * (low * right - high * left) / (low + high)
  }

  private func top(_ table: StudyTable, _ point: Int) throws(PoiseError) -> Double {
    Self.top(
      try table.series("points.weightVariance", at: point),
      try table.series("points.exact", at: point)) ?? .nan
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
      return StudyStatement(
        "\(depth) layers, s = \(noise): σ_w² of most information",
        claim: "Among weight variances, \(depth) layers of orthogonal tanh carry most at "
          + "dynamical isometry, σ_w² = 1, to a tenth, with noise \(noise).",
        source: "Weng et al. 2022, abstract, read without a constraint on the gain",
        measured: try top(table, point), is: .equal, 1, tolerance: 0.1)
    }
  }

  private func lowNoise() throws(PoiseError) -> [StudyStatement] {
    let (table, deep) = (try data.part("maximum"), try data.part("deep"))
    let layers = try deep.value("depth", at: 0)
    let found = try top(deep, 0)
    let depth = try table.values(of: "depth")[0]
    let noise = try table.values(of: "noise-variance").last ?? ""
    let first = try top(table, table.point(["depth": depth, "noise-variance": noise]))
    return [
      StudyStatement(
        "\(Int(layers)) layers, s = 1e-06: σ_w² of most information",
        claim: "With little noise \(Int(layers)) layers carry most at σ_w² = 1 + √(3/4L), to a "
          + "tenth.",
        source: "docs/theory/information.md, section 5", measured: found, is: .equal,
        1 + (0.75 / layers).squareRoot(), tolerance: 0.1),
      StudyStatement(
        "\(Int(layers)) less \(depth) layers: σ_w² of most information",
        claim: "With little noise the maximum moves towards isometry as layers are added.",
        source: "docs/theory/information.md, section 5", measured: found - first, is: .atMost, 0,
        tolerance: 0),
    ]
  }

  /// Orthogonal less Gaussian weights, the least over all that was asked.
  private func weights() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("weights")
    var least = Double.infinity
    var count = 0
    for point in try table.points(["weights": "orthogonal"]) {
      var place = ["weights": "gaussian"]
      for option in ["activation", "depth", "noise", "noise-variance"] {
        place[option] = try table.option(option, at: point)
      }
      let one = try table.series("points.exact", at: point)
      let other = try table.series("points.exact", at: table.point(place))
      for (a, b) in zip(one, other) where a.isFinite && b.isFinite {
        least = min(least, a - b)
        count += 1
      }
    }
    return [
      StudyStatement(
        "all cases: information, orthogonal − Gaussian",
        claim: "At equal variances orthogonal weights carry no less than Gaussian ones; the "
          + "least of \(count) cases.",
        source: "docs/theory/information.md, section 6", measured: least, is: .atLeast, 0,
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
      if let top = Self.top(x, y) {
        curves.append(
          .init("", .points, color: color, x: [top], y: [y.filter(\.isFinite).max()]))
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
