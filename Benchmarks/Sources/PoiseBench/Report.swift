import Foundation
import Poise

/// The table, or its JSON.
struct Report {
  let outcomes: [Outcome]
  let thresholds: Thresholds?

  /// Thresholds exceeded by more than their margin, in words.
  var violations: [String] { outcomes.compactMap { thresholds?.violation($0) } }

  /// OPENBLAS_… variables that are set: they may make BLAS slower than it could be.
  private var pins: [String: String] {
    ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("OPENBLAS_") }
  }

  /// The processor, as the system calls it.
  private var machine: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return "\(name ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  var text: String {
    var lines = ["machine:  \(machine)", "BLAS:     \(BLAS.coreName)"]
    let pinned =
      pins.isEmpty
      ? "none"
      : pins.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    lines.append("pins:     \(pinned)")
    if let thresholds {
      lines.append("thresholds measured on: \(thresholds.machine), BLAS \(thresholds.blasCore)")
    }
    lines += ["", Text.table([heading] + outcomes.map(row)), ""]
    lines += violations.isEmpty ? ["all within their thresholds"] : violations
    return lines.joined(separator: "\n")
  }

  private var heading: [String] {
    ["", "unit", "best", "median", "threshold", "peer", "by", "ratio", "max error", "peer's error"]
  }

  private func row(_ outcome: Outcome) -> [String] {
    func text(_ value: Double?) -> String { value.map { Text.number($0) } ?? "" }
    let limit = thresholds?.limits[outcome.name]
    return [
      outcome.name, outcome.unit.rawValue, text(outcome.timing.best), text(outcome.timing.median),
      limit.map { "\(Text.number($0.time)) × \(Text.number($0.margin))" } ?? "",
      text(outcome.bestPeer?.seconds), outcome.bestPeer?.name ?? "", text(outcome.ratio),
      text(outcome.error), text(outcome.bestPeer?.error),
    ]
  }

  func json() throws -> String {
    struct Whole: Encodable {
      var schema = "poise.benchmarks/1"
      var machine: String
      var blasCore: String
      var pins: [String: String]
      var thresholds: Thresholds?
      var outcomes: [Outcome]
      var violations: [String]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinite", negativeInfinity: "-infinite", nan: "none")
    let whole = Whole(
      machine: machine, blasCore: BLAS.coreName, pins: pins, thresholds: thresholds,
      outcomes: outcomes, violations: violations)
    return String(decoding: try encoder.encode(whole), as: UTF8.self)
  }
}
