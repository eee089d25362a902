import PoiseLab

/// The answer of `phase` for a terminal.
enum PhaseText {
  /// First the answer, then a table (a point or a line) or a coarse map, the check, files, what next.
  static func render(
    _ record: Record, style: TextStyle, files: [String] = [], next: String? = nil
  ) -> String {
    guard case .phase(let phase) = record.result else { return "" }
    var text = AnswerText(style: style)
    text.headline(PhaseWords(phase).headline)
    if let statement = phase.detail?.statement, !statement.isEmpty { text.paragraph(statement) }
    if phase.cells.count > 1 || phase.check == nil { text.paragraph(phase.criticalStatement) }
    if PhaseWords(phase).isMap {
      text.block(PhaseWords(phase).map)
    } else {
      text.table(
        "\(phase.activation), \(phase.weights) weights\(PhaseWords(phase).thinning)",
        PhaseWords(phase).table)
    }
    text.check(phase.check)
    text.files(files)
    text.next(next ?? PhaseWords(phase).next)
    return text.text
  }
}

/// Sentences, table and coarse map of a phase result.
struct PhaseWords: Answer {
  let phase: PhaseResult

  init(_ phase: PhaseResult) { self.phase = phase }

  var subject: String { phase.activation }

  var paragraphs: [String] { [phase.criticalStatement] }

  /// For the page: the numbers, or the edge of chaos where the cells are a map.
  var tables: [AnswerTable] {
    guard isMap else {
      return [AnswerTable(heading: "Numbers", caption: "Values\(thinning)", table: table)]
    }
    guard !phase.criticalLine.isEmpty else { return [] }
    return [
      AnswerTable(
        heading: "Edge of chaos", caption: "Where χ₁ = 1, in the range of the map",
        table: criticalTable)
    ]
  }

  var next: String {
    guard phase.cells.count == 1, let cell = phase.cells.first else {
      return "poise advise --activation \(phase.activation) --depth 64 --width 256"
    }
    if phase.check == nil { return "add --check to measure the same on finite networks" }
    return "poise propagate --activation \(phase.activation) --weight-variance "
      + "\(cell.weightVariance) --bias-variance \(cell.biasVariance)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [PhaseFigure.script(record), PhaseLineFigure.script(record), ProfilesFigure.script(record)]
      .compactMap { $0 }
  }

  /// Whether both variances vary.
  var isMap: Bool { phase.weightVariances.count > 1 && phase.biasVariances.count > 1 }

  /// Up to twelve points of the edge of chaos.
  var criticalTable: TextTable {
    let points = Self.thinned(phase.criticalLine, 12)
    return TextTable([
      .init("σ_w²", NumberText.column(points.map(\.weightVariance), digits: 5)),
      .init("σ_b²", NumberText.column(points.map(\.biasVariance), digits: 4)),
      .init("q*", NumberText.column(points.map(\.length), digits: 4)),
    ])
  }

  var headline: String {
    if phase.cells.count == 1, let cell = phase.cells.first { return Self.headline(cell) }
    let counts = Dictionary(grouping: phase.cells, by: \.phase).mapValues(\.count)
    let shares = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map {
      "\($0.key) \($0.value)"
    }
    return "\(phase.activation), \(phase.cells.count) points: \(shares.joined(separator: ", "))."
  }

  /// `Ordered: χ₁ = 0.9386 at q* = 0.418; the correlation … over ξ_c = 15.79 layers.`
  static func headline(_ cell: PhaseResult.Cell) -> String {
    var text = cell.phase.prefix(1).uppercased() + cell.phase.dropFirst()
    text += ": χ₁ = \(NumberText.short(cell.chi1))"
    if let length = cell.length {
      text += " at q* = \(NumberText.short(length))"
    } else if let reason = cell.lengthCase {
      text += ", length \(reason)"
    }
    if let depth = cell.correlationDepth, cell.length == 0 {
      text += "; signals shrink to nothing over ξ_c = \(NumberText.short(depth)) layers"
    } else if let depth = cell.correlationDepth {
      text += "; the correlation of two inputs settles over ξ_c = \(NumberText.short(depth)) layers"
    } else if cell.correlationDepthCase == "infinite" {
      text += "; correlations settle more slowly than any exponential (ξ_c infinite)"
    }
    return text + "."
  }

  /// Up to sixteen cells, evenly chosen, the first and last among them.
  var shown: [PhaseResult.Cell] { Self.thinned(phase.cells, 16) }

  /// Says that the table does not show every cell.
  var thinning: String {
    let count = shown.count
    return count < phase.cells.count ? ", \(count) of \(phase.cells.count) points" : ""
  }

  static func thinned<Element>(_ all: [Element], _ limit: Int) -> [Element] {
    guard all.count > limit else { return all }
    return (0..<limit).map { all[$0 * (all.count - 1) / (limit - 1)] }
  }

  var table: TextTable {
    let cells = shown
    let columns: [TextTable.Column] = [
      .init("σ_w²", NumberText.column(cells.map(\.weightVariance), digits: 5)),
      .init("σ_b²", NumberText.column(cells.map(\.biasVariance), digits: 4)),
      .init("phase", cells.map(\.phase), .left),
      .init("χ₁", NumberText.fixed(cells.map(\.chi1), decimals: 4)),
      .init("q*", Self.named(cells.map { ($0.length, $0.lengthCase) })),
      .init("c*", Self.named(cells.map { ($0.correlation, $0.correlationCase) })),
      .init("ξ_q", Self.named(cells.map { ($0.lengthDepth, $0.lengthDepthCase) }, digits: 5)),
      .init(
        "ξ_c", Self.named(cells.map { ($0.correlationDepth, $0.correlationDepthCase) }, digits: 5)),
    ]
    return TextTable(columns.filter { !$0.cells.allSatisfy { $0 == "not computed" } })
  }

  /// A column of numbers in which the reason stands where there is none.
  static func named(_ values: [(Double?, String?)], digits: Int = 4) -> [String] {
    zip(NumberText.column(values.map(\.0), digits: digits), values).map {
      $1.0 == nil ? $1.1 ?? "–" : $0
    }
  }

  /// One letter per cell, at most 64 by 16: o ordered, = critical, c chaotic, ! diverging.
  var map: String {
    let rows = Self.thinned(Self.ascending(phase.biasVariances), 16)
    let columns = Self.thinned(Self.ascending(phase.weightVariances), 64)
    let labels = NumberText.column(rows.map { phase.biasVariances[$0] }, digits: 4)
    let width = max(4, labels.map { TextLayout.width($0) }.max() ?? 0)
    var lines = ["  " + TextLayout.padded("σ_b²", width, right: true)]
    for (row, label) in zip(rows, labels).reversed() {
      let letters = columns.map { column in
        Self.letter(phase.cells[row * phase.weightVariances.count + column].phase)
      }
      lines.append(
        "  \(TextLayout.padded(label, width, right: true)) │ " + letters.joined())
    }
    let low = NumberText.short(phase.weightVariances[columns[0]])
    let high = NumberText.short(phase.weightVariances[columns[columns.count - 1]])
    let blank = String(repeating: " ", count: width + 5)
    let room = max(columns.count - TextLayout.width(low), TextLayout.width(high) + 2)
    lines.append(
      blank + low + TextLayout.padded(high, room, right: true) + "  σ_w²")
    lines.append("  o ordered   = critical or marginal   c chaotic   ! lengths diverge")
    return lines.joined(separator: "\n")
  }

  private static func ascending(_ values: [Double]) -> [Int] {
    values.indices.sorted { values[$0] < values[$1] }
  }

  private static func letter(_ phase: String) -> String {
    switch phase {
    case "ordered": "o"
    case "critical", "marginal": "="
    case "chaotic": "c"
    case "diverging": "!"
    default: "?"
    }
  }
}
