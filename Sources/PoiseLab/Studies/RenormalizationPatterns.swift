import PoiseNumerics

/// What the number of patterns does.
extension RenormalizationClaims {
  /// The mean of a number over data sets.
  static func mean(
    _ path: String, _ table: StudyTable, patterns: String, temperature: String
  ) throws(PoiseError) -> Estimate {
    let points = try table.points(["patterns": patterns, "temperature": temperature])
    return Estimate(
      try points.map { point throws(PoiseError) in try table.number(path, at: point) })
  }

  static func patterns(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let all = try table.values(of: "patterns")
    let inputs = try dimension(table)
    let width = try table.value("width", at: 0)
    let source = "\(paper); docs/theory/posterior.md, learning curve"
    let biases = try all.map { patterns throws(PoiseError) in
      try mean("points.bias", table, patterns: patterns, temperature: "0")
    }
    let peak = biases.indices.max { biases[$0].value < biases[$1].value }!
    let numbers = try table.numbers(of: "patterns")
    var statements = [
      StudyStatement(
        "patterns at which the bias peaks, T = 0",
        claim: "The bias diverges where the patterns are as many as the inputs.", source: source,
        measured: Estimate(numbers[peak]), is: .equal, inputs, tolerance: 0)
    ]
    guard let middle = numbers.firstIndex(where: { $0 == width }), middle > 0,
      middle + 1 < numbers.count
    else { return statements }
    statements.append(
      StudyStatement(
        "bias at P = N less the mean of its neighbours, T = 0",
        claim: "Nothing happens where the patterns are as many as the units of a layer.",
        source: source, measured: try bump(table, all, middle), is: .atMost, 0, tolerance: 0.02))
    let load = width / inputs
    let noise = RenormalizationStudy.labelNoise
    statements.append(
      StudyStatement(
        "bias at P = N₀/2, mean over data sets",
        claim: "The bias is (1 − α₀) + σ_n² α₀/(1 − α₀), whatever the network.",
        source: "docs/theory/posterior.md, noisy linear teacher", measured: biases[middle],
        is: .equal, 1 - load + noise * load / (1 - load), tolerance: 0.15))
    return statements
  }

  /// Bias at a number of patterns less the mean of its neighbours', over data sets.
  private static func bump(
    _ table: StudyTable, _ all: [String], _ middle: Int
  ) throws(PoiseError) -> Estimate {
    let curves = try (-1...1).map { step throws(PoiseError) in
      try table.points(["patterns": all[middle + step], "temperature": "0"])
        .map { point throws(PoiseError) in try table.number("points.bias", at: point) }
    }
    return Estimate(
      curves[1].indices.map { curves[1][$0] - (curves[0][$0] + curves[2][$0]) / 2 })
  }

  /// N₀ of `teacher:N₀`.
  private static func dimension(_ table: StudyTable) throws(PoiseError) -> Double {
    let text = try table.option("data", at: 0)
    guard let value = Double(text.drop { $0 != ":" }.dropFirst()) else {
      throw PoiseError(
        .outOfRange, quantity: "--data of part \(table.part.name)", value: text,
        allowed: "teacher:N₀")
    }
    return value
  }
}
