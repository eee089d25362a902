import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What does this machine give Poise: BLAS, threads, gnuplot, Slurm, versions?",
    discussion: """
        poise doctor

      Exit status 2 if something that Poise needs is missing.
      """)

  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let findings = Diagnosis.run()
    if json {
      let objects = findings.map { finding in
        ["name": finding.name, "value": finding.value, "isMissing": finding.isMissing]
          as [String: Any]
      }
      let data = try JSONSerialization.data(
        withJSONObject: objects, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
      Terminal.print(String(decoding: data, as: UTF8.self))
    } else {
      let style = Terminal.style
      let missing = findings.filter(\.isMissing)
      let first =
        missing.isEmpty
        ? style.good("Everything that Poise needs is here.")
        : style.bad("Missing: \(missing.map(\.name).joined(separator: ", ")).")
      let table = TextTable([
        .init("", findings.map(\.name), .left), .init("", findings.map(\.value), .left),
      ])
      Terminal.print(first + "\n" + table.render(style: style))
    }
    if findings.contains(where: \.isMissing) { throw ExitCode(2) }
  }
}

/// What was found on this machine.
struct Diagnosis {
  let name: String
  let value: String
  let isMissing: Bool

  static func run() -> [Diagnosis] {
    let environment = ProcessInfo.processInfo.environment
    let pins = environment.keys.filter { $0.hasPrefix("OPENBLAS_") }.sorted()
      .map { "\($0)=\(environment[$0] ?? "")" }
    let gnuplot = tool("gnuplot")
    let digits = (try? Digits.load()) != nil
    let tables = (try? Verification.shippedTable("gaussian")) != nil
    return [
      Diagnosis(name: "poise", value: PoiseVersion.current, isMissing: false),
      Diagnosis(
        name: "system", value: ProcessInfo.processInfo.operatingSystemVersionString,
        isMissing: false),
      Diagnosis(name: "processors", value: "\(availableJobs)", isMissing: false),
      Diagnosis(name: "BLAS core", value: BLAS.coreName, isMissing: false),
      Diagnosis(name: "BLAS build", value: BLAS.configuration, isMissing: false),
      Diagnosis(
        name: "BLAS pins", value: pins.isEmpty ? "none" : pins.joined(separator: " "),
        isMissing: false),
      Diagnosis(
        name: "gnuplot", value: gnuplot ?? "not found: apt-get install gnuplot-nox",
        isMissing: gnuplot == nil),
      Diagnosis(
        name: "built-in digits", value: digits ? "found" : "not found beside the program",
        isMissing: !digits),
      Diagnosis(
        name: "reference tables", value: tables ? "found" : "not found beside the program",
        isMissing: !tables),
      Diagnosis(
        name: "Slurm", value: tool("sbatch") ?? "not installed (optional)", isMissing: false),
      Diagnosis(
        name: "python3", value: tool("python3") ?? "not installed (optional)", isMissing: false),
    ]
  }

  /// The path of a program, by PATH.
  private static func tool(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
