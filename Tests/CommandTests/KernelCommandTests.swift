import Foundation
import Testing

@Suite("poise kernel")
struct KernelCommandTests {
  private let base = "kernel --activation relu --weight-variance 2 --bias-variance 0.1 --quiet "

  private func result(_ line: String) throws -> [String: Any] {
    let run = try Command.run(base + line + " --json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result["kernel"] as? [String: Any])
  }

  @Test("summary, text and file")
  func answers() throws {
    let summary = try result("--depth 2")
    #expect(summary["rows"] as? Int == 1797)
    try Command.withFolder { folder in
      let run = try Command.run(base + "--rows 50 --output-file K.npy", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("NTK of 50 × 50 inputs"))
      #expect(run.output.columns <= 100)
      let size = try FileManager.default.attributesOfItem(atPath: folder + "/K.npy")[.size] as? Int
      #expect(size == 128 + 8 * 2500)
    }
  }

  @Test("regression on the digits")
  func regression() throws {
    let answer = try result("--depth 2 --kind nngp --regress --train-rows 1000")
    let regression = try #require(answer["regression"] as? [String: Any])
    #expect(try #require(regression["accuracy"] as? Double) > 0.95)
    #expect(regression["testRows"] as? Int == 797)
    #expect(try #require(regression["meanVariance"] as? Double) > 0)
  }

  @Test("networks agree")
  func check() throws {
    let answer = try result("--depth 2 --rows 8 --check --networks 60 --width 64")
    let check = try #require(answer["check"] as? [String: Any])
    #expect(check["verdict"] as? String == "agrees")
  }

  @Test("a file that cannot grow is a clear error, and its tiles are kept")
  func fullDisk() throws {
    try Command.withFolder { folder in
      let line =
        "trap '' XFSZ; ulimit -f 6000; exec \(try Command.executable().path) "
        + base + "--data gaussian:1500x4 --jobs 1 --output-file K.npy"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", line]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      let pipe = Pipe()
      process.standardError = pipe
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let text = String(
        decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 2)
      #expect(text.contains("tiles are kept"), "\(text)")
      for word in internalWords { #expect(!text.contains(word)) }
      let again = try Command.run(
        base + "--data gaussian:1500x4 --output-file K.npy", in: folder)
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test("what cannot be asked")
  func refusals() throws {
    #expect(try Command.run(base + "--depth 0").status == 64)
    #expect(try Command.run(base + "--data digits --cross gaussian:5x3").status == 64)
    #expect(try Command.run(base + "--data gaussian:20x3 --regress").status == 64)
    #expect(try Command.run(base + "--data nothing.csv").status != 0)
  }
}
