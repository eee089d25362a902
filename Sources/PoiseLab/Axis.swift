public import PoiseNumerics
import RealModule

/// The values of one option: a number, a list, or a range. Wherever a number may stand, so may an
/// axis; several axes are crossed.
///
///     1.5              one value
///     1,2,4            a list
///     1:4:0.1          from, to, step; both ends belong
///     0.5:4#100        so many points, evenly spaced
///     1e-3:10@50       so many points, evenly spaced in the logarithm
public struct Axis: Sendable, Equatable {
  /// The values in order.
  public let values: [Double]
  /// What was written.
  public let text: String

  /// Most values of one axis.
  public static let limit = 10_000_000

  /// Parses an axis.
  /// - Throws: `outOfRange` with what is allowed, for anything that is not an axis of finite numbers.
  public init(_ text: String, quantity: String = "range") throws(PoiseError) {
    self.text = text
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    var values: [Double] = []
    for part in parts {
      values += try Axis.segment(String(part), quantity, whole: text)
      guard values.count <= Self.limit else {
        throw PoiseError(
          .outOfRange, quantity: quantity, value: "\(text) (more than \(Self.limit) points)",
          allowed: "at most \(Self.limit) points")
      }
    }
    self.values = values
  }

  /// One value.
  public init(_ value: Double) {
    values = [value]
    text = "\(value)"
  }

  /// The only value, or nil for a real range.
  public var single: Double? { values.count == 1 ? values[0] : nil }

  /// The values as whole numbers.
  /// - Throws: `outOfRange` for a value that is not whole.
  public func integers(_ quantity: String) throws(PoiseError) -> [Int] {
    var whole: [Int] = []
    for value in values {
      guard value == value.rounded(), abs(value) < 1e15 else {
        throw PoiseError(
          .outOfRange, quantity: quantity, value: "\(value)", allowed: "whole numbers")
      }
      whole.append(Int(value))
    }
    return whole
  }

  /// The values as numbers of layers: those of a range by number of points are rounded, and each
  /// occurs once.
  /// - Throws: `outOfRange` for a value that is not whole, of any other axis.
  public func layers(_ quantity: String) throws(PoiseError) -> [Int] {
    guard text.contains(where: { "#@".contains($0) }) else { return try integers(quantity) }
    var layers: [Int] = []
    for value in values where abs(value) < 1e15 && !layers.contains(Int(value.rounded())) {
      layers.append(Int(value.rounded()))
    }
    return layers
  }

  private static func segment(
    _ text: String, _ quantity: String, whole: String
  ) throws(PoiseError) -> [Double] {
    func refuse(_ why: String) -> PoiseError {
      PoiseError(
        .outOfRange, quantity: quantity, value: "\(whole) (\(why))",
        allowed: "a finite number, a list a,b,c, or a range from:to:step, from:to#points, "
          + "from:to@points (logarithmic)")
    }
    func number(_ part: some StringProtocol) throws(PoiseError) -> Double {
      guard let value = Double(part), value.isFinite else {
        throw refuse("'\(part)' is not a finite number")
      }
      return value
    }
    guard let colon = text.firstIndex(of: ":") else { return [try number(text)] }
    let lower = try number(text[..<colon])
    let rest = text[text.index(after: colon)...]
    if let mark = rest.firstIndex(where: { $0 == "#" || $0 == "@" }) {
      let upper = try number(rest[..<mark])
      guard (upper - lower).isFinite else { throw refuse("the range is too wide for a number") }
      guard let count = Int(rest[rest.index(after: mark)...]), count >= 1, count <= limit else {
        throw refuse("the number of points is from 1 to \(limit)")
      }
      if rest[mark] == "@" {
        guard lower > 0, upper > 0 else { throw refuse("a logarithmic range is above 0") }
        return spaced(.log(lower), .log(upper), count).map { .exp($0) }.pinned(lower, upper)
      }
      return spaced(lower, upper, count).pinned(lower, upper)
    }
    guard let second = rest.firstIndex(of: ":") else {
      throw refuse("a range needs a step or a number of points")
    }
    let upper = try number(rest[..<second])
    let step = try number(rest[rest.index(after: second)...])
    guard step > 0, upper >= lower else { throw refuse("the step is positive and from ≤ to") }
    // Both ends belong; the last point may exceed the upper end by a millionth of a step.
    let count = ((upper - lower) / step + 1e-6).rounded(.down)
    guard count < Double(limit) else { throw refuse("more than \(limit) points") }
    return (0...Int(count)).map { lower + Double($0) * step }
  }

  private static func spaced(_ lower: Double, _ upper: Double, _ count: Int) -> [Double] {
    count == 1
      ? [lower]
      : (0..<count).map { lower + (upper - lower) * Double($0) / Double(count - 1) }
  }
}

extension [Double] {
  /// The same values with the ends exactly as written.
  fileprivate func pinned(_ lower: Double, _ upper: Double) -> [Double] {
    guard count > 1 else { return [lower] }
    return [lower] + dropFirst().dropLast() + [upper]
  }
}
