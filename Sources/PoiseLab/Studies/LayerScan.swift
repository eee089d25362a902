import PoiseNumerics
import RealModule

/// What training makes of layers and weights, read from `train --observe … --fit-weights` records.
struct LayerScan {
  /// Quantities of one network, layer by layer, before and after training.
  private struct Course {
    var dimension: (start: [Double], end: [Double])
    var fractality: (start: [Double], end: [Double])
    /// Fitted α of hidden layers, then of the read-out; empty if the network diverged.
    var index: (start: [Double], end: [Double])
  }
  private let alphas: [Double]
  private let scales: [Double]
  private let seeds: [Double]
  private let depth: Int
  private let rate: Double
  /// α outside, then σ_w, then seed; nil without a result.
  private var courses: [Course?]

  init(_ table: StudyTable) throws(PoiseError) {
    alphas = try table.numbers(of: "alpha")
    scales = try table.numbers(of: "scale")
    seeds = try table.numbers(of: "seed")
    depth = Int(try table.value("depth", at: 0))
    rate = try table.value("rate", at: 0)
    courses = Array(repeating: nil, count: alphas.count * scales.count * seeds.count)
    func rows(_ path: String, _ point: Int) throws(PoiseError) -> ([Double], [Double]) {
      (
        try table.series("observedStart.\(path)", at: point),
        try table.series("observedEnd.\(path)", at: point)
      )
    }
    for point in table.done {
      var place = 0
      for (name, values) in [("alpha", alphas), ("scale", scales), ("seed", seeds)] {
        let value = try table.value(name, at: point)
        place = place * values.count + (values.firstIndex(of: value) ?? 0)
      }
      courses[place] = Course(
        dimension: try rows("dimension", point), fractality: try rows("fractality", point),
        index: (
          try table.series("weightFits.before.alpha", at: point),
          try table.series("weightFits.after.alpha", at: point)
        ))
    }
  }

  private func at(_ i: Int, _ j: Int) -> [Course] {
    seeds.indices.compactMap { courses[(i * scales.count + j) * seeds.count + $0] }
  }

  private var gaussian: Int? { alphas.firstIndex(of: 2) }

  private static func mean(_ values: some Sequence<Double>) -> Double {
    TrainingScan.mean(Array(values))
  }

  // MARK: statements

  /// How far the effective dimension rises, then falls: the smaller of both, at the scale where it is
  /// largest.
  func hump(_ i: Int) -> (scale: Double, size: Estimate)? {
    scales.indices.map { j in
      let profiles = at(i, j).map(\.dimension.end)
      let means = (0..<depth).map { layer in Self.mean(profiles.map { $0[layer] }) }
      let peak = means.indices.max { means[$0] < means[$1] } ?? 0
      let rise = Estimate(profiles.map { $0[peak] - $0[0] })
      let fall = Estimate(profiles.map { $0[peak] - $0[depth - 1] })
      return (scales[j], rise.value < fall.value ? rise : fall)
    }.filter { $0.size.value.isFinite }.max { $0.size.value < $1.size.value }
  }

  /// D_2 of an α less that of α = 2 over layers before training, at the scale where it is largest.
  func fractalExcess(_ i: Int) -> Estimate? {
    guard let gaussian else { return nil }
    return scales.indices.map { j in
      Estimate(
        zip(at(i, j), at(gaussian, j)).map {
          Self.mean($0.fractality.start) - Self.mean($1.fractality.start)
        })
    }.max { $0.value < $1.value }
  }

  /// Change of the fitted α of hidden layers and of the read-out, means over scales, α < 2.
  func change(readOut: Bool) -> Estimate {
    Estimate(
      seeds.indices.map { seed in
        Self.mean(
          alphas.indices.filter { alphas[$0] < 2 }.flatMap { i in
            scales.indices.compactMap { j -> Double? in
              guard let course = courses[(i * scales.count + j) * seeds.count + seed] else {
                return nil
              }
              let differences = zip(course.index.start, course.index.end).map { $1 - $0 }
              return readOut ? differences.last : Self.mean(differences.dropLast())
            }
          })
      })
  }

  func statements() -> [StudyStatement] {
    let paper = "arXiv:2203.12967"
    var all: [StudyStatement] = []
    for i in alphas.indices where alphas[i] < 2 {
      let alpha = "α = \(alphas[i].significant(3))"
      if let excess = fractalExcess(i) {
        all.append(
          StudyStatement(
            "excess D_2, \(alpha), least favourable σ_w",
            claim:
              "Singular vectors of layers are less extended than with Gaussian weights, at every "
              + "scale (\(alpha)).", source: "\(paper), Jacobians", measured: excess.value,
            error: excess.error, is: .atMost, 0, tolerance: 0))
      }
      if let hump = hump(i) {
        all.append(
          StudyStatement(
            "rise and fall of dimension, \(alpha), σ_w = \(hump.scale.significant(3))",
            claim: "In trained networks the effective dimension grows over the first layers and "
              + "contracts over the last, each by at least ½ (\(alpha), most favourable σ_w).",
            source: "\(paper), representations", measured: hump.size.value, error: hump.size.error,
            is: .atLeast, 0.5, tolerance: 0))
      }
    }
    for (isLast, name) in [(false, "hidden layers"), (true, "read-out")] {
      let change = change(readOut: isLast)
      all.append(
        StudyStatement(
          "change of fitted α, \(name)",
          claim: "Training leaves the tails of the weights as they are (\(name)).",
          source: "docs/theory/stable-fits.md; \(paper), pretrained networks",
          measured: change.value, error: change.error, is: .equal, 0, tolerance: 0.05))
    }
    return all
  }

  func remark() -> String {
    guard let gaussian, let hump = hump(gaussian) else { return "" }
    return
      "With Gaussian weights the smaller of rise and fall of the effective dimension is at most "
      + "\(hump.size.value.significant(2)), at σ_w = \(hump.scale.significant(3)). Layers and weights "
      + "were looked at before and after training at rate \(rate.significant(2))."
  }

  // MARK: pictures

  func panels(scale: Double) -> [StudyPanel] {
    let j = scales.firstIndex(of: scale) ?? 0
    let layers = (0..<depth).map { Double($0 + 1) }
    let layerAxis = StudyPanel.Axis("layer", low: 0.5, high: Double(depth) + 0.5)
    func curves(_ value: (Course) -> (start: [Double], end: [Double])) -> [StudyPanel.Curve] {
      alphas.indices.flatMap { i in
        let here = at(i, j).map(value)
        let alpha = "α = \(alphas[i].significant(3))"
        let start = (0..<depth).map { layer in Self.mean(here.map { $0.start[layer] }) }
        let end = (0..<depth).map { layer in Estimate(here.map { $0.end[layer] }) }
        return [
          StudyPanel.Curve("\(alpha), start", .dashed, color: i, x: layers, y: start.map { $0 }),
          StudyPanel.Curve(
            "\(alpha), trained", .points, color: i, x: layers, y: end.map(\.value),
            error: end.map(\.error)),
        ]
      }
    }
    let words =
      "σ_w = \(scales[j].significant(3)), before training (dashed) and after (points, errors "
      + "over \(seeds.count) seeds)."
    return [
      StudyPanel(
        "layer-dimension",
        caption: "Effective dimension of φ(h) over test inputs by layer, \(words)",
        x: layerAxis, y: .init("effective dimension of φ(h)"), curves: curves(\.dimension)),
      StudyPanel(
        "layer-fractality",
        caption:
          "Mean D_2 of the right singular vectors of each layer's Jacobian D W at one input, "
          + words, x: layerAxis, y: .init("D_2 of singular vectors"),
        curves: curves(\.fractality)), weightPanel(),
    ]
  }

  /// Changes of the fitted α by layer.
  private func weightPanel() -> StudyPanel {
    let heavy = alphas.indices.filter { alphas[$0] < 2 }
    let curves = heavy.map { i in
      let courses = scales.indices.flatMap { at(i, $0) }
      let changes = (0...depth).map { layer in
        Estimate(courses.map { $0.index.end[layer] - $0.index.start[layer] })
      }
      return StudyPanel.Curve(
        "α = \(alphas[i].significant(3))", .points, color: i, x: (0...depth).map { Double($0 + 1) },
        y: changes.map(\.value), error: changes.map(\.error))
    }
    let end = Double(depth) + 1.5
    return StudyPanel(
      "weight-index",
      caption:
        "Stability index fitted to the weights of each layer, after training less before; layer "
        + "\(depth + 1) is the read-out. Means over all σ_w and seeds.",
      x: .init("layer", low: 0.5, high: end), y: .init("change of fitted α"),
      curves: [.init("", .dashed, color: 6, x: [0.5, end], y: [0, 0])] + curves)
  }
}
