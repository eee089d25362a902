import Foundation

/// Runs the scripts of `Benchmarks/Peers` with the `python3` of the path, on one BLAS thread.
struct NumpyPeer {
  /// Its version, as in "numpy 2.4.6".
  let version: String

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Peers").standardizedFileURL

  /// nil if there is no python3 with numpy.
  init?() {
    guard let output = Self.python(["-c", "import numpy; print(numpy.__version__)"]),
      let text = String(data: output, encoding: .utf8)
    else { return nil }
    version = "numpy " + text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The JSON that a script prints; nil if it failed.
  func run<Answer: Decodable>(
    _ script: String, _ arguments: [String] = [], as type: Answer.Type
  ) -> Answer? {
    let path = Self.folder.appending(path: script).path(percentEncoded: false)
    return Self.python([path] + arguments).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  private static func python(_ arguments: [String]) -> Data? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    var environment = ProcessInfo.processInfo.environment
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
      environment[name] = "1"
    }
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? output : nil
  }
}
