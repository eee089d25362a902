import Foundation
import PoiseLab

/// Known initialisations as points of the plane.
enum PhaseMarks {
  /// Points that share their place, under one label.
  struct Group {
    var x: Double
    var y: Double
    var names: [String]
    var isRecommended: Bool

    /// The label, one name to the line.
    var lines: [String] {
      var lines: [String] = []
      let others = names.filter { $0 != "recommended" }
      for name in isRecommended ? ["recommended"] + others : names {
        if !lines.isEmpty { lines[lines.count - 1] += "," }
        lines.append(name)
      }
      return lines
    }

    func marker(on map: PhaseMap) -> LabelLayout.Box {
      let place = map.pixel(x, y)
      let radius = isRecommended ? 12.0 : 7
      return .init(
        left: place.x - radius, bottom: place.y - radius, width: 2 * radius, height: 2 * radius)
    }

    func commands(on map: PhaseMap, _ layout: inout LabelLayout) -> [String] {
      let place = map.pixel(x, y)
      let box = layout.place(lines, x: place.x, y: place.y)
      var commands = isRecommended ? [star(on: map)] : []
      let nearest = box.nearest(to: place.x, place.y)
      if hypot(nearest.x - place.x, nearest.y - place.y) > 25 {
        commands.append(leader(from: place, to: nearest))
      }
      commands.append(map.backdrop(box))
      for (index, line) in lines.enumerated() {
        let row = LabelLayout.Box(
          left: box.left, bottom: box.bottom + box.height - Double(index + 1) * LabelLayout.line,
          width: box.width, height: LabelLayout.line)
        commands.append(map.label(line, box: row, boxed: false))
      }
      return commands
    }

    /// A line as a flat polygon: unlike an arrow it can lie below the cards of other labels.
    private func leader(from start: (x: Double, y: Double), to end: (x: Double, y: Double))
      -> String
    {
      let (w, h) = (Double(PhaseMap.width), Double(PhaseMap.height))
      let first = "screen \(start.x / w),screen \(start.y / h)"
      return Self.leaderStart + "\(first) to screen \(end.x / w),screen \(end.y / h) to \(first) "
        + "fillstyle empty border rgb '#111111' lw 1 front"
    }

    static let leaderStart = "set object polygon from "

    /// A five-pointed star, drawn as a polygon: fonts differ in theirs.
    private func star(on map: PhaseMap) -> String {
      let center = map.pixel(x, y)
      let corners = (0...10).map { index -> String in
        let radius = index % 2 == 0 ? 13.0 : 5.4
        let angle = Double.pi / 2 + Double(index) * .pi / 5
        return "screen \((center.x + radius * cos(angle)) / Double(PhaseMap.width)),"
          + "screen \((center.y + radius * sin(angle)) / Double(PhaseMap.height))"
      }
      return "set object polygon from \(corners.joined(separator: " to ")) "
        + "fillstyle solid 1 border rgb '#000000' fillcolor rgb '#F0E442' lw 1.4 front"
    }
  }

  /// Commands of all groups, placed one after another in the order that works best.
  static func commands(_ groups: [Group], on map: PhaseMap, _ layout: LabelLayout) -> [String] {
    let orders = [
      groups, groups.reversed(), groups.sorted { $0.x < $1.x }, groups.sorted { $0.x > $1.x },
      groups.filter(\.isRecommended) + groups.filter { !$0.isRecommended }.reversed(),
    ]
    let trials = orders.map { order -> (cost: Double, commands: [String]) in
      var layout = layout
      let commands = order.flatMap { $0.commands(on: map, &layout) }
      // Objects are drawn in this order: lines to the labels, cards, stars.
      let isLine = { (command: String) in
        command.hasPrefix(Group.leaderStart) && command.contains("fillstyle empty")
      }
      return (layout.cost, commands.filter(isLine) + commands.filter { !isLine($0) })
    }
    return trials.min { $0.cost < $1.cost }?.commands ?? []
  }

  /// Merges points that coincide; names outside of the map are returned apart.
  static func group(
    _ marks: [MarkedPoint], x: PlaneAxis, y: PlaneAxis
  ) -> (groups: [Group], omitted: [String]) {
    var groups: [Group] = []
    var omitted: [String] = []
    let near = (
      0.006 * (x.range.upperBound - x.range.lowerBound),
      0.006 * (y.range.upperBound - y.range.lowerBound)
    )
    for mark in marks {
      guard let px = x.position(mark.weightVariance), let py = y.position(mark.biasVariance) else {
        omitted.append(mark.name)
        continue
      }
      let same = groups.firstIndex { abs($0.x - px) < near.0 && abs($0.y - py) < near.1 }
      if let same {
        if !groups[same].names.contains(mark.name) { groups[same].names.append(mark.name) }
        groups[same].isRecommended = groups[same].isRecommended || mark.isRecommended
      } else {
        groups.append(Group(x: px, y: py, names: [mark.name], isRecommended: mark.isRecommended))
      }
    }
    // The recommendation chooses its place first.
    let others = groups.filter { !$0.isRecommended }.sorted { $0.names.count > $1.names.count }
    return (groups.filter(\.isRecommended) + others, omitted)
  }
}
