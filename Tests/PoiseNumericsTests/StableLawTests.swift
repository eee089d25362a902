import Foundation
import RealModule
import Testing

@testable import PoiseNumerics

/// Laws in closed form, limits, properties and refusals of the stable law.
@Suite struct StableLawTests {
  static let places = [-40.0, -5, -1.7, -0.6, -1e-3, 0, 0.02, 0.4, 1.3, 3.1, 12, 300, 1e8]

  /// Laws over the regions of all the formulas.
  static let laws: [(alpha: Double, beta: Double)] = [
    (0.3, 0), (0.5, 0.6), (0.8, -1), (0.95, 0), (1, 0), (1, 0.5), (1.02, -0.8), (1.05, 0.5),
    (1.3, 1),
    (1.7, 0), (1.7, -0.4), (1.99, 0.2), (2, 0),
  ]

  // MARK: closed forms

  @Test(arguments: places) func cauchy(x: Double) throws {
    let law = try StableLaw(alpha: 1, scale: 2, location: 1)
    let z = (x - 1) / 2
    #expect(abs(law.pdf(x) * 2 * .pi * (1 + z * z) - 1) < 1e-13)
    let upper = Double.atan2(y: 1, x: z) / .pi
    #expect(abs(law.survival(x) / upper - 1) < 1e-13)
  }

  @Test(arguments: places) func gauss(x: Double) throws {
    let law = try StableLaw(alpha: 2, beta: 0.7, scale: 1.5)
    let exact = -x * x / 9 - 0.5 * Double.log(9 * .pi)
    #expect(abs(law.logPDF(x) - exact) <= 1e-14 * max(1, abs(exact)))
    #expect(abs(law.survival(x) - Double.erfc(x / 3) / 2) <= 1e-15)
  }

  /// Lévy: α = 1/2, β = 1, S1: f = e^(−1/2x)/√(2πx³), F = erfc(1/√(2x)).
  @Test(arguments: [1e-3, 0.01, 0.2, 1.0, 7, 1e3, 1e12]) func levy(x: Double) throws {
    let law = try StableLaw(alpha: 0.5, beta: 1, parameterization: .s1)
    let exact = -0.5 / x - 1.5 * Double.log(x) - 0.5 * Double.log(2 * .pi)
    #expect(abs(law.logPDF(x) - exact) < 1e-12 * max(1, abs(exact)))
    #expect(abs(law.cdf(x) / Double.erfc(1 / (2 * x).squareRoot()) - 1) < 1e-10)
    #expect(law.pdf(-x) == 0)
    #expect(law.cdf(-x) == 0)
  }

  /// Holtsmark (α = 3/2, β = 0) by its hypergeometric series about 0:
  /// f = (1/π) Σ (−1)ᵏ Γ((4k+5)/3)/(2k+1)! x^{2k}.
  @Test(arguments: [0.0, 0.1, 0.8, 1.5]) func holtsmark(x: Double) throws {
    var (sum, power) = (0.0, 1.0)
    for k in 0...60 {
      let n = Double(k)
      let size: Double = .logGamma((4 * n + 5) / 3) - .logGamma(2 * n + 2)
      sum += (k % 2 == 0 ? 1 : -1) * .exp(size) * power
      power *= x * x
    }
    #expect(abs(try StableLaw(alpha: 1.5).pdf(x) * .pi / sum - 1) < 1e-12)
  }

  /// α = 2/3, β = 1 falls like Whittaker's function; at 1e300 the logarithm keeps its digits.
  @Test func farTail() throws {
    let law = try StableLaw(alpha: 1.99)
    let a = law.tailConstants.right
    let exact = Double.log(1.99 * a) - 2.99 * .log(1e300)
    #expect(abs(law.logPDF(1e300) / exact - 1) < 1e-13)
    #expect(law.pdf(1e300) == 0)
    #expect(abs(law.survival(1e60) / (a * .pow(1e60, -1.99)) - 1) < 1e-12)
  }

  // MARK: properties

  @Test(arguments: laws) func densityIsDerivative(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta)
    for x in [-6.0, -1.1, 0.3, 2.4, 8.5] {
      let h = 1e-3
      let low: Double = law.cdf(x - h) - law.cdf(x + h)
      let wide: Double = law.cdf(x + 2 * h) - law.cdf(x - 2 * h)
      let slope = (-8 * low - wide) / (12 * h)
      #expect(abs(slope - law.pdf(x)) < 1e-10 + 1e-9 * law.pdf(x), "\(alpha) \(beta) \(x)")
      #expect(abs(law.cdf(x) + law.survival(x) - 1) < 4e-16)
    }
  }

  /// ∫ f dx over the bulk, by the trapezoid rule in asinh x, against the probabilities of the ends.
  @Test(arguments: laws) func massIsOne(alpha: Double, beta: Double) throws {
    guard alpha > 0.4, beta.magnitude < 1 else { return }
    let law = try StableLaw(alpha: alpha, beta: beta)
    let (step, reach) = (0.01, 20.0)
    let count = Int(2 * reach / step)
    let nodes = (0...count).map { -reach + step * Double($0) }
    let values = law.pdf(nodes.map { 3 * Double.sinh($0) })
    let inside = zip(nodes, values).reduce(0.0) { $0 + $1.1 * 3 * .cosh($1.0) * step }
    let end = 3 * Double.sinh(reach)
    #expect(abs(inside + law.cdf(-end) + law.survival(end) - 1) < 2e-6, "\(alpha) \(beta)")
  }

  @Test(arguments: laws) func quantileInverts(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 0.7, location: -2)
    for p in [1e-12, 1e-4, 0.03, 0.27, 0.5, 0.6, 0.94, 0.9999] {
      let x = try law.quantile(p)
      let back = p <= 0.5 ? law.cdf(x) / p : law.survival(x) / (1 - p)
      // An abscissa is rounded: x f ulp of the probability.
      let grain = 4e-16 * (abs(x) + 2) * law.pdf(x) / min(p, 1 - p)
      #expect(abs(back - 1) < 1e-12 + 4 * grain, "\(alpha) \(beta) \(p)")
    }
    let tail = try law.upperQuantile(1e-30)
    #expect(abs(law.survival(tail) / 1e-30 - 1) < 1e-10, "\(alpha) \(beta)")
    let sorted = try law.quantile([0.1, 0.2, 0.3])
    #expect(sorted[0] < sorted[1] && sorted[1] < sorted[2])
  }

  @Test(arguments: laws) func scaleAndShift(alpha: Double, beta: Double) throws {
    let standard = try StableLaw(alpha: alpha, beta: beta)
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 4, location: 0.5)
    for x in [-3.0, 0.25, 1.5, 9] {
      #expect(law.pdf(0.5 + 4 * x) == standard.pdf(x) / 4)
      #expect(law.cdf(0.5 + 4 * x) == standard.cdf(x))
    }
    let other = try law.expressed(in: .s1)
    let back = try other.expressed(in: .s0)
    #expect(abs(back.location - 0.5) < 1e-13)
    for x in [-3.0, 0.25, 1.5, 9] where law.pdf(x) > 0 {
      #expect(abs(other.pdf(x) / law.pdf(x) - 1) < 1e-11, "\(alpha) \(beta) \(x)")
    }
  }

  /// S0 is continuous at α = 1 and α = 2.
  @Test(arguments: [-0.9, 0, 0.4, 1.0]) func continuity(beta: Double) throws {
    for x in [-1.2, 0.3, 6] {
      for (limit, near) in [(1.0, 1e-9), (1, -1e-9), (2, -1e-9)] {
        let there = try StableLaw(alpha: limit, beta: beta).pdf(x)
        let here = try StableLaw(alpha: limit + near, beta: beta).pdf(x)
        #expect(abs(here / there - 1) < 1e-6, "\(beta) \(x) \(limit)")
      }
    }
  }

  /// Where two formulas meet (α = 0.9, 1.1 and |β| = 0.1) the law must not jump.
  @Test func seams() throws {
    let tiny = 1e-10
    for (a, b) in [
      (0.9, 0.3), (1.1, 0.3), (1.1, 0), (0.9, -0.8), (1.04, 0.1), (0.97, 0.1), (1.02, 0.4),
    ] {
      for x in [-12.0, -9.99, -2, -0.5, 0.1, 0.51, 3, 9.9, 55] {
        let values = try [(-tiny, 0.0), (tiny, 0), (0, -tiny), (0, tiny)].map {
          try StableLaw(alpha: a + $0.0, beta: max(-1, b + $0.1)).logPDF(x)
        }
        #expect(
          abs(values[0] - values[1]) < 1e-7 && abs(values[2] - values[3]) < 1e-7, "\(a) \(b) \(x)")
      }
    }
  }

  @Test func buffersAreTheSameForAnyJobs() throws {
    let law = try StableLaw(alpha: 1.4, beta: 0.3)
    let xs = (0..<2000).map { Double($0 - 1000) / 37 }
    #expect(law.pdf(xs, jobs: 2) == xs.map { law.pdf($0) })
    #expect(law.logPDF(xs, jobs: 3) == law.logPDF(xs))
    #expect(law.cdf(xs, jobs: 2) == law.cdf(xs))
    #expect(law.survival(xs, jobs: 2) == law.survival(xs))
    let ps = (1..<600).map { Double($0) / 600 }
    #expect(try law.quantile(ps, jobs: 2) == law.quantile(ps))
  }

  // MARK: scores

  /// Against fourth-order differences of ln f, which is tested elsewhere.
  @Test(arguments: laws) func scoreIsDerivative(alpha: Double, beta: Double) throws {
    guard alpha < 1.9, beta.magnitude < 1 else { return }
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 1.25, location: 0.1)
    func slope(_ f: (Double) throws -> Double) throws -> Double {
      let h = 1e-3
      return try (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h)
    }
    for x in [-9.0, -1.4, 0.6, 2, 25, 1e6] {
      let score = law.score(x)
      func at(_ a: Double, _ b: Double, _ logScale: Double, _ m: Double) throws -> Double {
        try StableLaw(
          alpha: alpha + a, beta: beta + b, scale: 1.25 * .exp(logScale), location: 0.1 + m
        ).logPDF(x)
      }
      let expected = try [
        slope { law.logPDF(x + $0) }, slope { try at($0, 0, 0, 0) }, slope { try at(0, $0, 0, 0) },
        slope { try at(0, 0, $0, 0) }, slope { try at(0, 0, 0, $0) },
      ]
      let given = [score.x, score.alpha, score.beta, score.logScale, score.location]
      for (a, b) in zip(given, expected) {
        #expect(abs(a - b) < 2e-8 * max(1, abs(b)), "\(alpha) \(beta) \(x): \(given) \(expected)")
      }
    }
  }

  // MARK: moments

  @Test func moments() throws {
    let cauchy = try StableLaw(alpha: 1, scale: 3)
    // E|X|^(1/2) of Cauchy: √c sec(π/4).
    #expect(abs(cauchy.absoluteMoment(0.5).value! / (6.0).squareRoot() - 1) < 1e-14)
    #expect(cauchy.absoluteMoment(1) == .divergent)
    #expect(cauchy.absoluteMoment(-1) == .divergent)
    #expect(cauchy.mean == .divergent)
    #expect(cauchy.variance == .divergent)
    let gauss = try StableLaw(alpha: 2, scale: 1.5)
    #expect(gauss.variance == .value(4.5))
    #expect(abs(gauss.absoluteMoment(4).value! / (3 * 4.5 * 4.5) - 1) < 1e-14)
    #expect(try StableLaw(alpha: 1, beta: 0.5).absoluteMoment(0.5) == .noClosedForm)
    // p = 1 is a removable pole: E|X| = (2/π) c Γ(1 − 1/α).
    let law = try StableLaw(alpha: 1.5)
    #expect(abs(law.absoluteMoment(1).value! / (2 / .pi * .gamma(1.0 / 3)) - 1) < 1e-14)
    // By quadrature over the density, β ≠ 0, about the S1 location.
    let skewed = try StableLaw(alpha: 1.5, beta: 0.6, parameterization: .s1)
    var sum = 0.0
    for s in stride(from: -60.0, through: 80, by: 0.05) {
      let x = Double.exp(s)
      sum += (skewed.pdf(x) + skewed.pdf(-x)) * .pow(x, 1.4) * 0.05
    }
    #expect(abs(skewed.absoluteMoment(0.4).value! / sum - 1) < 1e-10)
    #expect(skewed.mean == .value(0))
  }

  @Test(arguments: [(0.7, 0.5), (1.0, 0.3), (1.4, -0.6)])
  func characteristicFunction(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 1.2, location: 0.3)
    for t in [-0.7, 0.2, 1.5] {
      let size = 1.2 * abs(t), sign = t < 0 ? -1.0 : 1
      let turn =
        alpha == 1
        ? -beta * 2 / .pi * size * .log(size)
        : -beta * .tan(.pi * alpha / 2) * (size - .pow(size, alpha))
      let phase = sign * turn + 0.3 * t
      let decay = Double.exp(-.pow(size, alpha))
      let given = law.characteristicFunction(t)
      #expect(abs(given.real - decay * .cos(phase)) < 1e-12)
      #expect(abs(given.imaginary - decay * .sin(phase)) < 1e-12)
    }
  }

  // MARK: refusals

  @Test func refusals() {
    for alpha in [0.0, -1, 2.0000001, .nan, .infinity] {
      #expect(throws: PoiseError.self) { try StableLaw(alpha: alpha) }
    }
    for beta in [-1.0000001, 1.5, .nan] {
      #expect(throws: PoiseError.self) { try StableLaw(alpha: 1, beta: beta) }
    }
    for scale in [0.0, -1, .nan, .infinity] {
      #expect(throws: PoiseError.self) { try StableLaw(alpha: 1, scale: scale) }
    }
    #expect(throws: PoiseError.self) { try StableLaw(alpha: 1, location: .nan) }
    for p in [0.0, 1, -0.1, .nan] {
      #expect(throws: PoiseError.self) { try StableLaw(alpha: 1.5).quantile(p) }
    }
    // 1e-30 at α = 0.05 lies at 1e600.
    #expect(throws: PoiseError.self) { try StableLaw(alpha: 0.05).upperQuantile(1e-30) }
  }

  /// Where a one-sided law is smaller than any number there are zeros, never NaN.
  @Test(arguments: [0.3, 0.9, 0.99, 0.999, 0.9999, 0.99995, 1, 1.00005, 1.001, 1.1, 1.9])
  func emptySides(alpha: Double) throws {
    for beta in [-1.0, 1] {
      for parameterization in StableLaw.Parameterization.allCases {
        let law = try StableLaw(alpha: alpha, beta: beta, parameterization: parameterization)
        var last = 0.0
        for x in [-1e300, -1e4, -100, -1, -1e-3, 0, 1e-3, 1, 100, 1e4, 1e300] {
          let (f, log) = (law.pdf(x), law.logPDF(x))
          let (cdf, survival) = (law.cdf(x), law.survival(x))
          #expect(f >= 0 && f.isFinite && !log.isNaN && log < 10, "\(law), x \(x)")
          #expect(cdf >= last - 1e-12 && cdf <= 1 && survival >= 0, "\(law), x \(x)")
          #expect(abs(cdf + survival - 1) < 1e-8, "\(law), x \(x)")
          last = cdf
        }
        #expect(last > 0.999)
      }
    }
  }
}
