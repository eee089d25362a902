import ArgumentParser

struct InformationVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "information",
    abstract: "How much of the input does layer l still carry?",
    discussion: """
      Mutual information between samples in files, and layers in the information plane.

        poise information estimate X.npy Y.npy
        poise information bottleneck --activation linear --weights orthogonal \\
          --weight-variance 1 --noise every-layer --noise-variance 0.1

      `poise cite information` for the sources.
      """,
    subcommands: [InformationEstimateVerb.self, InformationBottleneckVerb.self])
}
