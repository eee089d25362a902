import ArgumentParser
import Foundation

/// The options of a subcommand that stands for its parent, for the help of the parent.
enum DefaultOptions {
  /// Their sections as the subcommand's own help has them. Made only when help is asked for: every
  /// configuration is read whenever the program starts.
  static func help(of command: any ParsableCommand.Type) -> String {
    guard CommandLine.arguments.contains(where: { ["--help", "-h", "help"].contains($0) }) else {
      return ""
    }
    let text = command.helpMessage(columns: 80)
    guard let usage = text.range(of: "USAGE:"),
      let end = text.range(of: "\n\n", range: usage.upperBound..<text.endIndex)
    else { return "" }
    return "\n\n" + text[end.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
