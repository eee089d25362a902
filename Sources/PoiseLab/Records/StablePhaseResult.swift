/// The plane (α, σ_w) of networks with stable weights: length, growth and gain of every cell, and the
/// boundaries that cross it, each with what it holds for.
public struct StablePhaseResult: Codable, Sendable {
  /// One cell. A number that does not exist is null beside its case.
  public struct Cell: Codable, Sendable, Equatable {
    /// α of weights and biases.
    public var alpha: Double
    /// σ_w.
    public var scale: Double
    /// ln q* at infinite width; case: dies (q* = 0).
    @Nullable public var logLength: Double?
    /// dies; nil if q* > 0.
    public var logLengthCase: String?
    /// ln σ_w + m_N: growth of a small signal per layer at the stated width; null where φ(0) ≠ 0.
    @Nullable public var growthRate: Double?
    /// E ln s² of a layer's Jacobian, e^ of which is the geometric gain; case: diverges (gain 0).
    @Nullable public var meanLogSquare: Double?
    /// diverges; nil otherwise.
    public var meanLogSquareCase: String?
    /// Median over networks of the stated width of (1/N) tr JᵀJ, slopes independent of the weights.
    @Nullable public var medianMeanSquare: Double?

    /// Place of the cell as given; all else nil.
    public init(alpha: Double, scale: Double) {
      self.alpha = alpha
      self.scale = scale
      logLength = nil
      growthRate = nil
      meanLogSquare = nil
      medianMeanSquare = nil
    }
  }

  /// A boundary across the plane.
  public struct Boundary: Codable, Sendable, Equatable {
    /// As in the option: death, raw-floor, lyapunov, delocalized, multifractal.
    public var name: String
    /// What it says, in a line.
    public var definition: String
    /// What it was computed with, beyond its size; empty where nothing else enters.
    public var settings: String
    /// width or pool.
    public var sizeName: String
    /// N or P: a boundary says nothing without it.
    public var size: Int
    /// By α.
    public var points: [Point]

    /// All fields as given.
    public init(
      name: String, definition: String, settings: String = "", sizeName: String, size: Int,
      points: [Point]
    ) {
      self.name = name
      self.definition = definition
      self.settings = settings
      self.sizeName = sizeName
      self.size = size
      self.points = points
    }
  }

  /// A boundary at one α.
  public struct Point: Codable, Sendable, Equatable {
    /// α of weights and biases.
    public var alpha: Double
    /// σ_w; case: why there is none.
    @Nullable public var scale: Double?
    /// Why there is none; nil if there is one.
    public var scaleCase: String?
    /// Standard or estimated error of it.
    @Nullable public var error: Double?
    /// σ_w up to which it was looked for in vain, where it may lie beyond; null otherwise.
    @Nullable public var beyond: Double?

    /// All fields as given.
    public init(
      alpha: Double, scale: Double?, error: Double?, scaleCase: String? = nil, beyond: Double? = nil
    ) {
      self.alpha = alpha
      self.scale = scale
      self.error = error
      self.scaleCase = scaleCase
      self.beyond = beyond
    }
  }

  /// Name of φ.
  public var activation: String
  /// σ_b.
  public var biasScale: Double
  /// N of the growth and of the thresholds.
  public var width: Int
  /// Hidden layers for which the finite-depth edge of the dying phase is stated.
  public var depth: Int
  /// Values of α, the outer axis of `cells`.
  public var alphas: [Double]
  /// Values of σ_w, the inner axis of `cells`.
  public var scales: [Double]
  /// One cell per (α, σ_w), scale running fastest.
  public var cells: [Cell]
  /// The cheap ones first.
  public var boundaries: [Boundary]

  /// All fields as given.
  public init(
    activation: String, biasScale: Double, width: Int, depth: Int, alphas: [Double],
    scales: [Double], cells: [Cell], boundaries: [Boundary]
  ) {
    self.activation = activation
    self.biasScale = biasScale
    self.width = width
    self.depth = depth
    self.alphas = alphas
    self.scales = scales
    self.cells = cells
    self.boundaries = boundaries
  }

  /// The boundary of a name, if it was traced.
  public func boundary(_ name: String) -> Boundary? { boundaries.first { $0.name == name } }
}

extension StablePhaseResult: RecordedResult {
  /// Whole if there is one cell per (α, σ_w), and at least one.
  public var shape: [(name: String, isWhole: Bool)] {
    let (count, overflow) = alphas.count.multipliedReportingOverflow(by: scales.count)
    return [("stable plane", !overflow && cells.count == count && !cells.isEmpty)]
  }
}
