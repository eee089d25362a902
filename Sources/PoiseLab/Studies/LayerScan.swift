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
    /// Whether it reached the threshold.
    var isTrained: Bool
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
      let place = try TrainingScan.place(
        table, point, [("alpha", alphas), ("scale", scales), ("seed", seeds)])
      courses[place] = Course(
        dimension: try rows("dimension", point), fractality: try rows("fractality", point),
        index: (
          try table.series("weightFits.before.alpha", at: point),
          try table.series("weightFits.after.alpha", at: point)
        ), isTrained: try table.number("summary.reached", at: point) > 0)
    }
  }

  private func course(_ i: Int, _ j: Int, _ seed: Int) -> Course? {
    courses[(i * scales.count + j) * seeds.count + seed]
  }

  private func at(_ i: Int, _ j: Int) -> [Course] {
    seeds.indices.compactMap { course(i, j, $0) }
  }

  private var gaussian: Int? { alphas.firstIndex(of: 2) }

  private static func mean(_ values: some Sequence<Double>) -> Double {
    TrainingScan.mean(Array(values))
  }

  // MARK: statements

  /// The smaller of rise and fall of the effective dimension in trained networks.
  struct Hump {
    /// Where it is largest; nil where several scales tie.
    var scale: Double?
    var size: Estimate
    /// Of how many numbers it is chosen: rise and fall at every scale with trained networks.
    var comparisons: Int
  }

  /// Mean dimension of the middle third of the layers less that of the first (rise) and of the last
  /// (fall), each a mean over trained networks; the smaller of both, at the scale where it is largest.
  /// nil where at no scale two networks have trained, so that nothing is known of an error.
  func hump(_ i: Int) -> Hump? {
    let middle = depth / 3..<max(depth / 3 + 1, depth - depth / 3)
    let sizes = scales.indices.compactMap { j -> (scale: Double, size: Estimate)? in
      let profiles = at(i, j).filter(\.isTrained).map(\.dimension.end)
      let rise = Estimate(profiles.map { Self.mean($0[middle]) - $0[0] })
      let fall = Estimate(profiles.map { Self.mean($0[middle]) - $0[depth - 1] })
      let size = rise.value < fall.value ? rise : fall
      return size.value.isFinite && size.error != nil ? (scales[j], size) : nil
    }
    guard let best = sizes.max(by: { $0.size.value < $1.size.value }) else { return nil }
    let ties = sizes.count { $0.size.value == best.size.value }
    return Hump(
      scale: ties == 1 ? best.scale : nil, size: best.size, comparisons: 2 * sizes.count)
  }

  /// D_2 of an α less that of α = 2 over layers before training, seed by seed, at every scale.
  func fractalExcess(_ i: Int) -> [Estimate] {
    guard let gaussian else { return [] }
    return scales.indices.map { j in
      Estimate(
        seeds.indices.compactMap { seed in
          guard let one = course(i, j, seed), let other = course(gaussian, j, seed) else {
            return nil
          }
          return Self.mean(one.fractality.start) - Self.mean(other.fractality.start)
        })
    }
  }

  /// Change of the fitted α of hidden layers and of the read-out, means over scales, α < 2.
  func change(readOut: Bool) -> Estimate {
    Estimate(
      seeds.indices.map { seed in
        Self.mean(
          alphas.indices.filter { alphas[$0] < 2 }.flatMap { i in
            scales.indices.compactMap { j -> Double? in
              guard let course = course(i, j, seed) else { return nil }
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
      all.append(
        StudyStatement(
          "excess D_2, \(alpha), least favourable σ_w",
          claim:
            "Singular vectors of layers are less extended than with Gaussian weights, at every "
            + "scale (\(alpha)).", source: "\(paper), Jacobians", worstOf: fractalExcess(i),
          is: .atMost, 0, tolerance: 0))
      all.append(humpStatement(i, alpha, source: "\(paper), representations"))
    }
    for (isLast, name) in [(false, "hidden layers"), (true, "read-out")] {
      let change = change(readOut: isLast)
      all.append(
        StudyStatement(
          "change of fitted α, \(name)",
          claim: "Training leaves the tails of the weights as they are (\(name)).",
          source: "docs/theory/stable-fits.md; \(paper), pretrained networks",
          measured: change, is: .equal, 0, tolerance: 0.05))
    }
    return all
  }

  private func humpStatement(_ i: Int, _ alpha: String, source: String) -> StudyStatement {
    let hump = hump(i)
    let place = hump?.scale.map { ", σ_w = \($0.significant(3))" } ?? ""
    let quantity = "rise and fall of dimension, \(alpha)\(place)"
    let claim =
      "In trained networks the effective dimension grows from the first layer to the middle third and "
      + "contracts from there to the last, each by at least ½ (\(alpha), most favourable σ_w)."
    guard let hump else {
      return StudyStatement(
        quantity, claim: claim, source: source, untested: "no two networks have trained",
        is: .atLeast,
        0.5, tolerance: 0)
    }
    return StudyStatement(
      quantity, claim: claim, source: source, measured: hump.size, comparisons: hump.comparisons,
      is: .atLeast, 0.5, tolerance: 0)
  }

  func remark() -> String {
    let looked =
      "Layers and weights were looked at before and after training at rate \(rate.significant(2))."
    guard let gaussian else { return looked }
    guard let hump = hump(gaussian) else {
      return "At no σ_w have two networks with Gaussian weights trained at that rate. " + looked
    }
    let place = hump.scale.map { ", at σ_w = \($0.significant(3))" } ?? ""
    return
      "With Gaussian weights the smaller of rise and fall of the effective dimension is at most "
      + "\(hump.size.value.significant(2))\(place). " + looked
  }

  // MARK: pictures

  func panels(scale: Double) throws(PoiseError) -> [StudyPanel] {
    let j = try TrainingScan.place(of: scale, among: scales, "scale")
    let layers = (0..<depth).map { Double($0 + 1) }
    let layerAxis = StudyPanel.Axis("layer", low: 0.5, high: Double(depth) + 0.5)
    func curves(_ value: (Course) -> (start: [Double], end: [Double])) -> [StudyPanel.Curve] {
      alphas.indices.flatMap { i in
        let here = at(i, j).map(value)
        let alpha = "α = \(alphas[i].significant(3))"
        let start = (0..<depth).map { layer in Self.mean(here.map { $0.start[layer] }) }
        let trained = at(i, j).filter(\.isTrained).map(value)
        let end = (0..<depth).map { layer in Estimate(trained.map { $0.end[layer] }) }
        return [
          StudyPanel.Curve("\(alpha), start", .dashed, color: i, x: layers, y: start.map { $0 }),
          StudyPanel.Curve(
            "\(alpha), trained", .points, color: i, x: layers, y: end.map(\.value),
            error: end.map(\.error)),
        ]
      }
    }
    let words =
      "σ_w = \(scales[j].significant(3)), before training (dashed) and after, of networks that "
      + "trained (points, errors over at most \(seeds.count) seeds)."
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
