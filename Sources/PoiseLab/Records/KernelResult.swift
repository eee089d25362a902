/// Kernels of an infinitely wide network on given inputs: a summary, the matrix itself is a file.
public struct KernelResult: Codable, Sendable {
  /// φ, law of the weights, σ_w² and σ_b².
  public var ensemble: EnsembleSummary
  /// Hidden layers L.
  public var depth: Int
  /// nngp or ntk.
  public var kind: String
  /// ntk or standard.
  public var parametrization: String
  /// Width of the hidden layers in the standard parametrisation or of the check; null otherwise.
  public var width: Int?
  /// The inputs of the rows; of the columns too unless the kernel is a cross kernel.
  public var data: DataSummary
  /// The inputs of the columns of a cross kernel.
  public var crossData: DataSummary?
  /// Rows of the kernel.
  public var rows: Int
  /// Columns of the kernel; as many as rows unless it is a cross kernel.
  public var columns: Int
  /// Mean of K_aa over the rows.
  public var meanDiagonal: Double
  /// Mean over pairs a ≠ b of a sample of the first rows; nil for a single input.
  @Nullable public var meanOffDiagonal: Double?
  /// Relative error of the tables behind activations without closed forms.
  public var tableError: Double
  /// The NPY file, if one was written.
  public var file: String?
  /// Tiles that an earlier, interrupted run had left.
  public var resumedTiles: Int?
  /// Regression on the kernel; nil unless it was asked for.
  public var regression: Regression?
  /// The kernel against finite networks; nil unless it was asked for.
  public var check: CheckResult?
  /// A picture's worth of the kernel; only where a report is written.
  public var map: Map?

  /// Cosines K_ab/√(K_aa K_bb) between some rows, sorted by label.
  public struct Map: Codable, Sendable, Equatable {
    /// Label of each row, ascending; nil without labels.
    public var labels: [Int]?
    /// Row by row, to four decimals.
    public var cosines: [Double]
    /// Rows.
    public var rows: Int

    /// All fields as given.
    public init(labels: [Int]?, cosines: [Double], rows: Int) {
      self.labels = labels
      self.cosines = cosines
      self.rows = rows
    }
  }

  /// These fields as given; all others nil.
  public init(
    ensemble: EnsembleSummary, depth: Int, kind: KernelFile.Kind, parametrization: String,
    width: Int?, data: DataSummary, crossData: DataSummary?, rows: Int, columns: Int,
    meanDiagonal: Double, meanOffDiagonal: Double?, tableError: Double
  ) {
    self.ensemble = ensemble
    self.depth = depth
    self.kind = kind.rawValue
    self.parametrization = parametrization
    self.width = width
    self.data = data
    self.crossData = crossData
    self.rows = rows
    self.columns = columns
    self.meanDiagonal = meanDiagonal
    self.meanOffDiagonal = meanOffDiagonal
    self.tableError = tableError
  }

  /// Regression of the labels on the kernel.
  public struct Regression: Codable, Sendable, Equatable {
    /// Rows that were learned from.
    public var trainRows: Int
    /// Rows that were predicted: all others.
    public var testRows: Int
    /// Noise variance, or ridge.
    public var noiseVariance: Double
    /// Added to the diagonal beyond the noise to make it positive definite.
    public var jitter: Double
    /// Share of test rows whose class is right.
    public var accuracy: Double
    /// Mean squared error of the one-hot targets, over test rows and classes.
    public var meanSquaredError: Double
    /// Mean posterior variance over test rows; null for the NTK.
    @Nullable public var meanVariance: Double?
  }
}
