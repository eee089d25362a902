import PoiseData

/// One line of a journal: a JSON object with a checksum of all that follows the checksum.
///
///     {"check":"0a1b2c3d","point":"<32 hexadecimal digits>","entry":{…}}
///
/// The place of every part is fixed, so that a line is checked and taken apart without parsing.
enum JournalLine {
  private static let opening = Array(#"{"check":""#.utf8)
  private static let afterCheck = Array(#"","#.utf8)
  private static let point = Array(#""point":""#.utf8)
  private static let entry = Array(#"","entry":"#.utf8)
  /// Bytes before what the checksum covers.
  private static let covered = opening.count + 8 + afterCheck.count
  /// Bytes before the entry.
  private static let prefix = covered + point.count + 32 + entry.count

  /// The line, newline included. The entry is JSON without a newline.
  static func encoded(_ identity: PointIdentity, _ content: some Collection<UInt8>) -> [UInt8] {
    var body = point
    body.reserveCapacity(body.count + 48 + content.count)
    body += Array(identity.description.utf8)
    body += entry
    body += content
    body.append(UInt8(ascii: "}"))
    let sum = String(CRC32.of(body), radix: 16)
    var line = opening
    line.reserveCapacity(body.count + 24)
    line += Array((String(repeating: "0", count: 8 - sum.utf8.count) + sum).utf8)
    line += afterCheck
    line += body
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// Identity and entry of a line without its newline; nil if it is torn or damaged.
  static func decoded(
    _ line: UnsafeBufferPointer<UInt8>
  ) -> (identity: PointIdentity, entry: UnsafeBufferPointer<UInt8>)? {
    guard line.count > prefix, line.starts(with: opening), line.last == UInt8(ascii: "}") else {
      return nil
    }
    var sum: UInt32 = 0
    for byte in line[opening.count..<opening.count + 8] {
      guard let digit = PointIdentity.digit(byte) else { return nil }
      sum = sum << 4 | UInt32(digit)
    }
    guard part(line, opening.count + 8..<covered).elementsEqual(afterCheck),
      CRC32.of(part(line, covered..<line.count)) == sum,
      part(line, covered..<covered + point.count).elementsEqual(point),
      let identity = PointIdentity(
        hexadecimal: part(line, covered + point.count..<covered + point.count + 32))
    else { return nil }
    return (identity, part(line, prefix..<line.count - 1))
  }

  private static func part(
    _ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: line[range]) }
}
