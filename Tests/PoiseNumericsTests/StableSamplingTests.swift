import RealModule
import Testing

@testable import PoiseNumerics

@Suite struct StableSamplingTests {
  static let seed: UInt64 = 20_120_401

  static func stream(_ item: UInt64) -> RandomStream {
    RandomStream(seed: seed, item: item, purpose: .init(rawValue: 1))
  }

  /// √n times the Kolmogorov-Smirnov distance; above 2.7 with probability 1e-6.
  static func distance(_ sample: [Double], _ law: StableLaw) -> Double {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    let values = law.cdf(sorted)
    var worst = 0.0
    for (index, value) in values.enumerated() {
      worst = max(worst, abs(value - Double(index) / n), abs(value - Double(index + 1) / n))
    }
    return worst * n.squareRoot()
  }

  @Test(arguments: [
    (0.4, 0.0), (0.6, 1), (0.7, -0.4), (0.95, 0.5), (1, 0), (1, -1), (1.0000001, 0.5), (1.05, 0.9),
    (1.1, 0.9), (1.5, 0), (1.5, 0.5), (1.9, -1), (1.9999, 0), (2, 0),
  ])
  func followsTheLaw(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 0.5, location: 2)
    var stream = Self.stream(1)
    let sample = law.sample(count: 20_000, from: &stream)
    #expect(Self.distance(sample, law) < 2.7, "alpha \(alpha), beta \(beta), seed \(Self.seed)")
  }

  /// X₁ + 2X₂ has c^α = c₁^α + 2^α c₂^α, β the weighted mean, S1 locations added.
  @Test(arguments: [(0.8, 0.0, 0.0), (1.4, 0.5, -0.25), (1.7, 0, 0.9)])
  func sumRule(alpha: Double, beta1: Double, beta2: Double) throws {
    let one = try StableLaw(alpha: alpha, beta: beta1, scale: 1, parameterization: .s1)
    let two = try StableLaw(alpha: alpha, beta: beta2, scale: 0.7, parameterization: .s1)
    var (first, second) = (Self.stream(2), Self.stream(3))
    let x1 = one.sample(count: 20_000, from: &first)
    let x2 = two.sample(count: 20_000, from: &second)
    let (c1, c2) = (1.0, Double.pow(1.4, alpha))
    let sum = try StableLaw(
      alpha: alpha, beta: (beta1 * c1 + beta2 * c2) / (c1 + c2), scale: .pow(c1 + c2, 1 / alpha),
      parameterization: .s1)
    #expect(Self.distance(zip(x1, x2).map { $0 + 2 * $1 }, sum) < 2.7, "seed \(Self.seed)")
  }

  /// Element i of a stream is the same however it is reached.
  @Test func anySplitGivesTheSameNumbers() throws {
    for (alpha, beta) in [(1.3, 0.0), (1.3, 0.5), (1.01, 0.5), (2, 0)] {
      let law = try StableLaw(alpha: alpha, beta: beta)
      var (whole, parts) = (Self.stream(4), Self.stream(4))
      let all = law.sample(count: 1000, from: &whole)
      var pieces: [Double] = []
      for count in [1, 7, 64, 500, 428] { pieces += law.sample(count: count, from: &parts) }
      #expect(all == pieces)
    }
  }

  @Test func singlePrecisionIsRounded() throws {
    let law = try StableLaw(alpha: 0.08)
    var (a, b) = (Self.stream(5), Self.stream(5))
    let double = law.sample(count: 5000, from: &a)
    var single = [Float](repeating: 0, count: 5000)
    single.withUnsafeMutableBufferPointer { law.fill($0, from: &b) }
    let bound = Double(Float.greatestFiniteMagnitude)
    #expect(double.contains { abs($0) > bound })
    #expect(zip(double, single).allSatisfy { Float(max(-bound, min(bound, $0))) == $1 })
  }

  /// The far tail has its mass: exceedances of the level of probability 1e-5.
  @Test(arguments: [0.7, 1.5, 1.95]) func tail(alpha: Double) throws {
    let law = try StableLaw(alpha: alpha)
    let level = try law.upperQuantile(5e-6)
    var stream = Self.stream(6)
    let count = law.sample(count: 2_000_000, from: &stream).count { abs($0) > level }
    // Mean 20: outside 4 … 49 with probability 1e-6.
    #expect(count > 3 && count < 50, "\(count) at alpha \(alpha), seed \(Self.seed)")
  }
}
