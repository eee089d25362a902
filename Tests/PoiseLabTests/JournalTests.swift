import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab

@Suite struct JournalTests {
  /// A folder that is gone afterwards.
  static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-journal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Writes three points, and returns the path of the journal.
  static func three(_ folder: String, subject: String = "test") throws -> String {
    let writer = try JournalWriter(folder: folder, subject: subject)
    for number in 1...3 {
      try writer.append(PointIdentity(of: "point \(number)"), bytes(#"{"value":\#(number)}"#))
    }
    writer.close()
    return writer.path
  }

  /// The published values of FNV-1a with 128 bits.
  @Test(arguments: [
    ("", "6c62272e07bb014262b821756295c58d"), ("a", "d228cb696f1a8caf78912b704e4a8964"),
    ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
  ]) func identityIsFNV(text: String, digits: String) {
    let identity = PointIdentity(of: text)
    #expect(identity.description == digits)
    let back = Array(digits.utf8).withUnsafeBufferPointer { PointIdentity(hexadecimal: $0) }
    #expect(back == identity)
  }

  @Test func roundTrip() throws {
    try Self.withFolder { folder in
      let path = try Self.three(folder)
      _ = try Self.three(folder)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 4)
      for line in lines {
        #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
      }
      let (entries, damage) = try JournalReader(folder: folder, subject: "test").entries()
      #expect(entries.count == 3 && damage.damaged == 0 && damage.torn == 0)
      #expect(damage.journals == 2)
      #expect(entries[PointIdentity(of: "point 2")] == Self.bytes(#"{"value":2}"#))
    }
  }

  @Test func noFolderIsEmpty() throws {
    let reader = JournalReader(folder: "/nowhere/at/all", subject: "test")
    #expect(try reader.entries().entries.isEmpty)
  }

  /// A line cut at any place is left out, and the lines before it are kept.
  @Test func tornLine() throws {
    try Self.withFolder { folder in
      let path = try Self.three(folder)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let starts = whole.indices.filter { $0 == 0 || whole[$0 - 1] == 0x0A }
      for cut in starts[3]..<whole.count {
        try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
        let (entries, damage) = try JournalReader(folder: folder, subject: "test").entries()
        #expect(entries.count == 2)
        #expect(damage.torn == (cut == starts[3] ? 0 : 1) && damage.damaged == 0)
      }
    }
  }

  /// Whichever byte of a line changes, the line is found out, named, and left out.
  @Test func damagedLine() throws {
    try Self.withFolder { folder in
      let path = try Self.three(folder)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let starts = whole.indices.filter { $0 == 0 || whole[$0 - 1] == 0x0A }
      for place in starts[2]..<starts[3] - 1 {
        var changed = whole
        changed[place] ^= 0x04
        try changed.write(to: URL(fileURLWithPath: path))
        let (entries, damage) = try JournalReader(folder: folder, subject: "test").entries()
        #expect(entries.count == 2 && entries[PointIdentity(of: "point 2")] == nil)
        #expect(damage.lines.allSatisfy { $0.hasPrefix("\(path): line ") })
        // A byte that becomes a newline makes two damaged lines.
        #expect(damage.damaged == 1 || changed[place] == 0x0A)
      }
    }
  }

  /// Journals of a newer version and of other points are refused, and stay as they are.
  @Test func refusals() throws {
    try Self.withFolder { folder in
      let path = try Self.three(folder)
      #expect {
        try JournalReader(folder: folder, subject: "other").entries()
      } throws: { ($0 as? PoiseError)?.value == "belongs to: test" }
      var header = JournalHeader(subject: "test")
      header.journal = "poise.journal/2"
      header.poise = "9.0"
      let line = JournalLine.encoded(
        JournalHeader.identity, Array(try JSONEncoder().encode(header)))
      try Data(line).write(to: URL(fileURLWithPath: path))
      #expect {
        try JournalReader(folder: folder, subject: "test").entries()
      } throws: { ($0 as? PoiseError)?.value.contains("version 2, written by Poise 9.0") == true }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(line))
    }
  }

  /// A folder that cannot be written is refused by name.
  @Test func unwritable() throws {
    try Self.withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      #expect {
        try JournalWriter(folder: "\(folder)/file/journals", subject: "test")
      } throws: { ($0 as? PoiseError)?.code == .unwritable }
    }
  }

  /// Many threads, one journal: every line is whole.
  @Test func manyThreads() throws {
    try Self.withFolder { folder in
      let writer = try JournalWriter(folder: folder, subject: "test")
      _ = try parallelMap(count: 2000, jobs: 4) { (index: Int) throws(PoiseError) in
        let text = "[\(index),\"\(String(repeating: "x", count: index % 97))\"]"
        try writer.append(PointIdentity(of: "\(index)"), Array(text.utf8))
      }
      writer.close()
      let (entries, damage) = try JournalReader(folder: folder, subject: "test").entries()
      #expect(entries.count == 2000 && damage.damaged == 0)
      #expect {
        try writer.append(PointIdentity(of: "late"), [])
      } throws: { ($0 as? PoiseError)?.value == "closed" }
    }
  }

  /// A line longer than the buffer is read; endless ones are damaged and do not fill the memory.
  @Test func longLines() throws {
    try Self.withFolder { folder in
      let path = "\(folder)/lines"
      let text = String(repeating: "a", count: 3_000_000)
      try Data("short\n\(text)\nlast\nrest".utf8).write(to: URL(fileURLWithPath: path))
      var lengths: [Int?] = []
      let outcome = try LineFile(path: path, longest: 1 << 26).each {
        lengths.append($0?.count)
        return true
      }
      #expect(lengths == [5, 3_000_000, 4] && outcome.isTorn)
      lengths = []
      _ = try LineFile(path: path, longest: 1 << 20).each {
        lengths.append($0?.count)
        return true
      }
      #expect(lengths == [5, nil, 4])
    }
  }
}
