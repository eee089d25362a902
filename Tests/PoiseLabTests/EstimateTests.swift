import PoiseNumerics
import Testing

@testable import PoiseLab

/// Numbers with errors. Quantiles of Student's t are those of SciPy 1.17 (`scipy.stats.t.isf`).
@Suite struct EstimateTests {
  /// As many samples with mean 0 and standard error 1.
  private static func samples(_ count: Int) -> Estimate {
    Estimate(0, standardError: 1, samples: count)
  }

  /// P(|t| > x) = 0.0027/comparisons.
  @Test(
    arguments: [
      (2, 1, 235.7836871584926), (3, 1, 19.206015887811095), (5, 1, 6.62007155118839),
      (6, 1, 5.506984967354847), (3, 3, 33.310829113253945), (6, 6, 8.156721882091732),
      (2, 18, 4244.131737244059),
    ])
  func reach(_ count: Int, _ comparisons: Int, _ quantile: Double) throws {
    let reach = try #require(Self.samples(count).reach(comparisons: comparisons))
    #expect(abs(reach / quantile - 1) < 1e-9)
  }

  /// Many samples: three standard errors of a normal law.
  @Test func reachOfMany() throws {
    let many = Estimate(7, .standard(0.5, degreesOfFreedom: .infinity))
    #expect(abs(try #require(many.reach()) / (0.5 * 2.999977) - 1) < 1e-4)
    #expect(abs(try #require(many.reach(comparisons: 6)) / (0.5 * 3.5088788) - 1) < 1e-4)
    #expect(abs(try #require(Self.samples(2_000_001).reach()) / 2.999977 - 1) < 1e-4)
  }

  @Test func samplesGiveTheirStandardError() throws {
    let three = Estimate([1, 2, 6, .nan])
    // Variance 7, of the mean 7/3.
    #expect(three.value == 3 && abs(three.error! - (7.0 / 3).squareRoot()) < 1e-14)
    let reach = try #require(three.reach())
    #expect(abs(reach / (19.206015887811095 * (7.0 / 3).squareRoot()) - 1) < 1e-9)
  }

  /// Nothing can be said with one sample, whichever way it points.
  @Test(arguments: [StudyStatement.Relation.equal, .atMost, .atLeast])
  func oneSampleIsInconclusive(_ relation: StudyStatement.Relation) {
    for one in [Estimate([5]), Estimate(5, standardError: 0, samples: 1)] {
      #expect(one.uncertainty == .unknown && one.error == nil && one.reach() == nil)
      for expected in [-100, 5, 100.0] {
        let statement = StudyStatement(
          "q", claim: "c", source: "s", measured: one, is: relation, expected, tolerance: 1)
        #expect(statement.verdict == .inconclusive && statement.measured == 5)
        #expect(statement.error == nil && statement.reach == nil)
      }
    }
    #expect(Estimate([Double]()).value.isNaN && Estimate([Double.nan]).uncertainty == .unknown)
  }

  /// Errors 3 with 2 and 4 with 5 degrees: error 5 with 25²/(81/2 + 256/5) of them.
  @Test func sumsAfterWelchAndSatterthwaite() throws {
    let first = Estimate(10, .standard(3, degreesOfFreedom: 2))
    let second = Estimate(4, .standard(4, degreesOfFreedom: 5))
    for (sum, value, error) in [(first - second, 6.0, 5.0), (.mean([first, second]), 7, 2.5)] {
      guard case .standard(let found, let degrees) = sum.uncertainty else {
        Issue.record("no error")
        continue
      }
      #expect(sum.value == value && abs(found - error) < 1e-12)
      #expect(abs(degrees - 625 / 91.7) < 1e-12)
    }
    // Six against six equal errors have ten degrees.
    guard case .standard(_, let degrees) = (Self.samples(6) - Self.samples(6)).uncertainty else {
      Issue.record("no error")
      return
    }
    #expect(abs(degrees - 10) < 1e-12)
  }

  @Test func sumsWithExactAndUnknownNumbers() {
    let three = Self.samples(3)
    #expect(
      (three - Estimate(2)) == Estimate(-2, .standard(1, degreesOfFreedom: 2)))
    #expect((Estimate(3) - Estimate(2)) == Estimate(1) && Estimate(3).reach() == 0)
    #expect((three - Estimate([1])).uncertainty == .unknown)
    #expect(Estimate.mean([three, Estimate([1]), three]).uncertainty == .unknown)
    // Equal samples tell no spread, but not with more confidence than there are samples.
    let none = Estimate([2, 2, 2]) - Estimate([1, 1])
    #expect(none == Estimate(1, .standard(0, degreesOfFreedom: 1)))
  }

  /// The sum knows its value also where a term has no known error, whatever their order.
  @Test func valueOfASumWithoutError() {
    #expect((Estimate([4]) - Estimate(1)).value == 3 && (Estimate(1) - Estimate([4])).value == -3)
  }

  /// How often the truth lies outside: 0.0027 of the time, where three errors of three normal numbers
  /// would miss it in one case of ten.
  @Test func falseAlarms() throws {
    let trials = 40_000
    let factor = try #require(Self.samples(3).reach())
    var stream = RandomStream(seed: 5, item: 0, purpose: .init(kind: 203, index: 0))
    var misses = 0
    for _ in 0..<trials {
      let three = Estimate((0..<3).map { _ in stream.normal() })
      if abs(three.value) > three.error! * factor { misses += 1 }
    }
    // 108 expected, with a standard deviation of 10.4; 5 of them leave a chance of 1e-6.
    #expect(abs(misses - 108) < 52, "\(misses)")
  }

  /// The least favourable of several numbers is judged with a wider interval.
  @Test func comparisonsWidenTheInterval() {
    func verdict(_ comparisons: Int) -> StudyStatement.Verdict {
      StudyStatement(
        "q", claim: "c", source: "s", measured: Estimate(0, standardError: 0.1, samples: 6),
        comparisons: comparisons, is: .atLeast, 0, tolerance: 0.6
      ).verdict
    }
    #expect(verdict(1) == .agrees && verdict(6) == .inconclusive)
  }
}
