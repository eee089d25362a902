/// Text that gnuplot prints as it stands.
enum GnuplotText {
  /// A quoted string that shows `text` letter by letter: underscores, braces, quotes and
  /// backquotes of names and paths mean nothing to gnuplot.
  static func quoted(_ text: String) -> String { "'\(escaped(text))'" }

  /// `text` for the inside of a single-quoted enhanced string.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "_", "^", "{", "}", "@", "&", "~", "\\": result += "\\\(scalar)"
      case "'": result += "’"
      case "`": result += "‘"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A title of the project's own, such as `length q`, `weight variance σ_w²`, with subscripts set.
  /// A name with an underscore and a single following letter or digit is a symbol.
  static func title(_ text: String) -> String {
    var result = ""
    let letters = Array(text)
    var index = 0
    while index < letters.count {
      if letters[index] == "_", index + 1 < letters.count, let end = subscriptEnd(letters, index) {
        let body = escaped(String(letters[(index + 1)..<end]))
        result += "_{\(body)}"
        index = end
      } else {
        result += escaped(String(letters[index]))
        index += 1
      }
    }
    return "'\(result)'"
  }

  /// Where a subscript of at most one letter or number ends; nil where `_` belongs to a name.
  private static func subscriptEnd(_ letters: [Character], _ start: Int) -> Int? {
    guard start > 0, letters[start - 1].isLetter else { return nil }
    if start > 1, letters[start - 2].isLetter { return nil }
    let end = start + 2
    guard letters[start + 1].isLetter || letters[start + 1].isNumber else { return nil }
    return end < letters.count && letters[end].isLetter ? nil : end
  }

  /// A number for a data file or command: all digits, `nan` where there is none.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "nan" }
    return "\(value)"
  }

  /// Rows of numbers as lines.
  static func rows(_ rows: [[Double?]]) -> String {
    rows.map { $0.map { number($0) }.joined(separator: " ") }.joined(separator: "\n")
  }
}
