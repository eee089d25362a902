import Foundation
import Poise

/// Networks with stable weights: lengths, the law of singular values, exponents, localisation.
enum TailsBenchmarks {
  static func run() throws -> [Outcome] {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    return [
      try length(), try closure(theory), try exponent(theory), try localization(theory),
      try ladder(theory),
    ]
  }

  /// q* at a new α: the tables of the stable law are made anew.
  private static func length() throws -> Outcome {
    let timing = try Clock.processor.time(9) {
      _ = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 0.3).fixedLength()
    }
    return Outcome(name: "q* tanh, alpha 1.5, tables made anew", timing: timing)
  }

  /// 160 singular values from 0.01 to 300, evenly in the logarithm; the error is that of the tail.
  private static func closure(_ theory: HeavyTailMeanField) throws -> Outcome {
    let places = (0..<160).map { exp(log(0.01) + log(3e4) * Double($0) / 159) }
    let timing = try Clock.processor.time(5) {
      _ = try StableJacobianLaw(of: theory).densities(places)
    }
    let law = try StableJacobianLaw(of: theory)
    let tail = pow(300, 2.5) * (try law.density(300)) / law.tailConstant
    return Outcome(
      name: "singular-value law, 160 points, alpha 1.5", timing: timing, error: abs(tail - 1))
  }

  private static func exponent(_ theory: HeavyTailMeanField) throws -> Outcome {
    let timing = try Clock.processor.time(2, warm: false) {
      _ = try PopulationDynamics(of: theory, pool: 40_000).lyapunovExponent(jobs: 1)
    }
    return Outcome(name: "Lyapunov exponent, pool 4e4, 200 layers", timing: timing)
  }

  private static func localization(_ theory: HeavyTailMeanField) throws -> Outcome {
    let timing = try Clock.processor.time(2, warm: false) {
      _ = try Localization(of: theory, neighbours: 128).growthRate(
        at: 4.5, pool: 4000, sweeps: 80, jobs: 1)
    }
    return Outcome(name: "localisation, P 4000, K 128, 80 sweeps", timing: timing)
  }

  /// Pools of 2500 to 20000 and the extrapolation, on two threads; processor time of both together.
  private static func ladder(_ theory: HeavyTailMeanField) throws -> Outcome {
    let timing = try Clock.processor.time(1, warm: false) {
      _ = try Localization(of: theory, neighbours: 128).mobilityEdge(jobs: 2)
    }
    return Outcome(name: "mobility edge with its ladder, both threads", timing: timing)
  }
}
