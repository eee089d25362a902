import Foundation
import Testing

/// A folder mounted read-only for one script, where that is permitted.
enum FrozenFolder {
  /// What the shell prints, and its status.
  static func shell(_ script: String, in folder: String) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "-m", "bash", "-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// The folder `a` mounted read-only, for the script alone.
  static let mount = "mount --bind a a && mount -o remount,ro,bind a && "

  static let canMount: Bool = {
    #if os(Linux)
      let outcome = try? Command.withFolder { folder in
        try FileManager.default.createDirectory(
          atPath: "\(folder)/a", withIntermediateDirectories: false)
        return try shell("\(mount) ! touch a/x", in: folder).0
      }
      return outcome == 0
    #else
      return false
    #endif
  }()
}

/// A finished sweep in a folder that nobody can write to, as on a mounted snapshot: it is read, and what would
/// write says so.
///
/// File permissions do not hold root off; a file system that is mounted read-only does.
@Suite(
  .enabled(
    if: FrozenFolder.canMount,
    "SKIPPED: read-only sweep folders. No right to mount here (unshare -m, mount --bind)"))
struct ReadOnlySweepTests {
  @Test func readOnly() throws {
    try Command.withFolder { folder in
      let poise = try Command.executable().path
      let line = "stable pdf --alpha 1.5 --x"
      _ = try Command.run("sweep run --into a -- \(line) 0,0.25,0.5", in: folder)
      let whole = try SweepCommandTests.collected("a", in: folder)
      func frozen(_ words: String) throws -> (status: Int32, text: String) {
        try FrozenFolder.shell("\(FrozenFolder.mount) '\(poise)' \(words)", in: folder)
      }
      let status = try frozen("sweep status a")
      #expect(status.status == 0 && status.text.contains("3"), "\(status.text)")
      let plan = try frozen("sweep plan --into a -- \(line) 0,0.25,0.5,0.75")
      #expect(plan.status == 0, "\(plan.text)")
      let collected = try frozen("sweep collect a --output fresh")
      #expect(collected.status == 0, "\(collected.text)")
      for (name, bytes) in zip(["sweep.npz", "sweep.csv"], whole) {
        #expect(try SweepCommandTests.data("\(folder)/fresh/\(name)") == bytes)
      }
      for words in ["sweep run --into a -- \(line) 0,0.25,0.5,0.75", "sweep retry a"] {
        let refused = try frozen(words)
        #expect(refused.status == 2, "\(words): \(refused.status)")
        let reasons = ["cannot be written", "Read-only file system"]
        #expect(reasons.contains { refused.text.contains($0) }, "\(refused.text)")
        for word in internalWords { #expect(!refused.text.contains(word), "\(refused.text)") }
      }
      // Nothing has changed.
      #expect(try SweepCommandTests.collected("a", in: folder) == whole)
    }
  }
}
