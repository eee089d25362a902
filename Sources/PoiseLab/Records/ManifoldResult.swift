/// A circle of inputs and its images in networks with stable weights, averaged over networks.
public struct ManifoldResult: Codable, Sendable {
  /// One layer of one ensemble.
  public struct Layer: Codable, Sendable, Equatable {
    /// From 1.
    public var layer: Int
    /// Standard deviation over mean of the distances between neighbours.
    public var variation: MeasuredValue
    /// ln of the length of the curve.
    public var logLength: MeasuredValue
    /// ln of the mean curvature.
    public var logCurvature: MeasuredValue
    /// ln of ∮ κ ds/2π, 0 for a circle.
    public var logTurns: MeasuredValue
    /// Effective dimension (tr C)²/tr C² of the preactivations h and of φ(h).
    public var dimension: MeasuredValue
    /// The same of φ(h).
    public var outputDimension: MeasuredValue
    /// Slope of the correlation integral of h; missing where no network has one.
    public var correlationDimension: MeasuredValue?
  }

  /// Singular vectors of the last layer's Jacobian D W, and eigenvectors of it, in groups of like rank.
  public struct VectorGroup: Codable, Sendable, Equatable {
    /// Mean ln s of the group.
    public var logSingularValue: Double
    /// Mean D_q of right singular vectors (inputs) and of left ones (outputs).
    public var right: MeasuredValue
    /// Mean D_q of left singular vectors (outputs).
    public var left: MeasuredValue
    /// Mean ln |eigenvalue| and D_q of the eigenvectors of that rank.
    public var logModulus: Double
    /// Mean D_q of the eigenvectors of that rank in |eigenvalue|.
    public var eigenvectors: MeasuredValue
  }

  /// One ensemble, layer by layer.
  public struct Profile: Codable, Sendable, Equatable {
    /// stable, or gaussian for α = 2.
    public var name: String
    /// α of weights and biases.
    public var alpha: Double
    /// σ_w.
    public var scale: Double
    /// Layers 1 … L.
    public var layers: [Layer]
    /// In order of descending s.
    public var vectors: [VectorGroup]
    /// Share of the right singular vectors with D_q below 0.8 of that of an extended vector.
    public var localizedShare: MeasuredValue
    /// First network, last layer: points on the first three principal components (x, y, z of each point).
    public var projection: [Double]
    /// Shares of the variance along them.
    public var projectedShares: [Double]
  }

  /// The last layer at one (α, σ_w) of a map.
  public struct Cell: Codable, Sendable, Equatable {
    /// α of weights and biases.
    public var alpha: Double
    /// σ_w.
    public var scale: Double
    /// Standard deviation over mean of the distances between neighbours.
    public var variation: MeasuredValue
    /// Effective dimension (tr C)²/tr C² of h.
    public var dimension: MeasuredValue
    /// Effective dimension (tr C)²/tr C² of φ(h).
    public var outputDimension: MeasuredValue
  }

  /// Name of φ.
  public var activation: String
  /// σ_b.
  public var biasScale: Double
  /// Units per layer N, and of the input.
  public var width: Int
  /// Hidden layers L.
  public var depth: Int
  /// Points on the circle.
  public var points: Int
  /// Networks that were averaged over, at every (α, σ_w).
  public var networks: Int
  /// Radius of the circle; null where it is N^{1/α}.
  @Nullable public var radius: Double?
  /// Whether covariances are centred.
  public var isCentred: Bool
  /// q of D_q, and its value for extended vectors of this width.
  public var order: Double
  /// D_q of an extended vector of this width.
  public var extended: Double
  /// The ensemble asked for, then the Gaussian one of the same scale; none beside a map.
  public var profiles: [Profile]
  /// The map: α outside, scale inside; empty for a single point.
  public var alphas: [Double]
  /// Values of σ_w of the map; empty for a single point.
  public var scales: [Double]
  /// One per (α, σ_w), scale running fastest; empty for a single point.
  public var cells: [Cell]
}

extension ManifoldResult: RecordedResult {
  /// Whole if cells fill the map, layers count from 1 and the projection has triples.
  public var shape: [(name: String, isWhole: Bool)] {
    let (count, overflow) = alphas.count.multipliedReportingOverflow(by: scales.count)
    let depth = profiles.first?.layers.count ?? 0
    return [("map of manifolds", !overflow && cells.count == count)]
      + profiles.map { profile in
        let isWhole = profile.layers.map(\.layer) == Array(1..<depth + 1)
        return ("manifold", isWhole && depth > 0 && profile.projection.count % 3 == 0)
      }
  }
}
