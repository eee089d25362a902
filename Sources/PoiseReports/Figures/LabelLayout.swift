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
  }

  static let letter = 7.4
  static let line = 16.0
  let plot: Box
  private(set) var taken: [Box] = []

  init(plot: Box) { self.plot = plot }

  mutating func reserve(_ box: Box) { taken.append(box) }

  /// The best place for lines of text near a point: the nearest without overlap, else the one that
  /// overlaps least.
  mutating func place(_ lines: [String], x: Double, y: Double) -> Box {
    let width = Double(lines.map(\.count).max() ?? 0) * Self.letter + 4
    let height = Double(lines.count) * Self.line + 2
    var best: (box: Box, cost: Double)?
    for distance in [11.0, 22, 40, 62, 90, 125] {
      for (dx, dy) in [(1.0, 0.0), (0, 1), (-1, 0), (1, 1), (-1, 1), (0, -1), (1, -1), (-1, -1)] {
        let box = Box(
          left: x + dx * distance - (dx < 0 ? width : dx == 0 ? width / 2 : 0),
          bottom: y + dy * distance - (dy < 0 ? height : dy == 0 ? height / 2 : 0),
          width: width, height: height)
        let outside = width * height - box.overlap(plot)
        let cost = distance + 1000 * outside + 100 * taken.reduce(0) { $0 + box.overlap($1) }
        if best == nil || cost < best!.cost { best = (box, cost) }
      }
    }
    taken.append(best!.box)
    return best!.box
  }
}
