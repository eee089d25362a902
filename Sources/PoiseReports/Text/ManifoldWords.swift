import Foundation
import PoiseLab

/// Sentence and tables of the geometry of a circle of inputs.
struct ManifoldWords: Answer {
  let result: ManifoldResult

  init(_ result: ManifoldResult) { self.result = result }

  var subject: String { "\(result.activation), stable weights, a circle of inputs" }

  private static func text(_ value: MeasuredValue) -> String {
    // Equal in all networks, to rounding.
    guard let error = value.standardError, error >= 1e-9 * abs(value.value) else {
      return NumberText.short(value.value)
    }
    return Measured.format(value: value.value, error: error)
  }

  /// e^x with the error that the logarithm gives it.
  private static func exponential(_ value: MeasuredValue) -> String {
    let size = exp(value.value)
    return text(MeasuredValue(value: size, standardError: value.standardError.map { size * $0 }))
  }

  private var first: ManifoldResult.Profile? { result.profiles.first }
  private var gaussian: ManifoldResult.Profile? {
    result.profiles.count > 1 ? result.profiles.last : nil
  }

  var headline: String {
    guard let profile = first, let last = profile.layers.last else { return mapHeadline }
    var text =
      "At α = \(NumberText.short(profile.alpha)), σ_w = \(NumberText.short(profile.scale)) a circle of "
      + "inputs reaches layer \(result.depth) with CV \(Self.text(last.variation)) of the distances "
      + "between neighbours, in \(Self.text(last.dimension)) dimensions"
    if let other = gaussian?.layers.last {
      text +=
        "; with Gaussian weights CV \(Self.text(other.variation)), "
        + "\(Self.text(other.dimension)) dimensions"
    }
    return text + "."
  }

  private var mapHeadline: String {
    guard let uneven = result.cells.max(by: { $0.variation.value < $1.variation.value }),
      let wide = result.cells.max(by: { $0.outputDimension.value < $1.outputDimension.value })
    else { return "" }
    func place(_ cell: ManifoldResult.Cell) -> String {
      "α = \(NumberText.short(cell.alpha)), σ_w = \(NumberText.short(cell.scale))"
    }
    return "At layer \(result.depth) the circle is stretched most unevenly at \(place(uneven)) (CV "
      + "\(Self.text(uneven.variation))) and fills most dimensions at \(place(wide)) "
      + "(\(Self.text(wide.outputDimension)))."
  }

  var paragraphs: [String] {
    guard let profile = first, let last = profile.layers.last else { return [] }
    var texts = [
      "The curve is \(Self.exponential(last.logLength)) long and turns "
        + "\(Self.exponential(last.logTurns)) times as much as a circle."
    ]
    let share = Self.text(profile.localizedShare)
    var vectors =
      "A share \(share) of the right singular vectors of the last layer's Jacobian has "
      + "D_\(NumberText.short(result.order)) below 0.8 of that of an extended vector "
      + "(\(NumberText.short(result.extended)) at this width)"
    if let other = gaussian {
      vectors += "; with Gaussian weights \(Self.text(other.localizedShare))"
    }
    texts.append(vectors + ".")
    return texts
  }

  var tables: [AnswerTable] {
    let size =
      "\(result.activation), width \(result.width), \(result.networks) networks, \(result.points) points, "
      + "covariances \(result.isCentred ? "centred" : "about 0")"
    guard first != nil else {
      return [
        AnswerTable(
          heading: "Map", caption: "CV at layer \(result.depth); \(size)",
          table: map { $0.variation }),
        AnswerTable(
          heading: "Dimensions", caption: "Effective dimension of φ(h) at layer \(result.depth)",
          table: map { $0.outputDimension }),
      ]
    }
    return [
      AnswerTable(heading: "Layers", caption: size, table: layers),
      AnswerTable(
        heading: "Vectors",
        caption:
          "D_\(NumberText.short(result.order)) of singular vectors and eigenvectors of D W of layer "
          + "\(result.depth), by rank", table: vectors),
    ]
  }

  var caveats: [String] {
    var texts = ["these are finite networks: at α < 2 every number here depends on the width"]
    if result.networks < 10 {
      texts.append("errors from \(result.networks) networks are themselves uncertain by a third")
    }
    return texts
  }

  var next: String {
    let alpha = NumberText.short(first?.alpha ?? result.alphas.first ?? 1.5)
    return first == nil
      ? "one --alpha and --scale for layers, vectors and the curve itself"
      : "poise tails geometry --activation \(result.activation) --alpha \(alpha),2 --scale 0.5:3#6 "
        + "--output geometry-map"
  }

  func figures(of record: Record) -> [FigureScript] { ManifoldFigures.scripts(result) }

  private var layers: TextTable {
    guard let profile = first else { return TextTable([]) }
    let shown = TextLayout.thinned(profile.layers, to: 12)
    var columns: [TextTable.Column] = [
      .init("layer", shown.map { "\($0.layer)" }),
      .init("CV", shown.map { Self.text($0.variation) }),
    ]
    let others = gaussian.map { other in shown.map { other.layers[$0.layer - 1] } }
    if let others { columns.append(.init("Gaussian", others.map { Self.text($0.variation) })) }
    columns.append(.init("dim h", shown.map { Self.text($0.dimension) }))
    if let others { columns.append(.init("Gaussian", others.map { Self.text($0.dimension) })) }
    columns += [
      .init("dim φ", shown.map { Self.text($0.outputDimension) }),
      .init("length", shown.map { Self.exponential($0.logLength) }),
      .init("turns", shown.map { Self.exponential($0.logTurns) }),
      .init("corr", shown.map { $0.correlationDimension.map { Self.text($0) } ?? "–" }),
    ]
    return TextTable(columns)
  }

  private var vectors: TextTable {
    guard let profile = first else { return TextTable([]) }
    let groups = profile.vectors
    func size(_ logarithms: [Double]) -> [String] {
      logarithms.map { $0 < -600 ? "0" : NumberText.short(exp($0)) }
    }
    var columns: [TextTable.Column] = [
      .init("s", size(groups.map(\.logSingularValue))),
      .init("right", groups.map { Self.text($0.right) }),
      .init("left", groups.map { Self.text($0.left) }),
      .init("|eigenvalue|", size(groups.map(\.logModulus))),
      .init("eigenvectors", groups.map { Self.text($0.eigenvectors) }),
    ]
    if let other = gaussian {
      columns += [
        .init("Gaussian s", size(other.vectors.map(\.logSingularValue))),
        .init("right", other.vectors.map { Self.text($0.right) }),
      ]
    }
    return TextTable(columns)
  }

  /// A row for each α, some columns of σ_w.
  private func map(_ value: (ManifoldResult.Cell) -> MeasuredValue) -> TextTable {
    let columns = TextLayout.thinned(Array(result.scales.indices), to: 8)
    let rows = TextLayout.thinned(Array(result.alphas.indices), to: 16)
    return TextTable(
      [.init("α", NumberText.column(rows.map { result.alphas[$0] }))]
        + columns.map { column in
          .init(
            "σ_w \(NumberText.short(result.scales[column]))",
            rows.map { Self.text(value(result.cells[$0 * result.scales.count + column])) })
        })
  }
}
