/// A table of aligned columns, at most `TextLayout.columns` wide.
public struct TextTable: Sendable {
  /// How a column is aligned.
  public enum Alignment: Sendable { case left, right }

  /// One column: a heading and a cell per row.
  public struct Column: Sendable {
    /// Heading.
    public var title: String
    /// One for each row, from the top.
    public var cells: [String]
    /// The side at which heading and cells stand.
    public var alignment: Alignment
    /// Whether a cell that is too long goes on in the next line instead of being cut.
    public var isWrapped: Bool

    /// A column, aligned to the right and not wrapped unless said otherwise.
    public init(
      _ title: String, _ cells: [String], _ alignment: Alignment = .right, isWrapped: Bool = false
    ) {
      self.title = title
      self.cells = cells
      self.alignment = alignment
      self.isWrapped = isWrapped
    }
  }

  /// From left to right.
  public var columns: [Column]

  /// A table of these columns.
  public init(_ columns: [Column]) { self.columns = columns }

  /// The table as text, without a newline at the end. A column of words that makes it too wide is
  /// narrowed, the widest first; what no longer fits is wrapped or cut.
  ///
  /// - Parameters:
  ///   - style: colour of the headings.
  ///   - rowStyle: decorates a finished line of the given row.
  public func render(
    style: TextStyle = .plain, indent: Int = 2, rowStyle: (Int, String) -> String = { $1 }
  ) -> String {
    let widths = widths(indent: indent)
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
      let cells = zip(columns, widths).map { column, width -> [Substring] in
        let cell = row < column.cells.count ? column.cells[row] : ""
        return column.isWrapped
          ? TextLayout.wrapped(cell, columns: width).split(separator: "\n") : [cell[...]]
      }
      for place in 0..<(cells.map(\.count).max() ?? 0) {
        let part = cells.map { place < $0.count ? String($0[place]) : "" }
        lines.append(rowStyle(row, line(part)))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What each column takes.
  private func widths(indent: Int) -> [Int] {
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
    return widths
  }
}
