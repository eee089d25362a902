import Foundation
import PoiseNumerics
import Testing

@Suite struct QuadratureTests {
  @Test(arguments: [1, 2, 3, 5, 8, 16, 24, 40])
  func legendreIsExact(_ count: Int) {
    let rule = GaussLegendre(count)
    #expect(rule.nodes == rule.nodes.sorted() && rule.nodes.count == count)
    #expect(abs(rule.weights.reduce(0, +) - 2) < 4e-15)
    for degree in 0...(2 * count - 1) {
      let found = rule.integrate(from: -1, to: 1) { pow($0, Double(degree)) }
      let expected = degree % 2 == 0 ? 2 / Double(degree + 1) : 0
      #expect(abs(found - expected) < 4e-15, "degree \(degree)")
    }
    // One degree more is missed by the known amount 2^(2n+1) n!⁴/((2n+1) (2n)!²).
    let n = Double(count)
    let powers: Double = (2 * n + 1) * log(2.0) - log(2 * n + 1)
    let factorials: Double = 4 * lgamma(n + 1) - 2 * lgamma(2 * n + 1)
    let gap: Double = exp(powers + factorials)
    let found = rule.integrate(from: -1, to: 1) { pow($0, 2 * n) }
    let missed: Double = 2 / (2 * n + 1) - found
    #expect(abs(missed - gap) < 1e-10 * gap + 4e-15)
  }

  @Test(arguments: NumericsReference.of("lorentz"))
  func gaussianOfAnalytic(_ entry: NumericsReference) {
    let rule = GaussianRule(length: entry.number("q"))
    #expect(abs(rule.weights.reduce(0, +) - 1) < 4e-15)
    let found = rule.average { 1 / (1 + $0 * $0) }
    #expect(abs(found / entry.expected - 1) < 4e-15, "\(entry)")
  }

  /// Near the real axis a quarter of the nodes gives the same; elsewhere nothing changes.
  @Test(arguments: NumericsReference.of("lorentz"))
  func gaussianOfAnalyticNearTheAxis(_ entry: NumericsReference) {
    let q = entry.number("q")
    let (full, wide) = (
      GaussianRule(length: q), GaussianRule(length: q, kinks: [], strip: 1)
    )
    #expect((wide.nodes.count < full.nodes.count / 3) == (4 * q.squareRoot() <= 1))
    #expect(abs(wide.weights.reduce(0, +) - 1) < 4e-15)
    let found = wide.average { 1 / (1 + $0 * $0) }
    #expect(abs(found / entry.expected - 1) < 4e-15, "\(entry)")
    for other in [
      GaussianRule(length: q, kinks: [1e9], strip: 1), GaussianRule(length: q, kinks: [], strip: 0),
      GaussianRule(length: q, kinks: [], strip: nil),
    ] {
      #expect(other.nodes.count == full.nodes.count)
    }
    // Entire functions vary on the scale 1 too, and beyond q = 10 faster than any rule here.
    guard q <= 10 else { return }
    let entire = GaussianRule(length: q, kinks: [], strip: .infinity)
    let cosine = entire.average { cos($0) }
    #expect(abs(cosine - exp(-q / 2)) < 2e-15, "\(entry)")
  }

  @Test(arguments: NumericsReference.of("clip"))
  func gaussianOfKinked(_ entry: NumericsReference) {
    let rule = GaussianRule(length: entry.number("q"), kinks: [-1, 1])
    let found = rule.average { u in
      let v = max(-1, min(1, u))
      return v * v
    }
    #expect(abs(found / entry.expected - 1) < 4e-15, "\(entry)")
  }

  @Test func gaussianAtZero() {
    let rule = GaussianRule(length: 0)
    #expect(rule.nodes == [0] && rule.weights == [1])
  }

  private func pairRule(_ entry: NumericsReference, kinks: [Double]) -> GaussianPairRule {
    GaussianPairRule(
      lengthA: entry.number("qa"), lengthB: entry.number("qb"), angle: entry.number("angle"),
      kinks: kinks)
  }

  @Test(arguments: zip(NumericsReference.of("pair_relu"), NumericsReference.of("pair_step")))
  func pairOfKinked(_ relu: NumericsReference, _ step: NumericsReference) {
    let found = pairRule(relu, kinks: [0]).averages { u, count, f, g in
      for i in 0..<count {
        f[i] = max(u[i], 0)
        g[i] = u[i] > 0 ? 1 : 0
      }
    }
    // θ → π: what remains is a thin wedge, and the mean of x² sets the scale of rounding.
    let scale = (relu.number("qa") * relu.number("qb")).squareRoot()
    #expect(abs(found.f - relu.expected) < 6e-15 * relu.expected + 1e-16 * scale, "\(relu)")
    #expect(abs(found.g - step.expected) < 6e-15 * step.expected + 1e-15, "\(step)")
  }

  @Test(arguments: zip(NumericsReference.of("pair_erf"), NumericsReference.of("pair_bell")))
  func pairOfAnalytic(_ value: NumericsReference, _ slope: NumericsReference) {
    let found = pairRule(value, kinks: []).averages { u, count, f, g in
      for i in 0..<count {
        f[i] = erf(u[i])
        g[i] = 2 / Double.pi.squareRoot() * exp(-u[i] * u[i])
      }
    }
    #expect(abs(found.f - value.expected) < 4e-15 * abs(value.expected) + 1e-16, "\(value)")
    #expect(abs(found.g - slope.expected) < 6e-15 * slope.expected, "\(slope)")
  }

  @Test func outerAverageOverClosedMeans() {
    // E u_a u_b = k through the conditional mean.
    let rule = GaussianPairRule(lengthA: 2, lengthB: 0.5, angle: 1.1, kinks: [])
    let found = rule.averageOuter { a, mean, _ in a * mean }
    #expect(abs(found - cos(1.1)) < 4e-15)
  }

  @Test func chebyshevPanels() {
    let points = ChebyshevPanel.points(lower: -0.5, upper: 2, count: 60)
    let panel = ChebyshevPanel(lower: -0.5, upper: 2, values: points.map { exp(sin(2 * $0)) })
    for x in stride(from: -0.5, through: 2, by: 0.01) {
      let (value, slope) = panel.valueAndSlope(x)
      #expect(abs(panel(x) - exp(sin(2 * x))) < 1e-13)
      #expect(abs(value - panel(x)) < 1e-14)
      #expect(abs(slope - 2 * cos(2 * x) * exp(sin(2 * x))) < 1e-10)
    }
    #expect(panel.tail < 1e-12)
    let rough = ChebyshevPanel(lower: -0.5, upper: 2, values: points.map { abs($0 - 0.3) })
    #expect(rough.tail > 1e-5)
    #expect(ChebyshevPanel(lower: 0, upper: 1, values: [0, 0, 0]).tail == 0)
  }
}
