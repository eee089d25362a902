public import PoiseNumerics
import RealModule

/// What a deep network with one output will have learned: the saddle point of its order parameters
/// and everything that follows from s = Π q_l and the base kernel.
///
/// Exact in the limit of many patterns and units for deep linear networks; corrections are O(L/N).
/// `exact()` gives the answer at finite width.
public struct DeepPosterior: Sendable {
  /// The training set in the eigenbasis of its kernel.
  public let modes: KernelModes
  /// The action whose stationary points are looked for: priors, T and the modes that count.
  public let problem: RenormalizationAction
  /// Every stationary point of the action, s ascending.
  public let stationaryPoints: [Renormalization]
  /// Index of the one of least action.
  public let selected: Int

  /// - Throws: `outOfRange` for T < 0 or several outputs; `noAnswer` for a kernel without rank, or
  ///   labels that vanish where the posterior then collapses.
  public init(
    modes: KernelModes, priors: LayerPriors, temperature: Double
  ) throws(PoiseError) {
    guard modes.outputCount == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "outputs", value: "\(modes.outputCount)", allowed: "1 here",
        suggestion: "MatrixPosterior")
    }
    self.modes = modes
    problem = try RenormalizationAction(modes, priors: priors, temperature: temperature)
    stationaryPoints = try problem.stationaryPoints()
    selected = Self.least(stationaryPoints)
  }

  static func least(_ points: [Renormalization]) -> Int {
    points.indices.min { points[$0].action < points[$1].action }!
  }

  /// The physical stationary point.
  public var renormalization: Renormalization { stationaryPoints[selected] }
  /// T.
  public var temperature: Double { problem.temperature }
  /// N_l and σ_l².
  public var priors: LayerPriors { problem.priors }

  /// What is taken for granted.
  public static let assumptions = [
    "equilibrium (Gibbs) learning: squared loss at temperature T, Gaussian prior of the weights",
    "saddle point: patterns and widths large, depth and outputs few; errors O(L/N)",
  ]

  /// How the training set constrains the network.
  public enum Regime: Sendable, Equatable {
    /// T > 0: the labels are fitted up to noise.
    case noisy
    /// T = 0 and rank P: every label is met.
    case interpolating
    /// T = 0 and rank ρ < P: least squares; the part of the labels that cannot be met has square r².
    case leastSquares(rank: Int, residualSquared: Double)
  }

  /// Noisy, interpolating, or least squares with the rank found.
  public var regime: Regime {
    if temperature > 0 { return .noisy }
    guard modes.rank < modes.patternCount else { return .interpolating }
    return .leastSquares(rank: modes.rank, residualSquared: modes.unfitted()[0, 0])
  }

  /// r_0 = Yᵀ K⁺ Y/ρ.
  public var labelStrength: Double { modes.labelStrength[0, 0] }

  /// −S − (P/2) ln 2π; nil at T = 0 with rank < P.
  public var logEvidenceSaddle: Double? {
    if case .leastSquares = regime { return nil }
    return -renormalization.action - Double(modes.patternCount) / 2 * .log(2 * .pi)
  }

  /// The same with the fluctuations of q to one loop.
  public var logEvidenceOneLoop: Double? {
    guard let saddle = logEvidenceSaddle, let loop = renormalization.oneLoop else { return nil }
    return saddle - loop
  }

  /// Mean squared training error of one sampled network: T²|(sK + T)⁻¹Y|²/P + T D(s)/P; at T = 0 what
  /// least squares leaves.
  public var trainingError: Double { trainingError(scale: renormalization.scale) }

  /// The exact mixture over s.
  /// - Throws: as `ExactMixture.init`.
  public func exact() throws(PoiseError) -> ExactMixture {
    try ExactMixture(problem, around: renormalization)
  }

  /// Predictions at the saddle point.
  public func predict(_ points: TestPoints) -> ScalarPrediction {
    predict(points, scale: renormalization.scale)
  }

  /// Predictions of an infinitely wide network: s = Π σ_{l+1}².
  public func gaussianProcessLimit(_ points: TestPoints) -> ScalarPrediction {
    predict(points, scale: .exp(priors.logPriorScale))
  }
}
