public import PoiseNumerics

/// One sweep of a study: a command line with ranges.
public struct StudyPart: Sendable, Equatable {
  /// One word: the folder of its sweep.
  public let name: String
  /// Verb and options, as after `poise`.
  public let arguments: [String]
  /// Groups of options whose ranges run together.
  public let zipped: [[String]]
  /// Options whose lists or ranges are one value of a point.
  public let fixed: [String]
  /// Longest series that a point keeps.
  public let series: Int

  /// - Parameters:
  ///   - line: the command as typed after `poise`, words separated by blanks.
  ///   - zip: options without dashes whose ranges run together.
  ///   - fixed: options without dashes whose list or range is one value.
  public init(
    _ name: String, _ line: String, zip: [[String]] = [], fixed: [String] = [], series: Int = 200
  ) {
    self.name = name
    arguments = line.split(whereSeparator: \.isWhitespace).map(String.init)
    zipped = zip
    self.fixed = fixed
    self.series = series
  }

  /// Its points.
  /// - Throws: as ``SweepGrid``.
  public func grid() throws(PoiseError) -> SweepGrid {
    try SweepGrid(arguments, zipped: zipped, fixed: fixed, series: series)
  }

  /// The command that redoes it alone.
  public var command: String {
    var words = ["poise", "sweep", "run", "--into", name]
    for group in zipped { words += ["--zip", group.joined(separator: ",")] }
    if !fixed.isEmpty { words += ["--fixed", fixed.joined(separator: ",")] }
    if series != 200 { words += ["--series", "\(series)"] }
    return (words + ["--"] + arguments).joined(separator: " ")
  }
}
