import PoiseNumerics

/// The pictures of the study.
extension AdviceStudy {
  static func panels(_ data: StudyData) throws(PoiseError) -> [StudyPanel] {
    let depths = try depthPanels(data)
    guard data.profile != .smallest else { return depths }
    return depths + [try activationPanel(data), try factorPanel(data)]
  }

  /// Accuracy and speed over depth.
  private static func depthPanels(_ data: StudyData) throws(PoiseError) -> [StudyPanel] {
    var (accuracies, speeds): ([StudyPanel.Curve], [StudyPanel.Curve]) = ([], [])
    for (color, start) in tanhStarts.enumerated() {
      var depths = try data.part(partName("tanh", start)).values(of: "depth")
      if data.profile != .smallest, deepStarts.contains(where: { $0.name == start.name }) {
        depths.append(deepest)
      }
      let bests = try depths.map { depth throws(PoiseError) in
        try best(data, "tanh", start, depth)
      }
      let x = depths.compactMap(Double.init)
      let values = bests.map { $0.accuracy?.value }
      let firsts = bests.map { $0.trained?.firstEpoch }
      accuracies += [
        .init(
          start.title, .points, color: color, x: x, y: values,
          error: bests.map { $0.accuracy?.error }),
        .init("", .line, color: color, x: x, y: values),
      ]
      speeds += [
        .init(start.title, .points, color: color, x: x, y: firsts),
        .init("", .line, color: color, x: x, y: firsts),
      ]
    }
    let axis = StudyPanel.Axis("hidden layers L", isLogarithmic: true, low: 8, high: 250)
    return [
      StudyPanel(
        "accuracy",
        caption: "tanh, width 64: test accuracy of each start at the rate that validation chooses, "
          + "that of a guess where every rate diverged; bars one standard error over networks.",
        x: axis,
        y: .init("test accuracy", low: 0, high: 1), curves: accuracies),
      StudyPanel(
        "speed",
        caption: "Median first epoch with a test accuracy of 0.9; no point where half of the "
          + "networks never got there.", x: axis, y: .init("first epoch", low: 0),
        curves: speeds),
    ]
  }

  /// Advice and presets side by side at depth 30, an activation at each place of the axis.
  private static func activationPanel(_ data: StudyData) throws(PoiseError) -> StudyPanel {
    let activations = saturating + rectifiers
    var curves: [StudyPanel.Curve] = []
    for (index, start) in [advised, he, xavier, pytorch].enumerated() {
      var (x, y, error): ([Double], [Double?], [Double?]) = ([], [], [])
      for (place, activation) in activations.enumerated() {
        guard start.name != he.name || rectifiers.contains(activation) else { continue }
        let one = try best(data, activation, start, "30").accuracy
        x.append(Double(place + 1) + 0.12 * (Double(index) - 1.5))
        y.append(one?.value)
        error.append(one?.error)
      }
      curves.append(.init(start.title, .points, color: index, x: x, y: y, error: error))
    }
    return StudyPanel(
      "activations",
      caption: "Depth 30, width 64: test accuracy at the best rate; that of a guess where every "
        + "rate diverged.",
      x: .init("activation", low: 0.5, high: 6.5, names: activations.map(title)),
      y: .init("test accuracy", low: 0, high: 1), curves: curves)
  }

  /// The advice at its own rate times a factor.
  private static func factorPanel(_ data: StudyData) throws(PoiseError) -> StudyPanel {
    let scan = try data.part(factorPart)
    var curves: [StudyPanel.Curve] = []
    for (index, depth) in try scan.values(of: "depth").enumerated() {
      let points = try scan.points(["depth": depth])
      func numbers(_ path: String) throws(PoiseError) -> [Double?] {
        try points.map { point throws(PoiseError) in try scan.optional(path, at: point) }
      }
      curves.append(
        .init(
          "L = \(depth)", .points, color: index,
          x: try points.map { point throws(PoiseError) in
            try scan.value("rate-factor", at: point)
          },
          y: try numbers("summary.accuracy.value"),
          error: try numbers("summary.accuracy.standardError")))
    }
    return StudyPanel(
      "rate",
      caption: "The advice at its own rate times a factor: final test accuracy, tanh, width 64.",
      x: .init("rate / advised rate", isLogarithmic: true, low: 0.2, high: 5),
      y: .init("test accuracy", low: 0, high: 1), curves: curves)
  }
}
