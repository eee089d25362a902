public import PoiseNumerics
import RealModule

/// Whether the singular vectors of one layer's Jacobian near a singular value s are extended or localised, by
/// cavity population dynamics at infinite width (Qu, Wardak and Gong 2022; after Abou-Chacra, Thouless and
/// Anderson).
///
/// A finite pool shifts the answer by about −c/ln²P (Brunet and Derrida), so every number carries its pool.
public struct Localization: Sendable {
  /// The theory.
  public let theory: HeavyTailMeanField
  /// K, neighbours per unit.
  public let neighbours: Int
  /// Seed of all draws.
  public let seed: UInt64
  private let logScale: Double

  /// - Parameter neighbours: K in [16, 4096]; 128 to 256 is usual.
  /// - Throws: `noAnswer` without a fixed point, or at α = 2, where all vectors are extended; `outOfRange`.
  public init(
    of theory: HeavyTailMeanField, neighbours: Int = 128, seed: UInt64 = 1
  ) throws(PoiseError) {
    guard theory.alpha < 2 else {
      throw PoiseError(
        .noAnswer, quantity: "localisation", value: "alpha 2: every singular vector is extended",
        allowed: "alpha below 2", suggestion: "the edge of the support")
    }
    guard (16...4096).contains(neighbours) else {
      throw PoiseError(
        .outOfRange, quantity: "neighbours", value: "\(neighbours)", allowed: "16 to 4096",
        suggestion: "128")
    }
    self.theory = theory
    self.neighbours = neighbours
    self.seed = seed
    logScale = try theory.fixedLength().logScale
  }

  /// Mean growth of ln Δ per sweep of rows and columns: above 0 extended, below 0 localised.
  public struct GrowthRate: Sendable, Equatable {
    /// s.
    public let singularValue: Double
    /// The rate, per sweep.
    public let value: Double
    /// Of the mean over sweeps.
    public let standardError: Double
    /// P.
    public let pool: Int
  }

  /// The growth rate at s.
  ///
  /// - Parameters:
  ///   - s: above 0.
  ///   - pool: P in [500, 10⁶].
  ///   - sweeps: in all, a quarter of which are discarded.
  ///   - jobs: threads; the result does not depend on them.
  /// - Throws: `outOfRange`.
  public func growthRate(
    at s: Double, pool: Int = 4000, sweeps: Int = 80, jobs: Int = 1
  ) throws(PoiseError) -> GrowthRate {
    _ = try s.checked("singular value", in: 1e-6...1e6)
    guard (500...1_000_000).contains(pool) else {
      throw PoiseError(
        .outOfRange, quantity: "pool", value: "\(pool)", allowed: "500 to 1000000",
        suggestion: "4000")
    }
    guard (20...100_000).contains(sweeps) else {
      throw PoiseError(
        .outOfRange, quantity: "sweeps", value: "\(sweeps)", allowed: "20 to 100000")
    }
    let alpha = theory.alpha
    let cavity = Cavity(
      law: try StableLaw(alpha: alpha),
      amplitude: theory.scale * .exp(-.log(2 * Double(neighbours)) / alpha), logScale: logScale,
      activation: theory.activation, pool: pool, neighbours: neighbours, seed: seed)
    let rates = cavity.growth(at: s, sweeps: sweeps, discarded: sweeps / 4, jobs: jobs)
    let (mean, error) = PopulationDynamics.batchMean(rates)
    return GrowthRate(singularValue: s, value: mean, standardError: error, pool: pool)
  }

  /// One rung of the ladder.
  public struct Rung: Sendable, Equatable {
    /// P.
    public let pool: Int
    /// s* at this pool; nil if no edge was found up to s = 30 σ_w.
    public let edge: Double?
    /// Standard error of s*, from those of the rates.
    public let standardError: Double
    /// The rates it was found from, by s.
    public let rates: [GrowthRate]
  }

  /// The mobility edge: vectors beyond s* are localised.
  public struct MobilityEdge: Sendable, Equatable {
    /// Pools that double.
    public let rungs: [Rung]
    /// Limit P → ∞ of s* = s*_∞ − c/ln²P fitted to the rungs; nil without an edge on three of them.
    public let extrapolated: Double?
    /// Of the fit; the form of the correction adds up to half a unit of s.
    public let standardError: Double
  }

  /// The ladder of mobility edges.
  ///
  /// - Parameters:
  ///   - pools: at least one, ascending; doubling ones extrapolate best.
  ///   - progress: called with rates computed so far.
  public func mobilityEdge(
    pools: [Int] = [2500, 5000, 10_000, 20_000], sweeps: Int = 80, jobs: Int = 1,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> MobilityEdge {
    var (rungs, done) = ([Rung](), 0)
    var guess = 3 * theory.scale
    for pool in pools {
      let rung = try rung(pool: pool, guess: guess, sweeps: sweeps, jobs: jobs) {
        done += 1
        progress?(done)
      }
      rungs.append(rung)
      if let edge = rung.edge { guess = edge * 1.08 }
    }
    let (limit, error) = Self.extrapolate(rungs)
    return MobilityEdge(rungs: rungs, extrapolated: limit, standardError: error)
  }

  /// Steps of a seventh in s until the rate changes sign, then two between; s* from a straight line through
  /// the rates nearest to 0.
  private func rung(
    pool: Int, guess: Double, sweeps: Int, jobs: Int, _ count: () -> Void
  ) throws(PoiseError) -> Rung {
    var rates: [GrowthRate] = []
    func rate(_ s: Double) throws(PoiseError) -> Double {
      let found = try growthRate(at: s, pool: pool, sweeps: sweeps, jobs: jobs)
      count()
      rates.append(found)
      return found.value
    }
    var (low, high) = (guess, guess)
    if try rate(guess) > 0 {
      repeat {
        low = high
        high *= 1.15
        if high > 30 * theory.scale {
          return Rung(pool: pool, edge: nil, standardError: 0, rates: rates)
        }
      } while try rate(high) > 0
    } else {
      repeat {
        high = low
        low /= 1.15
        if low < 1e-3 * theory.scale {
          return Rung(pool: pool, edge: nil, standardError: 0, rates: rates)
        }
      } while try rate(low) <= 0
    }
    for share in [0.35, 0.65] { _ = try rate(low + share * (high - low)) }
    rates.sort { $0.singularValue < $1.singularValue }
    let near = rates.filter { $0.singularValue >= low / 1.16 && $0.singularValue <= high * 1.16 }
    let line = WeightedLine(
      near.map { ($0.singularValue, $0.value, max($0.standardError, 1e-3)) })
    return Rung(
      pool: pool, edge: line.root, standardError: line.rootError, rates: rates)
  }

  static func extrapolate(_ rungs: [Rung]) -> (Double?, Double) {
    let points = rungs.compactMap { rung -> (Double, Double, Double)? in
      guard let edge = rung.edge else { return nil }
      let logarithm = Double.log(Double(rung.pool))
      return (1 / (logarithm * logarithm), edge, max(rung.standardError, 1e-3))
    }
    guard points.count >= 3 else { return (nil, 0) }
    let line = WeightedLine(points)
    return (line.intercept, line.interceptError)
  }
}

/// A straight line by weighted least squares, y = intercept + slope x.
struct WeightedLine {
  let intercept: Double
  let slope: Double
  let interceptError: Double
  /// Where y = 0.
  var root: Double { -intercept / slope }
  /// Error of the root, to first order.
  let rootError: Double

  /// - Parameter points: (x, y, standard error of y), at least two different x.
  init(_ points: [(Double, Double, Double)]) {
    var (s, sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (x, y, error) in points {
      let weight = 1 / (error * error)
      s += weight
      sx += weight * x
      sy += weight * y
      sxx += weight * x * x
      sxy += weight * x * y
    }
    let determinant = s * sxx - sx * sx
    slope = (s * sxy - sx * sy) / determinant
    intercept = (sxx * sy - sx * sxy) / determinant
    interceptError = (sxx / determinant).squareRoot()
    let x = -intercept / slope
    rootError = ((sxx - 2 * x * sx + x * x * s) / determinant).squareRoot() / abs(slope)
  }
}
