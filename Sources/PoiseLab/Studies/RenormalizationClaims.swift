import PoiseNumerics
import RealModule

/// What the paper says of width, depth, patterns and prior variance, by theory and by samples.
enum RenormalizationClaims {
  static let paper = "Li and Sompolinsky 2021"

  /// The change of the sampled test error between two points, with its error.
  private static func change(
    _ table: StudyTable, from first: Int, to last: Int
  ) throws(PoiseError) -> (value: Double, error: Double) {
    let (a, b) = (
      try RenormalizationSamples.sampled("testError", table, at: first),
      try RenormalizationSamples.sampled("testError", table, at: last)
    )
    return (b.value - a.value, (a.error * a.error + b.error * b.error).squareRoot())
  }

  /// Whether error grows with width (T = 0): σ^{2(L+1)} > r̂₀.
  static func growsWithWidth(variance: Double, depth: Int, strength: Double) -> Bool {
    Double.pow(variance, depth + 1) > strength
  }

  /// Whether error grows with depth (T = 0): (1 − α)σ² > 1 − α r̂₀.
  static func growsWithDepth(variance: Double, load: Double, strength: Double) -> Bool {
    (1 - load) * variance > 1 - load * strength
  }

  /// r̂₀ of the data: σ² times that of a point, whose kernel contains it.
  static func strength(_ table: StudyTable, at point: Int) throws(PoiseError) -> Double {
    try table.value("weight-variance", at: point) * table.number("points.labelStrength", at: point)
  }

  // MARK: width

  static func width(_ data: StudyData) throws(PoiseError) -> [StudyStatement] {
    let lines = try data.part("width-lines")
    var all: [StudyStatement] = []
    for variance in try lines.values(of: "weight-variance") {
      all.append(try correction(lines, variance))
    }
    let table = try data.part("width")
    let widths = try table.values(of: "width")
    for variance in try table.values(of: "weight-variance") {
      let points = try widths.map { width throws(PoiseError) in
        try table.point(["weight-variance": variance, "width": width])
      }
      let strength = try strength(table, at: points[0])
      let change = try change(table, from: points[0], to: points[points.count - 1])
      let mean = try table.number("points.exactTestError", at: points[0])
      let grows = growsWithWidth(
        variance: try table.value("weight-variance", at: points[0]), depth: 2, strength: strength)
      let isFlat =
        abs(try table.value("weight-variance", at: points[0]) / .pow(strength, 1.0 / 3) - 1) < 0.1
      all.append(
        StudyStatement(
          "change of the sampled error from N = \(widths[0]) to \(widths.last!), share of it, "
            + "σ² = \(variance)",
          claim: isFlat
            ? "Near σ^{2(L+1)} = r̂₀ width does not matter."
            : "The error \(grows ? "grows" : "falls") with width, as σ^{2(L+1)} is "
              + "\(grows ? "above" : "below") r̂₀.",
          source: "\(paper); docs/theory/posterior.md, phases", measured: change.value / mean,
          error: change.error / mean, is: isFlat ? .equal : (grows ? .atLeast : .atMost), 0,
          tolerance: isFlat ? 0.12 : 0))
    }
    return all + (try flat(data.part("flat")))
  }

  /// How far the saddle point's s is from the exact one, in units of L/N.
  private static func correction(
    _ table: StudyTable, _ variance: String
  ) throws(PoiseError) -> StudyStatement {
    var worst = 0.0
    for width in try table.values(of: "width") {
      let point = try table.point([
        "weight-variance": variance, "width": width, "temperature": "0",
      ])
      let (saddle, exact) = (
        try table.number("points.scales", at: point),
        try table.number("points.exactScale", at: point)
      )
      let order = try table.value("depth", at: point) / table.value("width", at: point)
      worst = max(worst, abs(saddle / exact - 1) / order)
    }
    return StudyStatement(
      "largest N/L |s/⟨s⟩ − 1| of the saddle point, T = 0, σ² = \(variance)",
      claim: "The saddle point is off by no more than L/N.",
      source: "docs/theory/posterior.md, limit and regimes", measured: worst, is: .atMost, 1,
      tolerance: 0)
  }

  /// Where curves of two widths cross, against r̂₀^{1/(L+1)}.
  private static func flat(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let widths = try table.values(of: "width")
    let variances = try table.values(of: "weight-variance")
    var all: [StudyStatement] = []
    for depth in try table.values(of: "depth") {
      func crossing(_ path: String) throws(PoiseError) -> Double? {
        let gaps = try variances.map { variance throws(PoiseError) -> Double in
          let errors = try widths.map { width throws(PoiseError) in
            try table.number(
              path, at: table.point(["depth": depth, "weight-variance": variance, "width": width]))
          }
          return errors[1] - errors[0]
        }
        return Self.zero(try table.numbers(of: "weight-variance"), gaps)
      }
      let point = try table.points(["depth": depth])[0]
      let expected = Double.pow(try strength(table, at: point), 1 / (Double(depth)! + 1))
      // The exact mixture leaves the saddle point by the order of L/N.
      let order = try Double(depth)! / table.numbers(of: "width")[0]
      for (path, name, tolerance) in [
        ("points.testError", "saddle point", 0.01), ("points.exactTestError", "exact", order),
      ] {
        all.append(
          StudyStatement(
            "σ² at which width does not matter, L = \(depth), \(name)",
            claim: "The error is the same at all widths where σ^{2(L+1)} = r̂₀.",
            source: "\(paper); docs/theory/posterior.md, phases",
            measured: try crossing(path) ?? .nan, is: .equal, expected,
            tolerance: tolerance * expected))
      }
    }
    return all
  }

  /// Where a broken line passes through zero; nil if it does not.
  static func zero(_ x: [Double], _ y: [Double]) -> Double? {
    for index in 1..<max(1, x.count) where y[index - 1] * y[index] <= 0 && y[index] != y[index - 1]
    {
      let share = y[index - 1] / (y[index - 1] - y[index])
      return x[index - 1] + share * (x[index] - x[index - 1])
    }
    return nil
  }

  // MARK: depth

  static func depth(_ data: StudyData) throws(PoiseError) -> [StudyStatement] {
    let lines = try data.part("depth-lines")
    let source = "\(paper); docs/theory/posterior.md, phases"
    var all: [StudyStatement] = []
    for (path, name) in [("points.testError", "saddle point"), ("points.exactTestError", "exact")] {
      let (wrong, count) = try trends(lines, path)
      all.append(
        StudyStatement(
          "settings of \(count) whose error changes with depth otherwise, \(name)",
          claim: "At T = 0 the error grows with depth where (1 − α)σ² > 1 − α r̂₀, else it falls.",
          source: source, measured: Double(wrong), is: .atMost, 0, tolerance: 0))
    }
    let table = try data.part("depth")
    let depths = try table.values(of: "depth")
    for variance in try table.values(of: "weight-variance") {
      let ends = try [depths[0], depths.last!].map { depth throws(PoiseError) in
        try table.point(["weight-variance": variance, "depth": depth])
      }
      let load =
        try table.value("patterns", at: ends[0]) / table.value("width", at: ends[0])
      let grows = growsWithDepth(
        variance: try table.value("weight-variance", at: ends[0]), load: load,
        strength: try strength(table, at: ends[0]))
      let change = try change(table, from: ends[0], to: ends[1])
      all.append(
        StudyStatement(
          "change of the sampled error from L = \(depths[0]) to \(depths.last!), σ² = \(variance)",
          claim: "The error \(grows ? "grows" : "falls") with depth.", source: source,
          measured: change.value, error: change.error, is: grows ? .atLeast : .atMost, 0,
          tolerance: 0))
    }
    return all
  }

  /// Settings of width and variance in which the error does not change with depth as it should.
  private static func trends(
    _ table: StudyTable, _ path: String
  ) throws(PoiseError) -> (wrong: Int, count: Int) {
    let depths = try table.values(of: "depth")
    var (wrong, count) = (0, 0)
    for width in try table.values(of: "width") {
      for variance in try table.values(of: "weight-variance") {
        let points = try depths.map { depth throws(PoiseError) in
          try table.point([
            "depth": depth, "width": width, "weight-variance": variance, "temperature": "0",
          ])
        }
        let errors = try points.map { point throws(PoiseError) in
          try table.number(path, at: point)
        }
        let load =
          try table.value("patterns", at: points[0]) / table.value("width", at: points[0])
        let grows = growsWithDepth(
          variance: try table.value("weight-variance", at: points[0]), load: load,
          strength: try strength(table, at: points[0]))
        count += 1
        if (errors[errors.count - 1] > errors[0]) != grows { wrong += 1 }
      }
    }
    return (wrong, count)
  }

  // MARK: patterns

  /// The mean over data sets of a number at T = 0, with its standard error.
  static func mean(
    _ path: String, _ table: StudyTable, patterns: String, temperature: String
  ) throws(PoiseError) -> (value: Double, error: Double) {
    let points = try table.points(["patterns": patterns, "temperature": temperature])
    let values = try points.map { point throws(PoiseError) in try table.number(path, at: point) }
    return mean(values)
  }

  static func mean(_ values: [Double]) -> (value: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, n > 1 ? (square / (n * (n - 1))).squareRoot() : .infinity)
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
        measured: numbers[peak], is: .equal, inputs, tolerance: 0)
    ]
    guard let middle = numbers.firstIndex(where: { $0 == width }), middle > 0,
      middle + 1 < numbers.count
    else { return statements }
    let rises = try bump(table, all, middle)
    statements.append(
      StudyStatement(
        "bias at P = N above its neighbours, T = 0",
        claim: "Nothing happens where the patterns are as many as the units of a layer.",
        source: source, measured: rises.value, error: rises.error, is: .atMost, 0,
        tolerance: 0.02))
    let load = width / inputs
    let bias = biases[middle]
    statements.append(
      StudyStatement(
        "bias at P = N₀/2, mean over data sets",
        claim: "The bias is (1 − α₀) + σ_n² α₀/(1 − α₀), whatever the network.",
        source: "docs/theory/posterior.md, noisy linear teacher", measured: bias.value,
        error: bias.error, is: .equal, 1 - load + 0.25 * load / (1 - load), tolerance: 0.15))
    return statements
  }

  /// Bias at a number of patterns less the mean of its neighbours', over data sets.
  private static func bump(
    _ table: StudyTable, _ all: [String], _ middle: Int
  ) throws(PoiseError) -> (value: Double, error: Double) {
    let curves = try (-1...1).map { step throws(PoiseError) in
      try table.points(["patterns": all[middle + step], "temperature": "0"])
        .map { point throws(PoiseError) in try table.number("points.bias", at: point) }
    }
    return mean(curves[1].indices.map { curves[1][$0] - max(curves[0][$0], curves[2][$0]) })
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

  // MARK: prior variance

  /// At T = 0 the variance of a prediction grows with σ², so that the smallest prior is the best.
  static func variance(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let variances = try table.values(of: "weight-variance")
    func curve(_ path: String, _ temperature: String) throws(PoiseError) -> [Double] {
      try variances.map { variance throws(PoiseError) in
        try table.number(
          path, at: table.point(["weight-variance": variance, "temperature": temperature]))
      }
    }
    let spread = try curve("points.exactVariance", "0")
    let steps = zip(spread, spread.dropFirst()).map { $1 / $0 - 1 }
    let (noisy, clean) = (
      try curve("points.exactBias", "0.5"), try curve("points.exactBias", "0")
    )
    return [
      StudyStatement(
        "smallest relative step of the variance over σ², T = 0",
        claim: "Without noise the spread of networks grows with the prior variance.",
        source: "docs/theory/posterior.md, phases", measured: steps.min() ?? .nan, is: .atLeast, 0,
        tolerance: 0),
      StudyStatement(
        "bias at the smallest σ², T = 0.5, over that at T = 0",
        claim: "With noise a small prior learns too little; without, the bias knows nothing of it.",
        source: "docs/theory/posterior.md, phases", measured: noisy[0] / clean[0], is: .atLeast, 1,
        tolerance: 0),
      StudyStatement(
        "largest relative difference of the bias over σ², T = 0",
        claim: "Without noise the bias depends on no property of the network.",
        source: "docs/theory/posterior.md, predictions",
        measured: (clean.max() ?? .nan) / (clean.min() ?? .nan) - 1, is: .atMost, 0,
        tolerance: 1e-9),
    ]
  }
}
