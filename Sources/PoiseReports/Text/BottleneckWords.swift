import PoiseLab

/// Sentences and tables of an information plane.
struct BottleneckWords: Answer {
  let result: BottleneckResult

  init(_ result: BottleneckResult) { self.result = result }

  private var isExact: Bool {
    result.layers.allSatisfy { $0.informationX.lower == $0.informationX.upper }
  }

  var headline: String {
    guard let last = result.layers.last else { return "No layers." }
    let most = NumberText.short(result.mostInformationY)
    if result.kind == "labels" {
      return "Layer \(last.layer) tells between \(NumberText.short(last.informationY.lower)) and "
        + "\(NumberText.short(last.informationY.upper)) of the \(most) nats of the labels."
    }
    if let efficiency = last.efficiency {
      return "Layer \(last.layer) tells \(NumberText.short(last.informationY.lower)) of the "
        + "\(most) nats that x knows of Y: \(NumberText.short(100 * efficiency)) % of the most "
        + "that its \(NumberText.short(last.informationX.lower)) nats of x allow."
    }
    return "Layer \(last.layer) tells between \(NumberText.short(last.informationY.lower)) and "
      + "\(NumberText.short(last.informationY.upper)) of the \(most) nats that x knows of Y."
  }

  var subject: String { "\(result.ensemble.activation), depth \(result.depth)" }

  var tables: [AnswerTable] {
    [
      AnswerTable(
        heading: "Information",
        caption: "\(result.ensemble.words); width \(result.width), noise "
          + "\(NumberText.short(result.noiseVariance)) (\(result.noise)); \(result.target)",
        table: table),
      AnswerTable(
        heading: "Variance", caption: "Variance of a unit over inputs, before its noise",
        table: varianceTable),
    ]
  }

  func figures(of record: Record) -> [FigureScript] {
    [InformationPlaneFigure.script(record), UnitVarianceFigure.script(record)].compactMap { $0 }
  }

  /// A range, or the value with its error where it is exact.
  private func text(_ range: BottleneckResult.Range, _ error: Double?) -> String {
    range.lower == range.upper
      ? Measured.format(value: range.lower, error: error ?? 0)
      : "\(NumberText.short(range.lower)) … \(NumberText.short(range.upper))"
  }

  private var table: TextTable {
    let layers = result.layers
    var columns: [TextTable.Column] = [
      .init("layer", layers.map { "\($0.layer)" }),
      .init("I(T; x) nats", layers.map { text($0.informationX, $0.errorX) }),
      .init("I(T; Y) nats", layers.map { text($0.informationY, $0.errorY) }),
    ]
    if result.kind == "gaussian" {
      columns.append(
        .init("curve", layers.map { $0.most.map { NumberText.short($0) } ?? "–" }))
      if isExact {
        columns.append(
          .init("of the curve", NumberText.fixed(layers.map(\.efficiency), decimals: 3)))
      }
    }
    return TextTable(columns)
  }

  private var varianceTable: TextTable {
    let layers = result.layers
    return TextTable([
      .init("layer", layers.map { "\($0.layer)" }),
      .init(
        "measured",
        layers.map { Measured.format(value: $0.measuredVariance, error: $0.varianceError ?? 0) }),
      .init("corrected", NumberText.column(layers.map(\.correctedVariance))),
      .init("classic", NumberText.column(layers.map(\.classicVariance))),
    ])
  }

  var caveats: [String] {
    var all: [String] = []
    if result.kind == "labels" {
      all.append("bounds by pairwise distances, of the rows drawn: they end at ln P and H(Y)")
    } else if !isExact {
      all.append(
        "20000 noisy passes: lower ends are what is linearly visible, upper ends the log-det for x "
          + "and the curve for Y")
    }
    if result.networks < 2 { all.append("one network: no error over networks") }
    return all
  }

  var next: String {
    result.kind == "labels"
      ? "leave --data out for a Gaussian target, where linear layers are exact"
      : "the other --weights: isometric layers are at the curve where Y weighs directions alike"
  }
}
