public import PoiseNumerics
import RealModule

/// Deep linear networks with equal widths and one variance at T = 0, in the four numbers that
/// matter: 1 − u/σ² = α (1 − r_0/u^L).
///
/// - Source: Li and Sompolinsky 2021 (arXiv 2012.04030); phases and limits are derived in
///   `docs/theory/posterior.md`.
public struct EqualWidths: Sendable, Equatable {
  /// α = P/N: patterns (or rank) over width.
  public let load: Double
  /// σ².
  public let variance: Double
  /// L.
  public let depth: Int
  /// r_0 = YᵀK₀⁻¹Y/P, with K₀ including σ².
  public let labelStrength: Double
  /// u, the order parameter of every layer; between σ² and r_0^(1/L).
  public let orderParameter: Double
  /// ln u.
  private let logOrderParameter: Double

  /// - Throws: `outOfRange`; `noAnswer` where labels vanish and α ≥ 1: u collapses to 0.
  public init(
    load: Double, variance: Double, depth: Int, labelStrength: Double
  ) throws(PoiseError) {
    self.load = try load.checked("load α", in: 0...1e12)
    self.variance = try variance.checked("weight variance", in: 1e-100...1e100)
    self.labelStrength = try labelStrength.checked("label strength r_0", in: 0...1e200)
    guard (1...100_000).contains(depth) else {
      throw PoiseError(.outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100000")
    }
    self.depth = depth
    guard labelStrength > 0 || load < 1 else {
      throw PoiseError(
        .noAnswer, quantity: "order parameter", value: "0: no labels and α = \(load)",
        allowed: "r_0 above 0, or α below 1")
    }
    if load == 0 || labelStrength == 0 {
      logOrderParameter = .log(variance) + .log(onePlus: -load)
      orderParameter = variance * (1 - load)
      return
    }
    let (logVariance, logStrength) = (Double.log(variance), Double.log(labelStrength))
    // In x = ln(u/σ²): e^x − 1 + α(1 − e^(ln r_0 − L(x + ln σ²))), increasing in x.
    func balance(_ x: Double) -> Double {
      .expMinusOne(x) - load
        * .expMinusOne(
          min(logStrength - Double(depth) * (x + logVariance), 700))
    }
    let other = logStrength / Double(depth) - logVariance
    let (low, high) = (min(0, other) - 1e-9, max(0, other) + 1e-9)
    let x = try bracketedRoot(from: low - abs(low) * 1e-12, to: high + abs(high) * 1e-12) {
      x throws(PoiseError) in balance(x)
    }.value
    logOrderParameter = logVariance + x
    orderParameter = .exp(logOrderParameter)
  }

  /// s = u^L; nil where it exceeds the range of numbers.
  public var scale: Double? {
    let log = Double(depth) * logOrderParameter
    return log < 709 ? .exp(log) : nil
  }

  /// d ln u/d ln α = −(α/u)(1 − r_0/u^L)/(1/σ² + αL r_0/u^{L+1}).
  public var logSlope: Double {
    let ratio = labelStrength * .exp(min(-Double(depth) * logOrderParameter, 700))
    let u = orderParameter
    return -load * (1 - ratio) / (u / variance + load * Double(depth) * ratio)
  }

  /// How the error answers to a change.
  public enum Trend: Int, Sendable, Codable { case falls = -1, flat = 0, grows = 1 }

  /// The error with the width at fixed P: grows where σ^{2L} > r_0, falls where it is less.
  public var withWidth: Trend {
    guard labelStrength > 0 else { return .grows }
    return Self.trend(Double(depth) * .log(variance), .log(labelStrength))
  }

  /// The error with the depth at fixed width: that of the sign of 1 − 1/σ² − α(1 − r_0), at every L.
  public var withDepth: Trend {
    Self.trend(1 - 1 / variance, load * (1 - labelStrength))
  }

  private static func trend(_ a: Double, _ b: Double) -> Trend {
    if abs(a - b) <= 1e-13 * max(abs(a), abs(b), 1) { return .flat }
    return a > b ? .grows : .falls
  }

  /// σ² above which (α < 1) or below which (α > 1) the error grows with depth, at a label strength
  /// r̂_0 = σ² r_0 without the prior's scale: (1 − αr̂_0)/(1 − α); nil where there is no such
  /// threshold.
  public var depthThreshold: Double? {
    guard load != 1 else { return nil }
    let value = (1 - load * variance * labelStrength) / (1 - load)
    return value > 0 ? value : nil
  }

  /// The limit of a quantity.
  public enum Limit: Sendable, Equatable {
    case finite(Double)
    /// Beyond all bounds.
    case diverges
  }

  /// L → ∞ at fixed width (after N → ∞): u → 1 and s → αr_0/(α − 1 + 1/σ²), or s diverges.
  public var infinitelyDeep: (orderParameter: Double, scale: Limit) {
    let slack = load - 1 + 1 / variance
    guard slack > 1e-15 * max(load, 1, 1 / variance) else {
      return (variance * (1 - load), .diverges)
    }
    if labelStrength == 0 { return (variance * (1 - load), .finite(0)) }
    return (1, .finite(load * labelStrength / slack))
  }

  /// N → ∞ at fixed P: u → σ², the Gaussian process. Narrow limit N → 0: u^L → r_0.
  public var infinitelyWide: (orderParameter: Double, scale: Double) {
    (variance, .exp(min(Double(depth) * .log(variance), 709)))
  }
}
