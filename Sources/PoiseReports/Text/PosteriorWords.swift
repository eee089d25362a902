import Foundation
import PoiseLab

/// Sentences and tables of a posterior.
struct PosteriorWords: Answer {
  let result: PosteriorResult

  init(_ result: PosteriorResult) { self.result = result }

  var subject: String { "\(result.activation), data \(result.data.name)" }

  var tables: [AnswerTable] {
    var all = [AnswerTable(heading: "Numbers", caption: title, table: table)]
    if let checkTable {
      all.append(
        AnswerTable(heading: "Theory against samples", caption: checkTitle, table: checkTable))
    }
    return all
  }

  func figures(of record: Record) -> [FigureScript] { PosteriorFigure.scripts(result) }

  private var first: PosteriorResult.Point { result.points[0] }
  private var isCurve: Bool { result.points.count > 1 }
  private static func s(_ value: Double) -> String { NumberText.short(value) }

  /// The error to speak of: exact where there is one.
  private func error(_ point: PosteriorResult.Point) -> Double {
    point.exactTestError ?? point.testError
  }

  private func shape(_ point: PosteriorResult.Point) -> String {
    let widths = point.widths
    return Set(widths).count == 1
      ? "\(widths.count) hidden layer\(widths.count == 1 ? "" : "s") of width \(widths[0])"
      : "hidden layers of width " + widths.map(String.init).joined(separator: "/")
  }

  var headline: String {
    if let kernels = result.kernels, let last = kernels.alignment.last,
      let prior = kernels.priorAlignment.last
    {
      return "After learning \(first.patterns) patterns the kernel of the last hidden layer points "
        + "along the labels \(Self.s(last / prior)) times as much as before: "
        + "A_\(first.widths.count) = \(Self.s(last)), before \(Self.s(prior))."
    }
    guard isCurve else {
      let share = result.testPower > 0 ? error(first) / result.testPower : 0
      var text =
        "A network of \(shape(first)) that has learned \(first.patterns) patterns will err by "
        + "\(Self.s(error(first))) on test points (mean square; answering 0 errs by "
        + "\(Self.s(result.testPower)))"
      if let sign = first.signError {
        text += ", and misses the class with probability \(Self.s(sign))"
      } else if let sign = first.meanClassError {
        text += "; the mean of many networks misses the class of a share \(Self.s(sign))"
      }
      return text + (share > 1 ? ": worse than not answering." : ".")
    }
    let name = result.axes.last ?? "point"
    let best = result.points.min { error($0) < error($1) }!
    let ends = (result.points.first!, result.points.last!)
    return "Test error goes from \(Self.s(error(ends.0))) to \(Self.s(error(ends.1))) along the "
      + "\(name) axis and is least, \(Self.s(error(best))), at \(place(best))."
  }

  private func place(_ point: PosteriorResult.Point) -> String {
    zip(result.axes, point.coordinates).map { "\($0) \(Self.s($1))" }.joined(separator: ", ")
  }

  /// Why, and the verdict of a check.
  var paragraphs: [String] {
    reasons + (sampled.map { [$0.statement] } ?? [])
  }

  private var reasons: [String] {
    guard !isCurve, result.kernels == nil else { return [] }
    var all = [
      "Of this \(Self.s(first.bias)) is bias, common to all such networks, and "
        + "\(Self.s(first.variance)) the spread between them, at the saddle point."
    ]
    switch first.regime {
    case "least squares":
      all.append(
        "The kernel has rank \(first.rank) for \(first.patterns) patterns: the labels cannot all be "
          + "met (least squares; a squared part \(Self.s(first.residualSquared)) is left).")
    case "interpolating":
      all.append("Every label is met: the kernel has full rank \(first.rank).")
    default:
      all.append(
        "Labels are met up to noise of variance T = \(Self.s(first.temperature)): training error "
          + "\(Self.s(first.trainingError)).")
    }
    if let scale = first.scales.first, result.outputs == 1 {
      all.append(
        "Learning multiplies the kernel of the infinitely wide network by "
          + "\(Self.s(scale / first.priorScale)) (s = \(Self.s(scale)), prior "
          + "\(Self.s(first.priorScale))).")
    } else if let low = first.scales.first, let high = first.scales.last {
      all.append(
        "The output kernel U has eigenvalues \(Self.s(low)) to \(Self.s(high)); prior "
          + "\(Self.s(first.priorScale)).")
    }
    if let width = first.errorWithWidth, let depth = first.errorWithDepth {
      all.append("Error \(verb(width)) with width and \(verb(depth)) with depth.")
    }
    return all
  }

  private func verb(_ trend: String) -> String { trend == "flat" ? "does not change" : trend }

  private var title: String {
    let variances = Set(first.weightVariances)
    var text = "\(result.activation), data \(result.data.name), N₀ = \(result.data.features)"
    if result.axes.last != "weight variance", !result.axes.contains("weight variance") {
      text +=
        ", σ² = "
        + (variances.count == 1
          ? Self.s(first.weightVariances[0])
          : first.weightVariances.map(Self.s).joined(separator: "/"))
    }
    if !result.axes.contains("temperature") { text += ", T = \(Self.s(first.temperature))" }
    return text
  }

  private var table: TextTable {
    if let kernels = result.kernels { return layerTable(kernels) }
    return isCurve ? curveTable : pointTable
  }

  private func layerTable(_ kernels: PosteriorResult.LayerProfile) -> TextTable {
    let layers = kernels.alignment.indices
    var columns: [TextTable.Column] = [
      .init("layer", layers.map { "\($0)" }),
      .init("A before", NumberText.column(kernels.priorAlignment)),
      .init("A after", NumberText.column(kernels.alignment)),
    ]
    if let measured = kernels.measuredAlignment, let errors = kernels.measuredStandardError {
      columns.append(
        .init(
          "measured",
          ["–"] + zip(measured, errors).map { Measured.format(value: $0, error: $1) }))
    }
    if !kernels.weightNorms.isEmpty {
      columns.append(
        .init(
          "|W_l|²/prior",
          ["–"]
            + zip(kernels.weightNorms, kernels.priorWeightNorms).dropLast().map {
              NumberText.fixed([$0 / $1], decimals: 4)[0]
            }))
    }
    return TextTable(columns)
  }

  private var pointTable: TextTable {
    typealias Row = (String, Double?, Double?, Double?)
    var rows: [Row] = [
      ("test error", first.testError, first.exactTestError, first.processError),
      ("  bias", first.bias, nil, nil), ("  variance", first.variance, nil, nil),
      ("training error", nil, first.trainingError, nil),
    ]
    if result.outputs == 1 {
      rows.append(("s", first.scales.first, first.exactScale, first.priorScale))
    } else {
      for (index, value) in first.scales.suffix(4).enumerated() {
        rows.append((index == 0 ? "eigenvalues of U" : "", value, nil, first.priorScale))
      }
    }
    for (layer, q) in first.orderParameters.enumerated().prefix(6) {
      rows.append(("q_\(layer + 1)", q, nil, first.weightVariances[layer + 1]))
    }
    rows.append(("label strength r_0", first.labelStrength, nil, nil))
    if first.logEvidenceSaddle != nil || first.logEvidence != nil {
      rows.append(("ln p(Y)", first.logEvidenceSaddle, first.logEvidence, nil))
    }
    func column(_ values: [Double?]) -> [String] {
      values.map { $0.map(NumberText.short) ?? "–" }
    }
    return TextTable([
      .init("quantity", rows.map(\.0), .left),
      .init("saddle point", column(rows.map(\.1))),
      .init("exact", column(rows.map(\.2))),
      .init("infinite width", column(rows.map(\.3))),
    ])
  }

  private var curveTable: TextTable {
    let most = 24
    let stride_ = (result.points.count + most - 1) / most
    let shown = result.points.indices.filter {
      $0 % stride_ == 0 || $0 == result.points.count - 1
    }.map { result.points[$0] }
    var columns = result.axes.enumerated().map { index, name in
      TextTable.Column(name, shown.map { NumberText.short($0.coordinates[index]) })
    }
    columns += [
      .init("s", NumberText.column(shown.map { $0.scales.last })),
      .init("s exact", NumberText.column(shown.map(\.exactScale))),
      .init("error", NumberText.column(shown.map { $0.testError })),
      .init("exact", NumberText.column(shown.map(\.exactTestError))),
      .init("bias", NumberText.column(shown.map { $0.bias })),
      .init("variance", NumberText.column(shown.map { $0.variance })),
    ]
    if shown.contains(where: { $0.sampled != nil }) {
      columns.append(
        .init(
          "measured",
          shown.map { point in
            guard let row = point.sampled?.comparisons.first(where: { $0.quantity == "test error" })
            else { return "–" }
            return Measured.format(value: row.measured, error: row.standardError)
              + (row.isConverged ? "" : " ?")
          }))
    }
    return TextTable(columns)
  }

  var caveats: [String] {
    var all: [String] = []
    let broken = result.points.filter { $0.conditionNumber > 1e8 }
    if let worst = broken.max(by: { $0.conditionNumber < $1.conditionNumber }) {
      all.append(
        "The kernel is nearly singular (condition \(Self.s(worst.conditionNumber))): labels along a "
          + "nearly absent direction cost much to memorise.")
    }
    let several = result.points.filter { $0.stationaryPoints.count > 1 }
    if !several.isEmpty {
      all.append(
        "\(several.count == result.points.count ? "Here" : "At \(several.count) points") several "
          + "states coexist (collapsed and learned): the one of least action is shown.")
    }
    if result.activation != "linear" {
      all.append(
        "Effective action of \(result.activation): right to a few per cent at one hidden layer, to "
          + "some ten per cent at more.")
    }
    let narrow = result.points.filter {
      Double($0.widths.count) / Double($0.widths.min() ?? 1) > 0.2
    }
    if !narrow.isEmpty, result.outputs > 1 {
      all.append("Narrow layers: the saddle point of several outputs is off by O(m²L/N).")
    }
    for point in result.points {
      for warning in (point.sampled?.warnings ?? []).prefix(3) where all.count < 8 {
        all.append(warning)
      }
    }
    return all
  }

  /// The sampled point with the largest |z|.
  private var sampled: PosteriorResult.Sampled? {
    let all = result.points.compactMap(\.sampled)
    return all.first { $0.verdict == .differs } ?? all.first { $0.verdict == .inconclusive }
      ?? all.max { worst($0) < worst($1) }
  }

  private func worst(_ sampled: PosteriorResult.Sampled) -> Double {
    sampled.comparisons.map { abs($0.z) }.max() ?? 0
  }

  private var checkTitle: String {
    guard let sampled else { return "" }
    let name = ["gibbs": "Gibbs", "hamiltonian": "Hamiltonian", "direct": "direct"]
    let many = result.points.count { $0.sampled != nil }
    return
      "Check: \(name[sampled.sampler] ?? sampled.sampler) sampling, \(sampled.chains) chains of "
      + "\(sampled.draws) draws" + (many > 1 ? "; worst of \(many) points" : "")
  }

  private var checkTable: TextTable? {
    guard let rows = sampled?.comparisons, !rows.isEmpty else { return nil }
    return TextTable([
      .init("quantity", rows.map(\.quantity), .left),
      .init("theory", rows.map { NumberText.short($0.theory) }),
      .init("by", rows.map(\.level), .left),
      .init(
        "measured", rows.map { Measured.format(value: $0.measured, error: $0.standardError) }),
      .init("z", NumberText.fixed(rows.map(\.z), decimals: 1)),
      .init("R̂", NumberText.fixed(rows.map(\.splitRHat), decimals: 3)),
      .init("draws", rows.map { NumberText.short($0.effectiveSize.rounded()) }),
      .init("", rows.map { $0.isConverged ? "" : "not converged" }, .left),
    ])
  }

  var next: String {
    if result.points.allSatisfy({ $0.sampled == nil }) {
      return result.kernels == nil
        ? "add --check to sample the posterior, or a range such as --width 20:400@15"
        : "add --check to measure the kernels on sampled networks"
    }
    return result.kernels == nil
      ? "poise posterior kernels with the same options shows what the layers have learned"
      : "poise posterior with a range such as --depth 1:6:1"
  }
}
