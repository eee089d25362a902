import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// One value of `References/mean_field_*.json`, made by `References/make_mean_field.py`.
struct ReferenceEntry: Decodable, Sendable, CustomTestStringConvertible {
  let quantity: String
  let parameters: [String: String]
  let value: String

  var testDescription: String {
    quantity + " "
      + parameters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
  }
  var expected: Double { Double(value)! }

  func number(_ key: String) -> Double {
    let text = parameters[key]!
    return text == "sqrt(2)" ? 2.0.squareRoot() : Double(text)!
  }
  /// The square of a standard deviation, where √2 squares to exactly 2.
  func square(_ key: String) -> Double {
    parameters[key] == "sqrt(2)" ? 2 : number(key) * number(key)
  }
  func activation() throws -> Activation { try Activation.named(parameters["activation"]!) }

  func theory() throws -> MeanField {
    let ensemble = try NetworkEnsemble(
      activation: activation(), weights: .gaussian(variance: square("sigma_w")),
      biases: .gaussian(variance: square("sigma_b")))
    guard parameters["keep"] != nil else { return try MeanField(of: ensemble) }
    return try MeanField(of: ensemble, keep: number("keep"))
  }

  static func load(_ part: String) -> [ReferenceEntry] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/mean_field_\(part).json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([ReferenceEntry].self, from: data)) ?? []
  }
}

/// Every quantity of the theory against values of 24 digits at scattered parameters.
@Suite struct MeanFieldReferenceTests {
  private func check(
    _ computed: Double, _ entry: ReferenceEntry, tolerance: Double = 1e-12, floor: Double = 0
  ) {
    let error = abs(computed - entry.expected)
    #expect(
      error <= tolerance * abs(entry.expected) + floor,
      "\(entry.testDescription): \(computed), expected \(entry.value), off by \(error / abs(entry.expected))"
    )
  }

  @Test func tablesAreThere() {
    #expect(ReferenceEntry.load("moments").count > 300)
    #expect(ReferenceEntry.load("fixed").count > 140)
    #expect(ReferenceEntry.load("critical").count > 180)
    #expect(ReferenceEntry.load("pairs").count > 120)
    #expect(ReferenceEntry.load("chaos").count > 50)
    #expect(ReferenceEntry.load("gaps").count >= 14)
  }

  @Test(arguments: ReferenceEntry.load("moments"))
  func moments(_ entry: ReferenceEntry) throws {
    let moments = try entry.activation().moments(length: entry.number("q"))
    let value =
      switch entry.quantity {
      case "moment_phi2": moments.valueSquared
      case "moment_dphi2": moments.slopeSquared
      case "moment_dphi4": moments.slopeFourth
      default: moments.lengthSlope
      }
    check(value, entry, tolerance: 1e-13)
  }

  @Test(arguments: ReferenceEntry.load("fixed"))
  func fixedPoints(_ entry: ReferenceEntry) throws {
    let theory = try entry.theory()
    if entry.quantity == "length_after" {
      let lengths = theory.lengthMap.iterate(
        from: entry.number("q1"), layers: Int(entry.parameters["layers"]!)!)
      return check(lengths.last!, entry)
    }
    let point = try theory.fixedPoint()
    // Close to the edge of chaos the conditioning of q* is 1/(1 − χ_q) and of ξ 1/(1 − χ).
    switch entry.quantity {
    case "q_star": check(point.length, entry, tolerance: 1e-12 + 4e-16 / abs(1 - point.chiQ))
    case "chi_1": check(point.chi1, entry)
    case "chi_q": check(point.chiQ, entry)
    case "xi_q":
      check(try #require(point.lengthDepth.value), entry, tolerance: 1e-12 / abs(1 - point.chiQ))
    default:
      check(
        try #require(point.correlationDepth.value), entry, tolerance: 1e-12 / abs(1 - point.chi1))
    }
  }

  @Test(arguments: ReferenceEntry.load("critical"))
  func criticalLine(_ entry: ReferenceEntry) throws {
    let edge = EdgeOfChaos(try entry.activation())
    switch entry.quantity {
    case "critical_sigma_w_at_q", "critical_sigma_b_at_q":
      let point = try #require(edge.point(atLength: entry.number("q")))
      let weight = entry.quantity == "critical_sigma_w_at_q"
      check((weight ? point.weightVariance : point.biasVariance).squareRoot(), entry)
    case "critical_q", "critical_sigma_w":
      let points = try edge.points(biasVariance: entry.square("sigma_b"))
      #expect(points.count == 1, "\(points)")
      let point = try #require(points.first)
      check(
        entry.quantity == "critical_q"
          ? try #require(point.length) : point.weightVariance.squareRoot(), entry)
    case "half_stable_q":
      let point = try #require(try edge.halfStablePoint())
      check(try #require(point.length), entry, tolerance: 1e-11)
    default:
      check(
        try #require(edge.correlationDecayCoefficient(atLength: entry.number("q"))), entry,
        tolerance: entry.parameters["activation"] == "mish" ? 1e-11 : 1e-12)
    }
  }

  @Test(arguments: ReferenceEntry.load("pairs"))
  func pairs(_ entry: ReferenceEntry) throws {
    let (q, c) = (entry.number("q"), entry.number("c"))
    let pair = GaussianPair(lengthA: q, lengthB: q, angle: acos(c))
    let activation = try entry.activation()
    let moments = activation.pairMoments(pair)
    // Opposite signs cancel: what is left is measured against the Cauchy-Schwarz bound.
    let bound = activation.moments(length: q)
    check(
      entry.quantity == "pair_phi" ? moments.value : moments.slope, entry, tolerance: 1e-12,
      floor: 1e-15 * (entry.quantity == "pair_phi" ? bound.valueSquared : bound.slopeSquared))
  }

  @Test(arguments: ReferenceEntry.load("chaos"))
  func chaoticFixedPoints(_ entry: ReferenceEntry) throws {
    let point = try entry.theory().fixedPoint()
    if entry.quantity == "xi_c" {
      check(try #require(point.correlationDepth.value), entry, tolerance: 1e-11)
    } else {
      check(point.correlation, entry, tolerance: 1e-11)
    }
  }

  @Test(arguments: ReferenceEntry.load("gaps"))
  func gaps(_ entry: ReferenceEntry) throws {
    let theory = try entry.theory()
    let outcome = try theory.outcome()
    let map = theory.correlationMap(atLength: outcome.point?.length ?? 1.7)
    var gap = entry.number("gap0")
    for _ in 0..<Int(entry.parameters["layers"]!)! { gap = map.nextGap(gap) }
    check(gap, entry)
  }
}
