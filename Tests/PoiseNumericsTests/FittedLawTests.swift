import RealModule
import Testing

@testable import PoiseNumerics

@Suite struct FittedLawTests {
  static func stream(_ item: Int) -> RandomStream {
    RandomStream(seed: 17, item: UInt64(item), purpose: RandomStream.Purpose(rawValue: 1))
  }

  /// F is the integral of f, both tails add to one, by a rule that knows neither.
  static func checkLaw(_ law: some ContinuousLaw, _ points: [Double]) {
    let rule = GaussLegendre(40)
    for (left, right) in zip(points, points.dropFirst()) {
      let mass = rule.integrate(from: left, to: right) {
        Double.exp(law.logDensities([$0], jobs: 1)[0])
      }
      #expect(abs(law.tails(right).lower - law.tails(left).lower - mass) < 1e-11)
      #expect(abs(law.tails(left).lower + law.tails(left).upper - 1) < 1e-14)
    }
  }

  @Test func densitiesAndTails() {
    Self.checkLaw(GaussianLaw(mean: 0.3, deviation: 1.4), [-4, -1, 0.2, 1, 5])
    Self.checkLaw(StudentTLaw(location: 1, scale: 2, degreesOfFreedom: 2.5), [-9, -3, 1, 2, 8])
    Self.checkLaw(StudentTLaw(degreesOfFreedom: 4000), [-3, -1, 0.5, 2])
    Self.checkLaw(LogNormalLaw(logMean: 0.2, logDeviation: 0.6), [0.5, 1, 2, 4])
    Self.checkLaw(LogNormalLaw(logMean: 0.2, logDeviation: 0.6), [-4, -2, -1, -0.5])
  }

  /// Γ′/Γ at points where it is known: ψ(1) = −γ, ψ(1/2) = −γ − 2 ln 2, recurrence.
  @Test func digamma() {
    let euler = 0.57721566490153286061
    #expect(abs(Digamma.value(1) + euler) < 1e-14)
    #expect(abs(Digamma.value(0.5) + euler + 2 * .log(2)) < 1e-14)
    #expect(abs(Digamma.value(37.25) - Digamma.value(36.25) - 1 / 36.25) < 1e-14)
  }

  /// Scores are the slopes of lnL.
  @Test func studentScores() {
    var stream = Self.stream(0)
    let xs = StudentTLaw(location: 1, scale: 2, degreesOfFreedom: 3).sample(
      count: 500, from: &stream)
    func point(_ p: [Double]) -> LikelihoodPoint {
      StudentTLaw(location: p[0], scale: .exp(p[1]), degreesOfFreedom: .exp(p[2]))
        .likelihood(xs, jobs: 1)
    }
    let p = [0.8, 0.5, 1.4]
    let law = StudentTLaw(location: p[0], scale: .exp(p[1]), degreesOfFreedom: .exp(p[2]))
    #expect(abs(point(p).value - law.logLikelihood(xs)) < 1e-8)
    for k in 0..<3 {
      var (left, right) = (p, p)
      left[k] -= 1e-5
      right[k] += 1e-5
      let slope = (point(right).value - point(left).value) / 2e-5
      #expect(abs(slope - point(p).gradient[k]) < 1e-5 * max(1, abs(slope)))
    }
  }

  /// Fits find what was drawn, and no better neighbour exists.
  @Test func fitsFindTheirLaws() throws {
    var stream = Self.stream(1)
    let law = StudentTLaw(location: -2, scale: 0.7, degreesOfFreedom: 3)
    let sample = try RealSample(law.sample(count: 20000, from: &stream))
    let fit = try StudentTLaw(fitting: sample)
    #expect(abs(fit.location + 2) < 0.03 && abs(fit.scale - 0.7) < 0.03)
    #expect(abs(fit.degreesOfFreedom - 3) < 0.4)
    let best = fit.logLikelihood(sample.sorted)
    for (a, b, c) in [(0.01, 1.0, 1.0), (0, 1.01, 1), (0, 1, 1.03), (-0.01, 0.99, 0.97)] {
      let other = StudentTLaw(
        location: fit.location + a, scale: fit.scale * b, degreesOfFreedom: fit.degreesOfFreedom * c
      )
      #expect(other.logLikelihood(sample.sorted) < best)
    }
    let gauss = try RealSample(
      GaussianLaw(mean: 4, deviation: 3).sample(count: 5000, from: &stream))
    let normal = GaussianLaw(fitting: gauss)
    #expect(abs(normal.mean - 4) < 0.2 && abs(normal.deviation - 3) < 0.2)
    #expect(try StudentTLaw(fitting: gauss).degreesOfFreedom > 20)
    let logs = try RealSample(
      LogNormalLaw(logMean: 1, logDeviation: 2).sample(count: 5000, from: &stream))
    let logNormal = try #require(LogNormalLaw(fitting: logs))
    #expect(abs(logNormal.logMean - 1) < 0.15 && abs(logNormal.logDeviation - 2) < 0.1)
    #expect(LogNormalLaw(fitting: try RealSample([0, 1, 2, 3, 4])) == nil)
  }

  /// KS and A² of three numbers by hand; both from the table as from single values.
  @Test func distances() throws {
    let sample = try RealSample([-1, 0, 0.5, 1, 3])
    let fit = try GoodnessOfFit(of: GaussianLaw(), sample)
    let f = sample.sorted.map { StandardNormal.cumulative($0) }
    var (distance, square) = (0.0, -5.0)
    for i in 0..<5 {
      distance = max(distance, f[i] - Double(i) / 5, Double(i + 1) / 5 - f[i])
      square -=
        Double(2 * i + 1) / 5
        * (.log(f[i]) + .log(StandardNormal.cumulative(-sample.sorted[4 - i])))
    }
    #expect(abs(fit.kolmogorovSmirnov - distance) < 1e-15)
    #expect(abs(fit.andersonDarling - square) < 1e-12)
    var stream = Self.stream(2)
    let law = StudentTLaw(location: 1, scale: 0.5, degreesOfFreedom: 1.3)
    let many = try RealSample(law.sample(count: 3000, from: &stream)).sorted
    let table = try LogOddsTable.tails(of: law, sorted: many)
    for i in stride(from: 0, to: 3000, by: 37) {
      let exact = law.tails(many[i])
      #expect(abs(table.lower[i] / exact.lower - 1) < 1e-8)
      #expect(abs(table.upper[i] / exact.upper - 1) < 1e-8)
    }
  }

  /// p-values: uniform under the law, small under another; the same bits for any number of jobs.
  @Test func bootstrap() throws {
    var stream = Self.stream(3)
    let gauss = try RealSample(GaussianLaw().sample(count: 200, from: &stream))
    let law = GaussianLaw(fitting: gauss)
    var fit = try GoodnessOfFit(of: law, gauss)
    try fit.bootstrap(law, count: 200, replicates: 199, seed: 1, jobs: 2) {
      GaussianLaw(fitting: $0)
    }
    #expect(fit.kolmogorovSmirnovP! > 0.01 && fit.andersonDarlingP! > 0.01)
    var again = try GoodnessOfFit(of: law, gauss)
    try again.bootstrap(law, count: 200, replicates: 199, seed: 1, jobs: 1) {
      GaussianLaw(fitting: $0)
    }
    #expect(again == fit)
    let heavy = try RealSample(StudentTLaw(degreesOfFreedom: 2).sample(count: 300, from: &stream))
    let wrong = GaussianLaw(fitting: heavy)
    var bad = try GoodnessOfFit(of: wrong, heavy)
    try bad.bootstrap(wrong, count: 300, replicates: 99, seed: 1, jobs: 2) {
      GaussianLaw(fitting: $0)
    }
    #expect(bad.andersonDarlingP! < 0.02)
    let test = try #require(
      VuongTest(
        try StudentTLaw(fitting: heavy).logDensities(heavy.sorted),
        wrong.logDensities(heavy.sorted)))
    #expect(test.z > 0 && test.logLikelihoodRatio > 20)
    #expect(VuongTest([1, 2, 3], [1, 2, 3]) == nil)
  }

  /// Shares of simulated p-values below 0.1 and 0.5 are what they say.
  @Test func pValuesAreUniform() throws {
    var low = (0, 0)
    for item in 0..<60 {
      var stream = Self.stream(100 + item)
      let sample = try RealSample(GaussianLaw().sample(count: 60, from: &stream))
      let law = GaussianLaw(fitting: sample)
      var fit = try GoodnessOfFit(of: law, sample)
      try fit.bootstrap(law, count: 60, replicates: 99, seed: UInt64(item), jobs: 1) {
        GaussianLaw(fitting: $0)
      }
      if fit.andersonDarlingP! < 0.105 { low.0 += 1 }
      if fit.andersonDarlingP! < 0.505 { low.1 += 1 }
    }
    // Binomial(60, 0.1) and (60, 0.5): four standard deviations.
    #expect(abs(low.0 - 6) <= 9 && abs(low.1 - 30) <= 15)
  }
}
