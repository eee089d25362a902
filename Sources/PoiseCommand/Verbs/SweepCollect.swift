import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct SweepCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Merge the points of a sweep into one NPZ, one CSV, and a record with figures.",
    discussion: """
      sweep.npz has every number as an array over the grid, sweep.csv one row per point in the order
      of the grid. Points without a result stay in both, with their status.

        poise sweep collect tails --output collected --show lyapunov,logLength
        poise report collected --figure pdf
      """)

  @Argument(help: ArgumentHelp("Folder of the sweep.", valueName: "dir")) var folder: String
  @Option(help: ArgumentHelp("Folder for the files.", valueName: "dir")) var output: String
  @Option(
    help: ArgumentHelp(
      "Quantities to draw. Default: the first three that vary.", valueName: "a,b"))
  var show: String?
  @Option(help: "Format of the figure files: svg, png or pdf.") var figure: FigureFormat = .svg
  @Option(parsing: .unconditional, help: "Threads. Default: all processors.") var jobs: Int?
  @Flag(help: "Print the record as JSON.") var json = false

  func run() throws {
    guard !output.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "--output", value: "empty", allowed: "the name of a folder",
        suggestion: "--output . for this one")
    }
    var common = try CommonOptions.parse(json ? ["--json"] : [])
    common.output = output
    common.figure = figure
    let delivery = Delivery(common: common)
    let sweep = try SweepFolder(at: folder)
    let collection = try SweepCollection(sweep)
    let shown = (show ?? "").split(separator: ",").map(String.init)
    // A name that no point has is refused before anything is written.
    var result = try collection.result(show: shown)
    result.files = try collection.write(to: output, jobs: CommonOptions.threads(jobs))
    let record = delivery.record(
      "sweep", .sweep(result), assumptions: [],
      sources: Citations.forVerb(sweep.grid.arguments.first ?? "").map(\.short))
    let files = try delivery.write(record)
    try delivery.print(record) {
      RecordText.render(
        $0, style: Terminal.style, files: result.files.map { "\(output)/\($0)" } + files)
    }
  }
}
