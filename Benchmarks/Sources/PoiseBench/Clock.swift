#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Seconds of one measurement, over its repetitions.
struct Timing: Codable {
  /// The fastest repetition: what the machine can do when nobody disturbs it.
  var best: Double
  /// The repetition in the middle.
  var median: Double

  /// The same, of a part of the work.
  func divided(by parts: Double) -> Timing { Timing(best: best / parts, median: median / parts) }
}

/// Clocks of the system.
enum Clock: Sendable {
  /// Processor time of the whole process, all threads together: insensitive to other programs.
  case processor
  /// Elapsed time.
  case wall

  /// Now, in seconds.
  var seconds: Double {
    var time = timespec()
    clock_gettime(self == .processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Runs `body` once unmeasured and then `repetitions` times.
  ///
  /// - Parameter warm: whether to make the unmeasured run; long jobs do without.
  func time(
    _ repetitions: Int, warm: Bool = true, _ body: () throws -> Void
  ) rethrows -> Timing {
    if warm { try body() }
    var all: [Double] = []
    for _ in 0..<repetitions {
      let start = seconds
      try body()
      all.append(seconds - start)
    }
    all.sort()
    return Timing(best: all[0], median: all[all.count / 2])
  }
}
