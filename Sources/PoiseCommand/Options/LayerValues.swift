import Poise

/// Values per layer, joined by /.
enum LayerValues {
  /// Numbers, as in 80/50/30.
  static func numbers(_ text: String, _ quantity: String) throws(PoiseError) -> [Double] {
    var values: [Double] = []
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      guard let value = Double(part), value.isFinite else {
        throw PoiseError(
          .outOfRange, quantity: quantity, value: text,
          allowed: "numbers joined by /, one per layer")
      }
      values.append(value)
    }
    return values
  }

  /// A whole number of at least 1; ranges of logarithmic steps are rounded.
  static func whole(_ value: Double, _ quantity: String) throws(PoiseError) -> Int {
    guard value.isFinite, abs(value) < 1e9, value >= 0.5 else {
      throw PoiseError(
        .outOfRange, quantity: quantity, value: "\(value)", allowed: "whole numbers from 1")
    }
    return Int(value.rounded())
  }

  /// Numbers that are whole as written.
  static func sizes(_ text: String, _ quantity: String) throws(PoiseError) -> [Int] {
    var sizes: [Int] = []
    for value in try numbers(text, quantity) {
      guard value == value.rounded() else {
        throw PoiseError(
          .outOfRange, quantity: quantity, value: text, allowed: "whole numbers joined by /")
      }
      sizes.append(try whole(value, quantity))
    }
    return sizes
  }
}
