import Foundation
import PoiseMeanField
import PoiseNumerics

/// A row-major float64 matrix on disk, written and read in rectangles at their own places.
struct TileFile: Sendable {
  private let descriptor: Int32
  private let path: String
  private let start: Int
  private let width: Int

  /// Opens or makes the file and writes the header.
  init(path: String, header: [UInt8], width: Int) throws(PoiseError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    self.path = path
    start = header.count
    self.width = width
    guard descriptor >= 0 else { throw Self.fault(path) }
    if let fault = header.withUnsafeBytes({ put($0, at: 0) }) { throw fault }
  }

  /// Writes the entries of a tile, row by row.
  func write(_ entries: [Double], _ tile: KernelPlan.Tile) throws(PoiseError) {
    let count = tile.columns.count
    for (index, row) in tile.rows.enumerated() {
      let offset = start + 8 * (row * width + tile.columns.lowerBound)
      let line = entries[index * count..<(index + 1) * count].map(\.bitPattern.littleEndian)
      if let fault = line.withUnsafeBytes({ put($0, at: offset) }) { throw fault }
    }
  }

  /// nil, or why the bytes could not be written.
  private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> PoiseError? {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return Self.fault(path) }
      done += written
    }
    return nil
  }

  /// The checksum of what stands in the place of a tile; nil if the file is too short.
  func checksum(_ tile: KernelPlan.Tile) -> UInt64? {
    var sum = Checksum()
    var line = [UInt64](repeating: 0, count: tile.columns.count)
    for row in tile.rows {
      let offset = start + 8 * (row * width + tile.columns.lowerBound)
      let wanted = 8 * line.count
      let got = line.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress!, wanted, off_t(offset))
      }
      guard got == wanted else { return nil }
      for word in line { sum.add(UInt64(littleEndian: word)) }
    }
    return sum.value
  }

  func synchronize() throws(PoiseError) {
    guard fsync(descriptor) == 0 else { throw Self.fault(path) }
  }

  func rename(to destination: String) throws(PoiseError) {
    try synchronize()
    let result = path.withCString { old in
      destination.withCString { new in
        Foundation.rename(old, new)
      }
    }
    guard result == 0 else { throw Self.fault(destination) }
  }

  func close() { _ = Foundation.close(descriptor) }

  static func fault(_ path: String) -> PoiseError {
    PoiseError(
      .unwritable, quantity: path, value: String(cString: strerror(errno)),
      allowed: "room on the disk and the right to write")
  }
}

/// The list of finished tiles beside a growing file: a first line that says of what, then one line
/// per tile, `index checksum check`, each believed only if its own check is right.
struct TileJournal {
  private let path: String
  private let descriptor: Int32
  /// Finished tiles and the checksums of their bytes.
  private(set) var entries: [Int: UInt64] = [:]

  init(path: String, identity: UInt64) throws(PoiseError) {
    self.path = path
    let title = "poise.tiles/1 \(String(identity, radix: 16))\n"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let isOurs = text.hasPrefix(title)
    descriptor = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (isOurs ? 0 : O_TRUNC), 0o666)
    guard descriptor >= 0 else { throw TileFile.fault(path) }
    guard isOurs else {
      try put(title)
      return
    }
    for line in text.split(separator: "\n").dropFirst() {
      let words = line.split(separator: " ")
      guard words.count == 3, let tile = Int(words[0]), tile >= 0,
        let sum = UInt64(words[1], radix: 16), words[2] == Self.check(tile, sum)
      else { continue }
      entries[tile] = sum
    }
    // A torn last line must not swallow the next one.
    if !text.hasSuffix("\n") { try put("\n") }
  }

  mutating func append(_ tiles: [(Int, UInt64)]) throws(PoiseError) {
    var text = ""
    for (tile, sum) in tiles {
      entries[tile] = sum
      text += "\(tile) \(String(sum, radix: 16)) \(Self.check(tile, sum))\n"
    }
    try put(text)
  }

  private func put(_ text: String) throws(PoiseError) {
    let bytes = Array(text.utf8)
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TileFile.fault(path)
    }
  }

  private static func check(_ tile: Int, _ sum: UInt64) -> String {
    var check = Checksum()
    check.add(UInt64(tile))
    check.add(sum)
    return String(check.value, radix: 16)
  }

  func remove() {
    _ = Foundation.close(descriptor)
    unlink(path)
  }
}
