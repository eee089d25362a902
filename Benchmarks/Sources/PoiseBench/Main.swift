import Foundation
import Poise

/// `poise-bench [--json] [--no-peers] [--only GROUPS]`, groups as below, separated by commas.
///
/// Prints a table, or JSON, of processor times and errors; exit status 1 if a threshold is exceeded
/// by more than its margin, 64 for a word it does not know.
@main
struct PoiseBench {
  private static let groups = [
    "kernels", "phase", "theory", "stable", "stable-fits", "networks", "network-kernels",
    "information", "posterior", "spectra", "tails", "training", "advise",
  ]

  static func main() throws {
    var (json, usesPeers, wanted) = (false, true, groups.dropLast().map { $0 })
    var words = CommandLine.arguments.dropFirst().makeIterator()
    while let word = words.next() {
      switch word {
      case "--json": json = true
      case "--no-peers": usesPeers = false
      case "--only": wanted = (words.next() ?? "").split(separator: ",").map(String.init)
      default: usage("unknown option \(word)")
      }
    }
    for group in wanted where !groups.contains(group) { usage("no group \(group)") }
    BLAS.useOneThread()
    let numpy = usesPeers ? NumpyPeer() : nil
    let report = Report(
      outcomes: try outcomes(wanted, numpy),
      thresholds: try? Thresholds(contentsOf: Thresholds.file))
    print(json ? try report.json() : report.text)
    if !report.violations.isEmpty { exit(1) }
  }

  private static func outcomes(_ wanted: [String], _ numpy: NumpyPeer?) throws -> [Outcome] {
    var outcomes: [Outcome] = []
    for group in wanted {
      switch group {
      case "kernels": outcomes += KernelBenchmarks.run(numpy)
      case "phase": outcomes += try PhaseBenchmarks.run(numpy)
      case "theory": outcomes += try TheoryBenchmarks.run() + ChannelBenchmarks.run()
      case "stable-fits": outcomes += try StableFitBenchmarks.run(numpy)
      case "network-kernels": outcomes += try NetworkKernelBenchmarks.run(numpy)
      case "information": outcomes += try InformationBenchmarks.run(numpy)
      case "spectra": outcomes += try SpectrumBenchmarks.run(numpy)
      case "posterior": outcomes += try PosteriorBenchmarks.run(numpy)
      case "training": outcomes += try TrainingBenchmarks.run(numpy)
      case "tails": outcomes += try TailsBenchmarks.run()
      case "stable": outcomes += try StableBenchmarks.run(numpy)
      case "networks": outcomes += try NetworkBenchmarks.run(numpy)
      default: outcomes.append(try NetworkBenchmarks.advice())
      }
    }
    return outcomes
  }

  private static func usage(_ complaint: String) -> Never {
    let text = """
      \(complaint)
      usage: poise-bench [--json] [--no-peers] [--only \(groups.joined(separator: ","))]

      """
    FileHandle.standardError.write(Data(text.utf8))
    exit(64)
  }
}
