import Foundation
import PoiseLab

/// The range and the marks of an axis with everything in view.
struct StudyAxis {
  private let name: String
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  /// Positions that stand on the axis themselves, if they are few.
  private let marks: [Double]
  /// What stands at 1, 2, …
  private let names: [String]

  init(_ name: String, _ axis: StudyPanel.Axis, _ values: [Double]) {
    self.name = name
    names = axis.names ?? []
    let seen = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    let (least, most) = (axis.low ?? seen.min() ?? 0, axis.high ?? seen.max() ?? 1)
    isLogarithmic = axis.isLogarithmic && least > 0 && most > least
    let distinct = Set(seen).sorted()
    marks = axis.isLogarithmic && distinct.count <= 8 ? distinct : []
    if isLogarithmic {
      let margin = pow(most / least, 0.04)
      low = axis.low ?? least / margin
      high = axis.high ?? most * margin
    } else {
      // One value alone gets room around it.
      let margin = most > least ? 0.04 * (most - least) : max(0.5, 0.1 * abs(most))
      low = axis.low ?? least - margin
      high = axis.high ?? most + margin
    }
  }

  var commands: [String] {
    var lines = ["set \(name)range [\(low):\(high)]"]
    if !names.isEmpty {
      let marks = names.enumerated().map { "\(GnuplotText.title($1)) \($0 + 1)" }
      lines.append("set \(name)tics (" + marks.joined(separator: ", ") + ")")
      return lines
    }
    guard isLogarithmic else { return lines }
    lines.append("set logscale \(name); unset m\(name)tics")
    if !marks.isEmpty {
      lines.append(tics(marks))
    } else if log10(high / low) < 2.3 {
      let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
      lines.append(
        tics(decades.flatMap { decade in [1.0, 2, 5].map { $0 * pow(10, Double(decade)) } }))
    } else {
      lines.append("set format \(name) '10^{%L}'")
    }
    return lines
  }

  private func tics(_ places: [Double]) -> String {
    let shown = places.filter { $0 >= low && $0 <= high }
    return "set \(name)tics ("
      + shown.map { "'\(String(format: "%g", $0))' \($0)" }.joined(separator: ", ") + ")"
  }
}
