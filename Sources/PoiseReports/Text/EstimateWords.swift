import PoiseLab

/// Sentence and table of an estimate.
struct EstimateWords: Answer {
  let result: EstimateResult

  init(_ result: EstimateResult) { self.result = result }

  var subject: String { "\(result.x), \(result.y)" }

  var headline: String {
    let known = result.values.filter { $0.nats != nil }
    guard let first = known.first else {
      return "These samples do not determine \(result.meaning)."
    }
    if known.count == 2, known[0].name == "lower bound" {
      return "Between \(measured(known[0])) and \(measured(known[1])) nats: \(result.meaning)."
    }
    let bits = NumberText.short(first.bits ?? 0)
    let word = first.name.hasPrefix("upper") ? "At most " : ""
    return "\(word)\(measured(first)) nats (\(bits) bits): \(result.meaning)."
  }

  private func measured(_ value: EstimateResult.Value) -> String {
    Measured.format(value: value.nats ?? 0, error: value.standardError ?? 0)
  }

  var tables: [AnswerTable] {
    let caption =
      "\(result.samples) samples, \(result.dimensionsX) + \(result.dimensionsY) columns, "
      + result.method
    return [AnswerTable(heading: "Numbers", caption: caption, table: table)]
  }

  func figures(of record: Record) -> [FigureScript] { [] }

  private var table: TextTable {
    let values = result.values
    return TextTable([
      .init("", values.map(\.name), .left),
      .init("nats", values.map { $0.nats.map { NumberText.short($0) } ?? ($0.natsCase ?? "–") }),
      .init("error", values.map { $0.standardError.map { NumberText.short($0) } ?? "–" }),
      .init("bits", values.map { $0.bits.map { NumberText.short($0) } ?? "–" }),
    ])
  }

  /// Warnings of all values, each once, and how it was done.
  var caveats: [String] {
    var all: [String] = []
    for warning in result.values.flatMap(\.warnings) where !all.contains(warning) {
      all.append(warning)
    }
    if let jitter = result.jitter {
      all.append("a relative jitter of \(NumberText.short(jitter)) was added to break ties")
    }
    return all
  }

  var next: String {
    switch result.method {
    case "ksg1", "ksg2":
      caveats.isEmpty
        ? "another --neighbors: an estimate to trust does not depend on it"
        : "--method pairwise or logdet with --noise-variance, for wide layers"
    case "pairwise": "--method logdet with the same noise, for another upper bound"
    default: "--method pairwise with --noise-variance, for bounds from both sides"
    }
  }
}
