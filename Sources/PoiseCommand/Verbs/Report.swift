import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the tables, figures and page of a record again.",
    discussion: """
      A record holds everything; nothing is computed anew.

        poise report advice/record.json --output again --figure pdf
      """)

  @Argument(help: "A record.json that Poise wrote, or its folder.") var record: String
  @Option(
    help: ArgumentHelp("Folder for page and figures. Default: beside the record.", valueName: "dir")
  )
  var output: String?
  @Option(help: "Format of the figure files: svg, png or pdf.") var figure: FigureFormat = .svg
  @Flag(help: "Print the record as JSON instead of text.") var json = false

  func run() throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: record, isDirectory: &isFolder)
    let path =
      exists && isFolder.boolValue
      ? (record as NSString).appendingPathComponent("record.json") : record
    let stored = try Record.read(from: path)
    let folder = output ?? (path as NSString).deletingLastPathComponent
    let shown = folder.isEmpty ? "." : folder
    var pytorch: String?
    if case .advise = stored.result { pytorch = InitialWeights.python }
    let outcome = try ReportWriter.write(
      record: stored, to: URL(fileURLWithPath: shown, isDirectory: true), figureFormat: figure,
      pytorch: pytorch)
    if let warning = outcome.warning { Terminal.note("warning: \(warning.message)") }
    let files = outcome.files.map { "\(shown)/\(($0 as NSString).lastPathComponent)" }
    if json {
      FileHandle.standardOutput.write(try stored.json())
    } else {
      Terminal.print(
        RecordText.render(stored, style: Terminal.style, files: files, isNew: false))
    }
  }
}
