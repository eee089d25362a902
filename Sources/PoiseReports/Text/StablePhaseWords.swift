import Foundation
import PoiseLab

/// Sentence and tables of a plane of stable weights.
struct StablePhaseWords: Answer {
  let result: StablePhaseResult

  init(_ result: StablePhaseResult) { self.result = result }

  var subject: String { "\(result.activation), stable weights" }

  var headline: String {
    let cells = result.cells
    guard let death = result.boundary("death") else {
      return
        "\(result.activation): h = 0 is no fixed point, so signals die nowhere; q* and gain at "
        + "\(cells.count) points (α, σ_w)."
    }
    if cells.count == 1, let cell = cells.first, let edge = death.points.first?.scale {
      let lives = (cell.growthRate ?? 0) > 0
      return "\(lives ? "Alive" : "Dying"): at α = \(NumberText.short(cell.alpha)), σ_w = "
        + "\(NumberText.short(cell.scale)) is \(lives ? "above" : "below") σ_c(\(result.width)) = "
        + "\(NumberText.short(edge)); a small signal \(lives ? "grows" : "shrinks") by "
        + "\(NumberText.short(100 * abs(exp(cell.growthRate ?? 0) - 1))) % per layer."
    }
    let alive = cells.count { ($0.growthRate ?? 0) > 0 }
    let ends = Self.ends(death)
    return "At width \(result.width) signals die below σ_c(\(result.width)), \(ends) (exact); they "
      + "live at \(alive) of \(cells.count) points (α, σ_w)."
  }

  /// `0.41 at α = 1 to 1 at α = 2`.
  private static func ends(_ boundary: StablePhaseResult.Boundary) -> String {
    let found = boundary.points.compactMap { point in point.scale.map { (point.alpha, $0) } }
    guard let first = found.first, let last = found.last else { return "nowhere" }
    func words(_ point: (Double, Double)) -> String {
      "\(NumberText.short(point.1)) at α = \(NumberText.short(point.0))"
    }
    return found.count == 1 ? words(first) : "\(words(first)) to \(words(last))"
  }

  var paragraphs: [String] {
    var texts: [String] = []
    if let death = result.boundary("death") {
      let factor = NumberText.short(exp(-1 / Double(result.depth)))
      texts.append(
        "σ_c falls with the width like (ln N)^(−1/α): the dying phase of α < 2 is one of finite width. "
          + "Over \(result.depth) layers a small signal shrinks by less than e down to \(factor) σ_c."
      )
      if let floor = result.boundary("raw-floor"), floor.points.contains(where: { $0.scale != nil })
      {
        let above = zip(floor.points, death.points).compactMap { floor, death in
          floor.scale.flatMap { value in death.scale.map { value > $0 } }
        }
        let place =
          above.allSatisfy { $0 }
          ? "above" : above.allSatisfy { !$0 } ? "below" : "on both sides of"
        texts.append(
          "The raw floor, \(Self.ends(floor)), lies \(place) it: there the median over networks of the mean "
            + "squared singular value is 1, which at α < 2 a few rare weights decide.")
      }
    }
    for boundary in result.boundaries where !["death", "raw-floor"].contains(boundary.name) {
      texts.append(
        "\(StablePhaseNames.title(boundary)): \(boundary.definition)"
          + "\(boundary.settings.isEmpty ? "" : " (\(boundary.settings))").")
    }
    return texts
  }

  var tables: [AnswerTable] {
    let bias = result.biasScale > 0 ? ", σ_b = \(NumberText.short(result.biasScale))" : ""
    var tables = [
      AnswerTable(
        heading: "Boundaries",
        caption: "Boundaries in σ_w, \(result.activation)\(bias), N = \(result.width)",
        table: boundaryTable)
    ]
    if result.alphas.count == 1 || result.scales.count == 1 {
      tables.append(
        AnswerTable(
          heading: "Numbers", caption: "q* at infinite width, growth at width \(result.width)",
          table: cellTable))
    }
    return tables
  }

  /// One row an α, one column a boundary.
  var boundaryTable: TextTable {
    let dear = Set(
      result.boundaries.filter { !["death", "raw-floor"].contains($0.name) }
        .flatMap { $0.points.map(\.alpha) })
    let alphas = TextLayout.thinned(
      result.alphas.filter { dear.isEmpty || dear.contains($0) }
        + dear.subtracting(result.alphas).sorted(), to: 12)
    return TextTable(
      [.init("α", NumberText.column(alphas))]
        + result.boundaries.map { boundary in
          TextTable.Column(
            StablePhaseNames.column(boundary),
            alphas.map { alpha in
              guard let point = boundary.points.first(where: { $0.alpha == alpha }),
                let scale = point.scale
              else { return "–" }
              guard let error = point.error, error > 1e-6 * scale else {
                return NumberText.fixed([scale], decimals: 4)[0]
              }
              return Measured.format(value: scale, error: error)
            })
        })
  }

  var cellTable: TextTable {
    let cells = TextLayout.thinned(result.cells, to: 16)
    return TextTable([
      .init("α", NumberText.column(cells.map(\.alpha))),
      .init("σ_w", NumberText.column(cells.map(\.scale))),
      .init("q*", cells.map { $0.logLength.map { TailsWords.power($0) } ?? "0" }),
      .init("growth", NumberText.fixed(cells.map(\.growthRate), decimals: 3)),
      .init(
        "E ln s²",
        zip(cells, NumberText.fixed(cells.map(\.meanLogSquare), decimals: 3)).map {
          $0.meanLogSquareCase == "diverges" ? "-infinite" : $1
        }),
      .init("med s²", NumberText.column(cells.map(\.medianMeanSquare), digits: 3)),
    ])
  }

  var caveats: [String] {
    var texts = [
      "None of these is \"the\" boundary: each holds for the width or pool in its name and says another "
        + "thing.",
      "q* is the limit of infinite width; networks show it only well above σ_c(N).",
    ]
    if result.boundaries.contains(where: { ["raw-floor", "delocalized"].contains($0.name) }) {
      let names =
        result.boundary("delocalized") == nil
        ? "The raw floor takes" : "The raw floor and χ_deloc take"
      texts.append(
        "\(names) φ′(h) as independent of W. In a network a large weight saturates its own unit, so that "
          + "the largest singular values are smaller.")
    }
    return texts
  }

  var next: String {
    let name = result.activation
    if result.boundaries.count <= 2, result.cells.count > 1 {
      return "poise phase --activation \(name) --weights stable --boundaries lyapunov"
    }
    return "poise advise --activation \(name) --weights stable --depth \(result.depth) --width "
      + "\(result.width)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [
      StablePhaseFigure.script(record, showing: .length),
      StablePhaseFigure.script(record, showing: .gain),
    ].compactMap { $0 }
  }
}

/// Names of boundaries with what they hold for, the same in tables and pictures.
enum StablePhaseNames {
  /// `σ_c(N = 256): signals die below`.
  static func title(_ boundary: StablePhaseResult.Boundary) -> String {
    let size = "\(boundary.sizeName == "pool" ? "P" : "N") = \(boundary.size)"
    switch boundary.name {
    case "death": return "σ_c, \(size): signals die below"
    case "raw-floor": return "raw floor, \(size)"
    case "lyapunov": return "λ = 0, \(size)"
    case "delocalized": return "χ_deloc = 1, \(size)"
    case "multifractal": return "multifractal end, \(size)"
    case "chaos": return "λ L = 2, \(size): chaos above"
    default: return "\(boundary.name), \(size)"
    }
  }

  static func column(_ boundary: StablePhaseResult.Boundary) -> String {
    switch boundary.name {
    case "death": return "σ_c(\(boundary.size))"
    case "raw-floor": return "raw floor"
    case "lyapunov": return "λ = 0, P \(boundary.size)"
    case "delocalized": return "χ_deloc = 1, P \(boundary.size)"
    case "multifractal": return "multifractal, N \(boundary.size)"
    default: return boundary.name
    }
  }
}
