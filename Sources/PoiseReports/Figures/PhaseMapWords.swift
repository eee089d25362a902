import Foundation
import PoiseLab

extension PhaseMap {
  /// The words "lengths diverge" in the middle of the grey region, if it is large enough for them.
  func divergenceLabel(_ layout: inout LabelLayout) -> [String] {
    var sum = (x: 0.0, y: 0.0, count: 0.0)
    for row in y.positions.indices {
      for column in x.positions.indices {
        let cell = phase.cells[y.indices[row] * phase.weightVariances.count + x.indices[column]]
        guard cell.phase == "diverging" else { continue }
        sum = (sum.x + x.positions[column], sum.y + y.positions[row], sum.count + 1)
      }
    }
    let total = Double(x.positions.count * y.positions.count)
    guard sum.count > 0.06 * total else { return [] }
    let center = pixel(sum.x / sum.count, sum.y / sum.count)
    let text = "lengths diverge"
    let width = Double(text.count) * LabelLayout.letter
    let box = LabelLayout.Box(
      left: center.x - width / 2, bottom: center.y - 9, width: width, height: 18)
    layout.reserve(box)
    return [label(text, box: box, boxed: true)]
  }

  /// A line of text with its lower left corner in pixels.
  func label(_ text: String, box: LabelLayout.Box, boxed: Bool) -> String {
    let place =
      "screen \(box.left / Double(Self.width)),"
      + "screen \((box.bottom + box.height / 2) / Double(Self.height))"
    let back = boxed ? backdrop(box) : ""
    return back + "set label \(GnuplotText.quoted(text)) at \(place) left front "
      + "font small textcolor rgb '#111111'"
  }

  /// A pale card behind text.
  func backdrop(_ box: LabelLayout.Box) -> String {
    let (w, h) = (Double(Self.width), Double(Self.height))
    let corners =
      "from screen \((box.left - 3) / w),screen \((box.bottom - 1) / h) to "
      + "screen \((box.left + box.width + 1) / w),screen \((box.bottom + box.height + 1) / h)"
    return "set object rectangle \(corners) fillstyle transparent solid 0.82 noborder "
      + "fillcolor rgb '#ffffff' front\n"
  }

  func caption(_ critical: CriticalLabel) -> String {
    var text = "Phase plane of \(phase.activation): colour is ln χ₁, the growth per layer of a "
    text += "small squared distance between inputs. "
    text += critical.points.isEmpty ? "" : "Black: the edge of chaos, χ₁ = 1. "
    text += phase.criticalStatement
    if let end = text.last, !".!?".contains(end) { text += "." }
    let logs = phase.cells.filter { $0.phase != "diverging" }.map { log(max($0.chi1, 1e-300)) }
    if logs.contains(where: { abs($0) > limit }) {
      text += " Colours are saturated beyond ±\(String(format: "%g", limit))."
    }
    if phase.cells.contains(where: { $0.phase == "diverging" }) {
      text += " Hatched: lengths grow without bound."
    }
    if !omitted.isEmpty {
      text += " Outside of the picture: \(omitted.joined(separator: ", "))."
    }
    return text
  }

  var alternativeText: String {
    let counts = Dictionary(grouping: phase.cells, by: \.phase).mapValues(\.count)
    let shares = counts.sorted { $0.value > $1.value }.map {
      "\($0.key) \(Int((100 * Double($0.value) / Double(phase.cells.count)).rounded())) %"
    }
    let names = groups.map { $0.lines.joined(separator: ", ") }
    return "Map of the phases of \(phase.activation) over weight variance and bias variance: "
      + shares.joined(separator: ", ") + " of the area. Marked points: "
      + (names.isEmpty ? "none" : names.joined(separator: "; ")) + "."
  }
}

/// The edge of chaos and the words along it.
struct CriticalLabel {
  let points: [(x: Double, y: Double)]
  private(set) var commands: [String] = []
  /// Where no other label should stand: the words and the line itself.
  private(set) var boxes: [LabelLayout.Box] = []

  private static func square(_ x: Double, _ y: Double, half: Double) -> LabelLayout.Box {
    .init(left: x - half, bottom: y - half, width: 2 * half, height: 2 * half)
  }

  init(map: PhaseMap) {
    points = map.phase.criticalLine.compactMap { point in
      guard let x = map.x.position(point.weightVariance),
        let y = map.y.position(point.biasVariance)
      else { return nil }
      return (x, y)
    }
    let pixels = points.map { map.pixel($0.x, $0.y) }
    guard let first = pixels.first else { return }
    if pixels.count == 1 {
      let left = min(first.x + 10, PhaseMap.plot.left + PhaseMap.plot.width - 93)
      let label = LabelLayout.Box(left: left, bottom: first.y + 10, width: 90, height: 18)
      boxes = [label]
      commands = [map.label("edge of chaos", box: label, boxed: true)]
      return
    }
    place(along: PixelPath(pixels))
  }

  /// Sets the words beside the line, three fifths along it, on the side that is inside the map.
  private mutating func place(along path: PixelPath) {
    guard path.length > 60 else { return }
    let reach = min(55, path.length / 2 - 1)
    let middle = max(reach, min(path.length - reach, 0.6 * path.length))
    let (a, b) = (path.at(middle - reach), path.at(middle + reach))
    var angle = atan2(b.y - a.y, b.x - a.x)
    if abs(angle) > .pi / 2 { angle -= angle > 0 ? .pi : -.pi }
    let point = path.at(middle)
    let sides = [13.0, -13].map { (x: point.x - $0 * sin(angle), y: point.y + $0 * cos(angle)) }
    let card = PhaseMap.plot
    let center =
      sides.first {
        let box = Self.square($0.x, $0.y, half: 10)
        return box.overlap(card) == box.width * box.height
      } ?? sides[0]
    boxes = stride(from: -44.0, through: 44, by: 11).map {
      Self.square(center.x + $0 * cos(angle), center.y + $0 * sin(angle), half: 9)
    }
    boxes += stride(from: 0, through: path.length, by: 8).map {
      Self.square(path.at($0).x, path.at($0).y, half: 3)
    }
    commands = [
      "set label 'edge of chaos' at screen \(center.x / Double(PhaseMap.width)),"
        + "screen \(center.y / Double(PhaseMap.height)) center rotate by "
        + "\(Int((angle * 180 / .pi).rounded())) front font small textcolor rgb '#111111'"
    ]
  }
}

/// A polygonal line with its length along it.
private struct PixelPath {
  let points: [(x: Double, y: Double)]
  let lengths: [Double]

  init(_ points: [(x: Double, y: Double)]) {
    self.points = points
    var lengths = [0.0]
    for (a, b) in zip(points, points.dropFirst()) {
      lengths.append(lengths[lengths.count - 1] + hypot(b.x - a.x, b.y - a.y))
    }
    self.lengths = lengths
  }

  var length: Double { lengths[lengths.count - 1] }

  func at(_ wanted: Double) -> (x: Double, y: Double) {
    let index = max(1, lengths.firstIndex { $0 >= wanted } ?? points.count - 1)
    let share = (wanted - lengths[index - 1]) / max(lengths[index] - lengths[index - 1], 1e-9)
    let (a, b) = (points[index - 1], points[index])
    return (a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))
  }
}
