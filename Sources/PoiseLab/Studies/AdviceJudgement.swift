public import PoiseNumerics

extension AdviceStudy {
  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    var judgement = StudyJudgement(statements: [try Self.shallow(data)])
    if data.profile != .smallest {
      judgement.statements += try Self.deepLevels(data)
      judgement.statements += try Self.againstOrthogonal(data)
      judgement.statements += try Self.otherSaturating(data)
      judgement.statements += try Self.rectifierStatements(data)
      judgement.statements += try Self.widthStatements(data)
      judgement.statements += try Self.rateStatements(data)
    }
    judgement.panels = try Self.panels(data)
    judgement.remarks = [
      "A first epoch is counted at the rate that gives the best accuracy, not at the fastest one.",
      "A start that diverges at every rate counts with the accuracy of a guess, the advice like its "
        + "rivals. Where the worst of several cases is judged its interval is wide enough for all of "
        + "them at once.",
      try rateRemark(data),
    ]
    return judgement
  }

  /// Shallow networks, where every start near the edge trains.
  private static func shallow(_ data: StudyData) throws(PoiseError) -> StudyStatement {
    let rivals = try tanhStarts.dropFirst().map { start throws(PoiseError) in
      (start: start, best: try best(data, "tanh", start, "10"))
    }
    let rival = winner(rivals)
    return difference(
      "advice − best other start, L = 10",
      "At depth 10 any start near the edge of chaos trains as well: a tie.",
      Difference(rival.start.title, try best(data, "tanh", advised, "10"), rival.best),
      is: .equal, 0, tolerance: 0.02)
  }

  /// The start with the highest validation accuracy, the first of equals; one without data before all,
  /// since it might have won.
  private static func winner(_ starts: [(start: Start, best: Best)]) -> (start: Start, best: Best) {
    if let unknown = starts.first(where: { $0.best.gap != nil }) { return unknown }
    return starts.dropFirst().reduce(starts[0]) { leader, next in
      (next.best.validation ?? 0) > (leader.best.validation ?? 0) ? next : leader
    }
  }

  /// Depth 100 and 200 at width 64: who trains at all.
  private static func deepLevels(_ data: StudyData) throws(PoiseError) -> [StudyStatement] {
    var statements = try [advised, chaotic, orthogonal].map { start throws(PoiseError) in
      level(
        "\(start.title), L = 100", "Orthogonal starts near the edge train at depth 100.",
        try best(data, "tanh", start, "100"), is: .atLeast, 0.93)
    }
    statements += try [gaussian, nearlyLinear, xavier, pytorch].map { start throws(PoiseError) in
      level(
        "\(start.title), L = 100",
        "Independent weights do not train at depth 100, width 64, at any rate of the scan.",
        try best(data, "tanh", start, "100"), is: .atMost, 0.75)
    }
    statements.append(
      level(
        "\(advised.title), L = 200", "The advice trains three times deeper than wide.",
        try best(data, "tanh", advised, deepest), is: .atLeast, 0.9))
    return statements
  }

  /// The rivals that come closest: orthogonal weights of other gains.
  private static func againstOrthogonal(
    _ data: StudyData
  ) throws(PoiseError) -> [StudyStatement] {
    let cases = [
      ("tanh", "30"), ("tanh", "100"), ("tanh", deepest), ("erf", "30"), ("hard_tanh", "30"),
    ]
    let pairs = try cases.map { activation, depth throws(PoiseError) in
      try pair(data, activation, chaotic, depth)
    }
    let claim =
      "against orthogonal weights of σ_w = 1.05: tanh at depth 30, 100 and 200, erf and hard tanh at "
      + "depth 30."
    let quantity = "advice − slightly chaotic orthogonal"
    return [
      mean(
        "\(quantity), mean", "On average the advice loses nothing \(claim)", pairs, tolerance: 0.01),
      worst(quantity, "In no case the advice loses \(claim)", pairs, tolerance: 0.01),
      try firstEpochs(data),
    ]
  }

  private static func firstEpochs(_ data: StudyData) throws(PoiseError) -> StudyStatement {
    let advice = try best(data, "tanh", advised, "100")
    let gain = try best(data, "tanh", orthogonal, "100")
    let firsts = [advice, gain].compactMap { $0.trained?.meanFirstEpoch }
    return statement(
      "first epoch: advice − orthogonal of gain 1, L = 100",
      "At depth 100 the advice is not slower than orthogonal weights of gain 1 (a network that never "
        + "gets to 0.9 counts with one epoch more than all).",
      firsts.count == 2 ? firsts[0] - firsts[1] : nil,
      gap: advice.gap ?? gain.gap
        ?? (advice.trained == nil || gain.trained == nil
          ? "every rate diverged" : "no first epochs by network"),
      is: .atMost, 0, tolerance: 0.5)
  }

  /// erf and hard tanh are like tanh.
  private static func otherSaturating(
    _ data: StudyData
  ) throws(PoiseError) -> [StudyStatement] {
    try saturating.dropFirst().map { activation throws(PoiseError) in
      level(
        "\(title(activation)), advice, L = 30",
        "What holds for tanh holds for erf and hard tanh.",
        try best(data, activation, advised, "30"), is: .atLeast, 0.93)
    }
  }

  /// Rectifiers at width 64 have no deep start.
  private static func rectifierStatements(
    _ data: StudyData
  ) throws(PoiseError) -> [StudyStatement] {
    let cases = rectifiers.flatMap { activation in ["10", "30"].map { (activation, $0) } }
    var statements = try unboundedStarts.dropFirst().map { other throws(PoiseError) in
      worst(
        "advice − \(other.title)",
        "For ReLU, GELU and SiLU at depth 10 and 30 the advice nowhere loses against a preset.",
        try cases.map { activation, depth throws(PoiseError) in
          try pair(data, activation, other, depth)
        }, tolerance: 0.02)
    }
    let leader = winner(
      try unboundedStarts.map { start throws(PoiseError) in
        (start: start, best: try best(data, "relu", start, "30"))
      })
    let name = leader.best.gap == nil ? " (\(leader.start.title))" : ""
    statements.append(
      level(
        "ReLU, best start\(name), L = 30",
        "At width 64 and depth 30 no start of a ReLU network trains well.", leader.best,
        is: .atMost, 0.9))
    return statements
  }

  /// Width helps independent weights; the advice needs none.
  private static func widthStatements(
    _ data: StudyData
  ) throws(PoiseError) -> [StudyStatement] {
    let narrow = difference(
      "advice − Xavier, L = 30, width 64",
      "At depth 30 and width 64 the advice is ahead of Xavier by 0.05 or more.",
      try pair(data, "tanh", xavier, "30"), is: .atLeast, 0.05)
    return try [narrow]
      + Size(data.profile).widths.map { width throws(PoiseError) in
        difference(
          "advice − Xavier, L = 30, width \(width)",
          "At depth 30 the advice loses nothing against Xavier at larger widths.",
          try pair(data, "tanh", xavier, "30", width: width), is: .atLeast, 0, tolerance: 0.01)
      }
  }

  /// The advice against another start.
  private static func pair(
    _ data: StudyData, _ activation: String, _ other: Start, _ depth: String, width: Int = 64
  ) throws(PoiseError) -> Difference {
    Difference(
      "\(title(activation)), L = \(depth)",
      try best(data, activation, advised, depth, width: width),
      try best(data, activation, other, depth, width: width))
  }

  // MARK: rates

  /// The advised rate against the best of the grid.
  private static func rateStatements(
    _ data: StudyData
  ) throws(PoiseError) -> [StudyStatement] {
    let kinds = [("saturating", saturating), ("rectifiers", rectifiers)]
    return try kinds.map { kind, activations throws(PoiseError) in
      let names = activations.map(title).joined(separator: ", ")
      return worst(
        "advised rate − best rate, \(kind)",
        "The advised rate loses less than 0.02 against the best of a scan at any depth: \(names).",
        try rateLosses(data, activations), tolerance: 0.02)
    }
  }

  private static func rateLosses(
    _ data: StudyData, _ activations: [String]
  ) throws(PoiseError) -> [Difference] {
    var losses: [Difference] = []
    for activation in activations {
      let table = try data.part(partName(activation, advised))
      for depth in try table.values(of: "depth") {
        losses.append(
          try rateLoss(table, depth: depth, at: "\(title(activation)), L = \(depth)"))
      }
    }
    return losses
  }

  /// How often the best rate is the lowest, and the highest, of a scan.
  private func rateRemark(_ data: StudyData) throws(PoiseError) -> String {
    var found: [Trained] = []
    for part in parts(data.profile) where part.name != Self.factorPart {
      let table = try data.part(part.name)
      for depth in try table.values(of: "depth") {
        if let best = try Self.best(table, depth: depth).trained { found.append(best) }
      }
    }
    return "Of \(found.count) best rates \(found.count(where: \.isLowest)) are the lowest that was "
      + "tried and \(found.count(where: \.isHighest)) the highest."
  }
}
