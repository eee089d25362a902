import Foundation
public import PoiseNumerics

/// Gives what is missing of a sweep to Slurm.
public struct SweepSubmitter: Sendable {
  /// The sweep.
  public let folder: SweepFolder
  /// What is asked of Slurm for each task.
  public let job: SlurmJob
  /// Path of the program that a task runs.
  public let program: String
  /// Seconds that a point may take.
  public let timeLimit: Double?

  /// A submitter; nothing is written or submitted yet.
  public init(folder: SweepFolder, job: SlurmJob, program: String, timeLimit: Double? = nil) {
    self.folder = folder
    self.job = job
    self.program = program
    self.timeLimit = timeLimit
  }

  /// What was submitted.
  public struct Receipt: Codable, Sendable, Equatable {
    /// Numbers of the jobs, as Slurm calls them.
    public var jobs: [String]
    /// Number of the submission in the folder; 0 if there was nothing to do.
    public var submission: Int
    /// Tasks of the submission, over all its jobs.
    public var tasks: Int
    /// Points that these tasks share.
    public var points: Int
    /// Points that tasks of earlier submissions still have before them.
    public var inWork: Int
    /// Scripts that were given to sbatch.
    public var scripts: [String]
  }

  /// Writes the scripts and submits them.
  ///
  /// - Parameter retries: whether points that failed are among what is missing.
  /// - Throws: `noAnswer` with what Slurm said; `unwritable`; `outOfRange`.
  public func submit(retries: Bool) throws(PoiseError) -> Receipt {
    let queue = try SlurmQueue()
    let inWork = try folder.pointsInWork(queue)
    let open = try folder.survey().open(retries: retries)
    let points = open.filter { !inWork.contains($0) }
    guard !points.isEmpty else {
      return Receipt(
        jobs: [], submission: 0, tasks: 0, points: 0, inWork: open.count, scripts: [])
    }
    let tasks = try min(count("--tasks", job.tasks ?? 8), points.count)
    let perJob = try min(count("--tasks-per-job", job.tasksPerJob ?? .max), queue.maxArraySize())
    var submission = SweepSubmission(
      number: try folder.submissionList().map(\.number).max().map { $0 + 1 } ?? 1,
      engine: "slurm", arguments: folder.grid.arguments, tasks: tasks,
      processors: job.processors ?? 1, points: SweepSubmission.text(of: points), jobs: [])
    let logs = "\(folder.absolutePath)/logs"
    for path in [folder.submissions, logs] {
      guard
        (try? FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)) != nil
      else {
        throw PoiseError(
          .unwritable, quantity: path, value: "cannot be made",
          allowed: "a folder that you may write to")
      }
    }
    let file = "\(folder.submissions)/\(submission.number).json"
    try WholeFile.write(submission, file)
    var scripts: [String] = []
    for first in stride(from: 0, to: tasks, by: perJob) {
      let part = min(perJob, tasks - first)
      let path = "\(folder.submissions)/\(submission.number)-\(first).sbatch"
      let script = try job.script(
        name: "poise-\((folder.absolutePath as NSString).lastPathComponent)", indices: 0..<part,
        log: "\(logs)/\(submission.number)-\(first)-%a.txt",
        command: command(submission.number), first: first)
      guard (try? Data(script.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)) != nil
      else {
        throw PoiseError(
          .unwritable, quantity: path, value: "cannot be written", allowed: "room on the disk")
      }
      scripts.append(path)
      let id: String
      do {
        id = try queue.submit(path)
      } catch {
        // Nothing of it runs: it shall leave no trace.
        if submission.jobs.isEmpty { unlink(file) }
        throw error
      }
      submission.jobs.append(.init(id: id, first: first, count: part))
      try WholeFile.write(submission, file)
    }
    return Receipt(
      jobs: submission.jobs.map(\.id), submission: submission.number, tasks: tasks,
      points: points.count, inWork: open.count - points.count, scripts: scripts)
  }

  private func command(_ number: Int) -> [String] {
    var words = [program, "sweep", "run", "--into", folder.absolutePath]
    words += ["--share", "\(number):$task", "--jobs", "\(job.processors ?? 1)", "--quiet"]
    if let timeLimit { words += ["--time-limit", SweepAxis.canonical(timeLimit)] }
    return words
  }

  private func count(_ option: String, _ value: Int) throws(PoiseError) -> Int {
    guard value >= 1 else {
      throw PoiseError(.outOfRange, quantity: option, value: "\(value)", allowed: "1 or more")
    }
    return value
  }
}

extension SweepFolder {
  /// The path from the root.
  var absolutePath: String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// Points of tasks that wait or run.
  func pointsInWork(_ queue: SlurmQueue) throws(PoiseError) -> Set<Int> {
    let submissions = try submissionList().filter { $0.arguments == grid.arguments }
    let live = try queue.tasks(of: submissions.flatMap { $0.jobs.map(\.id) })
    var points: Set<Int> = []
    for submission in submissions {
      let tasks = submission.jobs.flatMap { job in
        live.filter { $0.job == job.id }.map { job.first + $0.index }
      }
      guard !tasks.isEmpty else { continue }
      let indices = try submission.indices(
        below: grid.count, path: "\(self.submissions)/\(submission.number).json")
      for task in tasks {
        points.formUnion(SweepSubmission.share(task, of: submission.tasks, indices))
      }
    }
    return points
  }

  /// Tasks of all submissions: those that wait or run, how many workers run, and how the other tasks
  /// ended, as far as Slurm knows.
  public func slurmTasks() throws(PoiseError) -> SlurmTasks {
    let submissions = try submissionList()
    var tasks = SlurmTasks()
    guard submissions.contains(where: { !$0.jobs.isEmpty }) else { return tasks }
    let queue = try SlurmQueue()
    tasks.live = try queue.tasks(of: submissions.flatMap { $0.jobs.map(\.id) })
    for submission in submissions {
      for job in submission.jobs {
        let own = tasks.live.filter { $0.job == job.id }
        tasks.workers += submission.processors * own.count { $0.state == "RUNNING" }
        let alive = Set(own.map(\.index))
        for (index, state) in try queue.endings(of: job.id) where !alive.contains(index) {
          tasks.ended[state, default: 0] += 1
        }
      }
    }
    return tasks
  }
}

/// What Slurm says about a sweep.
public struct SlurmTasks: Sendable {
  /// Tasks that wait or run.
  public var live: [SlurmQueue.Task] = []
  /// Workers of the tasks that run.
  public var workers = 0
  /// The others by state.
  public var ended: [String: Int] = [:]

  /// No tasks at all.
  public init() {}
}
