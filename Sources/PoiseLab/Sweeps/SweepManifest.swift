import Foundation
import PoiseNumerics

/// What is swept in a folder: `sweep.json`.
struct SweepManifest: Codable, Equatable {
  static let version = 1
  private static let family = "poise.sweep/"

  /// `poise.sweep/1`.
  var schema: String
  /// Version of Poise that wrote it.
  var poise: String
  /// The command with its ranges.
  var arguments: [String]
  /// Options that run together.
  var zipped: [[String]]
  /// Options that are passed on as they stand.
  var fixed: [String]
  /// Longest series that is kept of a point.
  var series: Int

  init(arguments: [String], zipped: [[String]], fixed: [String], series: Int) {
    schema = "\(Self.family)\(Self.version)"
    poise = PoiseVersion.current
    self.arguments = arguments
    self.zipped = zipped
    self.fixed = fixed
    self.series = series
  }

  func grid() throws(PoiseError) -> SweepGrid {
    try SweepGrid(arguments, zipped: zipped, fixed: fixed, series: series)
  }

  /// Reads it; nil where there is none.
  static func read(_ path: String) throws(PoiseError) -> SweepManifest? {
    guard let data = FileManager.default.contents(atPath: path) else {
      guard !FileManager.default.fileExists(atPath: path) else {
        throw PoiseError(
          .unreadable, quantity: path, value: "cannot be read", allowed: "a file that you may read")
      }
      return nil
    }
    struct Schema: Decodable {
      var schema: String
      var poise: String
    }
    guard data.count < 1 << 24, let head = try? JSONDecoder().decode(Schema.self, from: data),
      head.schema.hasPrefix(family), let number = Int(head.schema.dropFirst(family.count))
    else {
      throw PoiseError(
        .unreadable, quantity: path, value: "not a description of a sweep",
        allowed: "JSON of schema \(family)\(version)", suggestion: "another folder")
    }
    guard number <= version, let manifest = try? JSONDecoder().decode(Self.self, from: data) else {
      throw PoiseError(
        .unreadable, quantity: path,
        value: "version \(number), written by Poise \(head.poise.prefix(40))",
        allowed: "version \(version), which this Poise (\(PoiseVersion.current)) can read",
        suggestion: "the newer Poise, or another folder; nothing was changed here")
    }
    return manifest
  }

  func write(_ path: String) throws(PoiseError) { try WholeFile.write(self, path) }
}

/// JSON files that are whole or absent.
enum WholeFile {
  static func write(_ value: some Encodable, _ path: String) throws(PoiseError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try (encoder.encode(value) + Data("\n".utf8))
        .write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw PoiseError(
        .unwritable, quantity: path, value: "cannot be written",
        allowed: "room on the disk and a folder that you may write to",
        suggestion: "make room, or --into another folder")
    }
  }
}
