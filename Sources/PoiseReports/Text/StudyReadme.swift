public import PoiseLab

/// A study as a page of Markdown: verdict, statements, figures, commands.
public enum StudyReadme {
  /// The page of a `study` record; nil for others.
  ///
  /// - Parameter format: the figures beside it.
  public static func text(_ record: Record, format: FigureFormat) -> String? {
    guard case .study(let study) = record.result else { return nil }
    var parts = [
      "# \(study.title)",
      "*\(study.question)*",
      "**Verdict: \(study.verdict.rawValue).** \(StudyWords(study).counts)",
      statements(study.statements),
    ]
    if !study.statements.isEmpty { parts.append(rule) }
    parts += study.remarks
    let figures = study.panels.map { (panel: $0, script: StudyFigure.script($0)) }
    if !figures.isEmpty { parts.append("## Figures") }
    parts += figures.map { figure in
      let file = "\(figure.script.stem).\(format.rawValue)"
      return "![\(escaped(figure.script.alternativeText))](\(file))\n\n\(figure.script.caption)"
    }
    parts += ["## Commands", redo(record, study)]
    let caveats = StudyWords(study).caveats
    if !record.assumptions.isEmpty { parts += ["## Assumed", list(record.assumptions)] }
    if !caveats.isEmpty { parts += ["## Mind", list(caveats)] }
    if !record.sources.isEmpty { parts += ["## Sources", list(record.sources)] }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let rule =
    "The truth is taken to lie within three standard errors of the measured number, more where few samples "
    + "tell the error (the chance of Student's t to lie outside is "
    + "\(NumberText.short(100 * Estimate.falseAlarmRate)) %). A statement agrees if all of that is "
    + "allowed, differs if nothing of it is, and is inconclusive otherwise."

  private static func statements(_ statements: [StudyStatement]) -> String {
    guard !statements.isEmpty else { return "Nothing could be judged." }
    var lines = [
      "| | statement | measured | expected | verdict |", "|--:|:--|--:|--:|:--|",
    ]
    for (index, one) in statements.enumerated() {
      let verdict = one.verdict == .agrees ? "agrees" : "**\(one.verdict.rawValue)**"
      let by = one.by.map { one.verdict == .differs ? " by \(NumberText.short($0))" : "" } ?? ""
      lines.append(
        "| \(index + 1) | \(escaped(one.claim)) *\(escaped(one.quantity))* "
          + "(\(escaped(one.source))) | \(escaped(one.measuredText)) | \(one.expectedText) "
          + "| \(verdict)\(by) |")
    }
    return lines.joined(separator: "\n")
  }

  private static func redo(_ record: Record, _ study: StudyResult) -> String {
    let seconds = study.parts.reduce(0) { $0 + $1.seconds }
    let points = study.parts.reduce(0) { $0 + $1.points }
    return """
      ```sh
      \(record.command)
      ```

      runs these \(points) points (\(NumberText.short(seconds)) s of one processor; Poise \
      \(record.version), \(record.machine.blasCore)), each of which can be run alone:

      ```sh
      \(study.parts.map(\.command).joined(separator: "\n"))
      ```
      """
  }

  private static func list(_ items: [String]) -> String {
    items.map { "- \($0)" }.joined(separator: "\n")
  }

  /// Text for a cell of a table.
  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("*", with: "\\*").replacing("\n", with: " ")
  }
}
