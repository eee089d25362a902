import Foundation
import PoiseModel
import Testing

/// `deviation` against 30-digit values (`References/make_deviation.py`).
@Suite struct DeviationReferenceTests {
  struct Entry: Decodable {
    let activation: String
    let x: Double
    let value: String
    let derivative: String
  }

  static let entries: [Entry] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/activation_deviation.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Entry].self, from: data)) ?? []
  }()

  @Test(arguments: Activation.catalogue)
  func deviation(_ activation: Activation) {
    let entries = Self.entries.filter { $0.activation == activation.name }
    #expect(entries.count == 26)
    for entry in entries {
      let (value, derivative) = activation.function.deviation(entry.x)
      let expected = (Double(entry.value)!, Double(entry.derivative)!)
      // The deviation of selu has a root near −1, where only absolute accuracy can be had.
      let floor = abs(entry.x) >= 0.5 ? 1e-16 : 0
      #expect(
        abs(value - expected.0) <= 2e-15 * abs(expected.0) + floor, "value at \(entry.x): \(value)")
      #expect(
        abs(derivative - expected.1) <= 2e-15 * abs(expected.1),
        "derivative at \(entry.x): \(derivative), expected \(expected.1)")
    }
  }
}
