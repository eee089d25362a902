import Foundation
import Testing

@testable import PoiseNumerics

/// Values of `References/make_stable.py`: 1091 points over α from 0.1 to 1.99999, |β| up to 1, both
/// tails, near α = 1, near ζ and on the exponentially small sides.
@Suite struct StableReferenceTests {
  struct Row {
    let alpha, beta, x, pdf, logPDF, cdf, survival: Double
  }

  /// The numbers of a table in `References`, row by row.
  static func table(_ name: String) throws -> [[Double]] {
    struct Table: Decodable { let rows: [[Cell]] }
    struct Cell: Decodable {
      let value: Double
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          value = number
        } else {
          value = try #require(Double(try container.decode(String.self)))
        }
      }
    }
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/\(name).json")
    let table = try JSONDecoder().decode(Table.self, from: Data(contentsOf: url))
    return table.rows.map { $0.map(\.value) }
  }

  static func rows() throws -> [Row] {
    try table("stable").map { v in
      Row(alpha: v[0], beta: v[1], x: v[2], pdf: v[3], logPDF: v[4], cdf: v[5], survival: v[6])
    }
  }

  /// 1e-12 for β = 0, 1e-10 otherwise: pdf, ln pdf, and both probabilities, each relative.
  @Test func values() throws {
    let rows = try Self.rows()
    #expect(rows.count == 1091)
    var law = try StableLaw(alpha: 1)
    var mirror = law
    for row in rows {
      if law.alpha != row.alpha || law.beta != row.beta {
        law = try StableLaw(alpha: row.alpha, beta: row.beta)
        mirror = try StableLaw(alpha: row.alpha, beta: -row.beta)
      }
      let bound = row.beta == 0 ? 1e-12 : 1e-10
      let place: Comment = "alpha \(row.alpha), beta \(row.beta), x \(row.x)"
      // Below the smallest normal number only the logarithm has digits.
      if row.pdf > 1e-300 { #expect(abs(law.pdf(row.x) / row.pdf - 1) < bound, place) }
      #expect(abs(law.logPDF(row.x) - row.logPDF) < bound * max(1, abs(row.logPDF)), place)
      if row.cdf > 1e-300 { #expect(abs(law.cdf(row.x) / row.cdf - 1) < bound, place) }
      if row.survival > 1e-300 {
        #expect(abs(law.survival(row.x) / row.survival - 1) < bound, place)
      }
      if row.x != 0 { #expect(mirror.cdf(-row.x) == law.survival(row.x), place) }
    }
  }
}
