import Foundation
public import PoiseNumerics
import Synchronization

/// Computes points in worker processes, and writes each into a journal as soon as it is finished.
///
/// Points are handed out one at a time, so that no worker waits for another; the order in which they
/// end shows nowhere. A worker that dies is replaced: a point in whose midst three of them died has
/// failed.
public struct SweepRunner: Sendable {
  /// The points and their options.
  public let grid: SweepGrid
  /// A program and its arguments that serves as ``SweepWorker`` says.
  public let worker: [String]
  /// Worker processes at a time.
  public let jobs: Int
  /// Seconds that a point may take; nil for any.
  public let timeLimit: Double?

  /// What a run did.
  public struct Outcome: Sendable, Equatable {
    /// Points with a result.
    public var done = 0
    /// Points that ended with an error, or in whose midst workers died.
    public var failed = 0
    /// Points that ran over their time.
    public var timeLimit = 0
    /// Whether it was stopped before its end.
    public var isStopped = false

    /// Nothing has been done.
    public init() {}
  }

  /// A runner; workers start with a run.
  public init(grid: SweepGrid, worker: [String], jobs: Int, timeLimit: Double? = nil) {
    self.grid = grid
    self.worker = worker
    self.jobs = jobs
    self.timeLimit = timeLimit
  }

  private struct State {
    var next = 0
    var outcome = Outcome()
    var fault: PoiseError?
  }

  /// What the lanes of a run share.
  private final class Run: Sendable {
    let indices: [Int]
    let keep: @Sendable (Int, [UInt8]) throws(PoiseError) -> Void
    let progress: @Sendable (Int, Int) -> Void
    let isStopped: @Sendable () -> Bool
    let state = Mutex(State())

    init(
      _ indices: [Int], _ keep: @escaping @Sendable (Int, [UInt8]) throws(PoiseError) -> Void,
      _ progress: @escaping @Sendable (Int, Int) -> Void,
      _ isStopped: @escaping @Sendable () -> Bool
    ) {
      self.indices = indices
      self.keep = keep
      self.progress = progress
      self.isStopped = isStopped
    }

    /// The next point; nil when there is none, or none is to be started.
    func next() -> Int? {
      state.withLock { state in
        guard state.fault == nil, !isStopped(), state.next < indices.count else { return nil }
        state.next += 1
        return indices[state.next - 1]
      }
    }

    /// Counts a finished point; how many there are.
    func count(_ status: PointStatus) -> Int {
      state.withLock { state in
        switch status {
        case .done: state.outcome.done += 1
        case .timeLimit: state.outcome.timeLimit += 1
        case .failed, .missing: state.outcome.failed += 1
        }
        return state.outcome.finished
      }
    }
  }

  /// Computes the points with the given indices.
  ///
  /// - Parameters:
  ///   - keep: receives the entry of every finished point; a throw ends the run.
  ///   - progress: receives the number of finished points and of all.
  ///   - isStopped: asked all the time; once true, no point is started any more, and those in work
  ///     are given one second.
  /// - Throws: what `keep` throws; `noAnswer` when workers do not start.
  public func run(
    _ indices: [Int], keep: @escaping @Sendable (Int, [UInt8]) throws(PoiseError) -> Void,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(PoiseError) -> Outcome {
    let run = Run(indices, keep, progress, isStopped)
    let group = DispatchGroup()
    // Lanes wait for their workers nearly all the time: threads, not a pool of processors.
    for _ in 0..<max(1, min(jobs, indices.count)) {
      group.enter()
      let thread = Thread {
        serve(run)
        group.leave()
      }
      thread.start()
    }
    group.wait()
    var (outcome, fault) = run.state.withLock { ($0.outcome, $0.fault) }
    if let fault { throw fault }
    outcome.isStopped = outcome.finished < indices.count
    return outcome
  }

  /// Seconds that single points take, one after another; nothing is kept.
  /// - Throws: `noAnswer` with the reason of a point that fails.
  public func timing(of indices: [Int]) throws(PoiseError) -> [Double] {
    var times: [Double] = []
    var process: WorkerProcess?
    for index in indices {
      guard let (status, entry) = try compute(index, &process, { false }) else { break }
      let head = entry.withUnsafeBufferPointer { buffer -> SweepPoint? in
        var reader = SweepPointReader(buffer)
        return reader.head()
      }
      guard let head, status != .failed else {
        throw PoiseError(
          .noAnswer, quantity: "point at \(grid.place(of: index))", value: head?.reason ?? "",
          allowed: "a point with an answer", suggestion: "the command with these values alone")
      }
      times.append(head.seconds)
    }
    process?.close()
    return times
  }

  private func serve(_ run: Run) {
    var process: WorkerProcess?
    defer { process?.close() }
    do throws(PoiseError) {
      while let index = run.next() {
        guard let (status, entry) = try compute(index, &process, run.isStopped) else { return }
        try run.keep(index, entry)
        run.progress(run.count(status), run.indices.count)
      }
    } catch {
      run.state.withLock { $0.fault = $0.fault ?? error }
    }
  }

  /// The entry of a point; nil if it was stopped.
  private func compute(
    _ index: Int, _ process: inout WorkerProcess?, _ isStopped: () -> Bool
  ) throws(PoiseError) -> (PointStatus, [UInt8])? {
    let request = SweepWorker.request(grid.arguments(at: index))
    var deaths: [String] = []
    while true {
      if process == nil { process = try start(isStopped) }
      guard let worker = process else { return nil }
      let started = ContinuousClock.now
      let reply = worker.ask(request, limit: timeLimit, isStopped: isStopped)
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      if case .line(let entry) = reply {
        let head = entry.withUnsafeBufferPointer { buffer -> SweepPoint? in
          var reader = SweepPointReader(buffer)
          return reader.head()
        }
        if let head { return (head.status, entry) }
      }
      process = nil
      switch reply {
      case .stopped: return nil
      case .timedOut:
        let reason = "took longer than \(SweepAxis.canonical(timeLimit ?? 0)) s"
        return (.timeLimit, SweepPoint(.timeLimit, seconds: seconds, reason: reason).json)
      case .line: deaths.append("the process gave no answer that can be read")
      case .died(let reason): deaths.append(reason)
      }
      guard deaths.count < 3 else {
        let reason = "\(deaths[2]), three times"
        return (.failed, SweepPoint(.failed, seconds: seconds, reason: reason).json)
      }
    }
  }

  /// A worker that said that it is ready; nil if the run was stopped meanwhile.
  private func start(_ isStopped: () -> Bool) throws(PoiseError) -> WorkerProcess? {
    var reason = ""
    for _ in 0..<5 {
      let worker = try WorkerProcess(self.worker)
      switch worker.greeting(isStopped: isStopped) {
      case .line: return worker
      case .stopped: return nil
      case .timedOut: reason = "not ready after a minute"
      case .died(let why): reason = why
      }
    }
    throw PoiseError(
      .noAnswer, quantity: "worker process", value: "does not start: \(reason)",
      allowed: self.worker.joined(separator: " "), suggestion: "fewer --jobs")
  }
}

extension SweepRunner.Outcome {
  /// Points that came to an end, whichever.
  public var finished: Int { done + failed + timeLimit }
}
