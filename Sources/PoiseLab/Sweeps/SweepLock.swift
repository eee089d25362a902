import Foundation
public import PoiseNumerics

/// Keeps a second run out of the same share of the same folder, where it would do everything twice.
///
/// A lock of the system, gone with the process that holds it however it ends. File systems that know
/// none let everybody in: nothing is lost then, since no two runs write one journal.
public final class SweepLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a share, the one of this machine for nil.
  /// - Throws: `outOfRange` when another run holds it; `unwritable`.
  public init(_ folder: SweepFolder, share: SweepShare?, jobs: Int) throws(PoiseError) {
    let directory = folder.folder(of: share)
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw PoiseError(
        .unwritable, quantity: directory, value: "cannot be made",
        allowed: "a folder that you may write to", suggestion: "--into another folder")
    }
    descriptor = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw TileFile.fault("\(directory)/lock") }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      let holder = Self.content(descriptor)
      _ = close(descriptor)
      throw PoiseError(
        .outOfRange, quantity: folder.path, value: "another run is at work here (\(holder))",
        allowed: "one run at a time on a machine", suggestion: "poise sweep status \(folder.path)")
    }
    _ = ftruncate(descriptor, 0)
    let text = Array("process \(getpid()), workers \(jobs)".utf8)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { _ = close(descriptor) }

  /// Workers of the run that is at work on this machine; 0 if there is none.
  public static func workers(_ folder: SweepFolder) -> Int {
    let file = open("\(folder.folder(of: nil))/lock", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { _ = close(file) }
    guard flock(file, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return 0 }
    return content(file).split(separator: " ").last.flatMap { Int($0) } ?? 1
  }

  private static func content(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 80)
    let got = pread(file, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
  }
}
