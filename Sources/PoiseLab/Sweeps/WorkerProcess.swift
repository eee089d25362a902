import Foundation
import PoiseNumerics
import Synchronization

/// A process that computes points one after another: it receives the arguments of a point as one
/// line of JSON on its standard input, and answers there too, with one line.
///
/// Points run in processes of their own so that one that crashes, runs out of memory or takes too
/// long ends alone.
final class WorkerProcess {
  /// What came of a request.
  enum Reply: Equatable {
    case line([UInt8])
    case timedOut
    case stopped
    /// The process is gone; why, in words.
    case died(String)
  }

  private let process: pid_t
  private let channel: Int32
  private let errors: Int32
  private var received: [UInt8] = []
  private var isAlive = true

  /// Two spawns at once would hand each other's channels to their children where the system cannot
  /// make them private in one step.
  private static let spawning = Mutex(())

  /// Starts `command`: the path of a program and its arguments.
  init(_ command: [String]) throws(PoiseError) {
    var started: (pid_t, Int32, Int32)?
    Self.spawning.withLock { _ in started = Self.spawn(command) }
    guard let started else {
      throw PoiseError(
        .noAnswer, quantity: "worker process", value: String(cString: strerror(errno)),
        allowed: "room for one more process", suggestion: "fewer --jobs")
    }
    (process, channel, errors) = started
  }

  private static func spawn(_ command: [String]) -> (pid_t, Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var name = Array("\(NSTemporaryDirectory())/poise-worker-XXXXXX".utf8CString)
    let errors = mkstemp(&name)
    if errors >= 0 {
      unlink(name)
      _ = fcntl(errors, F_SETFD, FD_CLOEXEC)
    }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      _ = Foundation.close(ends[1])
    }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    if errors >= 0 {
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    // Ctrl-C reaches the parent alone, which then decides; signals that it handles are reset.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    guard posix_spawn(&process, command[0], &actions, &attributes, &arguments, environ) == 0 else {
      _ = Foundation.close(ends[0])
      if errors >= 0 { _ = Foundation.close(errors) }
      return nil
    }
    return (process, ends[0], errors)
  }

  /// Waits for the line with which a worker says that it is ready.
  func greeting(isStopped: () -> Bool) -> Reply { answer(limit: 60, isStopped: isStopped) }

  /// Sends a line and waits for the answer.
  ///
  /// - Parameter limit: seconds after which the process is ended; nil for none.
  func ask(_ line: [UInt8], limit: Double?, isStopped: () -> Bool) -> Reply {
    let bytes = line + [0x0A]
    var done = 0
    while done < bytes.count {
      let sent = bytes.withUnsafeBytes {
        send(channel, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return .died(end(isKilled: false)) }
      done += sent
    }
    return answer(limit: limit, isStopped: isStopped)
  }

  private func answer(limit: Double?, isStopped: () -> Bool) -> Reply {
    let deadline = limit.map { ContinuousClock.now + .seconds($0) }
    var stoppedAt: ContinuousClock.Instant?
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = Array(received[..<end])
        received.removeFirst(end + 1)
        return .line(line)
      }
      let now = ContinuousClock.now
      if let deadline, now >= deadline {
        _ = end(isKilled: true)
        return .timedOut
      }
      // Whoever stops gives a point that is nearly finished one second.
      if isStopped() {
        if now - (stoppedAt ?? now) > .seconds(1) {
          _ = end(isKilled: true)
          return .stopped
        }
        stoppedAt = stoppedAt ?? now
      }
      let left = deadline.map { (($0 - now) / .milliseconds(1)).rounded(.up) } ?? 100
      var waiting = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Int32(max(1, min(100, left)))) != 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let got = recv(channel, &chunk, chunk.count, 0)
      if got < 0, errno == EINTR || errno == EAGAIN { continue }
      guard got > 0 else { return .died(end(isKilled: false)) }
      received += chunk[..<got]
    }
  }

  /// Ends the process: at once, or by closing its input, upon which it leaves.
  func close() { _ = end(isKilled: false) }

  /// How the process ended, in words.
  @discardableResult
  private func end(isKilled: Bool) -> String {
    guard isAlive else { return "" }
    isAlive = false
    _ = Foundation.close(channel)
    if isKilled { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let last = lastError()
    if errors >= 0 { _ = Foundation.close(errors) }
    let signal = status & 0x7F
    let reason =
      signal == 0
      ? "the process ended with status \(status >> 8 & 0xFF)"
      : "the process ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    return last.isEmpty ? reason : "\(reason): \(last)"
  }

  /// The last line that the process wrote to its standard error.
  private func lastError() -> String {
    guard errors >= 0 else { return "" }
    let size = lseek(errors, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: min(2048, max(0, Int(size))))
    let got = pread(errors, &bytes, bytes.count, size - off_t(bytes.count))
    guard got > 0 else { return "" }
    let text = String(decoding: bytes[..<got], as: UTF8.self)
    return text.split(separator: "\n").first { $0.contains("Fatal error") }
      .map { String($0.suffix(200)) } ?? ""
  }

  deinit { end(isKilled: true) }
}
