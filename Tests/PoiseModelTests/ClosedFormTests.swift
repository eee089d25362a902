import Foundation
import PoiseModel
import Testing

/// Closed Gaussian averages against brute-force quadrature of φ and φ′.
@Suite struct ClosedFormTests {
  /// Breaks of φ and the scale 1 of its variation, seen from z = u/√q.
  private func centres(_ function: any ActivationFunction, mean: Double = 0, _ root: Double)
    -> [(at: Double, scale: Double)]
  {
    (function.kinks + [0]).map { (($0 - mean) / root, min(1, 0.5 / root)) }
  }

  /// Oscillations of sin are beyond panels of unit width when √q is large.
  private func skips(_ activation: Activation, length: Double) -> Bool {
    activation.name == "sin" && length > 200
  }

  @Test(arguments: Activation.catalogue, [1e-12, 1e-8, 1e-6, 1e-3, 0.2, 0.26, 1, 3, 50, 1e4, 1e6])
  func moments(_ activation: Activation, length: Double) throws {
    let function = activation.function
    guard let closed = function.closedMoments(length: length), !skips(activation, length: length)
    else { return }
    let root = length.squareRoot()
    let places = centres(function, root)
    let squares = BruteForce.average(places) { z in
      let (value, slope) = (function.value(root * z), function.derivative(root * z))
      return (value * value, slope * slope)
    }
    let others = BruteForce.average(places) { z in
      let (value, slope) = (function.value(root * z), function.derivative(root * z))
      return (pow(slope, 4), z * value * slope / root)
    }
    expectClose(closed.valueSquared, squares.0, 1e-14, "E φ²")
    expectClose(closed.slopeSquared, squares.1, 1e-14, "μ₁")
    expectClose(closed.slopeFourth, others.0, 1e-14, "μ₂")
    // E u φ φ′/q cancels in the brute force of the saturating ones.
    let absolute = activation.name == "sin" ? 1e-13 : 0
    expectClose(closed.lengthSlope, others.1, 1e-13, "dE φ²/dq", absolute: absolute)
  }

  static let lengths: [(Double, Double)] = [
    (1e-6, 1e-6), (1e-3, 4e-3), (0.5, 0.5), (1.3, 0.7), (30, 100), (1e4, 1e4), (9999, 1e4),
    (0.01, 1e4), (1e8, 1e8),
  ]
  static let angles: [Double] = [0, 1e-7, 1e-3, 0.3, 1.2, Double.pi / 2, 2.5, 3.14, Double.pi]

  /// Errors in units of √(E φ_a² E φ_b²), and the same for slopes.
  @Test(arguments: Activation.catalogue, lengths)
  func pairs(_ activation: Activation, lengths: (Double, Double)) throws {
    let function = activation.function
    let probe = GaussianPair(lengthA: 1, lengthB: 1, angle: 1)
    guard function.closedPair(probe) != nil, !skips(activation, length: lengths.1) else { return }
    let roots = (lengths.0.squareRoot(), lengths.1.squareRoot())
    let both: (Double) -> (Double, Double) = { (function.value($0), function.derivative($0)) }
    let a = BruteForce.pair(roots.0, roots.0, 0, kinks: function.kinks, both)
    let b = BruteForce.pair(roots.1, roots.1, 0, kinks: function.kinks, both)
    for angle in Self.angles {
      let pair = GaussianPair(lengthA: lengths.0, lengthB: lengths.1, angle: angle)
      let closed = try #require(function.closedPair(pair))
      let brute = BruteForce.pair(roots.0, roots.1, angle, kinks: function.kinks, both)
      let scale = ((a.0 * b.0).squareRoot(), (a.1 * b.1).squareRoot())
      #expect(abs(closed.value - brute.0) < 1e-14 * scale.0, "value at \(angle)")
      #expect(abs(closed.slope - brute.1) < 1e-14 * scale.1, "slope at \(angle)")
    }
  }

  /// Which averages are closed; the others are left to quadrature.
  @Test func whichAreClosed() {
    let pair = GaussianPair(lengthA: 0.7, lengthB: 0.7, angle: 1)
    func names(_ holds: (any ActivationFunction) -> Bool) -> Set<String> {
      Set(Activation.catalogue.filter { holds($0.function) }.map(\.name))
    }
    let always: Set = [
      "linear", "relu", "leaky_relu_0.01", "abs", "erf", "erf_unit_slope", "sin", "hard_tanh",
    ]
    #expect(names { $0.closedMoments(length: 0.7) != nil } == always.union(["elu", "selu"]))
    #expect(names { $0.closedPair(pair) != nil } == always.union(["gelu"]))
    #expect(
      names { $0.closedMean(mean: 0.1, deviation: 0.7) != nil }
        == always.union(["elu", "selu", "gelu"]))
  }

  /// At angle 0 a pair is a moment.
  @Test(arguments: Activation.catalogue)
  func pairAtAngleZero(_ activation: Activation) throws {
    for length in [1e-6, 0.01, 1, 77, 1e4] {
      let pair = GaussianPair(lengthA: length, lengthB: length, angle: 0)
      guard let closed = activation.function.closedPair(pair),
        let moments = activation.function.closedMoments(length: length)
      else { continue }
      expectClose(closed.value, moments.valueSquared, 1e-14, "E φ² at \(length)")
      expectClose(closed.slope, moments.slopeSquared, 1e-14, "μ₁ at \(length)")
    }
  }

  /// dE φφ/dk = E φ′φ′ (Price), by a difference in the angle.
  @Test(arguments: Activation.catalogue)
  func price(_ activation: Activation) throws {
    let function = activation.function
    for (a, b) in [(0.3, 0.3), (2.0, 0.5)] {
      for angle in [0.2, 1.1, 2.7] {
        let step = 1e-4
        let sides = [-2.0, -1, 1, 2].compactMap {
          function.closedPair(GaussianPair(lengthA: a, lengthB: b, angle: angle + $0 * step))?.value
        }
        let pair = GaussianPair(lengthA: a, lengthB: b, angle: angle)
        guard sides.count == 4, let closed = function.closedPair(pair) else { continue }
        let difference = (sides[0] - 8 * sides[1] + 8 * sides[2] - sides[3]) / (12 * step)
        expectClose(-difference / ((a * b).squareRoot() * sin(angle)), closed.slope, 1e-9, "Price")
      }
    }
  }

  /// Errors in units of √E φ² and of max(1, |E φ′|).
  @Test(arguments: Activation.catalogue, [1e-6, 1e-3, 0.1, 0.45, 0.55, 2, 40, 3000])
  func means(_ activation: Activation, deviation: Double) {
    let function = activation.function
    for mean in [-30, -4.5, -3, -1, -0.2, -1e-3, 0, 1e-6, 0.1, 0.9, 1, 1.7, 8, 100] {
      guard let closed = function.closedMean(mean: mean, deviation: deviation) else { continue }
      if activation.name == "sin", deviation > 10 { continue }
      let brute = BruteForce.average(centres(function, mean: mean, deviation)) { z in
        let x = mean + deviation * z
        return (function.value(x), function.derivative(x))
      }
      let square = BruteForce.average(centres(function, mean: mean, deviation)) { z in
        (pow(function.value(mean + deviation * z), 2), 0)
      }
      let size = square.0.squareRoot() + 1e-8
      #expect(abs(closed.value - brute.0) < 5e-15 * size, "value at \(mean)")
      let steepness = max(abs(closed.derivative), 1)
      #expect(abs(closed.derivative - brute.1) < 5e-15 * steepness, "derivative at \(mean)")
    }
  }

  /// relu and its kin keep relative accuracy where the averages vanish.
  @Test func reluNearOppositeInputs() throws {
    let pair = GaussianPair(lengthA: 2, lengthB: 2, angle: .pi - 1e-5)
    let closed = try #require(ReLU().closedPair(pair))
    let rest = Double.pi - pair.angle
    expectClose(closed.value, 2 * pow(rest, 3) / 3 / (2 * .pi), 1e-9, "θ → π")
    expectClose(closed.slope, rest / (2 * .pi), 1e-14, "θ → π")
  }

  static let references: [(String, String, Double, Double, Double)] = [
    ("moment_phi2", "tanh", 1e6, 1, 0.9992021157673137251551283286),
    ("moment_dphi2", "tanh", 1e6, 1, 0.0005319229547714459721912040095),
    ("moment_dphi4", "tanh", 1e6, 1, 0.0003647472019146895290866584462),
    ("moment_phi2", "tanh", 1e-8, 1, 9.999999800000005666666460000e-9),
    ("moment_dphi2", "tanh", 1e-8, 1, 0.9999999800000006999999686667),
    ("moment_dphi4", "tanh", 1e-8, 1, 0.9999999600000025999997973334),
    ("pair_phi", "tanh", 1.5, 0.6, 0.2622304960262404384384423125),
    ("pair_dphi", "tanh", 1.5, 0.6, 0.3102964797285163156525144515),
    ("pair_phi", "selu", 1.2, 0.3, 0.3366981925327629972982100346),
    ("pair_dphi", "selu", 1.2, 0.3, 0.9420620886267093877462946410),
    ("pair_phi", "hard_tanh", 0.8, -0.4, -0.1755477783679996089394757643),
    ("pair_dphi", "hard_tanh", 0.8, -0.4, 0.5613608055376041905274083992),
  ]

  /// 28-digit reference values, by closed forms where they exist and by the buffers otherwise.
  @Test(arguments: references)
  func reference(
    _ quantity: String, _ name: String, _ q: Double, _ c: Double, _ expected: Double
  ) throws {
    let function = try Activation.named(name).function
    let root = q.squareRoot()
    // Through the buffers, one element at a time: their accuracy is what is tested.
    let both: (Double) -> (Double, Double) = { x in
      var (argument, value, slope) = (x, 0.0, 0.0)
      function.evaluate(&argument, count: 1, value: &value, derivative: &slope)
      return (value, slope)
    }
    let found: Double
    if quantity.hasPrefix("pair") {
      let pair = GaussianPair(lengthA: q, lengthB: q, gap: 1 - c)
      let brute = BruteForce.pair(root, root, acos(c), kinks: function.kinks, both)
      let brutal = quantity == "pair_phi" ? brute.0 : brute.1
      expectClose(brutal, expected, 1e-12, "buffers")
      let closed = function.closedPair(pair)
      found = (quantity == "pair_phi" ? closed?.value : closed?.slope) ?? brutal
    } else {
      let power = quantity == "moment_dphi4" ? 4.0 : 2.0
      let brute = BruteForce.average(centres(function, root)) { z in
        let (value, slope) = both(root * z)
        return (pow(value, power), pow(slope, power))
      }
      found = quantity == "moment_phi2" ? brute.0 : brute.1
    }
    expectClose(found, expected, 1e-12, quantity)
  }

  private func expectClose(
    _ a: Double, _ b: Double, _ relative: Double, _ what: String, absolute: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(a - b) <= relative * abs(b) + absolute, "\(what): \(a) against \(b)",
      sourceLocation: sourceLocation)
  }
}
