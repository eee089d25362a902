import Foundation
public import PoiseNumerics
import Synchronization

/// Appends finished points to a file of its own.
///
/// The file is new, under a name that no other writer has (`<host>-<process>-<random>.jsonl`, made
/// exclusively), and never opened for writing again: whoever resumes starts another. A point counts
/// once `append` returns, whatever kills the process afterwards. It reaches the disk within half a
/// second, in at most two synchronisations a second, and by `close`, so that a power cut costs no
/// more than that half second.
public final class JournalWriter: Sendable {
  /// Where it writes.
  public let path: String
  private struct State {
    var descriptor: Int32
    /// Bytes of whole lines.
    var length = 0
    var isDirty = false
    var isScheduled = false
    var synchronized: ContinuousClock.Instant
    /// Why nothing more can be written.
    var fault: PoiseError?
  }
  private let state: Mutex<State>

  /// Makes the folder if needed, and a new file in it.
  ///
  /// - Parameter subject: what the points belong to; the journals of one folder agree on it.
  /// - Throws: `unwritable`.
  public init(folder: String, subject: String) throws(PoiseError) {
    try Self.make(folder)
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    path = "\(folder)/\(JournalHeader.hostName)-\(getpid())-\(random).jsonl"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.fault(path) }
    state = Mutex(State(descriptor: descriptor, synchronized: .now))
    let header = try? JSONEncoder().encode(JournalHeader(subject: subject))
    try append(JournalHeader.identity, Array(header ?? Data()))
  }

  deinit { close() }

  /// Appends one point.
  ///
  /// - Parameter content: JSON in one line.
  /// - Throws: `unwritable` when the disk is full. The journal then ends with the last whole line
  ///   and takes nothing more.
  public func append(_ point: PointIdentity, _ content: [UInt8]) throws(PoiseError) {
    precondition(!content.contains(0x0A), "an entry is one line")
    let line = JournalLine.encoded(point, content)
    let fault = state.withLock { state -> PoiseError? in
      if let fault = state.fault { return fault }
      guard state.descriptor >= 0 else { return Self.closed(path) }
      if let fault = put(line, &state) { return fault }
      state.isDirty = true
      if state.synchronized.duration(to: .now) >= .milliseconds(500) {
        return synchronize(&state)
      }
      schedule(&state)
      return nil
    }
    if let fault { throw fault }
  }

  /// Brings everything to the disk.
  public func synchronize() throws(PoiseError) {
    if let fault = state.withLock({ synchronize(&$0) }) { throw fault }
  }

  /// Brings everything to the disk and takes nothing more.
  public func close() {
    state.withLock { state in
      guard state.descriptor >= 0 else { return }
      _ = synchronize(&state)
      _ = Foundation.close(state.descriptor)
      state.descriptor = -1
    }
  }

  /// The whole line or nothing of it.
  private func put(_ line: [UInt8], _ state: inout State) -> PoiseError? {
    var done = 0
    while done < line.count {
      let written = line.withUnsafeBytes {
        Foundation.write(state.descriptor, $0.baseAddress! + done, line.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let fault = Self.fault(path)
        _ = ftruncate(state.descriptor, off_t(state.length))
        state.fault = fault
        return fault
      }
      done += written
    }
    state.length += line.count
    return nil
  }

  private func synchronize(_ state: inout State) -> PoiseError? {
    guard state.isDirty, state.descriptor >= 0 else { return state.fault }
    state.isDirty = false
    state.synchronized = .now
    // Some file systems cannot synchronise at all: then they are as safe as they are.
    guard fsync(state.descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      state.fault = Self.fault(path)
      return state.fault
    }
    return nil
  }

  /// For a last point after which nothing comes for a while.
  private func schedule(_ state: inout State) {
    guard !state.isScheduled else { return }
    state.isScheduled = true
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + 0.5) { [weak self] in
      self?.state.withLock { state in
        state.isScheduled = false
        if state.isDirty { _ = self?.synchronize(&state) }
      }
    }
  }

  private static func make(_ folder: String) throws(PoiseError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw PoiseError(
        .unwritable, quantity: folder, value: "cannot be made",
        allowed: "a folder that you may write to", suggestion: "another folder")
    }
  }

  private static func fault(_ path: String) -> PoiseError {
    let reason = String(cString: strerror(errno))
    return PoiseError(
      .unwritable, quantity: path, value: reason,
      allowed: "room on the disk and the right to write",
      suggestion: "make room and run the same command again; every finished point is kept")
  }

  private static func closed(_ path: String) -> PoiseError {
    PoiseError(.unwritable, quantity: path, value: "closed", allowed: "a journal that is open")
  }
}
