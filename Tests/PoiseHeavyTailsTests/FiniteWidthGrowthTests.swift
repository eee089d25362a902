import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct FiniteWidthGrowthTests {
  /// N = 1: E ln |W| = γ (1/α − 1) − ln 2/α, γ Euler's constant.
  @Test(arguments: [0.5, 1, 1.3, 1.7, 1.99, 2])
  func oneUnit(_ alpha: Double) throws {
    let density = try LogStableDensity(alpha: alpha)
    let growth = try FiniteWidthGrowth(atOriginOf: .tanh, density: density, width: 1)
    let euler = 0.57721566490153286061
    #expect(abs(growth.meanLogGrowth - (euler * (1 / alpha - 1) - .log(2) / alpha)) < 1e-10)
  }

  /// α = 2: ½ [ψ(N/2) + ln(2/N)], by the recursion of ψ.
  @Test(arguments: [2, 10, 1000])
  func gaussian(_ width: Int) throws {
    let density = try LogStableDensity(alpha: 2)
    let growth = try FiniteWidthGrowth(atOriginOf: .tanh, density: density, width: width)
    var digamma = -0.57721566490153286061
    for k in 1..<max(width / 2, 1) { digamma += 1 / Double(k) }
    #expect(abs(growth.meanLogGrowth - (digamma + .log(2 / Double(width))) / 2) < 1e-11)
  }

  /// From another program, by another integral (References/make_growth.py).
  static let references: [(alpha: Double, width: Int, value: Double)] = [
    (1, 100, 0.8004245346533133),
    (1.2, 1000, 0.8441001298089014),
    (1.5, 200, 0.4069968129180762),
    (1.8, 10000, 0.3086362187193364),
    (1.95, 50, 0.01937136824938395),
  ]

  @Test(arguments: references)
  func reference(_ one: (alpha: Double, width: Int, value: Double)) throws {
    let density = try LogStableDensity(alpha: one.alpha)
    let growth = try FiniteWidthGrowth(
      atOriginOf: .tanh, density: density, width: one.width)
    #expect(abs(growth.meanLogGrowth - one.value) < 1e-10)
    #expect(growth.error < 1e-10)
  }

  /// Steeper and one-sided slopes: Monte Carlo with the stated error, and exact shifts.
  @Test func slopes() throws {
    let alpha = 1.5
    let density = try LogStableDensity(alpha: alpha)
    let linear = try FiniteWidthGrowth(atInfinityOf: .linear, density: density, width: 30)
    let abs1 = try FiniteWidthGrowth(atInfinityOf: .abs, density: density, width: 30)
    #expect(linear.meanLogGrowth == abs1.meanLogGrowth)
    let erf = try FiniteWidthGrowth(atOriginOf: .erf, density: density, width: 30)
    let slope = 2 / Double.pi.squareRoot()
    #expect(Swift.abs(erf.meanLogGrowth - linear.meanLogGrowth - .log(slope)) < 1e-12)
    // Leaky slopes lie between, and tend to the two ends.
    let relu = try FiniteWidthGrowth(atInfinityOf: .relu, density: density, width: 30)
    var last = relu.meanLogGrowth
    for leak in [1e-6, 0.01, 0.3, 0.999] {
      let leaky = try FiniteWidthGrowth(
        atInfinityOf: .leakyReLU(slope: leak), density: density, width: 30)
      #expect(leaky.meanLogGrowth > last - 1e-6 && leaky.meanLogGrowth < linear.meanLogGrowth)
      last = leaky.meanLogGrowth
    }
    #expect(relu.extinction == .exp2(-30))
  }

  /// One-sided slopes by simulation, N = 8 and 100.
  @Test(arguments: [8, 100])
  func relu(_ width: Int) throws {
    let alpha = 1.4
    let growth = try FiniteWidthGrowth(
      atInfinityOf: .relu, density: LogStableDensity(alpha: alpha), width: width)
    var stream = RandomStream(seed: 3, item: UInt64(width), purpose: .init(rawValue: 1))
    var moments = RunningMoments()
    while moments.count < 20000 {
      var sum = 0.0
      for _ in 0..<width {
        let theta = .pi * (stream.uniform() - 0.5)
        let wait = -Double.log(stream.uniform())
        let x =
          Double.sin(alpha * theta) / .pow(.cos(theta), 1 / alpha)
          * .pow(.cos((1 - alpha) * theta) / wait, (1 - alpha) / alpha)
        if x > 0 { sum += .pow(x, alpha) / 2 }
      }
      if sum > 0 { moments.add(.log(sum / Double(width)) / alpha) }
    }
    let z = (moments.mean - growth.meanLogGrowth) / moments.standardError!
    #expect(abs(z) < 4.5, "z \(z)")
    #expect(moments.standardError! < 0.01)
  }

  @Test func badInput() throws {
    let density = try LogStableDensity(alpha: 1.5)
    #expect(throws: PoiseError.self) {
      try FiniteWidthGrowth(atOriginOf: .sigmoid, density: density, width: 100)
    }
    #expect(throws: PoiseError.self) {
      try FiniteWidthGrowth(atInfinityOf: .tanh, density: density, width: 100)
    }
    #expect(throws: PoiseError.self) {
      try FiniteWidthGrowth(atOriginOf: .tanh, density: density, width: 0)
    }
  }
}
