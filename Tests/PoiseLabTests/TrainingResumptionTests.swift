import Foundation
import PoiseLab
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

/// What a folder of a training that was stopped gives when the training goes on in it.
@Suite struct TrainingResumptionTests {
  /// A table of three classes; the labels of rows 0, 3, 6, … are moved by `shift`.
  private static func table(_ rows: Int, shift: Int = 0, phase: Double) -> String {
    var lines = ["a,b,c,d,label"]
    for row in 0..<rows {
      let numbers = (0..<4).map { sin(Double(row * 4 + $0) * 1.7 + phase) }
      let label = (row % 3 + (row % 3 == 0 ? shift : 0)) % 3
      lines.append(numbers.map { "\($0)" }.joined(separator: ",") + ",\(label)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Setting {
    let folder: String

    func write(_ text: String, _ name: String) throws -> String {
      let path = "\(folder)/\(name)"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path + "#label"
    }

    func run(
      _ output: String, data: String, test: String, epochs: Int
    ) throws -> TrainingResult {
      let data = try TrainingData(data, test: test, preparation: .standardize, seed: 1)
      return try TrainingRun(
        NetworkEnsemble(activation: .named("tanh"), weights: .orthogonal(variance: 1)), on: data,
        depth: 3, width: 8, plan: TrainingPlan(rate: 0.1, batch: 8, epochs: epochs), networks: 2,
        observer: TrainingObserver([.length], every: 2, on: data), folder: "\(folder)/\(output)"
      ).run(jobs: 2)
    }

    func file(_ output: String) -> String { "\(folder)/\(output)/network-1.safetensors" }
  }

  private static func withSetting(_ body: (Setting) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "poise-resumption-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(Setting(folder: folder.path))
  }

  /// After 3 of 5 epochs, of which the third is a look only for the short run.
  @Test func goingOnIsNeverHavingStopped() throws {
    try Self.withSetting { setting in
      let data = try setting.write(Self.table(60, phase: 1), "data.csv")
      let test = try setting.write(Self.table(30, phase: 2), "test.csv")
      let short = try setting.run("a", data: data, test: test, epochs: 3)
      #expect(short.observations.filter { $0.network == 0 }.map(\.epoch) == [0, 2, 3])
      let resumed = try setting.run("a", data: data, test: test, epochs: 5)
      let whole = try setting.run("b", data: data, test: test, epochs: 5)
      #expect(resumed.courses == whole.courses && resumed.observations == whole.observations)
      #expect(whole.observations.filter { $0.network == 0 }.map(\.epoch) == [0, 2, 4, 5])
      let bytes = FileManager.default.contents(atPath: setting.file("a"))
      #expect(bytes != nil && bytes == FileManager.default.contents(atPath: setting.file("b")))
    }
  }

  @Test func anotherRunIsRefused() throws {
    try Self.withSetting { setting in
      let data = try setting.write(Self.table(60, phase: 1), "data.csv")
      let test = try setting.write(Self.table(30, phase: 2), "test.csv")
      _ = try setting.run("a", data: data, test: test, epochs: 3)
      let fewer = #expect(throws: PoiseError.self) {
        try setting.run("a", data: data, test: test, epochs: 2)
      }
      #expect(fewer?.quantity == "epochs" && fewer?.allowed.contains("3 or more") == true)
      // The same inputs with other labels.
      let relabelled = try setting.write(Self.table(30, shift: 1, phase: 2), "test.csv")
      #expect(relabelled == test)
      let other = #expect(throws: PoiseError.self) {
        try setting.run("a", data: data, test: test, epochs: 4)
      }
      #expect(other?.code == .unreadable)
    }
  }

  /// A bit of a weight, the last number of the file.
  @Test func damagedWeightsAreRefused() throws {
    try Self.withSetting { setting in
      let data = try setting.write(Self.table(60, phase: 1), "data.csv")
      let test = try setting.write(Self.table(30, phase: 2), "test.csv")
      _ = try setting.run("a", data: data, test: test, epochs: 2)
      var bytes = try #require(FileManager.default.contents(atPath: setting.file("a")))
      bytes[bytes.count - 2] ^= 1
      try bytes.write(to: URL(fileURLWithPath: setting.file("a")))
      let error = #expect(throws: PoiseError.self) {
        try setting.run("a", data: data, test: test, epochs: 3)
      }
      #expect(error?.value.contains("damaged") == true)
    }
  }

  /// Rows to learn from are no test.
  @Test func testRowsThatTrainAreRefused() throws {
    for (data, test) in [("digits", "digits"), ("clustered:200x8:4", "clustered:60x8:4")] {
      let error = #expect(throws: PoiseError.self) {
        try TrainingData(data, test: test, preparation: .raw, seed: 1)
      }
      #expect(error?.quantity.contains("test data") == true)
    }
  }
}
