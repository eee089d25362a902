import Foundation
import PoiseLab
import PoiseNumerics
import Testing

@Suite struct PreparedDataTests {
  @Test(arguments: PreparedData.Preparation.allCases)
  func digits(preparation: PreparedData.Preparation) throws {
    let data = try PreparedData("digits", preparation: preparation, rows: 200, seed: 3)
    #expect(data.inputs.rows == 200 && data.inputs.columns == 64)
    #expect(data.labels?.count == 200 && data.classes == 10)
    let square = data.inputs.elements.reduce(0) { $0 + $1 * $1 } / 12800
    #expect(abs(data.summary.meanSquare - square) < 1e-12 * square)
    #expect(data.summary.totalRows == 1797 && data.summary.rows == 200)
    // Scaled over all rows; a sample of 200 scatters by a few per cent.
    #expect(preparation == .raw ? square > 20 : abs(square - 1) < 0.1)
  }

  /// Standardised features have mean 0 over the whole set; nearly constant ones stay finite.
  @Test func standardized() throws {
    let data = try PreparedData("digits", rows: 5000, seed: 1)
    #expect(data.inputs.rows == 1797)
    var largest = 0.0
    for column in 0..<64 {
      let values = (0..<1797).map { data.inputs[$0, column] }
      #expect(abs(values.reduce(0, +)) < 1e-9)
      largest = max(largest, values.map { abs($0) }.max() ?? 0)
    }
    #expect(largest.isFinite && largest < 50)
    #expect(abs(data.summary.meanSquare - 1) < 1e-12)
  }

  @Test func sampleIsSeeded() throws {
    let one = try PreparedData("digits", rows: 20, seed: 5)
    #expect(one.inputs == (try PreparedData("digits", rows: 20, seed: 5)).inputs)
    #expect(one.inputs != (try PreparedData("digits", rows: 20, seed: 6)).inputs)
  }

  @Test func synthetic() throws {
    let data = try PreparedData("gaussian:30x5", preparation: .raw, rows: 256, seed: 1)
    #expect(data.inputs.rows == 30 && data.labels == nil && data.classes == nil)
    let single = try PreparedData("gaussian:1x5", rows: 8, seed: 1)
    #expect(abs(single.summary.meanSquare - 1) < 1e-12)
  }

  /// A constant feature has no deviation: it becomes 0 and not NaN.
  @Test func constantFeature() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-\(UUID().uuidString).csv").path
    try Data("1,7\n2,7\n3,7\n".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try PreparedData(path, rows: 3, seed: 1)
    #expect(data.inputs.elements.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [
    ("digits", 0, PoiseError.Code.outOfRange), ("digits", -1, .outOfRange),
    ("digit", 8, .unknownName), ("gaussian:0x4", 8, .shapeMismatch), ("./none.csv", 8, .unreadable),
  ])
  func refusals(name: String, rows: Int, code: PoiseError.Code) {
    let error = #expect(throws: PoiseError.self) { try PreparedData(name, rows: rows, seed: 1) }
    if name.hasPrefix("gaussian") {
      #expect(error != nil)
    } else {
      #expect(error?.code == code)
    }
  }
}
