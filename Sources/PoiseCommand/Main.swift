import ArgumentParser
import Foundation
import Poise

/// The entry point: parses, runs, and turns every failure into one message and an exit status.
///
/// 0 answered; 1 a check disagrees; 2 no answer; 64 usage; 66 unreadable input; 130 interrupted.
@main
struct Main {
  static func main() {
    BLAS.useOneThread()
    do {
      var command = try PoiseCommand.parseAsRoot()
      try command.run()
    } catch let error as PoiseError {
      Terminal.complain(error)
      Foundation.exit(error.exitStatus)
    } catch {
      PoiseCommand.exit(withError: error)
    }
  }
}

struct PoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poise",
    abstract: "The statistical physics of deep networks: theory, checked on networks really built.",
    discussion: """
      How shall I initialise this network for these data?

        poise advise --activation tanh --depth 64 --width 256 --data digits

      Every theory verb takes --check (build networks, compare), --json, and --output DIR.
      Where a number may stand, so may a list a,b,c or a range 1:4:0.1, 0.5:4#100, 1e-3:10@50.
      """,
    version: "poise \(PoiseVersion.current)",
    groupedSubcommands: [
      CommandGroup(
        name: "Theory questions",
        subcommands: [
          Advise.self, Phase.self, Propagate.self, Spectrum.self, Kernel.self, InformationVerb.self,
          TailsVerb.self, Stable.self, Posterior.self, Train.self,
        ]),
      CommandGroup(name: "Many points", subcommands: [Sweep.self]),
      CommandGroup(
        name: "Trust", subcommands: [Verify.self, Reproduce.self, Report.self, Doctor.self]),
      CommandGroup(name: "Reading", subcommands: [Explain.self, Cite.self]),
    ])
}

extension PoiseCommand {
  /// Verbs that leave a record, and can be swept.
  static var theoryVerbs: [String] { theory.map { name(of: $0) } }

  private static var theory: [any ParsableCommand.Type] {
    configuration.groupedSubcommands[0].subcommands
  }

  /// Parses the command line of a verb of theory by that verb alone: half the work of starting
  /// from the root, which asks every command on the way for all its options.
  static func parseVerb(_ arguments: [String]) throws -> any ParsableCommand {
    var rest = arguments[...]
    guard let verb = rest.popFirst(), let type = theory.first(where: { name(of: $0) == verb })
    else { return try parseAsRoot(arguments) }
    var leaf = type
    while let next = leaf.configuration.subcommands.first(where: { name(of: $0) == rest.first }) {
      leaf = next
      rest = rest.dropFirst()
    }
    return try (leaf.configuration.defaultSubcommand ?? leaf).parseAsRoot(Array(rest))
  }

  private static func name(of type: any ParsableCommand.Type) -> String {
    type.configuration.commandName ?? String(describing: type).lowercased()
  }
}

extension PoiseError {
  /// 66 for input that cannot be read, 64 for what was asked wrongly, 130 for an interruption, 2
  /// where there is no answer.
  var exitStatus: Int32 {
    switch code {
    case .unreadable: 66
    case .outOfRange, .unknownName, .shapeMismatch: 64
    case .cancelled: 130
    default: 2
    }
  }
}
