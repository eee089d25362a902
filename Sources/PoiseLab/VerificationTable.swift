public import Foundation
public import PoiseNumerics
import RealModule

extension Verification {
  /// The parameters of an entry: numbers (plain, decimal strings, or `sqrt(x)`), names, arrays.
  public struct Parameters: Sendable {
    let values: [String: any Sendable]

    /// A number.
    /// - Throws: `outOfRange` if it is missing or not a finite number.
    public func number(_ name: String) throws(PoiseError) -> Double {
      guard let value = values[name].flatMap(Parameters.number) else {
        throw PoiseError(
          .outOfRange, quantity: "parameter \(name)", value: "\(values[name] ?? "missing")",
          allowed: "a finite number, plain or as a decimal string")
      }
      return value
    }

    /// A whole number.
    /// - Throws: `outOfRange` if it is missing, not whole, or beyond 10⁹ in size.
    public func integer(_ name: String) throws(PoiseError) -> Int {
      let value = try number(name)
      guard value == value.rounded(), abs(value) <= 1e9 else {
        throw PoiseError(
          .outOfRange, quantity: "parameter \(name)", value: "\(value)", allowed: "a whole number")
      }
      return Int(value)
    }

    /// A name.
    /// - Throws: `outOfRange` if it is missing or not text.
    public func text(_ name: String) throws(PoiseError) -> String {
      guard let value = values[name] as? String else {
        throw PoiseError(
          .outOfRange, quantity: "parameter \(name)", value: "\(values[name] ?? "missing")",
          allowed: "a text")
      }
      return value
    }

    /// Whether a parameter is given.
    public func has(_ name: String) -> Bool { values[name] != nil }

    /// An array of numbers.
    /// - Throws: `outOfRange` if it is missing, empty, or holds anything but finite numbers.
    public func numbers(_ name: String) throws(PoiseError) -> [Double] {
      let raw = values[name] as? [any Sendable] ?? []
      let numbers = raw.compactMap(Parameters.number)
      guard !numbers.isEmpty, numbers.count == raw.count else {
        throw PoiseError(
          .outOfRange, quantity: "parameter \(name)", value: "\(values[name] ?? "missing")",
          allowed: "an array of finite numbers")
      }
      return numbers
    }

    /// An array of whole numbers.
    /// - Throws: `outOfRange` as `numbers`, or for a number that is not whole.
    public func integers(_ name: String) throws(PoiseError) -> [Int] {
      var whole: [Int] = []
      for value in try numbers(name) {
        guard value == value.rounded(), abs(value) <= 1e9 else {
          throw PoiseError(
            .outOfRange, quantity: "parameter \(name)", value: "\(value)",
            allowed: "whole numbers")
        }
        whole.append(Int(value))
      }
      return whole
    }

    /// An array of rows of one length.
    /// - Throws: `outOfRange` if it is missing, empty, ragged, or not all finite numbers.
    public func matrix(_ name: String) throws(PoiseError) -> Matrix<Double> {
      let rows = (values[name] as? [any Sendable] ?? []).map {
        ($0 as? [any Sendable])?.map(Parameters.number) ?? []
      }
      let columns = rows.first?.count ?? 0
      guard columns > 0, rows.allSatisfy({ $0.count == columns && $0.allSatisfy { $0 != nil } })
      else {
        throw PoiseError(
          .outOfRange, quantity: "parameter \(name)",
          value: values[name] == nil ? "missing" : "not a matrix",
          allowed: "rows of one length, finite numbers")
      }
      return Matrix(
        rows: rows.count, columns: columns, elements: rows.flatMap { $0.compactMap { $0 } })
    }

    /// A number from what JSON gave: a number, a decimal string, or `sqrt(…)` of one.
    static func number(_ value: any Sendable) -> Double? {
      if let number = value as? Double { return number.isFinite ? number : nil }
      guard let text = value as? String else { return nil }
      if text.hasPrefix("sqrt("), text.hasSuffix(")") {
        return Double(text.dropFirst(5).dropLast()).flatMap { $0 >= 0 ? $0.squareRoot() : nil }
      }
      return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// Reads a table shipped with Poise.
  public static func shippedTable(_ name: String) throws(PoiseError) -> Table {
    guard let url = LabResources.url("\(name).json") else {
      throw PoiseError(
        .unreadable, quantity: "table \(name)", value: "not found beside the program",
        allowed: "the resources that are built with Poise",
        suggestion: "keep poise_PoiseLab.resources beside the executable, or set POISE_RESOURCES")
    }
    return try table(at: url.path, name: name)
  }

  /// Reads a table of the user's.
  /// - Throws: `unreadable` with the path and what is wrong.
  public static func table(at path: String, name: String? = nil) throws(PoiseError) -> Table {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PoiseError(
        .unreadable, quantity: path, value: "no such file, or no permission",
        allowed: "a JSON table of schema \(schema)")
    }
    return try decode(data, name: name ?? path)
  }

  /// Decodes a table.
  public static func decode(_ data: Data, name: String) throws(PoiseError) -> Table {
    func unreadable(_ what: String) -> PoiseError {
      PoiseError(
        .unreadable, quantity: name, value: what, allowed: "a JSON table of schema \(schema)")
    }
    guard let object = try? JSONSerialization.jsonObject(with: data),
      let root = object as? [String: Any]
    else { throw unreadable("not a JSON object") }
    guard root["schema"] as? String == schema else {
      throw unreadable("schema \(root["schema"] ?? "missing")")
    }
    guard let list = root["entries"] as? [[String: Any]] else { throw unreadable("no entries") }
    var entries: [Entry] = []
    for (index, item) in list.enumerated() {
      guard let entry = entry(item, index: index) else {
        throw unreadable("entry \(index + 1) (\(item["id"] ?? "no id")) is malformed")
      }
      entries.append(entry)
    }
    return Table(name: name, entries: entries)
  }

  private static func entry(_ item: [String: Any], index: Int) -> Entry? {
    guard let quantity = item["quantity"] as? String,
      let expected = item["expected"] as? [String: Any], !expected.isEmpty,
      let tolerance = (item["tolerance"] as? [String: Any]).flatMap(tolerance)
    else { return nil }
    var values: [String: Expected] = [:]
    for (name, raw) in expected {
      guard let value = expectedValue(raw) else { return nil }
      values[name] = value
    }
    let parameters = (item["parameters"] as? [String: Any] ?? [:]).compactMapValues(sendable)
    return Entry(
      id: item["id"] as? String ?? "entry \(index + 1)", quantity: quantity,
      parameters: Parameters(values: parameters), expected: values, tolerance: tolerance)
  }

  private static func sendable(_ value: Any) -> (any Sendable)? {
    if let text = value as? String { return text }
    if let number = value as? NSNumber {
      // JSON's true is an NSNumber too, but no number.
      return String(cString: number.objCType) == "c" ? nil : number.doubleValue
    }
    if let array = value as? [Any] { return array.compactMap(sendable) }
    return nil
  }

  private static func expectedValue(_ raw: Any) -> Expected? {
    if raw is NSNull { return .missing }
    // Nested arrays are compared row by row, as one.
    if let array = raw as? [Any] {
      var numbers: [Double] = []
      for item in array {
        switch expectedValue(item) {
        case .number(let number): numbers.append(number)
        case .array(let inner): numbers += inner
        case .missing, nil: return nil
        }
      }
      return .array(numbers)
    }
    return sendable(raw).flatMap(Parameters.number).map { .number($0) }
  }

  private static func tolerance(_ raw: [String: Any]) -> Tolerance? {
    func number(_ name: String) -> Double? {
      raw[name].flatMap(sendable).flatMap(Parameters.number).flatMap { $0 >= 0 ? $0 : nil }
    }
    if let bound = number("relative") { return .relative(bound) }
    if let bound = number("absolute") { return .absolute(bound) }
    if let error = number("standardError") {
      return .standardError(error, sigmas: number("sigmas") ?? 4)
    }
    return nil
  }
}

/// Files that are built with PoiseLab, found without trapping when they are missing.
enum LabResources {
  static func url(_ name: String) -> URL? {
    var folders: [URL] = []
    if let given = ProcessInfo.processInfo.environment["POISE_RESOURCES"] {
      folders.append(URL(fileURLWithPath: given))
    }
    let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for base in [Bundle.main.bundleURL, executable.deletingLastPathComponent()] {
      folders.append(base.appendingPathComponent("poise_PoiseLab.resources/Resources"))
      folders.append(base.appendingPathComponent("../share/poise"))
    }
    // Running from a checkout: the source tree itself.
    folders.append(
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Resources"))
    return folders.map { $0.appendingPathComponent(name) }.first {
      FileManager.default.isReadableFile(atPath: $0.path)
    }
  }
}
