public import PoiseNumerics

extension AdviceStudy {
  private static let source = "docs/theory/recommendation.md"

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    var judgement = StudyJudgement()
    try judgeTanh(data, into: &judgement)
    guard data.profile != .smallest else { return judgement }
    try judgeDepth(data, into: &judgement)
    try judgeOthers(data, into: &judgement)
    try judgeWidths(data, into: &judgement)
    try judgeRate(data, into: &judgement)
    return judgement
  }

  /// A statement about a difference of two accuracies.
  private func difference(
    _ quantity: String, _ claim: String, _ first: Best?, _ second: Best?,
    is relation: StudyStatement.Relation, _ expected: Double, tolerance: Double
  ) -> StudyStatement {
    guard let first else {
      return StudyStatement(
        quantity, claim: claim, source: Self.source, untested: "no rate trains the advice",
        is: relation, expected, tolerance: tolerance)
    }
    // A start that diverges at every rate has learnt nothing.
    let (other, error) = second.map { ($0.accuracy, $0.error) } ?? (0.1, 0)
    return StudyStatement(
      quantity, claim: claim, source: Self.source, measured: first.accuracy - other,
      error: (first.error * first.error + error * error).squareRoot(), is: relation, expected,
      tolerance: tolerance)
  }

  /// A statement that on average over several cases the first of a pair loses nothing.
  private func mean(
    _ quantity: String, _ claim: String, _ pairs: [(Best?, Best?)], tolerance: Double
  ) -> StudyStatement {
    var (sum, square) = (0.0, 0.0)
    for (first, second) in pairs {
      // A start that diverges at every rate has learnt nothing.
      sum += (first?.accuracy ?? 0.1) - (second?.accuracy ?? 0.1)
      for error in [first?.error ?? 0, second?.error ?? 0] { square += error * error }
    }
    let count = Double(pairs.count)
    return StudyStatement(
      quantity, claim: claim, source: Self.source, measured: sum / count,
      error: square.squareRoot() / count, is: .atLeast, 0, tolerance: tolerance)
  }

  private func level(
    _ quantity: String, _ claim: String, _ best: Best?, is relation: StudyStatement.Relation,
    _ expected: Double
  ) -> StudyStatement {
    StudyStatement(
      quantity, claim: claim, source: Self.source, measured: best?.accuracy ?? 0.1,
      error: best?.error, is: relation, expected, tolerance: 0)
  }

  /// Shallow networks, where every start near the edge trains; the picture over depth.
  private func judgeTanh(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    var curves: [StudyPanel.Curve] = []
    var speeds: [StudyPanel.Curve] = []
    for (index, start) in Self.tanhStarts.enumerated() {
      let table = try data.part(Self.partName("tanh", start))
      var depths = try table.numbers(of: "depth")
      var bests = try table.values(of: "depth").map { depth throws(PoiseError) in
        try Self.best(table, depth: depth)
      }
      if data.profile != .smallest, Self.deepStarts.contains(where: { $0.name == start.name }) {
        depths.append(200)
        bests.append(try Self.best(try data.part(Self.deepName(start)), depth: "200"))
      }
      let accuracies = bests.map { $0?.accuracy }
      curves.append(
        .init(
          start.title, .points, color: index, x: depths, y: accuracies,
          error: bests.map { $0?.error }))
      curves.append(.init("", .line, color: index, x: depths, y: accuracies))
      let firsts = bests.map { $0?.firstEpoch }
      speeds.append(.init(start.title, .points, color: index, x: depths, y: firsts))
      speeds.append(.init("", .line, color: index, x: depths, y: firsts))
    }
    let depth = StudyPanel.Axis(
      "hidden layers L", isLogarithmic: true, low: 8, high: 250)
    judgement.remarks.append(
      "A first epoch is counted at the rate that gives the best accuracy, not at the fastest one.")
    judgement.panels += [
      StudyPanel(
        "accuracy",
        caption: "tanh, width 64: test accuracy of each start at the rate that validation chooses; "
          + "bars one standard error over networks.", x: depth,
        y: .init("test accuracy", low: 0, high: 1), curves: curves),
      StudyPanel(
        "speed",
        caption: "Median first epoch with a test accuracy of 0.9; no point where half of the "
          + "networks never got there.", x: depth, y: .init("first epoch", low: 0),
        curves: speeds),
    ]
    let shallow = try tanh(data, "10")
    judgement.statements.append(
      difference(
        "advice − best other start, L = 10",
        "At depth 10 any start near the edge of chaos trains as well: a tie.", shallow["advised"]!,
        shallow.filter { $0.key != "advised" }.compactMap(\.value).max {
          $0.accuracy < $1.accuracy
        }, is: .equal, 0, tolerance: 0.02))
  }

  /// The bests of all tanh starts at a depth, by name.
  private func tanh(
    _ data: StudyData, _ depth: String
  ) throws(PoiseError) -> [String: Best?] {
    var found: [String: Best?] = [:]
    for start in depth == "200" ? Self.deepStarts : Self.tanhStarts {
      let name = depth == "200" ? Self.deepName(start) : Self.partName("tanh", start)
      let best = try Self.best(try data.part(name), depth: depth)
      found[start.name] = .some(best)
    }
    return found
  }

  /// Depth 100 and 200 at width 64: who trains at all.
  private func judgeDepth(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    let deep = try tanh(data, "100")
    let linear = try Self.best(
      try data.part(Self.partName("tanh", Self.nearlyLinear)), depth: "100")
    for start in [Self.advised, Self.chaotic, Self.orthogonal] {
      judgement.statements.append(
        level(
          "\(start.title), L = 100", "Orthogonal starts near the edge train at depth 100.",
          deep[start.name]!, is: .atLeast, 0.93))
    }
    for (title, best) in [
      (Self.xavier.title, deep["xavier"]!), (Self.nearlyLinear.title, linear),
      (Self.pytorch.title, deep["pytorch"]!),
    ] {
      judgement.statements.append(
        level(
          "\(title), L = 100",
          "Independent weights do not train at depth 100, width 64, at any rate.", best,
          is: .atMost, 0.75))
    }
    var pairs = try ["30", "100", "200"].map { depth throws(PoiseError) in
      let bests = try tanh(data, depth)
      return (bests["advised"]!, bests["chaotic"]!)
    }
    for activation in ["erf", "hard_tanh"] {
      pairs.append(
        (
          try best(data, activation, Self.advised, "30"),
          try best(data, activation, Self.chaotic, "30")
        ))
    }
    judgement.statements.append(
      mean(
        "advice − slightly chaotic orthogonal, mean",
        "The advice loses nothing against orthogonal weights of σ_w = 1.05: tanh at depth 30, 100 "
          + "and 200, erf and hard tanh at depth 30.", pairs, tolerance: 0.01))
    let (advice, gain) = (deep["advised"]!, deep["orthogonal"]!)
    judgement.statements.append(
      StudyStatement(
        "first epoch: advice − orthogonal of gain 1, L = 100",
        claim: "At depth 100 the advice is not slower than orthogonal weights of gain 1.",
        source: Self.source,
        measured: (advice?.firstEpoch ?? .nan) - (gain?.firstEpoch ?? .nan), is: .atMost, 0,
        tolerance: 0.5))
    let deepest = try tanh(data, "200")
    judgement.statements.append(
      level(
        "\(Self.advised.title), L = 200", "The advice trains three times deeper than wide.",
        deepest["advised"]!, is: .atLeast, 0.9))
  }

  /// erf and hard tanh like tanh; rectifiers at width 64 have no deep start.
  private func judgeOthers(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    for activation in ["erf", "hard_tanh"] {
      let advice = try best(data, activation, Self.advised, "30")
      judgement.statements.append(
        level(
          "\(activation), advice, L = 30", "What holds for tanh holds for erf and hard tanh.",
          advice, is: .atLeast, 0.93))
    }
    for other in [Self.he, Self.xavier, Self.gain] {
      var pairs: [(Best?, Best?)] = []
      for activation in ["relu", "gelu", "silu"] {
        for depth in ["10", "30"] {
          pairs.append(
            (
              try best(data, activation, Self.advised, depth),
              try best(data, activation, other, depth)
            ))
        }
      }
      judgement.statements.append(
        mean(
          "advice − \(other.title), ReLU, GELU, SiLU, mean",
          "For unbounded activations, at depth 10 and 30, the advice loses nothing against a preset.",
          pairs, tolerance: 0.02))
    }
    judgement.statements.append(
      level(
        "ReLU, advice, L = 30", "At width 64 and depth 30 no start of a ReLU network trains well.",
        try best(data, "relu", Self.advised, "30"), is: .atMost, 0.9))
    try compare(data, into: &judgement)
  }

  private func best(
    _ data: StudyData, _ activation: String, _ start: Start, _ depth: String, width: Int = 64
  ) throws(PoiseError) -> Best? {
    try Self.best(
      try data.part(Self.partName(activation, start, width: width)), depth: depth)
  }

  /// Advice and presets side by side at depth 30, an activation at each place of the axis.
  private func compare(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    let activations = ["tanh", "erf", "hard_tanh", "relu", "gelu", "silu"]
    let starts = [Self.advised, Self.he, Self.xavier, Self.pytorch]
    var curves: [StudyPanel.Curve] = []
    for (index, start) in starts.enumerated() {
      var (x, y, error) = ([Double](), [Double?](), [Double?]())
      for (place, activation) in activations.enumerated() {
        guard start.name != "he" || place >= 3 else { continue }
        let one = try best(data, activation, start, "30")
        x.append(Double(place + 1) + 0.12 * (Double(index) - 1.5))
        y.append(one?.accuracy)
        error.append(one?.error)
      }
      curves.append(.init(start.title, .points, color: index, x: x, y: y, error: error))
    }
    judgement.panels.append(
      StudyPanel(
        "activations",
        caption: "Depth 30, width 64: 1 tanh, 2 erf, 3 hard tanh, 4 ReLU, 5 GELU, 6 SiLU, each at "
          + "its best rate.", x: .init("activation", low: 0.5, high: 6.5),
        y: .init("test accuracy", low: 0, high: 1), curves: curves))
  }

  /// Width helps independent weights; the advice needs none.
  private func judgeWidths(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    for width in Size(data.profile).widths {
      judgement.statements.append(
        difference(
          "advice − Xavier, L = 30, width \(width)",
          "At depth 30 the advice is ahead of Xavier at width 64 and loses nothing at larger widths.",
          try best(data, "tanh", Self.advised, "30", width: width),
          try best(data, "tanh", Self.xavier, "30", width: width), is: .atLeast, 0,
          tolerance: 0.01))
    }
  }

  /// The advised rate against the best of the grid, and against itself times a factor.
  private func judgeRate(
    _ data: StudyData, into judgement: inout StudyJudgement
  ) throws(PoiseError) {
    let table = try data.part(Self.partName("tanh", Self.advised))
    var pairs: [(Best?, Best?)] = []
    for depth in try table.values(of: "depth") {
      guard let best = try Self.best(table, depth: depth), let advised = best.advised else {
        continue
      }
      var rule = best
      (rule.accuracy, rule.error) = advised
      // The same networks twice have no error between them.
      if best.rate == "advised" { rule.error = 0 }
      pairs.append((rule, best.rate == "advised" ? rule : best))
    }
    judgement.statements.append(
      mean(
        "advised rate − best rate, mean over depths",
        "The advised rate loses less than 0.02 against the best of a scan.", pairs,
        tolerance: 0.02))
    let scan = try data.part("rate")
    var curves: [StudyPanel.Curve] = []
    for (index, depth) in try scan.values(of: "depth").enumerated() {
      let points = try scan.points(["depth": depth])
      curves.append(
        .init(
          "L = \(depth)", .points, color: index,
          x: try points.map { point throws(PoiseError) in
            try scan.value("rate-factor", at: point)
          },
          y: try points.map { point throws(PoiseError) in
            try scan.optional("summary.accuracy.value", at: point)
          },
          error: try points.map { point throws(PoiseError) in
            try scan.optional("summary.accuracy.standardError", at: point)
          }))
    }
    judgement.panels.append(
      StudyPanel(
        "rate",
        caption: "The advice at its own rate times a factor: final test accuracy, tanh, width 64.",
        x: .init("rate / advised rate", isLogarithmic: true, low: 0.2, high: 5),
        y: .init("test accuracy", low: 0, high: 1), curves: curves))
  }
}
