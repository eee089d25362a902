import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab

@Suite struct PointStoreTests {
  /// Points of an earlier run are found again, others computed; another subject starts anew.
  @Test func resumes() throws {
    try JournalTests.withFolder { folder in
      let path = "\(folder)/out/.unfinished"
      func run(_ subject: String, _ points: Range<Int>) throws -> (values: [Double], resumed: Int) {
        let store = try PointStore(folder: path, subject: subject)
        let values = try points.map { point in
          try store.value("point \(point)") { () throws(PoiseError) -> Double in
            1 / Double(point + 1)
          }
        }
        return (values, store.resumed)
      }
      let first = try run("a", 0..<3)
      #expect(first.resumed == 0)
      let second = try run("a", 0..<5)
      #expect(second.resumed == 3 && second.values == (0..<5).map { 1 / Double($0 + 1) })
      #expect(try run("b", 0..<5).resumed == 0)
      #expect(try run("b", 0..<5).resumed == 5)
      try PointStore(folder: path, subject: "b").remove()
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  /// Cheap points are kept together and counted singly.
  @Test func blocks() throws {
    try JournalTests.withFolder { folder in
      func resumed() throws -> Int {
        let store = try PointStore(folder: "\(folder)/s", subject: "a")
        _ = try store.value("rows", counting: 4096) { () throws(PoiseError) -> Int in 1 }
        _ = try store.value("point") { () throws(PoiseError) -> Int in 2 }
        return store.resumed
      }
      let (first, second) = (try resumed(), try resumed())
      #expect(first == 0 && second == 4097)
    }
  }

  /// A point that throws is not kept, and what is kept survives.
  @Test func failure() throws {
    try JournalTests.withFolder { folder in
      let store = try PointStore(folder: "\(folder)/s", subject: "a")
      _ = try store.value("good") { () throws(PoiseError) -> Int in 1 }
      let fault = PoiseError(.noAnswer, quantity: "point", value: "none", allowed: "")
      #expect(throws: fault) {
        try store.value("bad") { () throws(PoiseError) -> Int in throw fault }
      }
      let again = try PointStore(folder: "\(folder)/s", subject: "a")
      #expect(try again.value("good") { () throws(PoiseError) -> Int in 2 } == 1)
      #expect(try again.value("bad") { () throws(PoiseError) -> Int in 3 } == 3)
    }
  }
}
