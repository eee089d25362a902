import PoiseLab

/// The parts that all answers share: headline, reasons, caveats, files, what next.
struct AnswerText {
  let style: TextStyle
  private(set) var parts: [String] = []

  init(style: TextStyle) { self.style = style }

  mutating func headline(_ text: String) {
    let lines = TextLayout.wrapped(text).split(separator: "\n").map { style.bold(String($0)) }
    parts.append(lines.joined(separator: "\n"))
  }

  mutating func paragraph(_ text: String) { parts.append(TextLayout.wrapped(text)) }

  mutating func block(_ text: String) { parts.append(text) }

  mutating func list(_ title: String, _ items: [String]) {
    guard !items.isEmpty else { return }
    let lines = items.map { TextLayout.wrapped($0, first: "  - ") }
    parts.append(([style.faint(title)] + lines).joined(separator: "\n"))
  }

  mutating func table(
    _ title: String, _ table: TextTable, rowStyle: (Int, String) -> String = { $1 }
  ) {
    parts.append(
      style.faint(TextLayout.wrapped(title)) + "\n" + table.render(style: style, rowStyle: rowStyle)
    )
  }

  mutating func check(_ check: CheckResult?) {
    guard let check else { return }
    var text = style.faint(
      TextLayout.wrapped(
        "Check: \(check.networks) networks of width \(check.width), \(check.rows) "
          + (check.rows == 1 ? "input" : "inputs") + ", seed \(check.seed)"))
    text += "\n" + CheckTable(check).text(style)
    // The word of the verdict as its sentence has it.
    let word =
      switch check.verdict {
      case .agrees: "agree"
      case .differs: "differ"
      case .inconclusive: "cannot tell"
      }
    let mark = check.verdict == .agrees ? style.good(word) : style.bad(word)
    text += "\n" + TextLayout.wrapped(check.statement, first: "  ").replacingFirst(word, with: mark)
    parts.append(text)
  }

  mutating func files(_ files: [String]) {
    guard !files.isEmpty else { return }
    parts.append(TextLayout.wrapped(files.joined(separator: "  "), first: "Wrote "))
  }

  mutating func next(_ text: String) {
    parts.append(TextLayout.wrapped(text, first: "Next: "))
  }

  /// All parts, a blank line between them, one newline at the end.
  var text: String { parts.joined(separator: "\n\n") + "\n" }
}

extension String {
  func replacingFirst(_ word: String, with other: String) -> String {
    guard let range = firstRange(of: word) else { return self }
    return replacingCharacters(range, other)
  }

  private func replacingCharacters(_ range: Range<String.Index>, _ other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}

/// The rows of a check that a person compares: a few layers and the worst of every quantity.
struct CheckTable {
  struct Row {
    var quantity: String
    var layer: Int
    var theory: Double
    var measured: String
    var z: Double
    var isWorst: Bool
  }

  let check: CheckResult
  let rows: [Row]

  init(_ check: CheckResult) {
    self.check = check
    rows = check.series.flatMap { series -> [Row] in
      let count = series.layers.count
      guard count > 0, let worst = series.z.indices.max(by: { Self.less(series.z, $0, $1) })
      else { return [] }
      let shown = Set([0, count / 4 - 1, count / 2 - 1, count - 1, worst]).filter { $0 >= 0 }
      return shown.sorted().map { index in
        Row(
          quantity: series.title, layer: series.layers[index], theory: series.corrected[index],
          measured: Self.measured(
            series, index,
            unit: series.quantity == "gradient" ? 1 : abs(check.series[0].corrected[index])),
          z: series.z[index], isWorst: index == worst)
      }
    }
  }

  /// A measurement; where every network gives the same up to rounding, eight decimals without error.
  private static func measured(
    _ series: CheckResult.Series, _ index: Int, unit: Double
  ) -> String {
    let (value, error) = (series.measured[index], series.standardError[index])
    guard error < 1e-9 * unit, unit > 1e-3, abs(value) < 1e5 else {
      return Measured.format(value: value, error: error)
    }
    return NumberText.fixed([value], decimals: 8)[0]
  }

  private static func less(_ z: [Double], _ a: Int, _ b: Int) -> Bool { abs(z[a]) < abs(z[b]) }

  /// Theory with the decimals of its measurement, so that the two can be compared by eye.
  func theory(_ row: Row) -> String {
    let digits = row.measured.prefix { $0 != "(" }
    guard !row.measured.contains("e"), let point = digits.firstIndex(of: ".") else {
      return NumberText.short(row.theory)
    }
    let decimals = digits.distance(from: point, to: digits.endIndex) - 1
    return NumberText.fixed([row.theory], decimals: decimals)[0]
  }

  func text(_ style: TextStyle) -> String {
    var names: [String] = []
    for (index, row) in rows.enumerated() {
      names.append(index > 0 && rows[index - 1].quantity == row.quantity ? "" : row.quantity)
    }
    let table = TextTable([
      .init("quantity", names, .left),
      .init("layer", rows.map { "\($0.layer)" }),
      .init("theory", rows.map { theory($0) }),
      .init("measured", rows.map(\.measured)),
      .init("z", NumberText.fixed(rows.map(\.z), decimals: 1)),
      .init("", rows.map { $0.isWorst ? "worst of \($0.quantity)" : "" }.map(short), .left),
    ])
    return table.render(style: style) { row, line in
      abs(rows[row].z) > check.threshold ? style.bad(line) : line
    }
  }

  private func short(_ text: String) -> String { text.isEmpty ? "" : "worst" }
}
