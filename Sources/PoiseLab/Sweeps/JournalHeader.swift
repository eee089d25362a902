import Foundation
import PoiseNumerics

/// The first line of a journal: what it is, of what, and who wrote it.
struct JournalHeader: Codable, Equatable {
  /// Version of the layout of lines.
  static let version = 1
  private static let family = "poise.journal/"
  /// The identity under which a header stands in its line.
  static let identity = PointIdentity(0)

  /// `poise.journal/1`.
  var journal: String
  /// What the points belong to; journals of one folder agree on it.
  var subject: String
  /// Version of Poise.
  var poise: String
  /// Processor kernel of the BLAS, which decides about last bits.
  var blasCore: String
  /// Where it ran.
  var host: String

  init(subject: String) {
    journal = "\(Self.family)\(Self.version)"
    self.subject = subject
    poise = PoiseVersion.current
    blasCore = BLAS.coreName
    host = Self.hostName
  }

  /// The name of this machine up to the first dot, of harmless characters only.
  static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "host" }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let short = name.prefix { $0 != "." }.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return short.isEmpty ? "host" : String(short.prefix(40))
  }

  /// Refuses a journal of another version or of something else.
  func check(path: String, subject: String) throws(PoiseError) {
    guard journal.hasPrefix(Self.family), let number = Int(journal.dropFirst(Self.family.count))
    else {
      throw PoiseError(
        .unreadable, quantity: path, value: "a journal of the kind '\(journal.prefix(60))'",
        allowed: "journals that Poise wrote", suggestion: "another folder")
    }
    guard number <= Self.version else {
      throw PoiseError(
        .unreadable, quantity: path,
        value: "a journal of version \(number), written by Poise \(poise.prefix(40))",
        allowed: "version \(Self.version), which this Poise (\(PoiseVersion.current)) can read",
        suggestion: "the newer Poise, or another folder; nothing was changed here")
    }
    guard self.subject == subject else {
      throw PoiseError(
        .unreadable, quantity: path, value: "belongs to: \(self.subject.prefix(300))",
        allowed: "points of: \(subject.prefix(300))", suggestion: "another folder")
    }
  }
}
