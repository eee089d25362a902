/// Pieces of a page. Everything that comes from a record passes through `escape`.
enum HTML {
  /// Text for an element or an attribute.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: result += " "
      case "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Symbols with true subscripts: σ_w², ξ_c. For the project's own titles only.
  static func symbols(_ text: String) -> String {
    var result = escape(text)
    for (plain, set) in [
      ("σ_w²", "σ<sub>w</sub>²"), ("σ_b²", "σ<sub>b</sub>²"), ("ξ_c", "ξ<sub>c</sub>"),
      ("ξ_q", "ξ<sub>q</sub>"), ("χ_1", "χ₁"), ("λ_max", "λ<sub>max</sub>"),
    ] {
      var rest = result[...]
      var built = ""
      while let range = rest.firstRange(of: plain) {
        built += rest[..<range.lowerBound] + set
        rest = rest[range.upperBound...]
      }
      result = built + rest
    }
    return result
  }

  static func list(_ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return "<ul>\n" + items.map { "<li>\(symbols($0))</li>\n" }.joined() + "</ul>\n"
  }

  static func section(_ title: String, id: String, _ body: String) -> String {
    guard !body.isEmpty else { return "" }
    return "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(escape(title))</h2>\n"
      + body + "</section>\n"
  }

  /// A table that scrolls by itself where the screen is narrow. Cells are markup already.
  static func table(
    caption: String, headings: [String], rows: [(attributes: String, cells: [String])]
  ) -> String {
    var text = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\""
    text += escape(caption) + "\">\n<table>\n<caption>\(symbols(caption))</caption>\n<thead><tr>"
    text +=
      headings.enumerated().map { heading in
        let isWord = rows.first?.cells[heading.offset].contains("class=\"word") ?? false
        return "<th scope=\"col\"\(isWord ? " class=\"word\"" : "")>\(heading.element)</th>"
      }.joined() + "</tr></thead>\n<tbody>\n"
    for row in rows {
      text += "<tr\(row.attributes)>\(row.cells.joined())</tr>\n"
    }
    return text + "</tbody>\n</table>\n</div>\n"
  }

  static func cell(_ text: String, class name: String = "") -> String {
    name.isEmpty ? "<td>\(symbols(text))</td>" : "<td class=\"\(name)\">\(symbols(text))</td>"
  }
}
