import Foundation
import PoiseNumerics

/// What became of a point.
public enum PointStatus: String, Sendable, CaseIterable {
  /// The command answered.
  case done
  /// It ended with an error, or its process died.
  case failed
  /// It took longer than it may.
  case timeLimit = "time-limit"
  /// Nothing is known of it.
  case missing

  /// The code of the array `status` in a collected file.
  public var code: Int {
    switch self {
    case .done: 0
    case .failed: 1
    case .timeLimit: 2
    case .missing: 3
    }
  }
}

/// One finished point as a journal keeps it.
struct SweepPoint: Sendable, Equatable {
  var status: PointStatus
  /// How long it took.
  var seconds: Double
  /// Why there is no result.
  var reason = ""
  var result = FlatResult()

  /// A point with a result, from what its verb returned.
  init(_ result: some RecordedResult, seconds: Double, series: Int) throws {
    status = .done
    self.seconds = seconds
    self.result = try FlatResult(result, longest: series)
  }

  /// A point without a result.
  init(_ status: PointStatus, seconds: Double, reason: String) {
    self.status = status
    self.seconds = seconds
    self.reason = reason
  }

  /// One line of JSON:
  /// `{"status":"done","seconds":0.01,"numbers":{…},"words":{…},"series":{…}}`, or with `reason` in
  /// place of the result.
  var json: [UInt8] {
    var text = #"{"status":"\#(status.rawValue)","seconds":\#(Self.number(seconds))"#
    if status != .done {
      return Array((text + #","reason":\#(Self.quoted(reason))}"#).utf8)
    }
    text += #","numbers":{"#
    for (index, entry) in result.numbers.enumerated() {
      text += "\(index > 0 ? "," : "")\(Self.quoted(entry.name)):"
      text += entry.value.map { Self.number($0) } ?? "null"
    }
    text += #"},"words":{"#
    for (index, entry) in result.words.enumerated() {
      text += "\(index > 0 ? "," : "")\(Self.quoted(entry.name)):\(Self.quoted(entry.value))"
    }
    text += #"},"series":{"#
    for (index, entry) in result.series.enumerated() {
      text += "\(index > 0 ? "," : "")\(Self.quoted(entry.name)):["
      text += entry.value.map { Self.number($0) }.joined(separator: ",")
      text += "]"
    }
    return Array((text + "}}").utf8)
  }

  private static func number(_ value: Double) -> String {
    value.isFinite ? "\(value)" : "null"
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) { return "\"\(text)\"" }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..<" ": quoted += String(format: "\\u%04x", scalar.value)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// Reads an entry back without a general parser: what ``SweepPoint/json`` writes, in its order.
///
/// The checksum of the line vouches for the bytes, so that nothing else can stand here; should it
/// do so all the same, the reader says no.
struct SweepPointReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Status, seconds and reason; the result follows for `done`.
  mutating func head() -> SweepPoint? {
    guard skip(#"{"status":"#), let name = string(), let status = PointStatus(rawValue: name),
      skip(#","seconds":"#), let seconds = number()
    else { return nil }
    var point = SweepPoint(status, seconds: seconds, reason: "")
    guard status != .done else { return point }
    guard skip(#","reason":"#), let reason = string() else { return nil }
    point.reason = reason
    return point
  }

  /// Calls back for every number, word and series in turn.
  ///
  /// - Returns: whether the entry was whole.
  mutating func result(
    number: (UnsafeBufferPointer<UInt8>, Double) -> Void,
    word: (UnsafeBufferPointer<UInt8>, String) -> Void,
    series: (UnsafeBufferPointer<UInt8>, [Double]) -> Void
  ) -> Bool {
    let numbers = object(#","numbers":{"#) { reader, name in
      guard let value = reader.number() else { return false }
      number(name, value)
      return true
    }
    let words =
      numbers
      && object(#","words":{"#) { reader, name in
        guard let value = reader.string() else { return false }
        word(name, value)
        return true
      }
    return words
      && object(#","series":{"#) { reader, name in
        guard reader.skip("[") else { return false }
        var row: [Double] = []
        repeat {
          guard let value = reader.number() else { return false }
          row.append(value)
        } while reader.skip(",")
        series(name, row)
        return reader.skip("]")
      } && skip("}")
  }

  /// An object whose names need no escapes.
  private mutating func object(
    _ opening: StaticString,
    _ member: (inout SweepPointReader, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    guard skip(opening) else { return false }
    if skip("}") { return true }
    repeat {
      guard skip("\""), let end = bytes[place...].firstIndex(of: UInt8(ascii: "\"")) else {
        return false
      }
      let name = UnsafeBufferPointer(rebasing: bytes[place..<end])
      place = end + 1
      guard skip(":"), member(&self, name) else { return false }
    } while skip(",")
    return skip("}")
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - place >= count,
      memcmp(bytes.baseAddress! + place, text.utf8Start, count) == 0
    else { return false }
    place += count
    return true
  }

  /// A number, or not-a-number for null.
  private mutating func number() -> Double? {
    if skip("null") { return .nan }
    var end = place
    while end < bytes.count, bytes[end] != UInt8(ascii: ","), bytes[end] != UInt8(ascii: "}"),
      bytes[end] != UInt8(ascii: "]")
    { end += 1 }
    let text = UnsafeBufferPointer(rebasing: bytes[place..<end])
    place = end
    return Double(String(decoding: text, as: UTF8.self))
  }

  private mutating func string() -> String? {
    guard skip("\"") else { return nil }
    let start = place
    var isEscaped = false
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") {
        isEscaped = true
        place += 1
      }
      place += 1
    }
    guard place < bytes.count else { return nil }
    place += 1
    let text = UnsafeBufferPointer(rebasing: bytes[start..<place - 1])
    guard isEscaped else { return String(decoding: text, as: UTF8.self) }
    let whole = UnsafeBufferPointer(rebasing: bytes[start - 1..<place])
    return try? JSONDecoder().decode(String.self, from: Data(whole))
  }
}
