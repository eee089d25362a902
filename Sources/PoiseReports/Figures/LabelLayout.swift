/// Finds room for labels beside points so that none covers another. Pixels, y upwards.
struct LabelLayout {
  struct Box {
    var left: Double
    var bottom: Double
    var width: Double
    var height: Double

    func overlap(_ other: Box) -> Double {
      let across = min(left + width, other.left + other.width) - max(left, other.left)
      let along = min(bottom + height, other.bottom + other.height) - max(bottom, other.bottom)
      return max(0, across) * max(0, along)
    }

    func contains(_ point: (x: Double, y: Double)) -> Bool {
      point.x > left && point.x < left + width && point.y > bottom && point.y < bottom + height
    }

    /// The point of the box nearest to a mark.
    func nearest(to x: Double, _ y: Double) -> (x: Double, y: Double) {
      (min(max(x, left), left + width), min(max(y, bottom), bottom + height))
    }

    /// Points along the line to the mark; none where the two are close.
    func leader(to x: Double, _ y: Double) -> [(x: Double, y: Double)] {
      let end = nearest(to: x, y)
      let length = ((end.x - x) * (end.x - x) + (end.y - y) * (end.y - y)).squareRoot()
      guard length > 25 else { return [] }
      return stride(from: 14, to: length - 3, by: 5).map {
        (x + (end.x - x) * $0 / length, y + (end.y - y) * $0 / length)
      }
    }
  }

  static let letter = 6.9
  static let line = 16.0
  let plot: Box
  private(set) var taken: [Box] = []
  /// What all labels together lack: distance, overlaps, crossings.
  private(set) var cost = 0.0
  /// Points along the lines from labels to their marks.
  private var leaders: [(x: Double, y: Double)] = []

  init(plot: Box) { self.plot = plot }

  mutating func reserve(_ box: Box) { taken.append(box) }

  /// The best place for lines of text near a point: the nearest without overlap, else the one that
  /// overlaps least.
  mutating func place(_ lines: [String], x: Double, y: Double) -> Box {
    let width = Double(lines.map(\.count).max() ?? 0) * Self.letter + 4
    let height = Double(lines.count) * Self.line + 2
    var best: (box: Box, cost: Double)?
    for step in 0..<14 {
      let distance = 11 + 13 * Double(step)
      for (dx, dy) in [
        (1.0, 0.0), (0, 1), (-1, 0), (1, 1), (-1, 1), (0.4, 1), (-0.4, 1), (1, 0.4), (-1, 0.4),
        (0, -1), (1, -1), (-1, -1),
      ] {
        let box = Box(
          left: x + dx * distance - width * (0.5 - 0.5 * dx.sign(beyond: 0.5)),
          bottom: y + dy * distance - height * (0.5 - 0.5 * dy.sign(beyond: 0.3)),
          width: width, height: height)
        let outside = width * height - box.overlap(plot)
        let cover = taken.reduce(0) { $0 + box.overlap($1) }
        let cost =
          distance + 1000 * outside + 100 * cover + crossings(box.leader(to: x, y), under: box)
        if best == nil || cost < best!.cost { best = (box, cost) }
      }
    }
    cost += best!.cost
    taken.append(best!.box)
    leaders += best!.box.leader(to: x, y)
    return best!.box
  }

  /// The price of a leader that runs through words, or of words on an earlier leader.
  private func crossings(_ leader: [(x: Double, y: Double)], under box: Box) -> Double {
    let crossed = leader.filter { point in taken.contains { $0.contains(point) } }.count
    let covered = leaders.filter { box.contains($0) }.count
    return 150 * Double(crossed) + 150 * Double(covered)
  }
}

extension Double {
  /// −1, 0 or 1: which side of a point a label stands on.
  fileprivate func sign(beyond limit: Double) -> Double {
    self > limit ? 1 : self < -limit ? -1 : 0
  }
}
