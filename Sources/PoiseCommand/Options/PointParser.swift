import ArgumentParser

/// How options of a command take another text, by their names.
typealias OptionTexts<Command> = [String: @Sendable (inout Command, String) -> Void]

/// A verb of which a parsed command can be given other values of some options.
protocol RevaluedCommand: ParsableCommand {
  /// Options that keep what was written as it is, and whose text no check of the parser looks at.
  static var texts: OptionTexts<Self> { get }
}

/// Parses command lines that differ little from one to the next, as the points of a sweep do.
///
/// For each command line the parser builds the tables of all options three times, which costs a
/// millisecond, more than many an answer. So the last command is kept; where only options of
/// `texts` have changed since, they are set in a copy of it.
final class PointParser {
  private var last: (words: [String], command: any RevaluedCommand)?

  /// The command of a line, as `PoiseCommand.parseVerb` gives it.
  func command(_ words: [String]) throws -> any ParsableCommand {
    if let last, let command = Self.revalue(last.command, from: last.words, to: words) {
      return command
    }
    let command = try PoiseCommand.parseVerb(words)
    last = (command as? any RevaluedCommand).map { (words, $0) }
    return command
  }

  /// The command with other values; nil if more has changed than it can take.
  static func revalue<Command: RevaluedCommand>(
    _ command: Command, from old: [String], to new: [String]
  ) -> Command? {
    guard old.count == new.count else { return nil }
    var command = command
    for (former, word) in zip(old, new) where former != word {
      guard let (name, text) = parts(word), parts(former)?.name == name, !text.isEmpty,
        let set = Command.texts[name]
      else { return nil }
      set(&command, text)
    }
    return command
  }

  /// `--name=text`.
  private static func parts(_ word: String) -> (name: String, text: String)? {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return nil }
    let start = word.index(word.startIndex, offsetBy: 2)
    return (String(word[start..<equals]), String(word[word.index(after: equals)...]))
  }
}

extension EnsembleOptions {
  static func texts<Command>(
    _ group: any WritableKeyPath<Command, Self> & Sendable
  ) -> OptionTexts<Command> {
    [
      "activation": { $0[keyPath: group].activation = $1 },
      "weight-variance": { $0[keyPath: group].weightVariance = $1 },
      "bias-variance": { $0[keyPath: group].biasVariance = $1 },
      "alpha": { $0[keyPath: group].alpha = $1 },
      "scale": { $0[keyPath: group].scale = $1 },
      "bias-scale": { $0[keyPath: group].biasScale = $1 },
    ]
  }
}

extension StableLawOptions {
  static func texts<Command>(
    _ group: any WritableKeyPath<Command, Self> & Sendable
  ) -> OptionTexts<Command> {
    [
      "alpha": { $0[keyPath: group].alpha = $1 },
      "beta": { $0[keyPath: group].beta = $1 },
      "scale": { $0[keyPath: group].scale = $1 },
      "location": { $0[keyPath: group].location = $1 },
    ]
  }
}

extension Phase: RevaluedCommand {
  static let texts = EnsembleOptions.texts(\Self.ensemble)
}

extension Propagate: RevaluedCommand {
  static let texts = EnsembleOptions.texts(\Self.ensemble).merging(
    ["depth": { $0.depth = $1 }]
  ) { $1 }
}

extension Spectrum: RevaluedCommand {
  static let texts = EnsembleOptions.texts(\Self.ensemble).merging(
    ["depth": { $0.depth = $1 }, "width": { $0.width = $1 }]
  ) { $1 }
}

extension InformationLayersVerb: RevaluedCommand {
  static let texts = EnsembleOptions.texts(\Self.ensemble).merging(
    ["depth": { $0.depth = $1 }, "width": { $0.width = $1 }]
  ) { $1 }
}

extension StablePDF: RevaluedCommand {
  static let texts = StableLawOptions.texts(\Self.law).merging(["x": { $0.x = $1 }]) { $1 }
}

extension StableCDF: RevaluedCommand {
  static let texts = StableLawOptions.texts(\Self.law).merging(["x": { $0.x = $1 }]) { $1 }
}

extension StableQuantile: RevaluedCommand {
  static let texts = StableLawOptions.texts(\Self.law).merging(["p": { $0.p = $1 }]) { $1 }
}

extension Tails: RevaluedCommand {
  static let texts: OptionTexts<Self> = [
    "activation": { $0.activation = $1 }, "alpha": { $0.alpha = $1 }, "scale": { $0.scale = $1 },
  ]
}
