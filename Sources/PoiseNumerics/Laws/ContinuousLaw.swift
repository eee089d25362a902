import RealModule

/// A probability law on the line with everything that fitting and testing it needs.
public protocol ContinuousLaw: Sendable {
  /// What it is called in tables: `stable`, `Gaussian`, …
  static var name: String { get }
  /// Number of fitted parameters, k of AIC and BIC.
  var parameterCount: Int { get }
  /// A typical point and width: where the argument asinh((x − centre)/width) of tables is natural.
  var centre: Double { get }
  var width: Double { get }

  /// ln f at every x; −∞ where the density vanishes.
  func logDensities(_ xs: [Double], jobs: Int) -> [Double]
  /// F and 1 − F at one x, each with its own relative accuracy.
  func tails(_ x: Double) -> (lower: Double, upper: Double)
  /// Independent numbers of this law.
  func sample(count: Int, from stream: inout RandomStream) -> [Double]
}

extension ContinuousLaw {
  /// Σ ln f, added in order.
  public func logLikelihood(_ xs: [Double], jobs: Int = 1) -> Double {
    logDensities(xs, jobs: jobs).reduce(0, +)
  }
}

/// What likelihood says of a law: lnL, AIC = 2k − 2 lnL, BIC = k ln n − 2 lnL.
public struct LikelihoodScore: Sendable, Equatable {
  /// ln of the likelihood, in nats.
  public let logLikelihood: Double
  /// Fitted parameters.
  public let parameterCount: Int
  /// Sample size.
  public let count: Int

  public init(logLikelihood: Double, parameterCount: Int, count: Int) {
    self.logLikelihood = logLikelihood
    self.parameterCount = parameterCount
    self.count = count
  }

  /// Akaike's criterion; smaller is better.
  public var aic: Double { 2 * Double(parameterCount) - 2 * logLikelihood }
  /// Schwarz's criterion; smaller is better.
  public var bic: Double {
    Double(parameterCount) * Double.log(Double(count)) - 2 * logLikelihood
  }
}
