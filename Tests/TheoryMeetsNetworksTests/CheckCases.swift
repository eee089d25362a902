import Poise

/// One ensemble, one shape, one seed: everything that a comparison depends on.
struct CheckCase: Sendable, CustomStringConvertible {
  var ensemble: NetworkEnsemble
  var depth: Int
  var width: Int
  var networks: Int
  var seed: UInt64

  /// What a failing test prints: enough to run it again.
  var description: String {
    "\(ensemble.activation) \(ensemble.weights) σ_b² = \(ensemble.biasVariance) depth \(depth) "
      + "width \(width) networks \(networks) seed \(seed)"
  }

  /// Clustered inputs, so that overlaps are far from 0 and from the length.
  static func inputs(rows: Int = 24, dimension: Int = 40) throws -> Matrix<Double> {
    try SyntheticInputs.clustered(rows: rows, dimension: dimension, clusters: 2, seed: 3).inputs
  }

  func check(
    _ inputs: Matrix<Double>? = nil, jobs: Int = 1
  ) throws -> (check: NetworkCheck, inputs: Matrix<Double>) {
    let inputs = try inputs ?? CheckCase.inputs()
    let check = try NetworkCheck(
      ensemble,
      architecture: Architecture(inputs: inputs.columns, depth: depth, width: width),
      networks: networks, seed: seed, jobs: jobs)
    return (check, inputs)
  }
}

/// The laws of the grid; their variance is replaced.
let weightLaws: [WeightLaw] = [
  .gaussian(variance: 1), .orthogonal(variance: 1), .uniform(variance: 1),
]

/// The ensembles of one activation and one law: its critical point where it has one (that which
/// the recommendation names), and the common ordered or chaotic point (1.5, 0.1).
func ensembles(
  _ activation: Activation, _ law: WeightLaw, depth: Int
) throws -> [NetworkEnsemble] {
  var found = [
    try NetworkEnsemble(
      activation: activation, weights: law.with(variance: 1.5), biases: .gaussian(variance: 0.1))
  ]
  if let critical = try Recommendation.recommend(activation, depth: depth, weights: law) {
    found.append(critical.ensemble)
  }
  return found
}
