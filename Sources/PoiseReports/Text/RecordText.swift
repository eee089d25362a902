public import PoiseLab

/// The answer of any record for a terminal.
public enum RecordText {
  /// First the answer, then why, the tables, the check, when not to trust it, files, what next.
  ///
  /// - Parameters:
  ///   - files: paths that were written, if any.
  ///   - next: what to try next; nil lets the record decide.
  ///   - isNew: whether the verb has just run; if not, what it wrote then is not listed.
  public static func render(
    _ record: Record, style: TextStyle, files: [String] = [], next: String? = nil,
    isNew: Bool = true
  ) -> String {
    switch record.result {
    case .advise: return AdviceText.render(record, style: style, files: files, next: next)
    case .phase: return PhaseText.render(record, style: style, files: files, next: next)
    case .study(let study):
      return StudyWords(study).terminal(style, files: files, next: next)
    default: break
    }
    let answer = record.answer
    var text = AnswerText(style: style)
    text.headline(answer.headline)
    for paragraph in answer.paragraphs { text.paragraph(paragraph) }
    for table in answer.tables { text.table(table.caption, table.table) }
    text.check(record.check)
    text.list("Mind", answer.caveats)
    text.files((isNew ? answer.written : []) + files)
    text.next(next ?? answer.next)
    return text.text
  }
}
