import PoiseNumerics

/// How far a sweep is.
public struct SweepSurvey: Sendable {
  /// What became of every point, in the order of the grid.
  public private(set) var status: [PointStatus]
  /// Why points have no result, by their index.
  public private(set) var reasons: [Int: String] = [:]
  /// Seconds that finished points took together.
  public private(set) var seconds = 0.0
  /// Lines of journals that cannot be used.
  public var damage = JournalReader.Damage()

  /// Indices whose point stands earlier in the grid too.
  private var copies: Set<Int> = []

  init(count: Int) { status = [PointStatus](repeating: .missing, count: count) }

  mutating func take(_ index: Int, _ entry: UnsafeBufferPointer<UInt8>) {
    guard status[index] != .done else { return }
    var reader = SweepPointReader(entry)
    guard let head = reader.head() else { return }
    status[index] = head.status
    seconds += head.seconds
    reasons[index] = head.status == .done ? nil : head.reason
  }

  /// Points that stand twice in the grid share one fate.
  mutating func finish(copies: [(index: Int, of: Int)]) {
    self.copies = Set(copies.map(\.index))
    for copy in copies {
      status[copy.index] = status[copy.of]
      reasons[copy.index] = reasons[copy.of]
    }
  }

  /// How many points of a kind there are.
  public func count(_ kind: PointStatus) -> Int { status.reduce(0) { $0 + ($1 == kind ? 1 : 0) } }

  /// The points still to be computed, in the order of the grid.
  ///
  /// - Parameter retries: whether points without a result belong to them too.
  public func open(retries: Bool) -> [Int] {
    status.indices.filter { index in
      (status[index] == .missing || (retries && status[index] != .done))
        && !copies.contains(index)
    }
  }
}
