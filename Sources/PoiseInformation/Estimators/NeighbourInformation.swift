public import PoiseNumerics
import RealModule

/// Mutual information from nearest neighbours (Kraskov, Stögbauer, Grassberger 2004).
///
///     I₁ = ψ(k) + ψ(N) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩          n counted strictly inside ε
///     I₂ = ψ(k) − 1/k + ψ(N) − ⟨ψ(n_x) + ψ(n_y)⟩            n counted within ε_x and within ε_y
///
/// with ε the maximum-norm distance to the k-th neighbour in (x, y), and ε_x, ε_y the sides of the
/// smallest rectangle around the k neighbours.
///
/// Trustworthy in up to four dimensions together and up to about 0.3 ln N nats; beyond, it is biased
/// towards independence and saturates. Only densities: repeated values break it.
public struct NeighbourInformation: Sendable {
  /// Which of the two estimators.
  public enum Variant: Int, Sendable, CaseIterable {
    case cubes = 1
    case rectangles = 2
  }

  /// What to do where distances tie, which the estimator is not made for.
  public enum Ties: Sendable, Equatable {
    /// Throw an error that says where.
    case refuse
    /// Add uniform noise of this size relative to the spread of each column.
    case jitter(relative: Double, seed: UInt64)

    /// The jitter that changes nothing else: 1e-10.
    public static func jitter(seed: UInt64) -> Ties { .jitter(relative: 1e-10, seed: seed) }
  }

  /// I₁ (cubes) or I₂ (rectangles).
  public let variant: Variant
  /// k, at least 1; 3 to 6 is usual.
  public let neighbours: Int
  /// What to do where distances tie.
  public let ties: Ties

  /// Most dimensions of X and Y together: beyond, the estimate says nothing.
  public static let mostDimensions = 64

  /// - Throws: `outOfRange` for k below 1 or above 1000, or a jitter outside 0 to 1e-3.
  public init(
    _ variant: Variant = .cubes, neighbours: Int = 3, ties: Ties = .refuse
  ) throws(PoiseError) {
    guard (1...1000).contains(neighbours) else {
      throw PoiseError(
        .outOfRange, quantity: "neighbours", value: "\(neighbours)", allowed: "1 to 1000",
        suggestion: "3 to 6")
    }
    if case .jitter(let size, _) = ties {
      _ = try size.checked("relative jitter", in: 1e-14...1e-3)
    }
    self.variant = variant
    self.neighbours = neighbours
    self.ties = ties
  }

  /// The estimate, with an error bar from ten groups of the samples.
  ///
  /// - Parameters:
  ///   - x, y: (sample × dimension), as many rows each.
  ///   - seed: of the parting of the samples.
  /// - Throws: `outOfRange` for fewer than 2 (k + 2) samples, NaN, constant columns, ties that are not
  ///   to be jittered, more than `mostDimensions`; `shapeMismatch` for different numbers of rows.
  public func estimate(
    _ x: Matrix<Double>, _ y: Matrix<Double>, seed: UInt64 = 1, jobs: Int = 1
  ) throws(PoiseError) -> InformationEstimate {
    try SampleChecks.check(x, y)
    try checkShape(x, y)
    let (x, y) = try resolvingTies(x, y)
    let nats = try local(x, y, jobs).reduce(0, +) / Double(x.rows)
    let error = try standardError(x, y, seed, jobs)
    return InformationEstimate(
      nats: nats, standardError: error,
      warnings: warnings(nats, dimensions: x.columns + y.columns, samples: x.rows))
  }

  private func checkShape(_ x: Matrix<Double>, _ y: Matrix<Double>) throws(PoiseError) {
    guard x.rows >= 2 * (neighbours + 2) else {
      throw PoiseError(
        .outOfRange, quantity: "samples", value: "\(x.rows)",
        allowed: "at least \(2 * (neighbours + 2)) for \(neighbours) neighbours",
        suggestion: "more samples, or fewer neighbours")
    }
    let dimensions = x.columns + y.columns
    guard dimensions <= Self.mostDimensions else {
      throw PoiseError(
        .outOfRange, quantity: "dimensions of X and Y", value: "\(dimensions)",
        allowed: "at most \(Self.mostDimensions) together; trustworthy up to 4",
        suggestion: "the pairwise or log-det bounds, which are made for wide layers")
    }
  }

  private func warnings(_ nats: Double, dimensions: Int, samples: Int) -> [String] {
    var warnings: [String] = []
    if dimensions > 4 {
      warnings.append(
        "\(dimensions) dimensions together: nearest neighbours are biased low beyond 4")
    }
    let most = 0.3 * Double.log(Double(samples))
    if dimensions > 2, nats > most {
      warnings.append(
        "more than 0.3 ln N = \(most.rounded(places: 2)) nats from \(samples) samples:"
          + " probably too low")
    }
    if samples < 40 * neighbours / 3 {
      warnings.append("only \(samples) samples for \(neighbours) neighbours")
    }
    return warnings
  }
}

extension Double {
  /// The number with so many decimals, for sentences.
  func rounded(places: Int) -> Double {
    let scale = Double.pow(10, places)
    return (self * scale).rounded() / scale
  }
}
