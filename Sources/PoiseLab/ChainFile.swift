import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNetworks
import PoiseNumerics

/// Chains under way, kept in one file, so that a run that was killed goes on where it stood.
///
/// The draws of sweep t of chain c are the stream (seed, c, t): chains that go on from a file give the
/// bits of chains that were never interrupted. The file is replaced as a whole, never half written.
struct ChainFile: Codable, Sendable {
  static let schemaName = "poise.chains/1"
  /// Largest file that is read.
  static let byteLimit = 4 << 30

  var schema: String
  /// Of the task, its network and the sampler: chains of another task are refused.
  var fingerprint: String
  /// Sweeps dropped, counted from the birth of each chain.
  var warmup: Int
  /// The observables' names.
  var names: [String]
  /// Draws of each chain so far (chain × draw × observable, row by row).
  var traces: [[Double]]
  var states: [ChainState]

  /// Draws that every chain has.
  var draws: Int { (traces.map(\.count).min() ?? 0) / max(names.count, 1) }

  init(fingerprint: String, warmup: Int, chains: Int) {
    schema = Self.schemaName
    self.fingerprint = fingerprint
    self.warmup = warmup
    names = []
    traces = [[Double]](repeating: [], count: chains)
    states = []
  }

  /// What a file holds; nil if there is none.
  /// - Throws: `unreadable` for other files and for chains of another task.
  init?(path: String, fingerprint: String, chains: Int) throws(PoiseError) {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    func refuse(_ what: String) -> PoiseError {
      PoiseError(
        .unreadable, quantity: path, value: what,
        allowed: "a file of this task's own chains, as --chains-file wrote it",
        suggestion: "another name for new chains")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    guard size <= Self.byteLimit, let data = FileManager.default.contents(atPath: path),
      let file = try? JSONDecoder().decode(ChainFile.self, from: data),
      file.schema == Self.schemaName
    else { throw refuse("not a file of chains") }
    guard file.fingerprint == fingerprint, file.states.count == chains else {
      throw refuse("chains of another task, network, seed or number")
    }
    let width = file.names.count
    guard width > 0, file.warmup >= 0, file.traces.count == chains,
      file.traces.allSatisfy({ $0.count == file.traces[0].count && $0.count % width == 0 }),
      file.traces.joined().allSatisfy(\.isFinite),
      file.states.allSatisfy({ $0.sweep == file.warmup + file.draws })
    else { throw refuse("damaged: draws and states do not fit") }
    self = file
  }

  /// - Throws: `unwritable`.
  func write(path: String) throws(PoiseError) {
    do {
      try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw PoiseError(
        .unwritable, quantity: path, value: error.localizedDescription,
        allowed: "a folder that can be written to")
    }
  }

  /// All observables with errors and diagnostics.
  var estimates: [ChainEstimate] {
    names.indices.map { column in
      ChainEstimate(
        name: names[column],
        chains: traces.map { trace in
          stride(from: column, to: trace.count, by: names.count).map { trace[$0] }
        })
    }
  }

  /// Of everything that decides what the chains are.
  static func fingerprint(_ task: SamplingTask, sampler: String, seed: UInt64) -> String {
    var sum = Checksum()
    for part in [
      task.inputs.elements, task.targets.elements, task.testInputs.elements,
      task.testTargets.elements, task.variances, task.widths.map { Double($0) },
      [
        task.temperature, Double(task.inputs.rows), Double(task.inputs.columns),
        Double(task.targets.columns),
      ],
    ] {
      sum.add(Checksum.of(part))
    }
    return "\(sampler) \(task.activation.name) \(seed) \(String(sum.value, radix: 16))"
  }
}
