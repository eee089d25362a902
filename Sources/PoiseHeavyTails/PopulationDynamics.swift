public import PoiseNumerics
import PoiseModel
import RealModule

/// Growth of perturbations at infinite width, by a pool of pairs (h, ξ) in place of the law of one unit and
/// its tangent.
///
/// h and ξ share the row of weights, so that a large weight makes both large and φ′(h) tames the product; no
/// moment of ξ alone (E |ξ|^α is infinite) gives the rate. Each new pair is a LePage series over the pool,
///
///     h′ = σ_w C^{1/α} Σ_{k≤K} ε_k Γ_k^{−1/α} φ(h_{J_k}) + remainder,
///
/// and ξ′ the same with φ′(h)ξ: Γ_k arrival times of a Poisson process, J_k uniform in the pool, ε_k = ±1. The
/// jumps beyond K are replaced by a Gaussian pair of their covariance. Exact for P, K → ∞.
///
/// At α < 2 the answer depends on P like 1/ln P: it means nothing without the size of the pool, which
/// travels with it.
public struct PopulationDynamics: Sendable {
  /// The theory.
  public let theory: HeavyTailMeanField
  /// P, number of pairs.
  public let pool: Int
  /// K, jumps of the LePage series drawn one by one.
  public let terms: Int
  /// Seed of all draws.
  public let seed: UInt64
  /// The law of a bias.
  let biasLaw: StableLaw

  /// - Parameters:
  ///   - pool: P in [1000, 10⁷].
  ///   - terms: K in [8, 1000].
  /// - Throws: `outOfRange`; `noAnswer` where the theory has no infinite-width limit.
  public init(
    of theory: HeavyTailMeanField, pool: Int = 40_000, terms: Int = 40, seed: UInt64 = 1
  ) throws(PoiseError) {
    guard (1000...10_000_000).contains(pool) else {
      throw PoiseError(
        .outOfRange, quantity: "pool", value: "\(pool)", allowed: "1000 to 10000000",
        suggestion: "40000: exponents from smaller pools are far from their limit")
    }
    guard (8...1000).contains(terms) else {
      throw PoiseError(
        .outOfRange, quantity: "terms", value: "\(terms)", allowed: "8 to 1000", suggestion: "40")
    }
    guard theory.hasInfiniteWidthLimit else {
      throw PoiseError(
        .noAnswer, quantity: "Lyapunov exponent through \(theory.activation.name)",
        value: "no infinite-width limit", allowed: "a bounded activation, such as tanh",
        suggestion: "the growth at finite width, which is exact")
    }
    self.theory = theory
    self.pool = pool
    self.terms = terms
    self.seed = seed
    biasLaw = try StableLaw(alpha: theory.alpha, scale: .exp2(-1 / theory.alpha))
  }

  /// A Lyapunov exponent with what it depends on.
  public struct LyapunovExponent: Sendable, Equatable {
    /// λ, growth of ln T per layer.
    public let value: Double
    /// Of the average over layers, from batches; no bias of the pool is in it.
    public let standardError: Double
    /// P.
    public let pool: Int
    /// K.
    public let terms: Int
    /// Layers averaged.
    public let layers: Int
    /// ln q of the pool in the last layer; far below the fixed point where the pool dies out.
    public let logLength: Double
  }

  /// λ = lim (1/l) ln T^l/T⁰, T^α = σ_w^α E|φ′(h)ξ|^α over the pool.
  ///
  /// - Parameters:
  ///   - layers: averaged, at least 20.
  ///   - discarded: layers before, in which the pool settles.
  ///   - jobs: threads; the result does not depend on them.
  /// - Throws: `outOfRange` for too few layers; `noAnswer` if nothing but zeros is left.
  public func lyapunovExponent(
    layers: Int = 160, discarded: Int = 40, jobs: Int = 1
  ) throws(PoiseError) -> LyapunovExponent {
    guard layers >= 20, discarded >= 0, layers + discarded <= 100_000 else {
      throw PoiseError(
        .outOfRange, quantity: "layers", value: "\(discarded) + \(layers)",
        allowed: "at least 20 averaged, at most 100000 in all", suggestion: "160 after 40")
    }
    var population = try start()
    var growth: [Double] = []
    var magnified = 0.0
    let canMagnify = theory.biasScale == 0 && theory.activation.function.value(0) == 0
    for layer in 1...(layers + discarded) {
      step(&population, layer: layer, isFinite: false, jobs: jobs)
      let logarithm = population.logTangent
      guard logarithm.isFinite else {
        throw PoiseError(
          .noAnswer, quantity: "Lyapunov exponent", value: "all slopes are 0 at layer \(layer)",
          allowed: "a pool with slopes", suggestion: "a smaller scale")
      }
      population.divideTangents(by: .exp(logarithm))
      if layer > discarded { growth.append(logarithm) }
      if canMagnify, population.logLength < -60 * theory.alpha {
        population.magnify(by: .exp(25), alpha: theory.alpha)
        magnified += 25 * theory.alpha
      }
    }
    let (mean, error) = Self.batchMean(growth)
    return LyapunovExponent(
      value: mean, standardError: error, pool: pool, terms: terms, layers: layers,
      logLength: population.logLength - magnified)
  }

  /// ln T^l of two inputs that differ by a perturbation of given scale, for l = 0 … layers:
  /// (T^l)^α = σ_w^α E|φ(h+δ) − φ(h)|^α, exact for any size of δ as P → ∞.
  ///
  /// - Parameter logScale: ln T⁰.
  public func perturbationScales(
    logScale: Double, layers: Int, jobs: Int = 1
  ) throws(PoiseError) -> [Double] {
    guard (1...100_000).contains(layers) else {
      throw PoiseError(
        .outOfRange, quantity: "layers", value: "\(layers)", allowed: "1 to 100000")
    }
    var population = try start(perturbation: .exp(logScale))
    var scales = [logScale]
    for layer in 1...layers {
      step(&population, layer: layer, isFinite: true, jobs: jobs)
      scales.append(population.logTangent)
    }
    return scales
  }

  /// Mean and its standard error: the largest of those from batches of 5, 10 and 20 layers, since the
  /// bursts of rare large weights outlast short batches and few long ones tell little.
  static func batchMean(_ values: [Double]) -> (mean: Double, error: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    var error = 0.0
    for size in [5, 10, 20] where values.count / size >= 4 || size == 5 {
      let count = values.count / size
      var square = 0.0
      for batch in 0..<count {
        let part = values[batch * size..<(batch + 1) * size].reduce(0, +) / Double(size)
        square += (part - mean) * (part - mean)
      }
      error = max(error, (square / Double(count * (count - 1))).squareRoot())
    }
    return (mean, error)
  }

  /// Where it comes from.
  public static let sources = [
    "Qu, Wardak, Gong 2022, arXiv:2203.12967", "docs/theory/heavy-tails.md, section 4",
  ]
}
