/// Colour and weight of terminal text, off unless asked for. Never the only carrier of meaning.
public struct TextStyle: Sendable, Equatable {
  /// Whether escape sequences are written at all.
  public var isEnabled: Bool

  /// - Parameter isEnabled: whether escape sequences are written.
  public init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// No escape sequences: for files, pipes, tests and NO_COLOR.
  public static let plain = TextStyle(isEnabled: false)
  /// With escape sequences, for a terminal.
  public static let colored = TextStyle(isEnabled: true)

  /// Bold text.
  public func bold(_ text: String) -> String { wrap(text, "1") }
  /// Faint text: what matters less.
  public func faint(_ text: String) -> String { wrap(text, "2") }
  /// Green text: what passed or agrees.
  public func good(_ text: String) -> String { wrap(text, "32") }
  /// Yellow text: what needs attention.
  public func warning(_ text: String) -> String { wrap(text, "33") }
  /// Red text: what failed or differs.
  public func bad(_ text: String) -> String { wrap(text, "31") }

  private func wrap(_ text: String, _ code: String) -> String {
    isEnabled && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// How wide text is on a terminal, and how it is broken into lines.
public enum TextLayout {
  /// Columns that no line of Poise exceeds.
  public static let columns = 100

  /// `text` with control characters, as a binary file has them, written out; ends of lines and the
  /// sequences of ``TextStyle`` stay.
  public static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    let styles = Set(text.ranges(of: /\u{1B}\[[0-9]+m/).map(\.lowerBound))
    var result = String.UnicodeScalarView()
    for index in text.unicodeScalars.indices {
      let scalar = text.unicodeScalars[index]
      if isControl(scalar), !styles.contains(index) {
        result += "\\x\(String(scalar.value, radix: 16))".unicodeScalars
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && scalar != "\n"
  }

  /// At most `count` of some rows, evenly chosen, the first and the last among them.
  static func thinned<Row>(_ rows: [Row], to count: Int) -> [Row] {
    guard rows.count > count, count > 1 else { return rows }
    return (0..<count).map { rows[$0 * (rows.count - 1) / (count - 1)] }
  }

  /// Columns that `text` takes: escape sequences and combining characters none, East Asian wide
  /// characters two.
  public static func width(_ text: String) -> Int {
    var width = 0
    var isEscape = false
    for letter in text {
      guard let scalar = letter.unicodeScalars.first else { continue }
      if scalar == "\u{1B}" {
        isEscape = true
      } else if isEscape {
        isEscape = !(letter.isASCII && letter.isLetter)
      } else {
        width += columns(of: scalar)
      }
    }
    return width
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .control, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// `text` with blanks up to `width` columns.
  static func padded(_ text: String, _ width: Int, right: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - self.width(text)))
    return right ? blanks + text : text + blanks
  }

  /// `text` shortened to `width` columns, with an ellipsis where something is left out.
  static func truncated(_ text: String, _ width: Int) -> String {
    guard self.width(text) > width else { return text }
    var result = ""
    for letter in text {
      if self.width(result) + self.width(String(letter)) > width - 1 { break }
      result.append(letter)
    }
    return result + "…"
  }

  /// `text` in lines of at most `columns` columns, broken between words; the first line starts with
  /// `first`, the others with as many blanks.
  public static func wrapped(_ text: String, first: String = "", columns: Int = columns) -> String {
    let indent = String(repeating: " ", count: width(first))
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      var word = String(word)
      if !isEmpty, width(line) + 1 + width(word) > columns {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      // A word longer than a line, a path perhaps, is broken where the line ends.
      while isEmpty, width(line) + width(word) > columns {
        let head = String(word.prefix(max(1, columns - width(line))))
        lines.append(line + head)
        word = String(word.dropFirst(head.count))
        line = indent
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
