/// The law of the singular values of one layer's Jacobian with stable weights.
public struct LayerSpectrumResult: Codable, Sendable {
  /// The law at one (α, σ_w).
  public struct Curve: Codable, Sendable, Equatable {
    /// α of weights and biases; 2 is Gaussian.
    public var alpha: Double
    /// σ_w.
    public var scale: Double
    /// Rows/columns of the Jacobian.
    public var aspect: Double
    /// ln q at which the slopes are taken: that of the fixed point; case: dies (q* = 0).
    @Nullable public var logLength: Double?
    /// dies; nil if q* > 0.
    public var logLengthCase: String?
    /// M_α = E |φ′|^α.
    public var slopeMoment: Double
    /// B in f(s) → B s^{−1−α}; 0 at α = 2.
    public var tailConstant: Double
    /// s^{1+α} f(s)/B at s = 300 max(1, σ_w): how far the tail is the power law; case: Gaussian.
    @Nullable public var tailRatio: Double?
    /// Gaussian; nil for α < 2.
    public var tailRatioCase: String?
    /// B₂ in f(s) → B₂ s^{−2−α}, the tail where slopes are those of the layer's own weights; case: why it
    /// does not exist.
    @Nullable public var networkTailConstant: Double?
    /// not square, Gaussian, no power law; nil if B₂ exists.
    public var networkTailConstantCase: String?
    /// Share of singular values that are exactly 0.
    public var zeroMass: Double
    /// Share below the grid that is not 0, and the share of units whose slope alone puts a value there.
    public var massBelow: Double
    /// Share of units whose slope, not 0, is so small that with a weight of size σ_w it lies below the grid.
    public var saturatedShare: Double
    /// E ln s²; case: diverges (−∞), or not square.
    @Nullable public var meanLogSquare: Double?
    /// diverges, not square, dies; nil if it exists.
    public var meanLogSquareCase: String?
    /// ln s below which a share of all singular values lies.
    public var quantiles: [SpectrumResult.Quantile]
    /// Grid in ln s, ascending.
    public var logSingularValues: [Double]
    /// Density per unit of ln s.
    public var density: [Double]
    /// Share of singular values above each grid point.
    public var survival: [Double]

    /// Place of the law as given; the rest 0, empty or nil.
    public init(alpha: Double, scale: Double, aspect: Double) {
      self.alpha = alpha
      self.scale = scale
      self.aspect = aspect
      (slopeMoment, tailConstant, zeroMass, massBelow, saturatedShare) = (0, 0, 0, 0, 0)
      (quantiles, logSingularValues, density, survival) = ([], [], [], [])
      (logLength, tailRatio, networkTailConstant, meanLogSquare) = (nil, nil, nil, nil)
    }
  }

  /// Shares of singular values in bins: mean over matrices, with standard errors.
  public struct Histogram: Codable, Sendable, Equatable {
    /// Mean over matrices of the share in each bin.
    public var shares: [Double]
    /// Standard errors of these means.
    public var standardError: [Double]

    /// All fields as given.
    public init(shares: [Double], standardError: [Double]) {
      self.shares = shares
      self.standardError = standardError
    }
  }

  /// Singular values of finite matrices beside the law.
  public struct Check: Codable, Sendable, Equatable {
    /// Matrices of each kind.
    public var matrices: Int
    /// Rows and columns.
    public var rows: Int
    /// Units of the layer's input.
    public var columns: Int
    /// Seed of matrices and slopes.
    public var seed: UInt64
    /// Edges of the bins in ln s; one more than bins. The first bin holds all that is smaller, zeros
    /// included, the last all that is larger.
    public var edges: [Double]
    /// Share that theory puts into each bin.
    public var theory: [Double]
    /// D W with slopes drawn independently of W: what the law is about.
    public var independent: Histogram
    /// D W with the slopes of the layer itself, which a large weight saturates.
    public var layer: Histogram
    /// (independent − theory)/error by bin, with the error of independent counts.
    public var z: [Double]
    /// Largest |z| of the bins.
    public var worstZ: Double
    /// The |z| above which the verdict is `differs`.
    public var threshold: Double
    /// Σ z² over the bins.
    public var chiSquare: Double
    /// Where the law has reached its power law, ln s; the shares above: theory, independent, of the layer, and
    /// of the layer by B₂ (null where there is none).
    public var logTail: Double
    /// Share of singular values above it by the law.
    public var tailTheory: Double
    /// Share above it in D W with independent slopes, over matrices.
    public var tailIndependent: MeasuredValue
    /// Share above it in D W with the layer's own slopes, over matrices.
    public var tailLayer: MeasuredValue
    /// That share by the tail of B₂; null where B₂ does not exist.
    @Nullable public var tailLayerTheory: Double?
    /// Of the independent slopes: agrees where `worstZ` is below `threshold`, else differs.
    public var verdict: CheckResult.Verdict
    /// The verdict in a sentence.
    public var statement: String
    /// What the layer itself does beside the law.
    public var layerStatement: String
  }

  /// Name of φ.
  public var activation: String
  /// σ_b.
  public var biasScale: Double
  /// One for each (α, σ_w), the scale running fastest.
  public var curves: [Curve]
  /// Check on finite matrices, if asked for (a single curve).
  public var check: Check?

  /// All fields as given.
  public init(activation: String, biasScale: Double, curves: [Curve], check: Check? = nil) {
    self.activation = activation
    self.biasScale = biasScale
    self.curves = curves
    self.check = check
  }
}

extension LayerSpectrumResult: RecordedResult {
  /// Whole if densities and survivals match their grids, and a check its bins.
  public var shape: [(name: String, isWhole: Bool)] {
    let curves = curves.map { curve in
      (
        name: "spectrum",
        isWhole: [curve.density, curve.survival].allSatisfy {
          $0.count == curve.logSingularValues.count
        }
      )
    }
    guard let check else { return curves }
    let bins = max(0, check.edges.count - 1)
    let histograms = [check.independent, check.layer]
    let parts = [check.theory, check.z] + histograms.flatMap { [$0.shares, $0.standardError] }
    return curves + [("histogram", parts.allSatisfy { $0.count == bins })]
  }
}
