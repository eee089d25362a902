import Foundation
import PoiseLab

/// Sentence and tables of the information by layer.
struct InformationWords: Answer {
  let result: InformationResult

  init(_ result: InformationResult) { self.result = result }

  private var isProfile: Bool { result.weightVariances.count == 1 }

  var subject: String { "\(result.ensemble.activation), convention \(result.convention)" }

  /// Where the noise enters, in words.
  var noiseWords: String {
    let place = result.noise == "output" ? "at the observed layer alone" : "at every layer"
    return "noise of variance \(NumberText.short(result.noiseVariance)) \(place) (convention "
      + "\(result.convention))"
  }

  var headline: String {
    isProfile ? profileHeadline : rangeHeadline
  }

  private var profileHeadline: String {
    guard let last = result.points.max(by: { $0.layer < $1.layer }) else { return "" }
    var text = "Layer \(last.layer) still carries "
    if let exact = last.exact {
      text += "\(NumberText.short(exact)) nats per neuron of its input"
    } else {
      text += "\(NumberText.short(last.lower)) to \(NumberText.short(last.upper)) nats per neuron"
    }
    if let first = result.points.first(where: { $0.layer == 1 })?.exact, let exact = last.exact,
      last.layer > 1, first > 0, result.widths == nil
    {
      text += ", \(NumberText.short(100 * exact / first)) % of what layer 1 carries"
    }
    if let linear = last.linear {
      text += "; \(NumberText.short(max(0, linear))) can be decoded linearly"
    }
    return text + "."
  }

  private var rangeHeadline: String {
    let parts = result.layers.compactMap { layer -> String? in
      guard let best = best(layer, \.exact) else { return nil }
      // At the end of the range the maximum lies beyond.
      let isEnd = best.weightVariance == result.weightVariances.last
      return
        "\(NumberText.short(best.weightVariance))\(isEnd ? " or beyond" : "") at layer \(layer)"
    }
    guard !parts.isEmpty else { return "No exact value settled; see the bounds." }
    return "Information is largest at weight variance \(parts.joined(separator: ", "))"
      + (result.edge.map { "; the edge of chaos is at \(NumberText.short($0))" } ?? "") + "."
  }

  private func best(
    _ layer: Int, _ key: (InformationResult.Point) -> Double?
  ) -> InformationResult.Point? {
    result.points.filter { $0.layer == layer && key($0) != nil }.max { key($0)! < key($1)! }
  }

  var paragraphs: [String] {
    var all = [
      "Components of the input are \(result.inputLaw == "binary" ? "±" : "normal,") of mean square "
        + "\(NumberText.short(result.inputSquare)); \(noiseWords)."
    ]
    if let widths = result.widths {
      all.append(
        "Inputs and units per layer: \(widths.map(String.init).joined(separator: ", ")); nats are per "
          + "unit of the layer.")
    }
    if result.points.contains(where: { $0.exactOther != nil }) {
      all.append(
        "The replica equations have two solutions somewhere; the smaller entropy counts, the other is "
          + "in the record.")
    }
    return all
  }

  var tables: [AnswerTable] {
    let name = isProfile ? "Layer by layer" : "By weight variance"
    let caption =
      (isProfile
        ? result.ensemble.words
        : "\(result.ensemble.activation), \(result.ensemble.weights) weights, σ_b² = "
          + NumberText.short(result.ensemble.biasVariance)) + "; nats per neuron"
    var all = [AnswerTable(heading: name, caption: caption, table: table)]
    if !isProfile {
      all.append(
        AnswerTable(
          heading: "Best weight variance",
          caption: "Weight variance at which each is largest, of those asked for",
          table: bestTable))
    }
    if let data = result.data {
      all.append(
        AnswerTable(
          heading: "Given inputs",
          caption:
            "\(data.data.name), \(data.data.rows) inputs, width \(data.width): nats in all, of "
            + "at most ln P = \(NumberText.short(log(Double(data.data.rows))))",
          table: dataTable(data)))
    }
    return all
  }

  var table: TextTable {
    // Whole groups of layers are left out, not single rows.
    let shown = TextLayout.thinned(result.weightVariances, to: max(4, 24 / result.layers.count))
    let points =
      isProfile
      ? TextLayout.thinned(result.points, to: 24)
      : result.points.filter { shown.contains($0.weightVariance) }
    func numbers(_ key: (InformationResult.Point) -> Double?) -> [String] {
      NumberText.fixed(points.map(key), decimals: 4)
    }
    var columns: [TextTable.Column] = []
    if !isProfile {
      columns.append(.init("σ_w²", NumberText.column(points.map(\.weightVariance), digits: 4)))
    }
    columns += [
      .init("layer", points.map { "\($0.layer)" }),
      .init("lower", numbers(\.lower)), .init("exact", numbers(\.exact)),
      .init("upper", numbers(\.upper)), .init("linear", numbers { $0.linear.map { max(0, $0) } }),
      .init("bits", numbers { $0.exact.map { $0 / log(2) } }),
    ]
    if isProfile {
      columns += [
        .init("q", NumberText.column(points.map(\.length), digits: 4)),
        .init("c", NumberText.column(points.map(\.overInputs), digits: 4)),
        .init("v", NumberText.column(points.map(\.overNoise), digits: 4)),
      ]
    }
    return TextTable(columns)
  }

  private var bestTable: TextTable {
    func column(_ key: (InformationResult.Point) -> Double?) -> [String] {
      NumberText.column(result.layers.map { best($0, key)?.weightVariance }, digits: 4)
    }
    return TextTable([
      .init("layer", result.layers.map { "\($0)" }), .init("exact", column(\.exact)),
      .init("linear", column(\.linear)), .init("entropy power", column(\.entropyPower)),
    ])
  }

  private func dataTable(_ data: InformationResult.DataPart) -> TextTable {
    let layers = TextLayout.thinned(data.layers, to: 24)
    var columns: [TextTable.Column] = [
      .init("layer", layers.map { "\($0.layer)" }),
      .init("lower", NumberText.fixed(layers.map(\.lower), decimals: 4)),
      .init("upper", NumberText.fixed(layers.map(\.upper), decimals: 4)),
      .init("by", layers.map(\.upperMethod), .left),
      .init("corrected c", NumberText.column(layers.map(\.withinUnitVariance), digits: 4)),
      .init("classic q", NumberText.column(layers.map(\.length), digits: 4)),
    ]
    if layers.contains(where: { $0.measuredVariance != nil }) {
      columns.append(
        .init(
          "measured c",
          layers.map { layer in
            layer.measuredVariance.map {
              Measured.format(value: $0, error: layer.varianceError ?? 0)
            } ?? "–"
          }))
    }
    return TextTable(columns)
  }

  var caveats: [String] {
    var all = [
      "Values hold for the noise convention named: the same variance is noise in one convention and a "
        + "frozen offset in another."
    ]
    if result.layers.contains(where: { $0 > 2 }) {
      all.append(
        "Beyond two layers the replica formula is an accepted conjecture, checked on finite networks, "
          + "not a theorem.")
    }
    if let reason = result.data?.layers.compactMap(\.lowerCase).first {
      all.append("Given inputs have no lower bound deeper than layer 1: \(reason).")
    }
    if let case_ = result.points.compactMap(\.exactCase).first {
      all.append("Some exact values are missing: \(case_).")
    }
    return all
  }

  var next: String {
    if !isProfile { return "one --weight-variance and --check for finite networks beside it" }
    return result.check == nil
      ? "add --check to measure the same on finite networks"
      : "poise information --activation \(result.ensemble.activation) --weight-variance 0.5:4:0.1 "
        + "--noise \(result.noise) --noise-variance \(NumberText.short(result.noiseVariance))"
  }

  func figures(of record: Record) -> [FigureScript] {
    [
      InformationVarianceFigure.script(record), InformationProfileFigure.script(record),
      WithinUnitFigure.script(record),
    ].compactMap { $0 }
  }
}
