import Foundation

/// One value of `References/numerics.json`, made by `References/make_numerics.py`.
struct NumericsReference: Decodable, Sendable {
  let kind: String
  let parameters: [String: String]
  let value: String

  var expected: Double { Double(value)! }
  func number(_ key: String) -> Double { Double(parameters[key]!)! }

  static let all: [NumericsReference] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/numerics.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([NumericsReference].self, from: data)) ?? []
  }()

  static func of(_ kind: String) -> [NumericsReference] { all.filter { $0.kind == kind } }
}
