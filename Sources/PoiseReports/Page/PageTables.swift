import PoiseLab

/// The tables of a page.
enum PageTables {
  /// Initialisations side by side, verdict first, worst values marked by a sign and a colour.
  static func candidates(_ advice: AdviceResult) -> String {
    let table = CandidateTable(advice.candidates, spectra: advice.spectra ?? [])
    var headings = ["Verdict", "Initialisation"]
    headings += table.columns.map {
      "<abbr title=\"\(HTML.escape($0.meaning))\">\(HTML.symbols($0.title))</abbr>"
    }
    let rows = table.candidates.enumerated().map { index, candidate in
      let mark = candidate.isRecommended ? " ★" : ""
      var cells = [
        "<td class=\"word \(grade(candidate.verdict))\">\(HTML.escape(candidate.verdict))</td>",
        "<th scope=\"row\" class=\"word\" title=\"\(HTML.escape(candidate.title))\">"
          + "\(HTML.escape(candidate.name))\(mark)</th>",
      ]
      for column in table.columns {
        let isWorst = column.worst.contains(index)
        cells.append(
          HTML.cell((isWorst ? "▾ " : "") + column.cells[index], class: isWorst ? "worst" : ""))
      }
      return (candidate.isRecommended ? " class=\"best\"" : "", cells)
    }
    let meanings = table.columns.map { "\($0.title): \($0.meaning)" }.joined(separator: "; ")
    return HTML.table(
      caption: "Depth \(advice.depth), width \(advice.width). ★ recommended, ▾ worst of a column.",
      headings: headings, rows: rows.map { (attributes: $0.0, cells: $0.1) })
      + "<p class=\"note\">\(HTML.symbols(meanings)).</p>\n"
  }

  /// Class of a verdict: the word itself carries the meaning.
  static func grade(_ verdict: String) -> String {
    switch verdict {
    case "good", "ties": "good"
    case "slow", "uneven": "warn"
    default: "bad"
    }
  }

  /// A text table as a table of the page.
  static func plain(_ table: TextTable, _ caption: String) -> String {
    let count = table.columns.map(\.cells.count).max() ?? 0
    let rows = (0..<count).map { row in
      (
        attributes: "",
        cells: table.columns.map {
          HTML.cell($0.cells[row], class: $0.alignment == .left ? "word" : "")
        }
      )
    }
    return HTML.table(
      caption: caption, headings: table.columns.map { HTML.symbols($0.title) }, rows: rows)
  }

  /// The sentence that says agrees or differs.
  static func verdict(_ check: CheckResult) -> String {
    let grade =
      switch check.verdict {
      case .agrees: "good"
      case .differs: "bad"
      case .inconclusive: "warn"
      }
    let word = check.verdict.rawValue
    return
      "<p><strong class=\"\(grade)\">\(word.prefix(1).uppercased() + word.dropFirst()).</strong> "
      + "\(HTML.symbols(check.statement))</p>\n<p class=\"note\">\(check.networks) networks of width "
      + "\(check.width), \(check.rows) \(check.rows == 1 ? "input" : "inputs"), seed \(check.seed); "
      + "\(check.comparisons) comparisons, the verdict is “differs” above |z| = "
      + "\(NumberText.short(check.threshold)) (false alarm "
      + "\(NumberText.short(check.falseAlarmRate))); a relative error of theory of "
      + "\(NumberText.short(check.resolution)) would be noticed.</p>\n"
  }

  /// z-scores of a few layers and of the worst.
  static func check(_ check: CheckResult) -> String {
    let table = CheckTable(check)
    let z = NumberText.fixed(table.rows.map(\.z), decimals: 1)
    let rows = table.rows.enumerated().map { index, row -> (attributes: String, cells: [String]) in
      let isFailure = abs(row.z) > check.threshold
      return (
        "",
        [
          "<th scope=\"row\" class=\"word\">\(HTML.symbols(row.quantity))</th>",
          HTML.cell("\(row.layer)"), HTML.cell(table.theory(row)), HTML.cell(row.measured),
          HTML.cell(
            (row.isWorst ? "▾ " : "") + z[index],
            class: isFailure ? "worst bad" : row.isWorst ? "worst" : ""),
        ]
      )
    }
    return HTML.table(
      caption: "A few layers and the largest |z| of each quantity (▾).",
      headings: ["Quantity", "Layer", "Theory", "Measured", "z"],
      rows: rows)
  }
}
