import Foundation
public import PoiseNumerics
import Synchronization

/// The other end of a ``SweepRunner``: reads the arguments of a point from standard input, one JSON
/// array in a line, and answers with its entry on the same channel.
public enum SweepWorker {
  /// Serves until the channel closes, and leaves the process then, in the midst of a point if need
  /// be: nobody is left to take the answer.
  ///
  /// - Parameters:
  ///   - series: longest series to keep of a point.
  ///   - answer: computes the result of a command line.
  public static func serve(
    series: Int, answer: ([String]) throws(PoiseError) -> any RecordedResult
  ) -> Never {
    let requests = Requests()
    let reader = Thread {
      while let line = readLine() { requests.put(Array(line.utf8)) }
      _exit(0)
    }
    reader.start()
    send(Array("ready".utf8))
    while true {
      let line = requests.take()
      let started = ContinuousClock.now
      var elapsed: Double { (ContinuousClock.now - started) / .seconds(1) }
      do throws(PoiseError) {
        guard let arguments = try? JSONDecoder().decode([String].self, from: Data(line)) else {
          throw PoiseError(.unreadable, quantity: "request", value: "no JSON array", allowed: "")
        }
        let result = try answer(arguments)
        let point = try entry(of: result, elapsed, series)
        send(point.json)
      } catch {
        send(SweepPoint(.failed, seconds: elapsed, reason: error.message).json)
      }
    }
  }

  private static func entry(
    of result: any RecordedResult, _ seconds: Double, _ series: Int
  ) throws(PoiseError) -> SweepPoint {
    do {
      return try SweepPoint(result, seconds: seconds, series: series)
    } catch {
      throw PoiseError(.noAnswer, quantity: "result", value: "\(error)", allowed: "")
    }
  }

  /// The line that asks for a point.
  static func request(_ arguments: [String]) -> [UInt8] {
    Array((try? JSONEncoder().encode(arguments)) ?? Data("[]".utf8))
  }

  private static func send(_ line: [UInt8]) {
    let bytes = line + [0x0A]
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.send(0, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { _exit(0) }
      done += written
    }
  }

  /// Lines between the thread that reads and the one that computes.
  private final class Requests: Sendable {
    private let lines = Mutex<[[UInt8]]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func put(_ line: [UInt8]) {
      lines.withLock { $0.append(line) }
      arrived.signal()
    }

    func take() -> [UInt8] {
      arrived.wait()
      return lines.withLock { $0.removeFirst() }
    }
  }
}
