import Foundation
public import PoiseNumerics

/// Reads what any number of writers left in a folder, also while they write.
public struct JournalReader: Sendable {
  /// What was found that cannot be used: the points concerned are computed again.
  public struct Damage: Sendable, Equatable {
    /// `path: line n` of lines whose checksum is wrong, the first hundred.
    public var lines: [String] = []
    /// How many there are.
    public var damaged = 0
    /// Files whose last line is cut short, as an interruption leaves it.
    public var torn = 0
    /// Journals that were read.
    public var journals = 0
    /// Bytes that were read.
    public var bytes = 0

    /// The damage of both: numbers add up, and of the lines the first hundred are kept.
    public static func + (a: Self, b: Self) -> Self {
      Damage(
        lines: Array((a.lines + b.lines).prefix(100)), damaged: a.damaged + b.damaged,
        torn: a.torn + b.torn, journals: a.journals + b.journals, bytes: a.bytes + b.bytes)
    }
  }

  /// The folder; journals are its files `*.jsonl`.
  public let folder: String
  /// What the points belong to.
  public let subject: String
  /// The longest line; longer ones are damaged.
  public static let longestLine = 1 << 26

  /// A reader of this folder, which need not exist.
  public init(folder: String, subject: String) {
    self.folder = folder
    self.subject = subject
  }

  /// Hands every sound entry to `body`, file by file in the order of names, each from its start. A
  /// point may occur more than once.
  ///
  /// - Parameter body: receives the identity and the bytes of the entry, valid during the call.
  /// - Throws: `unreadable` for a journal of a newer version, of another subject, or that may not
  ///   be read. A folder that does not exist has no entries.
  @discardableResult
  public func read(
    _ body: (PointIdentity, UnsafeBufferPointer<UInt8>) -> Void
  ) throws(PoiseError) -> Damage {
    var damage = Damage()
    for path in try files() {
      let part = try read(path, body)
      damage = damage + part
    }
    return damage
  }

  /// Every sound entry by its point; of several the last one.
  public func entries() throws(PoiseError) -> (entries: [PointIdentity: [UInt8]], damage: Damage) {
    var entries: [PointIdentity: [UInt8]] = [:]
    let damage = try read { entries[$0] = Array($1) }
    return (entries, damage)
  }

  private func files() throws(PoiseError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue,
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else {
      throw PoiseError(
        .unreadable, quantity: folder, value: "cannot be listed",
        allowed: "a folder that you may read")
    }
    return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { "\(folder)/\($0)" }
  }

  private func read(
    _ path: String, _ body: (PointIdentity, UnsafeBufferPointer<UInt8>) -> Void
  ) throws(PoiseError) -> Damage {
    var damage = Damage(journals: 1)
    var fault: PoiseError?
    var number = 0
    let lines = LineFile(path: path, longest: Self.longestLine)
    let outcome = try lines.each { line in
      number += 1
      guard let (identity, entry) = line.flatMap({ JournalLine.decoded($0) }) else {
        damage.damaged += 1
        if damage.lines.count < 100 { damage.lines.append("\(path): line \(number)") }
        return true
      }
      if identity == JournalHeader.identity {
        fault = check(entry, path)
        return fault == nil
      }
      body(identity, entry)
      return true
    }
    if let fault { throw fault }
    damage.torn = outcome.isTorn ? 1 : 0
    damage.bytes = outcome.bytes
    return damage
  }

  private func check(_ entry: UnsafeBufferPointer<UInt8>, _ path: String) -> PoiseError? {
    do throws(PoiseError) {
      guard let header = try? JSONDecoder().decode(JournalHeader.self, from: Data(entry)) else {
        throw PoiseError(
          .unreadable, quantity: path, value: "a first line of another layout",
          allowed: "journals of this version of Poise (\(PoiseVersion.current))",
          suggestion: "the Poise that wrote it, or another folder")
      }
      try header.check(path: path, subject: subject)
      return nil
    } catch {
      return error
    }
  }
}

/// A file read line by line, whatever its size.
struct LineFile {
  let path: String
  let longest: Int

  /// Calls `body` with every line that ends in a newline, without it; nil for one that is too long.
  /// It returns false to stop.
  func each(
    _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) throws(PoiseError) -> (isTorn: Bool, bytes: Int) {
    // A pipe under the name of a journal must not block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw fault() }
    defer { _ = close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var filled = 0
    var total = 0
    var isSkipping = false
    while true {
      let got = buffer.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw fault() }
      if got == 0 { return (filled > 0 || isSkipping, total) }
      filled += got
      total += got
      var start = 0
      var goesOn = true
      buffer.withUnsafeBufferPointer { bytes in
        while goesOn, let end = Self.newline(bytes, start..<filled) {
          goesOn = body(isSkipping ? nil : UnsafeBufferPointer(rebasing: bytes[start..<end]))
          isSkipping = false
          start = end + 1
        }
      }
      guard goesOn else { return (false, total) }
      if start > 0 {
        buffer.withUnsafeMutableBytes {
          _ = memmove($0.baseAddress!, $0.baseAddress! + start, filled - start)
        }
        filled -= start
      }
      guard filled == buffer.count else { continue }
      if filled >= longest {
        isSkipping = true
        filled = 0
      } else {
        buffer += [UInt8](repeating: 0, count: buffer.count)
      }
    }
  }

  private static func newline(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Int? {
    guard !range.isEmpty,
      let found = memchr(bytes.baseAddress! + range.lowerBound, 0x0A, range.count)
    else { return nil }
    return UnsafeRawPointer(bytes.baseAddress!).distance(to: UnsafeRawPointer(found))
  }

  private func fault() -> PoiseError {
    PoiseError(
      .unreadable, quantity: path, value: String(cString: strerror(errno)),
      allowed: "a file that you may read")
  }
}
