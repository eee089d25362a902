import Foundation

/// One axis of a map: values as asked for, positions on an even scale.
///
/// Evenly spaced values are drawn as they are; values evenly spaced in the logarithm by their
/// decimal logarithm with fitting tics; any others are drawn on an even scale from nearest values.
struct PlaneAxis {
  let isLogarithmic: Bool
  /// Even positions; one per column or row of the picture.
  let positions: [Double]
  /// For each position the index of the value shown there.
  let indices: [Int]
  /// Ends of the axis: outer edges of the outer cells.
  let range: ClosedRange<Double>

  init(values: [Double]) {
    let even = Self.isEven(values)
    let logarithms = values.first.map { $0 > 0 } == true ? values.map { log10($0) } : []
    isLogarithmic = !even && !logarithms.isEmpty && Self.isEven(logarithms)
    let scale = isLogarithmic ? logarithms : values
    // A renderer may blur the borders of cells; small maps are drawn with more of them.
    let repeats = max(1, 160 / max(values.count, 1))
    let count = even || isLogarithmic ? values.count * repeats : max(200, values.count)
    let ends = (low: scale.min() ?? 0, high: scale.max() ?? 1)
    let half = 0.5 * (ends.high - ends.low) / Double(max(scale.count - 1, 1))
    let low = ends.low - half
    let step = (ends.high + half - low) / Double(count)
    positions = (0..<count).map { low + (Double($0) + 0.5) * step }
    indices = positions.map { position in
      scale.indices.min { abs(scale[$0] - position) < abs(scale[$1] - position) } ?? 0
    }
    range = low...(low + Double(count) * step)
  }

  private static func isEven(_ values: [Double]) -> Bool {
    guard values.count > 2 else { return true }
    let step = (values[values.count - 1] - values[0]) / Double(values.count - 1)
    return values.indices.allSatisfy {
      abs(values[$0] - values[0] - Double($0) * step) < 1e-6 * abs(step)
    }
  }

  /// Where a value lies; nil outside the map.
  func position(_ value: Double) -> Double? {
    let place = isLogarithmic ? (value > 0 ? log10(value) : -.infinity) : value
    return range.contains(place) ? place : nil
  }

  /// `set xtics` for a logarithmic axis; nothing for an even one.
  func tics(_ name: String) -> String {
    guard isLogarithmic else { return "" }
    let low = Int(range.lowerBound.rounded(.down))
    let high = Int(range.upperBound.rounded(.up))
    let short = high - low <= 2
    let marks = (low...high).flatMap { decade in
      (short ? [1.0, 2, 5] : [1.0]).map { factor -> String in
        let value = factor * pow(10, Double(decade))
        let text = short ? String(format: "%g", value) : "10^{\(decade)}"
        return "'\(text)' \(log10(value))"
      }
    }
    return "set \(name)tics (\(marks.joined(separator: ", ")))"
  }
}
