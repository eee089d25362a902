import PoiseNumerics

extension AdviceStudy {
  /// What a start reached at one depth.
  enum Best {
    case trained(Trained)
    /// At each rate of the scan a network diverged: nothing is learnt, which is the accuracy of a guess.
    case divergedEverywhere(chance: Double)
    /// A rate of the scan has no result, which might have been the best.
    case noData(reason: String)

    var trained: Trained? { if case .trained(let found) = self { found } else { nil } }

    /// Test accuracy; nil without data.
    var accuracy: Estimate? {
      switch self {
      case .trained(let found): found.accuracy
      case .divergedEverywhere(let chance): Estimate(chance)
      case .noData: nil
      }
    }

    /// Highest validation accuracy; nil where no rate trains.
    var validation: Double? { trained?.validation }

    /// Why there are no data; nil if there are.
    var gap: String? { if case .noData(let reason) = self { reason } else { nil } }
  }

  /// Networks at the rate that validation chooses.
  struct Trained {
    /// As the option has it.
    var rate: String
    var validation: Double
    /// Test accuracy, with its error over networks.
    var accuracy: Estimate
    /// Median first epoch with test accuracy above 0.9; nil if half of the networks had none.
    var firstEpoch: Double?
    /// Mean first epoch, of networks that had none one more than all epochs; nil where the records have
    /// no courses.
    var meanFirstEpoch: Estimate?
    /// Whether no lower, and no higher, rate was tried.
    var isLowest: Bool
    var isHighest: Bool
  }

  /// Chooses the rate of a start at a depth on validation rows. A rate at which any network diverged is
  /// not chosen.
  static func best(_ table: StudyTable, depth: String) throws(PoiseError) -> Best {
    let points = try table.points(["depth": depth])
    if let reason = gap(table, points, depth) { return .noData(reason: reason) }
    var found: (validation: Double, point: Int)?
    for point in points where try table.number("summary.diverged", at: point) == 0 {
      let validation = try table.number("summary.validation", at: point)
      if validation > found?.validation ?? -1 { found = (validation, point) }
    }
    guard let found else {
      return .divergedEverywhere(chance: try chance(table, points[0]))
    }
    let rates = try points.map { point throws(PoiseError) in try table.number("rate", at: point) }
    let rate = try table.number("rate", at: found.point)
    return .trained(
      Trained(
        rate: try table.option("rate", at: found.point), validation: found.validation,
        accuracy: try accuracy(table, found.point),
        firstEpoch: try table.optional("summary.firstEpoch", at: found.point),
        meanFirstEpoch: try meanFirstEpoch(table, found.point),
        isLowest: rate == rates.min(), isHighest: rate == rates.max()))
  }

  /// The best of a start in its part.
  static func best(
    _ data: StudyData, _ activation: String, _ start: Start, _ depth: String, width: Int = 64
  ) throws(PoiseError) -> Best {
    let name = depth == deepest ? deepName(start) : partName(activation, start, width: width)
    return try best(try data.part(name), depth: depth)
  }

  /// The depth that has parts of its own.
  static let deepest = "200"

  /// Accuracy at the advised rate less that at the best one. An advised rate at which a network diverged
  /// learns nothing; the same networks twice have no error between them.
  static func rateLoss(
    _ table: StudyTable, depth: String, at place: String
  ) throws(PoiseError) -> Difference {
    switch try best(table, depth: depth) {
    case .noData(let reason): return Difference(place, gap: reason)
    case .divergedEverywhere: return Difference(place, gap: "no rate trains at \(place)")
    case .trained(let best):
      if best.rate == "advised" { return Difference(place, Estimate(0)) }
      let points = try table.points(["depth": depth, "rate": "advised"])
      guard let point = points.first else { return Difference(place, gap: "no advised rate") }
      let diverged = try table.number("summary.diverged", at: point) > 0
      let advised =
        diverged ? Estimate(try chance(table, point)) : try accuracy(table, point)
      return Difference(place, advised - best.accuracy)
    }
  }

  // MARK: numbers of a point

  private static func gap(_ table: StudyTable, _ points: [Int], _ depth: String) -> String? {
    let done = Set(table.done)
    let missing = points.count { !done.contains($0) }
    guard !points.isEmpty else { return "\(table.part.name) has no depth \(depth)" }
    return missing == 0
      ? nil : "\(table.part.name), L = \(depth): \(missing) of \(points.count) rates without result"
  }

  private static func accuracy(
    _ table: StudyTable, _ point: Int
  ) throws(PoiseError) -> Estimate {
    Estimate(
      try table.number("summary.chosenAccuracy.value", at: point),
      standardError: try table.number("summary.chosenAccuracy.standardError", at: point),
      samples: Int(try table.value("networks", at: point)))
  }

  private static func chance(_ table: StudyTable, _ point: Int) throws(PoiseError) -> Double {
    1 / (try table.number("classes", at: point))
  }

  private static func meanFirstEpoch(
    _ table: StudyTable, _ point: Int
  ) throws(PoiseError) -> Estimate? {
    guard let firsts = try? table.series("courses.firstEpoch", at: point) else { return nil }
    let never = try table.value("epochs", at: point) + 1
    return Estimate(firsts.map { $0.isFinite ? $0 : never })
  }
}
