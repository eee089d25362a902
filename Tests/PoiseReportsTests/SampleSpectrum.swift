import Foundation
import PoiseLab

@testable import PoiseReports

extension Samples {
  /// A bell in ln s.
  static func curve(depth: Int, mean: Double = 0) -> SpectrumResult.Curve {
    let width = 0.1 * Double(depth).squareRoot()
    let grid = (0..<80).map { mean + width * (Double($0) - 40) / 10 }
    let density = grid.map { exp(-pow(($0 - mean) / width, 2) / 2) / (2.5066 * width) }
    return SpectrumResult.Curve(
      depth: depth, lengths: [0.1], logMean: 2 * mean, relativeVariance: 4 * width * width,
      zeroMass: 0, atoms: [], lowerEdge: nil, lowerEdgeCase: "reaches zero",
      upperEdge: mean + 4 * width, upperEdgeCase: nil, volumeRate: mean,
      quantiles: [(0.05, -1.64), (0.5, 0), (0.95, 1.64), (0.99, 2.33)].map {
        .init(share: $0.0, logSingularValue: mean + width * $0.1)
      }, logSingularValues: grid, density: density, survival: grid.map { _ in 0.5 })
  }

  /// A depth series, or a map of v = depth (σ_w² − 1)² with its edge at 1.1.
  static func spectrum(map: Bool) -> Record {
    let depths = [1, 4, 16, 64]
    let weights = (0..<9).map { 1 + 0.03 * Double($0) }
    let line = depths.map {
      IsometricPoint(
        depth: $0, relativeVariance: 1, weightVariance: 1 + 0.8 / Double($0),
        biasVariance: 0.1 / Double($0 * $0), length: 0.4 / Double($0), weightVarianceCase: nil)
    }
    let plane = IsometryMap(
      weightVariances: weights, depths: depths, lengths: weights.map { $0 - 1 },
      logChi1: weights.map { $0 - 1.1 }, spreadPerLayer: weights.map { pow($0 - 1, 2) + 1e-3 },
      criticalWeightVariances: [1.1])
    return record(
      .spectrum(
        SpectrumResult(
          ensemble: .init(
            activation: "tanh", weights: "orthogonal", weightVariance: 1.1, biasVariance: 1e-4),
          curves: map ? [] : depths.map { curve(depth: $0) }, map: map ? plane : nil,
          isometric: line)), verb: "spectrum")
  }
}
