import PoiseLab

/// The tables of trained networks.
extension TrainingWords {
  var tables: [AnswerTable] {
    var tables: [AnswerTable] = []
    if let course = result.courses.first(where: { !$0.trainingLoss.isEmpty }) {
      tables.append(
        AnswerTable(
          heading: "Course",
          caption: result.courses.count == 1
            ? "After each epoch" : "Network \(course.network), after each epoch",
          table: epochs(course)))
    }
    if result.courses.count > 1 {
      tables.append(
        AnswerTable(heading: "Networks", caption: "Each network", table: networks))
    }
    tables += [
      layers("Layers", [("q", \.length), ("dim", \.dimension), ("D_2", \.fractality)]),
      layers(
        "Information",
        [("I(x) ≥", { $0.inputInformation?.lower }), ("I(y) ≥", { $0.classInformation?.lower })]),
      jacobian,
    ].compactMap(\.self)
    if !result.weightFits.isEmpty {
      tables.append(
        AnswerTable(
          heading: "Weights", caption: "Stable laws of the weights of network 0",
          table: weights))
    }
    return tables
  }

  private func epochs(_ course: TrainingResult.Course) -> TextTable {
    let shown = TextLayout.thinned(Array(course.trainingLoss.indices), to: 12)
    var columns: [TextTable.Column] = [
      .init("epoch", shown.map { "\($0 + 1)" }),
      .init("loss", NumberText.fixed(shown.map { course.trainingLoss[$0] }, decimals: 4)),
      .init("test loss", NumberText.fixed(shown.map { course.testLoss[$0] }, decimals: 4)),
      .init(
        "training accuracy",
        NumberText.fixed(shown.map { course.trainingAccuracy[$0] }, decimals: 4)),
    ]
    if !course.validationAccuracy.isEmpty {
      columns.append(
        .init(
          "validation accuracy",
          NumberText.fixed(shown.map { course.validationAccuracy[$0] }, decimals: 4)))
    }
    columns.append(
      .init("test accuracy", NumberText.fixed(shown.map { course.testAccuracy[$0] }, decimals: 4)))
    return TextTable(columns)
  }

  private var networks: TextTable {
    let shown = TextLayout.thinned(result.courses, to: 12)
    return TextTable([
      .init("network", shown.map { "\($0.network)" }),
      .init("outcome", shown.map(\.outcome.rawValue)),
      .init("first epoch", shown.map { $0.firstEpoch.map { NumberText.short($0) } ?? "–" }),
      .init(
        "loss", NumberText.fixed(shown.map { $0.trainingLoss.last ?? $0.initialLoss }, decimals: 4)),
      .init("test", NumberText.fixed(shown.map(\.finalAccuracy), decimals: 4)),
    ])
  }

  /// Singular values of the Jacobian at the first and the last look; nil if nobody looked.
  private var jacobian: AnswerTable? {
    guard let first = result.observations.first(where: { $0.jacobian != nil }) else { return nil }
    let looks = [first, result.observations.last { $0.network == first.network } ?? first]
    let shown = first.epoch < looks[1].epoch ? looks : [first]
    func column(_ value: (TrainingResult.JacobianSummary) -> Double?) -> [String] {
      NumberText.column(shown.map { $0.jacobian.flatMap(value) })
    }
    return AnswerTable(
      heading: "Jacobian",
      caption: "Singular values s of the Jacobian of the hidden layers, network \(first.network)",
      table: TextTable([
        .init("epoch", shown.map { "\($0.epoch)" }), .init("ln ⟨s²⟩", column(\.logMeanSquare)),
        .init("var s²/⟨s²⟩²", column(\.relativeVariance)),
        .init("ln s_max", column(\.logLargest)),
      ]))
  }

  private typealias Values = (TrainingResult.Observation) -> [Double]?

  /// The layers at the start and after the last look; nil if none of the quantities was looked at.
  private func layers(
    _ heading: String, _ kinds: [(name: String, values: Values)]
  ) -> AnswerTable? {
    guard let first = result.observations.first,
      let last = result.observations.last(where: { $0.network == first.network }),
      first.epoch < last.epoch
    else { return nil }
    let shown = TextLayout.thinned(Array(0..<result.depth), to: 12)
    var columns: [TextTable.Column] = [.init("layer", shown.map { "\($0 + 1)" })]
    for kind in kinds {
      for (look, suffix) in [(first, "start"), (last, "end")] {
        guard let values = kind.values(look) else { continue }
        columns.append(
          .init("\(kind.name) \(suffix)", NumberText.column(shown.map { values[$0] })))
      }
    }
    guard columns.count > 1 else { return nil }
    return AnswerTable(
      heading: heading,
      caption: "Network \(first.network), epochs \(first.epoch) and \(last.epoch)",
      table: TextTable(columns))
  }

  private var weights: TextTable {
    let all = result.weightFits.filter { $0.network == result.weightFits[0].network }
    let shown = TextLayout.thinned(all, to: 14)
    func alpha(_ law: TrainingResult.Law) -> String {
      guard let alpha = law.alpha else { return "–" }
      return law.alphaError.map { Measured.format(value: alpha, error: $0) }
        ?? NumberText.short(alpha)
    }
    var table = TextTable([
      .init("layer", shown.map { $0.layer == result.depth + 1 ? "read-out" : "\($0.layer)" }),
      .init("α start", shown.map { alpha($0.before) }),
      .init("α end", shown.map { alpha($0.after) }),
      .init("σ_w start", NumberText.column(shown.map(\.before.scale))),
      .init("σ_w end", NumberText.column(shown.map(\.after.scale))),
    ])
    let reasons = shown.map { $0.before.alphaCase ?? $0.after.alphaCase ?? "" }
    if reasons.contains(where: { !$0.isEmpty }) {
      table.columns.append(.init("no law because of", reasons, .left))
    }
    return table
  }
}
