import Foundation
public import PoiseHeavyTails
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The dear boundaries of the plane (α, σ_w), traced at a handful of α: each trace is a search in σ_w whose steps
/// are simulations. How long they take is measured beforehand; finished traces are kept in a journal.
public struct BoundarySurvey: Sendable {
  /// φ, bounded and with φ(0) = 0.
  public var activation: Activation
  /// σ_b.
  public var biasScale: Double
  /// N of the networks of the multifractal boundary.
  public var width: Int
  /// P of λ = 0.
  public var pool = 10_000
  /// P of the mobility edge in χ_deloc.
  public static let edgePool = 5000
  /// Seed of pools and networks.
  public var seed: UInt64

  /// - Throws: `noAnswer` for an unbounded φ, or one without a fixed point at 0.
  public init(
    activation: Activation, biasScale: Double = 0, width: Int = 256, seed: UInt64 = 1
  ) throws(PoiseError) {
    self.activation = activation
    self.biasScale = biasScale
    self.width = width
    self.seed = seed
    try StablePhaseSurvey.requireBounded(activation)
    guard activation.function.value(0) == 0, biasScale == 0 else {
      throw PoiseError(
        .noAnswer, quantity: "--boundaries of \(activation.name), σ_b = \(biasScale)",
        value: "h = 0 is no fixed point", allowed: "φ(0) = 0 and no biases",
        suggestion: "an odd activation, such as tanh")
    }
  }

  /// Boundaries by name: lyapunov, delocalised, multifractal, separated by commas.
  /// - Throws: `unknownName`.
  public static func kinds(_ list: String) throws(PoiseError) -> [HeavyTailBoundary] {
    var kinds: [HeavyTailBoundary] = []
    for name in list.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      let known = name == "delocalised" ? .delocalized : HeavyTailBoundary(rawValue: name)
      guard let kind = known, kind != .death, kind != .rawFloor else {
        throw PoiseError(
          .unknownName, quantity: "--boundaries", value: name,
          allowed: "lyapunov, delocalised, multifractal",
          suggestion: "--boundaries lyapunov; σ_c(N) and the raw floor are always there")
      }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    guard !kinds.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "--boundaries", value: "empty",
        allowed: "lyapunov, delocalised, multifractal")
    }
    return kinds
  }

  /// Five values at most, evenly chosen, the first and the last among them.
  public static func handful(_ alphas: [Double]) -> [Double] {
    guard alphas.count > 5 else { return alphas }
    return (0..<5).map { alphas[$0 * (alphas.count - 1) / 4] }
  }

  /// All traces.
  ///
  /// - Parameters:
  ///   - journal: folder in which finished traces are kept, and looked for first.
  ///   - announce: told seconds and number of the traces that are not in the journal, before the first; may
  ///     refuse.
  ///   - progress: a stage, evaluations done, of about all.
  public func run(
    _ kinds: [HeavyTailBoundary], alphas: [Double], journal folder: String? = nil, jobs: Int = 1,
    announce: (Double, Int) throws(PoiseError) -> Void = { _, _ throws(PoiseError) in },
    progress: (@Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void)? = nil
  ) throws(PoiseError) -> [StablePhaseResult.Boundary] {
    try check(kinds)
    var journal = try folder.map { folder throws(PoiseError) in try TraceJournal(folder: folder) }
    defer { journal?.close() }
    var missing: [(HeavyTailBoundary, Double)] = []
    for kind in kinds {
      for alpha in alphas where journal?.point(identity(kind, alpha)) == nil {
        missing.append((kind, alpha))
      }
    }
    var seconds = 0.0
    for kind in kinds {
      let mine = missing.filter { $0.0 == kind }.map(\.1)
      guard !mine.isEmpty else { continue }
      progress?("timing \(kind.rawValue)", 0, 1)
      seconds += try pilot(kind, alpha: mine[mine.count / 2], jobs: jobs) * Double(mine.count)
    }
    if !missing.isEmpty { try announce(seconds, missing.count) }
    var boundaries: [StablePhaseResult.Boundary] = []
    for kind in kinds {
      var points: [StablePhaseResult.Point] = []
      for alpha in alphas {
        if let known = journal?.point(identity(kind, alpha)) {
          points.append(known)
          continue
        }
        let stage = "\(kind.rawValue) at α = \(alpha.significant(3))"
        let counter = Counter()
        let point = try trace(kind, alpha, jobs: jobs) {
          progress?(stage, counter.next(), Self.evaluations(kind))
        }
        try journal?.append(identity(kind, alpha), point)
        points.append(point)
      }
      boundaries.append(boundary(kind, points))
    }
    return boundaries
  }

  /// That pool and width are large enough for these boundaries, and not too large to be computed.
  /// - Throws: `outOfRange`.
  public func check(_ kinds: [HeavyTailBoundary]) throws(PoiseError) {
    guard (1000...10_000_000).contains(pool) else {
      throw PoiseError(
        .outOfRange, quantity: "--pool", value: "\(pool)", allowed: "1000 to 10000000",
        suggestion: "10000: smaller pools are no approximation of a wide layer")
    }
    guard !kinds.contains(.multifractal) || (64...4000).contains(width) else {
      throw PoiseError(
        .outOfRange, quantity: "--width of the multifractal boundary", value: "\(width)",
        allowed: "64 to 4000 units, whose singular vectors are computed", suggestion: "--width 256")
    }
  }

  /// Simulations of a trace, about.
  static func evaluations(_ kind: HeavyTailBoundary) -> Int {
    switch kind {
    case .lyapunov: 7
    case .delocalized: 5
    default: 9
    }
  }

  /// Seconds of one trace, from a short and small piece of it.
  private func pilot(
    _ kind: HeavyTailBoundary, alpha: Double, jobs: Int
  ) throws(PoiseError) -> Double {
    let theory = try theory(alpha)
    let started = Date()
    let share: Double
    switch kind {
    case .lyapunov:
      let small = min(pool, 10_000)
      _ = try PopulationDynamics(of: theory, pool: small, seed: seed)
        .lyapunovExponent(layers: 20, discarded: 0, jobs: jobs)
      share = 20.0 / 200 * Double(small) / Double(pool)
    case .delocalized:
      guard alpha < 2 else { return 1 }
      _ = try Localization(of: theory, seed: seed)
        .growthRate(at: 3, pool: Self.edgePool, sweeps: 20, jobs: jobs)
      // Sixty sweeps at eight singular values.
      share = 20.0 / (60 * 8)
    default:
      let small = min(width, 128)
      _ = try MultifractalBoundary(theory: theory, width: small, seed: seed)
        .share(scale: 1, jobs: jobs)
      // Decompositions cost N³.
      share = .pow(Double(small) / Double(width), 3)
    }
    return Date().timeIntervalSince(started) / share * Double(Self.evaluations(kind))
  }

  private func theory(_ alpha: Double) throws(PoiseError) -> HeavyTailMeanField {
    try HeavyTailMeanField(activation: activation, alpha: alpha, scale: 1)
  }

  private func trace(
    _ kind: HeavyTailBoundary, _ alpha: Double, jobs: Int,
    _ progress: @escaping @Sendable () -> Void
  ) throws(PoiseError) -> StablePhaseResult.Point {
    let theory = try theory(alpha)
    do throws(PoiseError) {
      switch kind {
      case .lyapunov:
        let found = try theory.lyapunovScale(pool: pool, seed: seed, jobs: jobs) { _ in progress() }
        return .init(alpha: alpha, scale: found.scale, error: found.error)
      case .delocalized:
        let found = try theory.delocalizedScale(pool: Self.edgePool, seed: seed, jobs: jobs) { _ in
          progress()
        }
        return .init(alpha: alpha, scale: found.scale, error: found.error)
      default:
        return try MultifractalBoundary(theory: theory, width: width, seed: seed)
          .point(jobs: jobs, progress: progress)
      }
    } catch {
      guard error.code == .noAnswer else { throw error }
      return .init(alpha: alpha, scale: nil, error: nil, scaleCase: error.value)
    }
  }

  private func boundary(
    _ kind: HeavyTailBoundary, _ points: [StablePhaseResult.Point]
  ) -> StablePhaseResult.Boundary {
    let (name, size) =
      switch kind {
      case .lyapunov: ("pool", pool)
      case .delocalized: ("pool", Self.edgePool)
      default: ("width", width)
      }
    let settings =
      switch kind {
      case .lyapunov: "160 layers after 40, the same random numbers at every scale"
      case .delocalized: "128 neighbours, 60 sweeps; not extrapolated in P"
      default: MultifractalBoundary.settings
      }
    return StablePhaseResult.Boundary(
      name: kind.rawValue, definition: kind.definition, settings: settings, sizeName: name,
      size: size, points: points)
  }

  /// Everything that decides the result of a trace, as text.
  private func identity(_ kind: HeavyTailBoundary, _ alpha: Double) -> String {
    let size =
      switch kind {
      case .lyapunov: "pool \(pool)"
      case .delocalized: "pool \(Self.edgePool)"
      default: "width \(width), \(MultifractalBoundary.settings)"
      }
    return "boundary \(kind.rawValue), \(activation.name), alpha \(alpha), \(size), seed \(seed)"
  }
}
