public import Foundation
public import PoiseLab
public import PoiseNumerics

/// Writes all that a run leaves: record, figures with script and data, page.
public enum ReportWriter {
  /// What was written, and what could not be done without spoiling the rest.
  public struct Outcome: Sendable {
    /// Paths, as a person would type them.
    public var files: [String]
    /// Why there are no figures, if there are none.
    public var warning: PoiseError?
  }

  /// Writes into `directory`, which is made if needed. Each file is whole or absent.
  ///
  /// - Parameters:
  ///   - figureFormat: format of the figure files; the page always holds SVG.
  ///   - pytorch: lines of Python for the page.
  ///   - gnuplotPath: where to look for gnuplot; nil for PATH.
  /// - Throws: `unwritable` for the record or the page. A missing or failing gnuplot is a warning
  ///   of the outcome.
  public static func write(
    record: Record, to directory: URL, figureFormat: FigureFormat = .svg, pytorch: String? = nil,
    gnuplotPath: String? = nil
  ) throws -> Outcome {
    try prepare(directory)
    var outcome = Outcome(files: [], warning: nil)
    func write(_ data: Data, _ name: String) throws {
      let target = directory.appendingPathComponent(name)
      try AtomicFile.write(data, to: target)
      outcome.files.append(target.relativePath)
    }
    try write(try record.json(), "record.json")
    let figures = Figures.all(of: record)
    var pictures: [Page.Picture] = []
    var drawn: [String] = []
    do {
      let gnuplot =
        try gnuplotPath.map { path throws(PoiseError) in try Gnuplot(path: path) }
        ?? Gnuplot()
      let svg = try gnuplot.draw(figures, format: figureFormat, in: directory)
      pictures = figures.compactMap { figure in
        svg[figure.name].map { Page.Picture(figure: figure, svg: $0) }
      }
      drawn = figures.map {
        directory.appendingPathComponent("\($0.stem).\(figureFormat.rawValue)").relativePath
      }
    } catch {
      outcome.warning =
        error as? PoiseError
        ?? PoiseError(.noAnswer, quantity: "gnuplot", value: "\(error)", allowed: "")
    }
    let page = Page.render(
      record: record, figures: pictures, pytorch: pytorch, note: outcome.warning?.message)
    try write(Data(page.utf8), "report.html")
    outcome.files += drawn
    return outcome
  }

  private static func prepare(_ directory: URL) throws {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw PoiseError(
        .unwritable, quantity: directory.relativePath, value: "cannot be made",
        allowed: "a folder that you may write to", suggestion: "--output with another folder")
    }
  }
}
