import PoiseNumerics
import Testing

@testable import PoiseData

@Suite struct CSVTests {
  private func table(
    _ text: String, header: CSV.Header = .automatic, labels: CSV.LabelColumn = .automatic
  ) throws -> Dataset {
    try CSV.decode(Array(text.utf8), name: "t.csv", header: header, labels: labels)
  }

  @Test(arguments: [
    "1,2\n3,4\n", "1,2\r\n3,4\r\n", "1,2\r3,4", "\u{FEFF}1,2\n3,4", " 1 ,\t2\n\n3,4\n\n",
    "a,b\n1,2\n3,4", "\"a\",\"b\nc\"\n\"1\",2\n3,\"4\"\n", "1e0,+2.0\n30E-1,4.",
  ])
  func spellings(_ text: String) throws {
    #expect(try table(text).inputs == Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4]))
  }

  @Test func labels() throws {
    let named = try table("label,x\n1,5\n0,6\n")
    #expect(named.labels == [1, 0] && named.inputs.elements == [5, 6] && named.classes == 2)
    #expect(try table("x,kind\n5,3\n", labels: .named("kind")).labels == [3])
    #expect(try table("5,3\n", labels: .last).labels == [3])
    #expect(try table("x,label\n5,3\n", labels: .none).labels == nil)
    #expect(try table("5,3\n").labels == nil)
    let error = #expect(throws: PoiseError.self) { try table("a,b\n1,2", labels: .named("c")) }
    #expect(error?.code == .unknownName && error?.allowed == "a, b")
  }

  @Test(arguments: [
    ("1,2\n3\n", "line 2: 1 cells"), ("1,2\n3,4,5\n", "line 2: 3 cells"),
    ("1,2\n3,x\n", "line 2, column 2: 'x'"), ("1,2\n\n3,nan\n", "line 3, column 2: 'nan'"),
    ("1,2\n3,-Inf\n", "line 2, column 2: '-Inf'"), ("1,2\n3,1e999\n", "line 2, column 2: '1e999'"),
    ("1,2\n3,\n", "line 2, column 2: an empty cell"), ("1,2\n3,0x10\n", "line 2, column 2: '0x10'"),
    ("a\n\"1\n", "line 2, column 1: a quote that is not closed"),
    ("a\n\"1\"2\n", "line 2, column 1: text behind a closing quote"),
    ("1,2\n3,.\n", "line 2, column 2: '.'"), ("\"a\n\n\"\nb\n", "line 4, column 1: 'b'"),
    ("", "no rows"), ("\n\n\r\n", "no rows"), ("a,b\n", "0 rows of 2 features"),
  ])
  func faults(text: String, found: String) {
    let error = #expect(throws: PoiseError.self) { try table(text) }
    #expect(error?.value == found)
    #expect(error?.quantity == "t.csv" && error?.code == .unreadable)
  }

  @Test(arguments: ["1,-1", "1,0.5", "1,1e9", "1,1e300"])
  func badLabels(_ text: String) {
    #expect(throws: PoiseError.self) { try table(text, labels: .last) }
  }

  @Test func labelsAlone() {
    #expect(throws: PoiseError.self) { try table("1\n2\n", labels: .last) }
  }

  @Test func numbersAreReadExactly() throws {
    let seed: UInt64 = 3
    var generator = TestGenerator(state: seed)
    for _ in 0..<20_000 {
      var value = Double(bitPattern: generator.next())
      if Bool.random(using: &generator) {
        value = Double(Int.random(in: -99_999...99_999, using: &generator)) / 1000
      }
      guard value.isFinite else { continue }
      #expect(decimalNumber(Array("\(value)".utf8)[...]) == value, "\(value)")
    }
  }

  @Test func roundTrip() throws {
    let dataset = try Dataset(
      name: "a", inputs: Matrix(rows: 2, columns: 2, elements: [0.1, -1e-300, 1 / 3, 12345678.9]),
      labels: [0, 4])
    let read = try CSV.decode(CSV.encode(dataset))
    #expect(read.inputs == dataset.inputs && read.labels == [0, 4] && read.classes == 5)
  }
}
