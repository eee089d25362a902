import Foundation
import PoiseNumerics

/// One option of a swept command that has several values.
public struct SweepAxis: Sendable, Equatable {
  /// The option without its dashes, as `weight-variance`.
  public let name: String
  /// Its values as the command receives them, in canonical form.
  public let values: [String]
  /// The values as numbers; nil for names.
  public let numbers: [Double]?

  /// Options that count things: a range by number of points is rounded, each value taken once.
  static let counts: Set<String> = [
    "depth", "width", "networks", "rows", "patterns", "pool", "points", "seed", "count",
    "train-rows", "neighbors", "neighbours",
  ]

  /// Options whose comma does not mean a list of points.
  static let single: Set<String> = ["classes"]

  /// The values of an option: of a range or a list of numbers, of a list of names, or the one that
  /// it has.
  ///
  /// - Throws: `outOfRange` for what looks like a range of numbers and is none.
  init(name: String, text: String, isFixed: Bool) throws(PoiseError) {
    self.name = name
    let hasList = text.contains(",")
    guard !isFixed, !Self.single.contains(name), hasList || text.contains(":") else {
      values = [text]
      numbers = nil
      return
    }
    do throws(PoiseError) {
      let axis = try Axis(text, quantity: "--\(name)")
      let isCount = Self.counts.contains(name)
      let numbers = isCount ? try axis.layers("--\(name)").map(Double.init) : axis.values
      self.numbers = numbers
      values = numbers.map { Self.canonical($0) }
    } catch {
      // `gaussian:100x20` is a name, `1:4:x` a mistake.
      let isNumeric = text.allSatisfy { "0123456789.+-eE:#@,".contains($0) }
      if isNumeric { throw error }
      guard hasList else {
        values = [text]
        numbers = nil
        return
      }
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !parts.contains("") else {
        throw PoiseError(
          .outOfRange, quantity: "--\(name)", value: "\(text) (an empty name)",
          allowed: "a list a,b,c", suggestion: "--fixed \(name) to pass it on as it stands")
      }
      values = parts
      numbers = nil
    }
  }

  /// A number as text, whole numbers without a point: options that count accept no other.
  static func canonical(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// The canonical text of a single value: 1.50 and 1.5 are one point.
  static func canonical(_ text: String) -> String {
    guard let value = Double(text), value.isFinite else { return text }
    return canonical(value)
  }
}
