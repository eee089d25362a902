/// What networks will have learned: one point, or a curve over patterns, width, depth, weight variance
/// or temperature.
public struct PosteriorResult: Codable, Sendable {
  /// φ of the hidden layers.
  public var activation: String
  /// The data that training and test patterns are taken from.
  public var data: DataSummary
  /// Test points behind every test error.
  public var tests: Int
  /// Outputs m of the network.
  public var outputs: Int
  /// What varies along `points`, outermost first: patterns, width, depth, weight variance, temperature.
  public var axes: [String]
  /// One per setting; a single one where nothing varies.
  public var points: [Point]
  /// Phases in the plane (σ², r̂_0) for a single point of equal widths, linear, one output.
  public var phaseMap: PhaseMap?
  /// Kernels of the layers, for `posterior kernels`.
  public var kernels: LayerProfile?
  /// Mean squared label, the error of always answering 0, over the test points.
  public var testPower: Double

  /// These fields as given; no phases, no kernels.
  public init(
    activation: String, data: DataSummary, tests: Int, outputs: Int, axes: [String],
    points: [Point], testPower: Double
  ) {
    self.activation = activation
    self.data = data
    self.tests = tests
    self.outputs = outputs
    self.axes = axes
    self.points = points
    self.testPower = testPower
  }

  /// One setting: theory, and samples of it if asked for.
  public struct Point: Codable, Sendable, Equatable {
    /// Training patterns P.
    public var patterns: Int
    /// N_1 … N_L, units of the hidden layers.
    public var widths: [Int]
    /// σ_1² … σ_{L+1}².
    public var weightVariances: [Double]
    /// T ≥ 0, variance of the noise on the labels; 0 where the network meets every label it can.
    public var temperature: Double
    /// The coordinates along the axes.
    public var coordinates: [Double]
    /// noisy, interpolating, least squares.
    public var regime: String
    /// ρ, the rank of the kernel.
    public var rank: Int
    /// κ_max/κ_min within the rank.
    public var conditionNumber: Double
    /// Squared part of the labels that cannot be met; 0 unless least squares.
    public var residualSquared: Double
    /// r_0; the mean over directions for several outputs.
    public var labelStrength: Double
    /// q_1 … q_L at the saddle point; of the leading direction for several outputs.
    public var orderParameters: [Double]
    /// s, or the eigenvalues of U, ascending.
    public var scales: [Double]
    /// ⟨s⟩ of the exact mixture; case: several outputs, refused.
    @Nullable public var exactScale: Double?
    /// several outputs, integral refused; nil where ⟨s⟩ exists.
    public var exactScaleCase: String?
    /// s of the infinitely wide network.
    public var priorScale: Double
    /// Stationary points of the action.
    public var stationaryPoints: [StationaryPoint]
    /// Mean squared test error of a sampled network, at the saddle point.
    public var testError: Double
    /// Its part that averaging leaves.
    public var bias: Double
    /// Its part from the spread of networks.
    public var variance: Double
    /// The same error by the exact mixture.
    @Nullable public var exactTestError: Double?
    /// As `exactScaleCase`.
    public var exactTestErrorCase: String?
    /// Bias and variance of the exact mixture; nil where there is none.
    public var exactBias: Double?
    /// Variance of the exact mixture: `exactTestError` less `exactBias`; nil where there is none.
    public var exactVariance: Double?
    /// q_L, to which |a|² of the read-out is N_L times: at the saddle point, and ⟨q_L⟩ of the exact
    /// mixture; nil for several outputs.
    public var readoutParameter: Double?
    /// ⟨q_L⟩ of the exact mixture; nil where there is none, and for several outputs.
    public var exactReadoutParameter: Double?
    /// The same error of the infinitely wide network.
    @Nullable public var processError: Double?
    /// several outputs; nil where there is a number.
    public var processErrorCase: String?
    /// Mean squared training error of a sampled network, summed over outputs; by the mixture if there is one.
    public var trainingError: Double
    /// Probability of the wrong sign; case: several outputs or other labels than ±1.
    @Nullable public var signError: Double?
    /// several outputs, no signs to be wrong; nil where there is a number.
    public var signErrorCase: String?
    /// Share of wrong classes of the averaged predictor.
    @Nullable public var meanClassError: Double?
    /// labels are not ±1; nil where there is a number.
    public var meanClassErrorCase: String?
    /// ln p(Y): exact, saddle, one loop; null where the density does not exist.
    @Nullable public var logEvidence: Double?
    /// At the saddle point.
    @Nullable public var logEvidenceSaddle: Double?
    /// With the fluctuations about it, one loop.
    @Nullable public var logEvidenceOneLoop: Double?
    /// several outputs, rank below the patterns; nil where the density exists.
    public var logEvidenceCase: String?
    /// grows, flat, falls; nil unless equal widths, one variance, T = 0, one output.
    public var errorWithWidth: String?
    /// The same with depth.
    public var errorWithDepth: String?
    /// Largest relative error of the quadrature behind the exact values.
    @Nullable public var quadratureError: Double?
    /// Samples of the posterior; nil unless they were asked for.
    public var sampled: Sampled?
  }

  /// One stationary point of the action.
  public struct StationaryPoint: Codable, Sendable, Equatable {
    /// s = Π q_l there.
    public var scale: Double
    /// S there: −ln p(Y) − ½ P ln 2π at the selected one, where that density exists.
    public var action: Double
    /// Whether S has a minimum there.
    public var isMinimum: Bool
    /// Whether it is the one of least action, called the saddle point elsewhere.
    public var selected: Bool
  }

  /// Samples of the posterior against the theory.
  public struct Sampled: Codable, Sendable, Equatable {
    /// gibbs, hamiltonian, direct.
    public var sampler: String
    /// Whether the samples share nothing with the theory: false for the direct sampler.
    public var isIndependent: Bool
    /// Chains; blocks of independent draws for the direct sampler.
    public var chains: Int
    /// Sweeps or trajectories dropped of each chain; 0 for the direct sampler.
    public var warmup: Int
    /// Draws asked for of each chain beyond the warm-up; the direct sampler makes at most 4000.
    public var draws: Int
    /// Every sampled quantity that theory knows.
    public var comparisons: [Comparison]
    /// agrees, differs, inconclusive.
    public var verdict: CheckResult.Verdict
    /// The verdict in a sentence.
    public var statement: String
    /// What has not converged.
    public var warnings: [String]
    /// The leading numbers again, each with its error; nil for those that were not measured.
    public var measured: Measured?
  }

  /// Means over samples with their standard errors.
  public struct Measured: Codable, Sendable, Equatable {
    /// A mean with its error.
    public struct Value: Codable, Sendable, Equatable {
      /// Mean over samples.
      public var value: Double
      /// Standard error of that mean.
      public var error: Double
    }
    /// Mean squared test error of a sampled network, summed over outputs.
    public var testError: Value?
    /// Error of the averaged predictor, and the spread of networks about it.
    public var bias: Value?
    /// Mean test error less `bias`.
    public var variance: Value?
    /// Mean squared training error of a sampled network, summed over outputs.
    public var trainingError: Value?
    /// s = Π q_l.
    public var scale: Value?
    /// q_L.
    public var readoutParameter: Value?
    /// Largest |z| of all comparisons, and their number.
    public var worstZ: Double
    /// Comparisons behind `worstZ`.
    public var comparisons: Int
    /// Whether all of them have converged.
    public var isConverged: Bool
  }

  /// One quantity, theory and samples.
  public struct Comparison: Codable, Sendable, Equatable {
    /// s, q_l, U_ij, A_l, |W_l|², |a|², test error, training error.
    public var quantity: String
    /// The value compared with: exact where there is one.
    public var theory: Double
    /// exact, saddle point, effective action.
    public var level: String
    /// The value at the saddle point.
    public var saddle: Double
    /// Mean over samples.
    public var measured: Double
    /// Standard error of that mean.
    public var standardError: Double
    /// What the theory itself may be off by.
    public var allowance: Double
    /// (measured − theory)/√(standard error² + allowance²).
    public var z: Double
    /// Split R̂ of the chains: 1 where they have forgotten their starts.
    public var splitRHat: Double
    /// Independent draws that the chains are worth.
    public var effectiveSize: Double
    /// R̂ < 1.01 and at least 400 effective draws.
    public var isConverged: Bool
  }

  /// Boundaries in the plane of σ² and r̂_0 = σ_1² r_0.
  public struct PhaseMap: Codable, Sendable, Equatable {
    /// α = ρ/N and L.
    public var load: Double
    /// Hidden layers L.
    public var depth: Int
    /// (σ², r̂_0) where width does not matter: σ^{2(L+1)} = r̂_0.
    public var widthBoundary: [[Double]]
    /// (σ², r̂_0) where depth does not matter: (1 − α)σ² = 1 − αr̂_0.
    public var depthBoundary: [[Double]]
    /// This point.
    public var variance: Double
    /// r̂_0 = σ_1² r_0 of this point.
    public var labelStrength: Double
  }

  /// Kernels of the layers on the training patterns, ordered by label.
  public struct LayerProfile: Codable, Sendable, Equatable {
    /// Patterns, or blocks of patterns, along one side of `kernels`.
    public var size: Int
    /// K̃_0, then ⟨K̃_l⟩ divided by the prior factor Π σ_j² (size × size, row-major).
    public var kernels: [[Double]]
    /// Where labels change along a side.
    public var boundaries: [Int]
    /// A_l = yᵀK̃_l y/|y|², l = 0 … L.
    public var alignment: [Double]
    /// The same before learning: A_0 Π σ_j².
    public var priorAlignment: [Double]
    /// Measured on sampled networks, l = 1 … L.
    public var measuredAlignment: [Double]?
    /// Standard errors of `measuredAlignment`, l = 1 … L; nil with it.
    public var measuredStandardError: [Double]?
    /// ⟨|W_1|²⟩ … ⟨|a|²⟩ after and before learning.
    public var weightNorms: [Double]
    /// Before learning: σ_l² times the number of weights of each layer.
    public var priorWeightNorms: [Double]
  }
}

extension PosteriorResult: RecordedResult {
  /// Whole if there are points and every array has the length that widths, axes and layers give it.
  public var shape: [(name: String, isWhole: Bool)] {
    let points = points.map { point in
      (
        "posterior point",
        point.coordinates.count == axes.count && !point.widths.isEmpty
          && point.weightVariances.count == point.widths.count + 1
          && point.orderParameters.count == point.widths.count && !point.scales.isEmpty
      )
    }
    return [("posterior", !self.points.isEmpty)] + points + (kernels.map { [$0.shape] } ?? [])
  }
}

extension PosteriorResult.LayerProfile {
  fileprivate var shape: (name: String, isWhole: Bool) {
    let (square, overflow) = size.multipliedReportingOverflow(by: size)
    let layers = kernels.count - 1
    let measured = [measuredAlignment, measuredStandardError].allSatisfy {
      $0.map { $0.count == layers } ?? true
    }
    return (
      "layer kernels",
      !overflow && size > 0 && kernels.allSatisfy { $0.count == square }
        && alignment.count == kernels.count && priorAlignment.count == kernels.count && measured
        && (measuredAlignment == nil) == (measuredStandardError == nil)
        && (weightNorms.isEmpty || weightNorms.count == kernels.count)
        && priorWeightNorms.count == kernels.count
    )
  }
}
