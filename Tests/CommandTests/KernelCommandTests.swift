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

  @Test("one row, zero rows and repeated rows")
  func degenerate() throws {
    try Command.withFolder { folder in
      func write(_ text: String, _ name: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      try write("1,2,3\n", "one.csv")
      try write("1,2,3\n0,0,0\n1,2,3\n2,-1,0\n", "some.csv")
      try write("1,2,0\n1,2,0\n1,2,0\n3,-1,1\n1,0,1\n2,2,1\n", "repeated.csv")
      let one = try Command.run(base + "--data one.csv", in: folder)
      #expect(one.status == 0, "\(one.errors)")
      #expect(one.output.contains("1 × 1"))
      let some = try Command.run(base + "--data some.csv --prepare raw --json", in: folder)
      #expect(some.status == 0, "\(some.errors)")
      let repeated = try Command.run(
        base + "--data repeated.csv#last --regress --train-rows 5 --noise 0", in: folder)
      #expect(repeated.status == 0, "\(repeated.errors)")
      #expect(repeated.output.contains("not positive definite"), "\(repeated.output)")
      let cross = try Command.run(base + "--data some.csv --cross one.csv --json", in: folder)
      #expect(cross.status == 0, "\(cross.errors)")
      try write("1,2\n", "narrow.csv")
      let other = try Command.run(base + "--data some.csv --cross narrow.csv", in: folder)
      #expect(other.status == 64)
      #expect(other.errors.contains("features"), "\(other.errors)")
    }
  }

  @Test("its sources")
  func sources() throws {
    let text = try Command.run("cite kernel").output
    for number in ["1711.00165", "1804.11271", "1806.07572", "2002.08517", "1912.02803"] {
      #expect(text.contains(number))
    }
    #expect(text.contains("Williams") && text.contains("Cho"))
  }

  @Test("what cannot be asked")
  func refusals() throws {
    #expect(try Command.run(base + "--depth 0").status == 64)
    #expect(try Command.run(base + "--data digits --cross gaussian:5x3").status == 64)
    #expect(try Command.run(base + "--data gaussian:20x3 --regress").status == 64)
    #expect(try Command.run(base + "--data nothing.csv").status != 0)
  }
}
