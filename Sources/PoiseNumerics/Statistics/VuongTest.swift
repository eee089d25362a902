import RealModule

/// Which of two fitted laws is closer to the truth, neither contained in the other (Vuong 1989):
/// z = Σ dᵢ/(√n s_d), dᵢ = ln f(xᵢ) − ln g(xᵢ); standard normal where both are equally close.
public struct VuongTest: Sendable, Equatable {
  /// Σ dᵢ, in nats: above 0 for the first law.
  public let logLikelihoodRatio: Double
  /// Above 0 for the first law.
  public let z: Double
  /// Two-sided probability of a larger |z| where both laws are equally close.
  public let pValue: Double

  /// Compares by the log-densities of the same sample; nil where they agree everywhere.
  public init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count)
    let moments = RunningMoments(zip(first, second).lazy.map { $0 - $1 })
    let count = Double(moments.count)
    guard let variance = moments.variance, variance.isFinite, variance > 0 else { return nil }
    // The standard error of n numbers divided by n, as Vuong has it.
    let deviation = (variance * (count - 1) / count).squareRoot()
    guard deviation > 1e-14 * max(1, abs(moments.mean)) else { return nil }
    logLikelihoodRatio = moments.mean * count
    z = moments.mean * count.squareRoot() / deviation
    pValue = Double.erfc(abs(z) * 0.5.squareRoot())
  }
}
