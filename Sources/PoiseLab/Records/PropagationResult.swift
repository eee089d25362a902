/// Signals and gradients layer by layer.
public struct PropagationResult: Codable, Sendable {
  /// φ, law of the weights, σ_w² and σ_b².
  public var ensemble: EnsembleSummary
  /// Units per layer; null where only infinite width was asked for.
  public var width: Int?
  /// Hidden layers L.
  public var depth: Int
  /// The inputs; null where the typical length and correlation were given instead.
  public var data: DataSummary?
  /// Layer numbers, from 1.
  public var layers: [Int]
  /// Mean length q at every layer.
  public var length: [Double]
  /// Mean overlap k of pairs at every layer; empty for a single input.
  public var overlap: [Double]
  /// Mean correlation gap 1 − c of a pair of typical length at every layer.
  public var gap: [Double]
  /// ln of the mean squared gradient at layer l over that at the last layer.
  public var logGradient: [Double]
  /// The fixed point towards which all tends; nil where there is none.
  public var fixedPoint: PhaseResult.Cell
  /// Check on finite networks, if asked for.
  public var check: CheckResult?

  /// All fields as given.
  public init(
    ensemble: EnsembleSummary, width: Int?, depth: Int, data: DataSummary?, layers: [Int],
    length: [Double], overlap: [Double], gap: [Double], logGradient: [Double],
    fixedPoint: PhaseResult.Cell, check: CheckResult?
  ) {
    self.ensemble = ensemble
    self.width = width
    self.depth = depth
    self.data = data
    self.layers = layers
    self.length = length
    self.overlap = overlap
    self.gap = gap
    self.logGradient = logGradient
    self.fixedPoint = fixedPoint
    self.check = check
  }
}
