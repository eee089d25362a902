import PoiseLab

/// Sentences and tables of a study.
struct StudyWords: Answer {
  let result: StudyResult

  init(_ result: StudyResult) { self.result = result }

  var subject: String { result.title }

  var headline: String {
    "\(result.title): verdict \(result.verdict.rawValue). \(counts)"
  }

  /// `Of 4 statements 3 agree, 1 differs.`
  var counts: String {
    let count = result.statements.count
    guard count > 0 else { return "Nothing could be judged." }
    let parts = StudyStatement.Verdict.allCases.compactMap { verdict -> String? in
      let count = result.count(verdict)
      guard count > 0 else { return nil }
      return switch verdict {
      case .agrees: "\(count) agree\(count == 1 ? "s" : "")"
      case .differs: "\(count) differ\(count == 1 ? "s" : "")"
      case .inconclusive: "\(count) \(count == 1 ? "is" : "are") inconclusive"
      }
    }
    return "Of \(count) statement\(count == 1 ? "" : "s") \(parts.joined(separator: ", "))."
  }

  var paragraphs: [String] { [result.question] + claims { _ in true } + result.remarks }

  /// Claims with their number and what became of them.
  func claims(_ isWanted: (StudyStatement) -> Bool) -> [String] {
    result.statements.enumerated().filter { isWanted($0.element) }.map { index, statement in
      "\(index + 1) \(statement.verdict.rawValue): \(statement.claim) (\(statement.source))"
    }
  }

  /// For a terminal: claims that agree stand in the table alone.
  func terminal(_ style: TextStyle, files: [String], next other: String?) -> String {
    var text = AnswerText(style: style)
    text.headline(headline)
    text.paragraph(result.question)
    text.table(tables[0].caption, tables[0].table) { row, line in
      result.statements[row].verdict == .differs ? style.bad(line) : line
    }
    text.list("What does not agree", claims { $0.verdict != .agrees })
    for remark in result.remarks { text.paragraph(remark) }
    text.table(tables[1].caption, tables[1].table)
    text.list("Mind", caveats)
    text.files(files)
    text.next(other ?? next)
    return text.text
  }

  var tables: [AnswerTable] {
    [
      AnswerTable(
        heading: "Statements",
        caption: "Expected against measured, with the standard error of the last digits",
        table: statements),
      AnswerTable(
        heading: "Commands", caption: "The sweeps of the profile \(result.profile.rawValue)",
        table: parts),
    ]
  }

  private var statements: TextTable {
    let rows = result.statements
    return TextTable([
      .init("", rows.indices.map { "\($0 + 1)" }),
      .init("quantity", rows.map(\.quantity), .left, isWrapped: true),
      .init("measured", rows.map(\.measuredText)),
      .init("expected", rows.map(\.expectedText)),
      .init("by", rows.map { $0.by.map { NumberText.short($0) } ?? "–" }),
      .init("verdict", rows.map(\.verdict.rawValue), .left),
    ])
  }

  private var parts: TextTable {
    TextTable([
      .init("part", result.parts.map(\.name), .left),
      .init("points", result.parts.map { "\($0.points)" }),
      .init("done", result.parts.map { "\($0.done)" }),
      .init("s", result.parts.map { NumberText.short($0.seconds) }),
      .init("command", result.parts.map(\.command), .left),
    ])
  }

  var caveats: [String] {
    var all: [String] = []
    if result.profile == .smallest {
      all.append("the smallest profile shows that everything works; --profile laptop judges")
    }
    all += result.parts.compactMap { part in
      guard let first = part.failures.first else { return nil }
      return "part \(part.name): \(part.failed + part.timeLimit) of \(part.points) points without "
        + "a result, the first at \(first.place): \(first.reason)"
    }
    return all
  }

  var next: String {
    switch result.profile {
    case .smallest: "poise reproduce \(result.name) --profile laptop"
    case .laptop: "poise reproduce \(result.name) --profile cluster --engine slurm"
    case .cluster: "poise reproduce list"
    }
  }

  func figures(of record: Record) -> [FigureScript] {
    result.panels.map { StudyFigure.script($0) }
  }
}

extension StudyStatement {
  /// The measured number with its error.
  var measuredText: String {
    guard let measured else { return measuredCase ?? "–" }
    // Rounding is no error that a reader can use.
    let error = (error ?? 0) > 1e-9 * abs(measured) ? error ?? 0 : 0
    return Measured.format(value: measured, error: error)
  }

  /// What is allowed: `1 ± 0.1`, `≤ 3`, `≥ -0.01`.
  var expectedText: String {
    switch relation {
    case .equal: "\(NumberText.short(expected)) ± \(NumberText.short(tolerance))"
    case .atMost: "≤ \(NumberText.short(expected + tolerance))"
    case .atLeast: "≥ \(NumberText.short(expected - tolerance))"
    }
  }
}
