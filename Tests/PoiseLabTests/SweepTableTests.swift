import Foundation
import PoiseData
import PoiseNumerics
import Testing

@testable import PoiseLab

@Suite struct SweepTableTests {
  /// A result with all that can occur.
  struct Sample: RecordedResult {
    struct Part: Codable, Sendable {
      var upper: Double
      var count: Int
      var name: String
    }
    var value: Double
    @Nullable var absent: Double?
    var isRight = true
    var word = "ordered \"quoted\", and a comma"
    var sentence = "This says something."
    var only: [Part]
    var parts: [Part]
    var row: [Double]
    var long = [Double](repeating: 1, count: 50)
    var matrix: [[Double]] = [[1, 2], [3, 4]]
    var shape: [(name: String, isWhole: Bool)] { [] }
  }

  static func sample(_ value: Double) -> Sample {
    Sample(
      value: value, absent: nil, only: [.init(upper: 2 * value, count: 7, name: "a")],
      parts: (1...3).map { .init(upper: Double($0), count: $0, name: "b") }, row: [value, 0.1])
  }

  @Test func flattening() throws {
    let flat = try FlatResult(Self.sample(1.5), longest: 20)
    #expect(flat.numbers.map(\.name) == ["value", "absent", "isRight", "only.upper", "only.count"])
    #expect(flat.numbers.map(\.value) == [1.5, nil, 1, 3, 7])
    #expect(flat.words.map(\.name) == ["word", "only.name"])
    #expect(flat.series.map(\.name) == ["parts.upper", "parts.count", "row"])
    #expect(flat.series[0].value == [1, 2, 3])
  }

  /// Every digit of a number and every sign of a word comes back.
  @Test func roundTrip() throws {
    let values = [1.0 / 3, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0, -0.0, 1e22]
    for value in values {
      let point = try SweepPoint(Self.sample(value), seconds: 0.25, series: 20)
      #expect((try? JSONSerialization.jsonObject(with: Data(point.json))) != nil)
      var table = SweepTable(count: 2)
      point.json.withUnsafeBufferPointer { table.take(1, $0) }
      table.finish(copies: [])
      #expect(table.status == [.missing, .done] && table.seconds[1] == 0.25)
      #expect(table.columns[0].values[1].bitPattern == value.bitPattern)
      #expect(table.columns[0].values[0].isNaN && table.columns[1].values[1].isNaN)
      #expect(table.words[0].legend == ["ordered \"quoted\", and a comma"])
      #expect(table.series.map(\.length) == [3, 3, 2])
    }
  }

  /// A cut entry never passes for a whole one.
  @Test func cutEntries() throws {
    let json = try SweepPoint(Self.sample(1.5), seconds: 0.25, series: 20).json
    for length in 0..<json.count {
      var table = SweepTable(count: 1)
      Array(json[..<length]).withUnsafeBufferPointer { table.take(0, $0) }
      #expect(table.status[0] == .missing, "\(length)")
    }
  }

  /// A result wins over a failure, whatever came first; the order of journals does not show.
  @Test func orderOfJournals() throws {
    let entries = [
      (0, SweepPoint(.failed, seconds: 1, reason: "why\nnot")),
      (2, try SweepPoint(Self.sample(2), seconds: 1, series: 20)),
      (0, try SweepPoint(Self.sample(0.5), seconds: 2, series: 20)),
      (1, SweepPoint(.timeLimit, seconds: 9, reason: "late")),
    ]
    func files(_ order: [Int]) throws -> ([UInt8], [UInt8]) {
      var table = SweepTable(count: 3)
      for place in order {
        let (index, point) = entries[place]
        point.json.withUnsafeBufferPointer { table.take(index, $0) }
      }
      table.finish(copies: [])
      #expect(table.status == [.done, .timeLimit, .done] && table.reasons == [1: "late"])
      let grid = try SweepGridTests.grid("tails --alpha 1,1.5,2")
      let files = SweepFiles(grid: grid, table: table)
      return (files.csv(jobs: 2), try files.arrays().encode())
    }
    let first = try files([0, 1, 2, 3])
    #expect(try files([3, 2, 1, 0]) == first)
    #expect(try files([1, 0, 3, 2]) == first)
    let rows = String(decoding: first.0, as: UTF8.self).split(separator: "\n")
    #expect(rows[0].hasPrefix("alpha,status,value,absent,isRight,only.upper,only.count,word"))
    #expect(rows[1].hasPrefix(#"1,done,0.5,,1,1,7,"ordered ""quoted"", and a comma",a"#))
    #expect(rows[2] == "1.5,time-limit,,,,,,,")
    let arrays = try NPZ.decode(first.1).arrays
    #expect(arrays["value"]?.shape == [3] && arrays["row"]?.shape == [3, 2])
    #expect(arrays["axes.alpha"]?.elements == [1, 1.5, 2])
    #expect(arrays["status"]?.elements == [0, 2, 0])
  }

  /// A result with the name of an axis: left out where it repeats the axis, renamed where it does not.
  @Test func namesOfAxes() throws {
    struct Trained: RecordedResult {
      var rate: Double
      var activation = "tanh"
      var shape: [(name: String, isWhole: Bool)] { [] }
    }
    func csv(_ rates: [Double], _ line: String) throws -> [Substring] {
      var table = SweepTable(count: rates.count)
      for (index, rate) in rates.enumerated() {
        let json = try SweepPoint(Trained(rate: rate), seconds: 1, series: 20).json
        json.withUnsafeBufferPointer { table.take(index, $0) }
      }
      table.finish(copies: [])
      #expect(table.columns.map(\.name) == ["rate"])
      let files = SweepFiles(grid: try SweepGridTests.grid(line), table: table)
      return String(decoding: files.csv(jobs: 1), as: UTF8.self).split(separator: "\n")
    }
    let line = "train --activation tanh,tanh --rate 0.01,0.1 --depth 2"
    let same = try csv([0.01, 0.1, 0.01, 0.1], line)
    #expect(same[0] == "activation,rate,status" && same[2] == "tanh,0.1,done")
    let other = try csv([0.02, 0.2], "train --activation tanh --rate 0.01,0.1")
    #expect(other[0] == "rate,status,result.rate,activation" && other[2] == "0.1,done,0.2,tanh")
  }

  /// Series of differing length are left out and named.
  @Test func lengthsThatDiffer() throws {
    var table = SweepTable(count: 2)
    for (index, row) in [[1.0, 2], [1, 2, 3]].enumerated() {
      var sample = Self.sample(1)
      sample.row = row
      let json = try SweepPoint(sample, seconds: 1, series: 20).json
      json.withUnsafeBufferPointer { table.take(index, $0) }
    }
    table.finish(copies: [])
    #expect(table.series.filter(\.isLeftOut).map(\.name) == ["row"])
  }

  /// Seconds of processor time that this process has used.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// A million points are merged and written within twenty seconds of processor time, alone.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] != nil, "long"))
  func millionPointsValidation() throws {
    try JournalTests.withFolder { path in
      let folder = try SweepFolder(
        at: path, ["tails", "--alpha", "1:2#1000", "--scale", "1:2#1000"])
      let writer = try folder.journal(share: nil)
      let point = try SweepPoint(Self.sample(1.0 / 3), seconds: 0.25, series: 20).json
      for index in 0..<folder.grid.count {
        try writer.append(folder.grid.identity(at: index), point)
      }
      writer.close()
      let before = Self.processorSeconds
      _ = try SweepCollection(folder).write(to: "\(path)/out", jobs: 2)
      let seconds = Self.processorSeconds - before
      print("1e6 points collected in \(seconds) s of processor time")
      #expect(seconds < 20)
    }
  }
}
