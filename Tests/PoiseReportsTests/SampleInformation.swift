import Foundation
import PoiseLab

extension Samples {
  /// A bound that exists and one that does not, with a warning.
  static let estimate = record(
    .estimate(
      EstimateResult(
        method: "logdet", x: "X.npy", y: "Y_wide.npy", samples: 300, dimensionsX: 4,
        dimensionsY: 512, noiseVariance: 0.1,
        values: [
          .init(
            name: "upper bound, of their law", nats: nil, natsCase: "undetermined", bits: nil,
            standardError: nil, warnings: ["too few samples for so many columns above the noise"]),
          .init(
            name: "upper bound, of these samples", nats: 412.6, bits: 595.3, standardError: 2.1,
            warnings: []),
        ], meaning: "most that Y + N(0, s) can tell of X")), verb: "information estimate")

  /// Six layers sliding down the curve −½ n ln(λ + (1 − λ) e^{−2I/n}).
  static let bottleneck: Record = {
    func most(_ x: Double) -> Double { -20 * log(0.33 + 0.67 * exp(-x / 20)) }
    let grid = (0...60).map { Double($0) }
    return record(
      .bottleneck(
        BottleneckResult(
          ensemble: EnsembleSummary(
            activation: "tanh", weights: "gaussian", weightVariance: 1.5, biasVariance: 0.05),
          depth: 6, width: 40, noise: "every-layer", noiseVariance: 0.1, networks: 5,
          target: "Y = x + N(0, 0.5)", kind: "gaussian", mostInformationY: most(1e9),
          curveX: grid, curveY: grid.map(most),
          layers: (1...6).map { layer in
            let (low, high) = (48 * pow(0.7, Double(layer)), 55 * pow(0.75, Double(layer)))
            return .init(
              layer: layer, informationX: .init(low, high),
              informationY: .init(0.8 * most(low), most(high)), errorX: 0.4, errorY: 0.2,
              most: most(high), classicVariance: 0.5 + pow(0.6, Double(layer)),
              correctedVariance: 0.1 + pow(0.6, Double(layer)),
              measuredVariance: 0.11 + pow(0.6, Double(layer)), varianceError: 0.02)
          })), verb: "information bottleneck")
  }()

  /// Four layers at one weight variance, with a check of the last kind.
  static let information = record(
    .information(informationResult((1...4).map { (1.44, $0) })), verb: "information")

  /// Three layers over eight weight variances.
  static let informationRange = record(
    .information(
      informationResult(
        (0..<8).flatMap { step in [2, 4, 8].map { (0.6 + 0.3 * Double(step), $0) } })),
    verb: "information")

  private static func informationResult(_ places: [(Double, Int)]) -> InformationResult {
    InformationResult(
      ensemble: EnsembleSummary(
        activation: "tanh", weights: "orthogonal", weightVariance: places[0].0, biasVariance: 0.1),
      noise: "every-layer", noiseVariance: 0.01, convention: "C", inputLaw: "gaussian",
      inputSquare: 1,
      points: places.map { variance, layer in
        let exact = 2.2 * exp(-0.2 * Double(layer)) * variance / (0.6 + variance)
        return .init(
          weightVariance: variance, layer: layer, length: 0.5 + 1 / Double(layer),
          overInputs: 0.3 + 1 / Double(layer), overNoise: 0.01 * Double(layer),
          lower: 0.7 * exact, lowerMethod: "linearEstimator", entropyPower: 0.6 * exact - 0.1,
          entropyPowerStructured: 0.62 * exact - 0.1, linear: 0.7 * exact, exact: exact,
          exactCase: nil, exactOther: nil, upper: 1.3 * exact, upperMethod: "structured",
          classic: 2)
      }, edge: 1.76, edgeCase: nil, edgeBiasVariance: 0.11)
  }
}
