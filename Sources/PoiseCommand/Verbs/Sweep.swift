import ArgumentParser
import Poise

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Many points of any verb: on this machine or on Slurm, whatever interrupts them.",
    discussion: """
      A sweep is a command with ranges. Its axes are crossed, or run together with --zip. Every
      finished point is kept at once; the same command again does what is missing.

        poise sweep run --into phases -- phase --activation tanh \\
          --weight-variance 0.5:4#100 --bias-variance 0:1#100
        poise sweep collect phases --output collected

      Points are the same on any machine of one kind, with any number of jobs (docs/sweeps.md).
      """,
    subcommands: [
      SweepPlan.self, SweepRun.self, SweepSubmit.self, SweepStatus.self, SweepCollect.self,
      SweepRetry.self, SweepWork.self,
    ])
}

/// Serves points to `sweep run`.
struct SweepWork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Answer points on standard input.", shouldDisplay: false)

  @Option(help: "Longest series to keep.") var series = 200

  func run() throws {
    let parser = PointParser()
    SweepWorker.serve(series: series) { arguments throws(PoiseError) in
      try RecordSink.result(of: arguments, parser)
    }
  }
}
