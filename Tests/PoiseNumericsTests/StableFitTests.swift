import RealModule
import Testing

@testable import PoiseNumerics

@Suite struct StableFitTests {
  static func stream(_ item: Int) -> RandomStream {
    RandomStream(seed: 23, item: UInt64(item), purpose: RandomStream.Purpose(rawValue: 1))
  }

  static func sample(
    _ alpha: Double, _ beta: Double, _ count: Int, scale: Double = 1, location: Double = 0,
    item: Int
  ) throws -> RealSample {
    var stream = stream(item)
    let law = try StableLaw(alpha: alpha, beta: beta, scale: scale, location: location)
    return try RealSample(law.sample(count: count, from: &stream))
  }

  static let places: [(Double, Double)] = [
    (0.5, 0), (0.8, 0.5), (1, 0), (1.2, -0.7), (1.5, 0), (1.7, 0.9), (1.95, 0.3), (1.999, 0),
  ]

  /// The table against the law itself, between its nodes and out to far tails.
  @Test(arguments: places)
  func tableFollowsLaw(_ place: (Double, Double)) throws {
    let law = try StableLaw(alpha: place.0, beta: place.1)
    let far = place.0 < 1 ? 1e12 : 1e5
    let table = try StableTable(alpha: place.0, beta: place.1, from: -far, to: far, jobs: 2)
    var stream = Self.stream(1)
    let reach = Double.asinh(far)
    var worst = (density: 0.0, score: 0.0)
    let zs = (0..<300).map { _ in Double.sinh((2 * stream.uniform() - 1) * reach) }
    for (z, score) in zip(zs, law.scores(zs)) {
      let point = table.likelihood([z], scale: 1, location: 0)
      worst.density = max(worst.density, abs(point.value - law.logPDF(z)))
      let exact = [score.alpha, score.beta, -1 - score.x * z, -score.x]
      for (found, exact) in zip(point.gradient, exact) {
        worst.score = max(worst.score, abs(found - exact) / max(1, abs(exact)))
      }
    }
    #expect(worst.density < 1e-7)
    #expect(worst.score < 1e-6)
  }

  /// The gradient is the slope of lnL, from the table and number by number.
  @Test(arguments: [200, 1500])
  func gradient(_ count: Int) throws {
    let xs = try Self.sample(1.4, 0.3, count, scale: 2, location: -1, item: 2).sorted
    let search = StableLikelihood(xs, model: .full, scale: 1, location: 0, jobs: 1)
    func point(_ p: [Double]) throws -> LikelihoodPoint {
      try search.natural(
        StableLaw(alpha: p[0], beta: p[1], scale: .exp(p[2]), location: p[3])
      ).point
    }
    let p = [1.5, 0.2, 0.6, -0.9]
    let centre = try point(p)
    for k in 0..<4 {
      var (left, right) = (p, p)
      left[k] -= 1e-4
      right[k] += 1e-4
      let slope = try (point(right).value - point(left).value) / 2e-4
      #expect(abs(slope - centre.gradient[k]) < 1e-4 * max(10, abs(slope)))
    }
  }

  /// What was drawn is found, within a few standard errors, by all methods.
  @Test(arguments: places.dropLast(2))
  func fitsFindTheirLaw(_ place: (Double, Double)) throws {
    let sample = try Self.sample(place.0, place.1, 4000, scale: 0.02, location: 3, item: 3)
    let fit = try StableFit(sample)
    let errors = fit.standardErrors()
    let truth = [place.0, place.1, 0.02, 3]
    for (k, value) in [fit.law.alpha, fit.law.beta, fit.law.scale, fit.law.location].enumerated() {
      let error = try #require(errors[k])
      #expect(abs(value - truth[k]) < 4.5 * error, "\(k): \(value), \(error)")
    }
    #expect(errors[0]! < 0.05 && errors[2]! / 0.02 < 0.1)
    #expect(fit.tableError < 1e-8)
    for method in [StableFit.Method.mcculloch, .koutrouvelis] {
      let quick = try StableFit(sample, method: method)
      #expect(abs(quick.law.alpha - place.0) < 0.12, "\(method)")
      #expect(abs(quick.law.beta - place.1) < 0.3, "\(method)")
      #expect(abs(quick.law.scale / 0.02 - 1) < 0.2, "\(method)")
      #expect(quick.logLikelihood <= fit.logLikelihood + 1e-6)
    }
  }

  /// Small samples: number by number, and as the table has it.
  @Test func exactAndTable() throws {
    let sample = try Self.sample(1.6, 0.4, 240, item: 4)
    let exact = try StableFit(sample)
    #expect(exact.tableError == 0)
    let table = StableTable.self
    let found = try table.init(
      alpha: exact.law.alpha, beta: exact.law.beta,
      from: (sample.sorted[0] - exact.law.location) / exact.law.scale,
      to: (sample.sorted[239] - exact.law.location) / exact.law.scale
    ).likelihood(sample.sorted, scale: exact.law.scale, location: exact.law.location)
    #expect(abs(found.value - exact.logLikelihood) < 1e-6)
    #expect(found.gradient.allSatisfy { abs($0) < 0.05 })
  }

  /// Shift and scale of the data shift and scale the fit; the sign turns β.
  @Test func equivariance() throws {
    let sample = try Self.sample(1.3, 0.5, 2000, item: 5)
    let fit = try StableFit(sample)
    let moved = try StableFit(RealSample(sample.sorted.map { -1e-3 * $0 + 7 }))
    #expect(abs(moved.law.alpha - fit.law.alpha) < 1e-4)
    #expect(abs(moved.law.beta + fit.law.beta) < 1e-3)
    #expect(abs(moved.law.scale / fit.law.scale - 1e-3) < 1e-7)
    #expect(abs(moved.law.location - (7 - 1e-3 * fit.law.location)) < 1e-6)
  }

  @Test func jobsDoNotShow() throws {
    let sample = try Self.sample(1.6, 0, 60_000, item: 6)
    let one = try StableFit(sample, jobs: 1)
    let two = try StableFit(sample, jobs: 2)
    #expect(one.law == two.law && one.covariance == two.covariance)
    #expect(one.logLikelihood == two.logLikelihood)
  }

  /// The symmetric model is centred and has two parameters.
  @Test func symmetric() throws {
    let sample = try Self.sample(1.2, 0, 5000, scale: 3, item: 7)
    let fit = try StableFit(sample, model: .symmetric)
    #expect(fit.law.beta == 0 && fit.law.location == 0 && fit.parameterCount == 2)
    let errors = fit.standardErrors()
    #expect(abs(fit.law.alpha - 1.2) < 4 * errors[0]! && abs(fit.law.scale - 3) < 4 * errors[2]!)
    #expect(errors[1] == nil && errors[3] == nil)
    let full = try StableFit(sample)
    #expect(full.logLikelihood >= fit.logLikelihood - 1e-6)
    #expect(2 * (full.logLikelihood - fit.logLikelihood) < 20)
  }

  /// Gaussian data: α at or near 2, never a ratio below zero; a far value moves α off the end.
  @Test func gaussianEnd() throws {
    var atEnd = 0
    for item in 0..<5 {
      var stream = Self.stream(100 + item)
      let values = GaussianLaw(mean: 1, deviation: 2).sample(count: 1000, from: &stream)
      let sample = try RealSample(values)
      let fit = try StableFit(sample)
      #expect(fit.law.alpha > 1.9)
      #expect(try fit.gaussianRatio(sample) >= 0)
      #expect(abs(fit.law.scale - 2.0.squareRoot()) < 0.2)
      if fit.isGaussian {
        atEnd += 1
        #expect(fit.law.alpha == 2 && fit.standardErrors()[0] == nil)
        #expect(fit.standardErrors()[2] != nil)
      }
      let outlier = try StableFit(RealSample(values + [60]))
      #expect(!outlier.isGaussian && outlier.law.alpha < 2)
      #expect(try outlier.gaussianRatio(RealSample(values + [60])) > 20)
    }
    #expect(atEnd >= 1)
  }

  /// The calibrated ratio: not small for Gaussian data, small for stable data.
  @Test func gaussianRatioIsCalibrated() throws {
    var stream = Self.stream(200)
    let gauss = try RealSample(GaussianLaw().sample(count: 200, from: &stream))
    let fit = try StableFit(gauss, model: .symmetric)
    #expect(try fit.gaussianP(gauss, replicates: 20, seed: 1, jobs: 2)! > 0.05)
    let heavy = try Self.sample(1.7, 0, 200, item: 8)
    let other = try StableFit(heavy, model: .symmetric)
    #expect(try other.gaussianP(heavy, replicates: 20, seed: 1, jobs: 2)! < 0.05)
  }

  /// Intervals of two standard errors hold the truth as often as they say.
  @Test func coverage() throws {
    for (alpha, beta, count) in [(1.5, 0.5, 500), (0.8, 0, 300)] {
      let result = try Coverage(alpha: alpha, beta: beta, count: count, samples: 24, jobs: 2)
      // Binomial(24, 0.954): mean 22.9, deviation 1.0.
      for k in 0..<4 { #expect(result.inside[k] >= 19, "\(alpha) \(beta): \(result.inside)") }
      // Mean deviation in standard errors: zero within 4/√24, and a bias of order 1/√n.
      for k in 0..<4 { #expect(abs(result.meanDeviation[k]) < 0.9, "\(result.meanDeviation)") }
    }
  }

  /// Real distances of a fitted law, p-values by refits.
  @Test func goodness() throws {
    let sample = try Self.sample(1.5, 0, 800, item: 9)
    let fit = try StableFit(sample, withErrors: false)
    var distances = try GoodnessOfFit(of: fit.law, sample)
    let start = fit.law
    try distances.bootstrap(fit.law, count: 800, replicates: 24, seed: 3, jobs: 2) {
      (simulated: RealSample) throws(PoiseError) in
      try StableFit(simulated, start: start, withErrors: false).law
    }
    #expect(distances.andersonDarlingP! > 0.04)
    var stream = Self.stream(10)
    let wrong = try RealSample((0..<800).map { _ in stream.uniform() })
    let bad = try GoodnessOfFit(of: StableFit(wrong, withErrors: false).law, wrong)
    #expect(bad.andersonDarling > 4 * distances.andersonDarling)
  }
}

/// Fits of many samples of one law.
struct Coverage {
  /// Of α, β, c, μ₀: samples whose interval of two standard errors holds the truth.
  var inside = [0, 0, 0, 0]
  /// Samples with an error at all.
  var counted = [0, 0, 0, 0]
  /// Mean of (estimate − truth)/(standard error), and its root mean square.
  var meanDeviation = [0.0, 0, 0, 0]
  var spread = [0.0, 0, 0, 0]
  /// Mean of estimate − truth.
  var bias = [0.0, 0, 0, 0]

  init(alpha: Double, beta: Double, count: Int, samples: Int, jobs: Int) throws {
    let truth = [alpha, beta, 1, 0]
    let fits = try parallelMap(count: samples, jobs: jobs) {
      (item: Int) throws(PoiseError) -> ([Double], [Double?]) in
      var stream = RandomStream(
        seed: 31, item: UInt64(item), purpose: RandomStream.Purpose(rawValue: 7))
      let law = try StableLaw(alpha: alpha, beta: beta)
      let fit = try StableFit(RealSample(law.sample(count: count, from: &stream)))
      return (
        [fit.law.alpha, fit.law.beta, fit.law.scale, fit.law.location], fit.standardErrors()
      )
    }
    for (values, errors) in fits {
      for k in 0..<4 {
        bias[k] += (values[k] - truth[k]) / Double(samples)
        guard let error = errors[k] else { continue }
        let z = (values[k] - truth[k]) / error
        counted[k] += 1
        if abs(z) < 2 { inside[k] += 1 }
        meanDeviation[k] += z
        spread[k] += z * z
      }
    }
    for k in 0..<4 where counted[k] > 0 {
      meanDeviation[k] /= Double(counted[k])
      spread[k] = (spread[k] / Double(counted[k])).squareRoot()
    }
  }
}
