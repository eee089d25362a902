/// A table of aligned columns, at most `TextLayout.columns` wide.
public struct TextTable: Sendable {
  /// How a column is aligned.
  public enum Alignment: Sendable { case left, right }

  /// One column: a heading and a cell per row.
  public struct Column: Sendable {
    public var title: String
    public var cells: [String]
    public var alignment: Alignment

    public init(_ title: String, _ cells: [String], _ alignment: Alignment = .right) {
      self.title = title
      self.cells = cells
      self.alignment = alignment
    }
  }

  public var columns: [Column]

  public init(_ columns: [Column]) { self.columns = columns }

  /// The table as text, without a newline at the end. A column of words that makes it too wide is
  /// shortened, the widest first.
  ///
  /// - Parameters:
  ///   - style: colour of the headings.
  ///   - rowStyle: decorates a finished line of the given row.
  public func render(
    style: TextStyle = .plain, indent: Int = 2, rowStyle: (Int, String) -> String = { $1 }
  ) -> String {
    let gap = 2
    var widths = columns.map { column in
      ([column.title] + column.cells).map { TextLayout.width($0) }.max() ?? 0
    }
    func total() -> Int { indent + widths.reduce(0, +) + gap * max(0, widths.count - 1) }
    while total() > TextLayout.columns,
      let widest = widths.indices.filter({ columns[$0].alignment == .left })
        .max(by: { widths[$0] < widths[$1] }), widths[widest] > 8
    {
      widths[widest] -= 1
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(columns.indices, cells).map { index, cell in
        TextLayout.padded(
          TextLayout.truncated(cell, widths[index]), widths[index],
          right: columns[index].alignment == .right)
      }
      let text = String(repeating: " ", count: indent) + padded.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let rows = columns.map(\.cells.count).max() ?? 0
    var lines = [style.faint(line(columns.map(\.title)))]
    for row in 0..<rows {
      let cells = columns.map { row < $0.cells.count ? $0.cells[row] : "" }
      lines.append(rowStyle(row, line(cells)))
    }
    return lines.joined(separator: "\n")
  }
}
