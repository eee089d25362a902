import RealModule
import Testing

@testable import PoiseNumerics

/// Scores against `References/make_stable_scores.py`, which knows none of their formulas: differences of
/// 45-digit densities, and at α = 1 the Fourier integral on the real axis.
@Suite struct StableScoreTests {
  struct Row {
    let alpha, beta, x, byX, byAlpha, byBeta: Double
  }

  static func rows() throws -> [Row] {
    try StableReferenceTests.table("stable_scores").map {
      Row(alpha: $0[0], beta: $0[1], x: $0[2], byX: $0[3], byAlpha: $0[4], byBeta: $0[5])
    }
  }

  @Test func values() throws {
    let rows = try Self.rows()
    #expect(rows.count == 50)
    for row in rows {
      for sign in [1.0, -1] {
        let law = try StableLaw(alpha: row.alpha, beta: sign * row.beta)
        let score = law.score(sign * row.x)
        for (given, exact) in [
          (sign * score.x, row.byX), (score.alpha, row.byAlpha), (sign * score.beta, row.byBeta),
        ] {
          let error = abs(given - exact) / max(1e-3, abs(exact))
          #expect(error < 1e-10, "\(row): \(given)")
        }
      }
    }
  }

  /// Where one formula hands over to the next, both say the same.
  @Test(arguments: [(0.95, 0.5), (1.0, 0.75), (1.06, 0.5), (1.3, 0.5), (1.9, 0.3)])
  func joins(alpha: Double, beta: Double) throws {
    let law = StandardStable(alpha: alpha, beta: beta)
    let scorer = StableScorer(law)
    for isPositive in [true, false] {
      let half = law.half(positive: isPositive)
      let sign = isPositive ? 1.0 : -1
      var places = [half.contourFrom]
      for y in [half.series.tailFrom, half.series.centreTo, 1e-3] {
        places.append(sign * (sign * y - law.centred(0)))
      }
      for place in places where place.isFinite && place > 0 && place < 1e6 {
        let (a, b) = (
          scorer.score(sign * place * (1 - 1e-13), y: nil),
          scorer.score(sign * place * (1 + 1e-13), y: nil)
        )
        for (one, two) in [(a.x, b.x), (a.alpha, b.alpha), (a.beta, b.beta)] {
          #expect(abs(one - two) < 1e-9 * max(1, abs(one)), "\(alpha) \(beta) \(sign * place)")
        }
      }
    }
  }

  /// The scores of a law have mean zero, and at β = 0 the slopes by x and β are odd.
  @Test(arguments: [(0.7, 0.4), (1.0, 0.5), (1.02, -0.9), (1.5, 0.0), (1.9, 0.9)])
  func meanIsZero(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta)
    var sums = (0.0, 0.0, 0.0)
    let step = 0.02
    // Over x = sinh u far into both tails.
    let us = Array(stride(from: -60.0, through: 60, by: step))
    let xs = us.map { Double.sinh($0) }
    for ((u, f), s) in zip(zip(us, law.pdf(xs)), law.scores(xs)) where f > 0 {
      let weight = f * Double.cosh(u) * step
      sums.0 += weight * s.alpha
      sums.1 += weight * s.beta
      sums.2 += weight * s.logScale
    }
    #expect(abs(sums.0) < 1e-9 && abs(sums.1) < 1e-9 && abs(sums.2) < 1e-9, "\(sums)")
  }
}
