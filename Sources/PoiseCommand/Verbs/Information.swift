import ArgumentParser

struct InformationVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "information",
    abstract: "How much of the input does layer l still carry?",
    discussion: """
      By layer and weight variance, with bounds and the asymptotically exact value; between samples in
      files; layers in the information plane.

        poise information --activation tanh --weights orthogonal --weight-variance 0.7:4:0.1 \\
          --depth 2,4,8 --noise every-layer --noise-variance 0.01
        poise information estimate X.npy Y.npy
        poise information bottleneck --activation linear --weights orthogonal \\
          --weight-variance 1 --noise every-layer --noise-variance 0.1

      `poise cite information` for the sources.
      """ + DefaultOptions.help(of: InformationLayersVerb.self),
    subcommands: [
      InformationLayersVerb.self, InformationEstimateVerb.self, InformationBottleneckVerb.self,
    ], defaultSubcommand: InformationLayersVerb.self)
}
