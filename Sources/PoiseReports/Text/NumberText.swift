import Foundation

/// Numbers as people read them.
public enum NumberText {
  /// About four significant digits: `1.1025`, `0.0656`, `1.68e-4`, `0`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "infinite" : "-infinite" }
    if value == 0 { return "0" }
    if abs(value) < 1e-3 || abs(value) >= 1e6 { return scientific(value, decimals: 2) }
    return trimmed(String(format: "%.\(max(0, 3 - exponent(value)))f", value))
  }

  /// `1.68e-4`: no plus sign, no leading zeros in the exponent.
  public static func scientific(_ value: Double, decimals: Int) -> String {
    let parts = String(format: "%.\(decimals)e", value).split(separator: "e")
    guard parts.count == 2, let power = Int(parts[1]) else { return "\(value)" }
    return power == 0 ? String(parts[0]) : "\(parts[0])e\(power)"
  }

  /// Numbers of one column with the same decimals; scientific for all where their range needs it.
  ///
  /// - Parameter digits: significant digits of the largest.
  public static func column(
    _ values: [Double?], digits: Int = 4, missing: String = "–"
  ) -> [String] {
    let sizes = values.compactMap { $0 }.filter { $0.isFinite && $0 != 0 }.map { abs($0) }
    guard let high = sizes.max(), let low = sizes.min() else {
      return values.map { $0.map { short($0) } ?? missing }
    }
    let isScientific = high >= 1e6 || high < 1e-2 || (low < 1e-3 && high / low > 1e3)
    let decimals = isScientific ? 2 : min(6, max(0, digits - 1 - exponent(high)))
    return values.map { value in
      guard let value else { return missing }
      if !value.isFinite { return short(value) }
      if isScientific { return value == 0 ? "0" : scientific(value, decimals: decimals) }
      return plain(value, decimals)
    }
  }

  /// A column with a given number of decimals.
  public static func fixed(_ values: [Double?], decimals: Int, missing: String = "–") -> [String] {
    values.map { value in
      guard let value else { return missing }
      guard value.isFinite else { return short(value) }
      return abs(value) >= 1e6
        ? scientific(value, decimals: 2) : plain(value, decimals)
    }
  }

  /// Fixed decimals, without a sign before a zero.
  private static func plain(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
      ? String(text.dropFirst()) : text
  }

  private static func exponent(_ value: Double) -> Int { Int(log10(abs(value)).rounded(.down)) }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

/// A measured number with its standard error in its last digits.
public enum Measured {
  /// `0.4107(9)`: the value rounded to the first digit of its error, to two where that is a 1.
  public static func format(value: Double, error: Double) -> String {
    guard value.isFinite else { return NumberText.short(value) }
    guard error.isFinite, error > 0 else { return NumberText.short(value) }
    let size = max(abs(value), error)
    if size < 1e-3 || size >= 1e5 {
      let power = Int(log10(size).rounded(.down))
      let scale = pow(10, Double(power))
      return plain(value / scale, error / scale) + "e\(power)"
    }
    return plain(value, error)
  }

  private static func plain(_ value: Double, _ error: Double) -> String {
    var power = Int(log10(error).rounded(.down))
    if (error / pow(10, Double(power))).rounded() <= 1 { power -= 1 }
    guard power < 0 else { return String(format: "%.0f(%.0f)", value, error) }
    let decimals = min(-power, 15)
    let digits = (error * pow(10, Double(decimals))).rounded()
    return String(format: "%.\(decimals)f(%.0f)", value, digits)
  }
}
