import PoiseNumerics

/// Pictures of the study: theory as lines, samples as points, one colour for one setting.
enum RenormalizationPanels {
  private typealias Axis = StudyPanel.Axis
  private typealias Curve = StudyPanel.Curve

  static func all(_ data: StudyData) throws(PoiseError) -> [StudyPanel] {
    let (lines, width) = (try data.part("width-lines"), try data.part("width"))
    var panels = [
      try against(
        "width", of: "width", lines, width, "testError", "points.exactTestError",
        saddle: "points.testError", Axis("width N", isLogarithmic: true), Axis("test error"),
        "Test error against width, by prior variance: exact (lines), saddle point (dashed), samples."
      ),
      try against(
        "order", of: "width", lines, width, "scale", "points.exactScale", saddle: "points.scales",
        Axis("width N", isLogarithmic: true), Axis("factor s of the kernel"),
        "The factor by which learning rescales the kernel: exact (lines), saddle point (dashed), "
          + "samples."),
    ]
    panels.append(
      try against(
        "depth", of: "depth", data.part("depth-lines"), data.part("depth"), "testError",
        "points.exactTestError", Axis("hidden layers L"), Axis("test error", isLogarithmic: true),
        "Test error against depth, by prior variance.", only: data.part("depth").values(of: "width")
      ))
    panels.append(try patterns(data))
    panels.append(try variance(data))
    panels.append(try temperature(data.part("temperature")))
    panels.append(try kernels(data.part("kernels")))
    return panels + [try relu(data)]
  }

  private static let cold = RenormalizationStudy.cold

  private static func values(
    _ path: String, _ table: StudyTable, _ points: [Int]
  ) throws(PoiseError) -> [Double?] {
    try points.map { point throws(PoiseError) in try table.optional(path, at: point) }
  }

  private static func x(
    _ option: String, _ table: StudyTable, _ points: [Int]
  ) throws(PoiseError) -> [Double] {
    try points.map { point throws(PoiseError) in try table.value(option, at: point) }
  }

  private static func line(
    _ name: String, _ style: StudyPanel.Style, _ color: Int, _ option: String, _ path: String,
    _ table: StudyTable, _ points: [Int]
  ) throws(PoiseError) -> Curve {
    Curve(
      name, style, color: color, x: try x(option, table, points),
      y: try values(path, table, points))
  }

  /// What was sampled, where the chains have converged.
  private static func samples(
    _ color: Int, _ option: String, _ name: String, _ table: StudyTable, _ points: [Int],
    key: String = ""
  ) throws(PoiseError) -> Curve {
    let found = try points.map { point throws(PoiseError) in
      try RenormalizationSamples.sampled(name, table, at: point)
    }
    return Curve(
      key, .points, color: color, x: try x(option, table, points), y: found.map { $0?.value },
      error: found.map { $0?.error })
  }

  /// One quantity against an option, a colour for each prior variance.
  private static func against(
    _ name: String, of option: String, _ lines: StudyTable, _ table: StudyTable,
    _ measured: String, _ exact: String, saddle: String? = nil, _ horizontal: StudyPanel.Axis,
    _ vertical: StudyPanel.Axis, _ caption: String, only widths: [String]? = nil
  ) throws(PoiseError) -> StudyPanel {
    var curves: [StudyPanel.Curve] = []
    for (color, variance) in try table.values(of: "weight-variance").enumerated() {
      var options = ["weight-variance": variance, "temperature": cold]
      if let width = widths?.first { options["width"] = width }
      let smooth = try lines.points(options)
      curves.append(try line("σ² = \(variance)", .line, color, option, exact, lines, smooth))
      if let saddle {
        curves.append(try line("", .dashed, color, option, saddle, lines, smooth))
      }
      curves.append(
        try samples(
          color, option, measured, table, table.points(["weight-variance": variance])))
    }
    return StudyPanel(name, caption: caption, x: horizontal, y: vertical, curves: curves)
  }

  private static func patterns(_ data: StudyData) throws(PoiseError) -> StudyPanel {
    let (table, sampled) = (try data.part("patterns"), try data.part("patterns-sampled"))
    let all = try table.values(of: "patterns")
    let numbers = try table.numbers(of: "patterns")
    func curve(
      _ name: String, _ style: StudyPanel.Style, _ color: Int, _ path: String, _ temperature: String
    ) throws(PoiseError) -> StudyPanel.Curve {
      let means = try all.map { patterns throws(PoiseError) in
        try RenormalizationClaims.mean(
          path, table, patterns: patterns, temperature: temperature
        ).value
      }
      return Curve(name, style, color: color, x: numbers, y: means)
    }
    let seed = try table.values(of: "seed")[0]
    let own = try table.points(["temperature": "0.1", "seed": seed])
    let points = sampled.done
    return StudyPanel(
      "patterns",
      caption: "Bias and variance against the number of patterns: T = 0, the mean over data sets "
        + "(dashed), and T = 0.1 for one data set, exact (lines) and samples.",
      x: Axis("patterns P"), y: Axis("bias, variance", isLogarithmic: true),
      curves: [
        try curve("bias, T = 0", .dashed, 0, "points.bias", "0"),
        try curve("variance, T = 0", .dashed, 1, "points.exactVariance", "0"),
        try line("bias, T = 0.1", .line, 0, "patterns", "points.exactBias", table, own),
        try line("variance, T = 0.1", .line, 1, "patterns", "points.exactVariance", table, own),
        try samples(0, "patterns", "bias", sampled, points),
        try samples(1, "patterns", "variance", sampled, points),
      ])
  }

  private static func variance(_ data: StudyData) throws(PoiseError) -> StudyPanel {
    let (table, sampled) = (try data.part("variance"), try data.part("variance-sampled"))
    var curves: [StudyPanel.Curve] = []
    for (color, temperature) in try table.values(of: "temperature").enumerated() {
      let smooth = try table.points(["temperature": temperature])
      curves.append(
        try line(
          "T = \(temperature)", .line, color, "weight-variance", "points.exactTestError", table,
          smooth))
      if try sampled.values(of: "temperature").contains(temperature) {
        curves.append(
          try samples(
            color, "weight-variance", "testError", sampled,
            sampled.points(["temperature": temperature])))
      }
    }
    return StudyPanel(
      "variance", caption: "Test error against the prior variance of the weights, by temperature.",
      x: Axis("weight variance σ²", isLogarithmic: true), y: Axis("test error"), curves: curves)
  }

  private static func temperature(_ table: StudyTable) throws(PoiseError) -> StudyPanel {
    let points = table.done
    var curves: [StudyPanel.Curve] = []
    for (color, entry) in [
      ("test error", "testError", "points.exactTestError"), ("bias", "bias", "points.exactBias"),
      ("variance", "variance", "points.exactVariance"),
      ("training error", "trainingError", "points.trainingError"),
    ].enumerated() {
      curves.append(try line(entry.0, .line, color, "temperature", entry.2, table, points))
      curves.append(try samples(color, "temperature", entry.1, table, points))
    }
    return StudyPanel(
      "temperature", caption: "Errors against temperature, exact (lines) and samples.",
      x: Axis("temperature T", isLogarithmic: true), y: Axis("error", isLogarithmic: true),
      curves: curves)
  }

  private static func kernels(_ table: StudyTable) throws(PoiseError) -> StudyPanel {
    let theory = try table.series("kernels.alignment", at: 0)
    let layers = theory.indices.map { Double($0) }
    let samples =
      try RenormalizationSamples.isConverged(table, at: 0)
      ? [
        Curve(
          "samples", .points, color: 0, x: Array(layers.dropFirst()),
          y: try table.series("kernels.measuredAlignment", at: 0),
          error: try table.series("kernels.measuredStandardError", at: 0))
      ] : []
    return StudyPanel(
      "kernels",
      caption:
        "Kernels of the layers along the labels, yᵀK_l y/|y|², of a network that has learned two "
        + "digits: after (line), before (dashed), samples.",
      x: Axis("layer l"), y: Axis("alignment A_l"),
      curves: [
        Curve("after learning", .line, color: 0, x: layers, y: theory),
        Curve(
          "before", .dashed, color: 1, x: layers,
          y: try table.series("kernels.priorAlignment", at: 0)),
      ] + samples)
  }

  private static func relu(_ data: StudyData) throws(PoiseError) -> StudyPanel {
    let (lines, table) = (try data.part("relu-lines"), try data.part("relu"))
    var curves: [StudyPanel.Curve] = []
    for (color, depth) in try table.values(of: "depth").enumerated() {
      let smooth = try lines.points(["depth": depth])
      curves.append(
        try line("L = \(depth)", .line, color, "width", "points.testError", lines, smooth))
      curves.append(
        try line(
          "L = \(depth), infinite width", .dashed, color, "width", "points.processError", lines,
          smooth))
      curves.append(
        try samples(color, "width", "testError", table, table.points(["depth": depth])))
    }
    return StudyPanel(
      "relu",
      caption: "relu networks: test error of the effective action (lines), of the infinitely wide "
        + "network (dashed), and samples.",
      x: Axis("width N", isLogarithmic: true), y: Axis("test error"), curves: curves)
  }
}
