import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Does this installation compute what independent programs computed?",
    discussion: """
      Compares with tables of values from 50-digit arithmetic. Without a file, the tables shipped
      with Poise. Exit status 0 if all pass, 1 otherwise, 66 for a file that cannot be read.

        poise verify
        poise verify TABLE.json --json
      """)

  @Argument(help: "A table of schema poise.reference/1.") var table: String?
  @Flag(help: "Print the report as JSON.") var json = false
  @Option(parsing: .unconditional, help: "Threads. Default: all processors.") var jobs: Int?

  func run() throws {
    var reports: [Verification.Report] = []
    let jobs = try CommonOptions.threads(jobs)
    if let table {
      reports.append(Verification.run(try Verification.table(at: table), jobs: jobs))
    } else {
      for name in Verification.shipped {
        reports.append(
          Verification.run(
            try Verification.shippedTable(name), skipsUnknown: true, jobs: jobs))
      }
    }
    if json {
      let objects = reports.map(\.jsonObject)
      let data = try JSONSerialization.data(
        withJSONObject: objects.count == 1 ? objects[0] : objects,
        options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
      Terminal.print(String(decoding: data, as: UTF8.self))
    } else {
      for report in reports { Terminal.print(text(report)) }
    }
    if reports.contains(where: { $0.failed > 0 }) { throw ExitCode(1) }
  }

  private func text(_ report: Verification.Report) -> String {
    let style = Terminal.style
    let total = report.entries.count
    var lines = [
      report.failed == 0
        ? style.good("All \(total) values of \(report.table) agree.")
        : style.bad("\(report.failed) of \(total) values of \(report.table) differ."), "",
    ]
    var worst: [String: (count: Int, failed: Int, error: Double)] = [:]
    for entry in report.entries {
      var line = worst[entry.quantity] ?? (0, 0, 0)
      line.count += 1
      line.failed += entry.passed ? 0 : 1
      line.error = max(line.error, entry.error ?? .infinity)
      worst[entry.quantity] = line
    }
    let names = worst.keys.sorted()
    lines.append(
      TextTable([
        .init("quantity", names, .left), .init("values", names.map { "\(worst[$0]!.count)" }),
        .init("failed", names.map { "\(worst[$0]!.failed)" }),
        .init(
          "worst deviation / tolerance",
          names.map {
            worst[$0]!.error.isFinite ? NumberText.short(worst[$0]!.error) : "not computed"
          }),
      ]).render(style: style))
    for entry in report.entries where !entry.passed {
      lines.append(style.bad("  \(entry.id) \(entry.quantity): \(entry.reason ?? "")"))
    }
    return lines.joined(separator: "\n")
  }
}

extension Verification.Report {
  fileprivate var jsonObject: [String: Any] {
    [
      "table": table, "passed": passed, "failed": failed,
      "entries": entries.map { entry in
        [
          "id": entry.id, "quantity": entry.quantity, "passed": entry.passed,
          "expected": entry.expected.mapValues(\.jsonValue),
          "computed": entry.computed?.mapValues(\.jsonValue) ?? NSNull(),
          "error": entry.error ?? NSNull(), "reason": entry.reason ?? NSNull(),
        ] as [String: Any]
      },
    ]
  }
}

extension Verification.Expected {
  fileprivate var jsonValue: Any {
    switch self {
    case .number(let number): number.isFinite ? number : NSNull()
    case .array(let numbers): numbers
    case .missing: NSNull()
    }
  }
}
