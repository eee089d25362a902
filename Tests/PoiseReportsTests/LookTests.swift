import Foundation
import PoiseLab
import Testing

@testable import PoiseReports

/// Set POISE_REPORT_SAMPLES to a folder to look at what the reports make of sample records.
@Suite struct LookTests {
  static let folder = ProcessInfo.processInfo.environment["POISE_REPORT_SAMPLES"]

  @Test(.enabled(if: folder != nil)) func samples() throws {
    let folder = URL(fileURLWithPath: try #require(Self.folder))
    let axis = { (count: Int, low: Double, high: Double) in
      (0..<count).map { low * pow(high / low, Double($0) / Double(max(count - 1, 1))) }
    }
    var line = Samples.plane("tanh", columns: 60, rows: 1)
    line.presets = []
    var logarithmic = Samples.plane("tanh", columns: 30, rows: 30)
    logarithmic.biasVariances = axis(30, 1e-4, 1)
    logarithmic.cells = logarithmic.biasVariances.flatMap { b in
      logarithmic.weightVariances.map { Samples.cell("tanh", $0, b) }
    }
    var single = Samples.plane("tanh", columns: 1, rows: 1)
    single.check = Samples.check(depth: 20)
    let records: [(String, Record)] = [
      ("tanh", Samples.record(.advise(Samples.advice("tanh")), verb: "advise")),
      ("relu", Samples.record(.advise(Samples.advice("relu", depth: 20)), verb: "advise")),
      ("phase", Samples.phase(Samples.plane("tanh"))),
      ("line", Samples.phase(line)), ("log", Samples.phase(logarithmic)),
      ("single", Samples.phase(single)), ("propagate", Samples.propagation()),
      ("propagate-check", Samples.propagation(checked: true)),
    ]
    for (name, record) in records {
      let target = folder.appendingPathComponent(name)
      let outcome = try ReportWriter.write(
        record: record, to: target,
        figureFormat: name == "relu" ? .png : name == "line" ? .pdf : .svg,
        pytorch: Samples.pytorch)
      let files = outcome.files.map { URL(fileURLWithPath: $0).lastPathComponent }
      let style = TextStyle.plain
      let text = RecordText.render(record, style: style, files: files)
      try Data(text.utf8).write(to: target.appendingPathComponent("terminal.txt"))
      #expect(outcome.warning == nil)
    }
  }
}
