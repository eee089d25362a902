import PoiseLab
import PoiseNumerics
import Testing

/// Numbers, lists and ranges as they stand on a command line.
@Suite struct AxisTests {
  @Test(arguments: [
    ("1.5", [1.5]), ("-2e-3", [-0.002]), ("1,2,4", [1, 2, 4]), ("3,1,3", [3, 1, 3]),
    ("1:2:0.25", [1, 1.25, 1.5, 1.75, 2]), ("2:2:1", [2]), ("-1:1:1", [-1, 0, 1]),
    ("0:1:0.4", [0, 0.4, 0.8]), ("0:1#5", [0, 0.25, 0.5, 0.75, 1]), ("4:2#3", [4, 3, 2]),
    ("7:9#1", [7]), ("1:100@3", [1, 10, 100]), ("100:1@3", [100, 10, 1]), ("5:9@1", [5]),
    ("0,1:2:0.5,10:1000@3", [0, 1, 1.5, 2, 10, 100, 1000]),
  ])
  func forms(text: String, expected: [Double]) throws {
    let axis = try Axis(text)
    #expect(axis.text == text)
    #expect(axis.values.count == expected.count)
    for (value, wanted) in zip(axis.values, expected) {
      #expect(abs(value - wanted) <= 1e-14 * max(1, abs(wanted)))
    }
  }

  /// Both ends belong, although 0.1 is no binary fraction; the last point never leaves the range
  /// by more than a millionth of a step.
  @Test(arguments: [
    ("1:4:0.1", 31), ("0:1:0.1", 11), ("0:0.3:0.1", 4), ("0.05:2:0.05", 40), ("0:1:0.0001", 10001),
  ])
  func steps(text: String, count: Int) throws {
    let axis = try Axis(text)
    let parts = text.split(separator: ":").compactMap { Double($0) }
    #expect(axis.values.count == count)
    let last = try #require(axis.values.last)
    #expect(axis.values[0] == parts[0])
    #expect(abs(last - parts[1]) <= 1e-6 * parts[2])
  }

  @Test(arguments: ["1e-3:10@50", "0.1:0.7#100", "0.3:3@7"])
  func endsAreExact(text: String) throws {
    let values = try Axis(text).values
    let ends = text.split(whereSeparator: { ":@#".contains($0) }).compactMap { Double($0) }
    #expect(values.first == ends[0] && values.last == ends[1])
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [
    "", " ", ",", "1,", ",1", "1,,2", "x", "1.5x", "nan", "NaN", "inf", "-inf", "1e400", "1:2",
    "1:", ":1", ":", "::", "1:2:", "1::2", "2:1:0.1", "1:2:0", "1:2:-0.1", "1:2:nan", "1:inf:1",
    "1:2:1e-300", "0:1e308:1e-3", "1:2#0", "1:2#-3", "1:2#", "1:2#2.5", "1:2#99999999999",
    "1:2#10000001", "1:2#9999999999999999999999", "0:1@5", "-1:1@5", "1:2@", "1:2@0", "1:2#3#4",
    "1:2:3:4", "#3", "1#3", "-1e308:1e308#3", "0:1#9000000,0:1#9000000", "١", "1;2",
  ])
  func refusals(text: String) {
    let error = #expect(throws: PoiseError.self) { try Axis(text, quantity: "--depth") }
    #expect(error?.code == .outOfRange)
    #expect(error?.quantity == "--depth")
    #expect(error?.value.hasPrefix(text) == true && error?.allowed.isEmpty == false)
  }

  @Test func wholeNumbers() throws {
    #expect(try Axis("2:6:2").integers("--depth") == [2, 4, 6])
    #expect(try Axis("-3").integers("--depth") == [-3])
    for text in ["1.5", "1,2.25", "1e15", "1:2#3"] {
      let error = #expect(throws: PoiseError.self) { try Axis(text).integers("--depth") }
      #expect(error?.code == .outOfRange && error?.quantity == "--depth")
    }
  }

  @Test func single() throws {
    #expect(Axis(2.5).single == 2.5 && Axis(2.5).values == [2.5])
    #expect(try Axis("3").single == 3)
    #expect(try Axis("3,4").single == nil)
  }
}
