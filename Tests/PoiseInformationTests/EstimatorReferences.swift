import Foundation
import PoiseNumerics

/// `References/estimators.json`, made by `References/estimators.py` from the definitions.
struct EstimatorReferences: Decodable {
  struct Neighbour: Decodable, Sendable {
    let count, dimension, neighbours, variant: Int
    let value: Double
  }
  struct Bottleneck: Decodable, Sendable {
    let eigenvalues: [Double]
    let informationX, value: Double
  }
  struct LogDet: Decodable, Sendable {
    let count, dimension: Int
    let noise, value: Double
  }

  let ksg: [Neighbour]
  let bottleneck: [Bottleneck]
  let logdet: [LogDet]
  /// I(x; T) of one unit, T = tanh(x + 0.3 z) + N(0, 0.5).
  let scalarChannel: Double

  static let all: EstimatorReferences = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/estimators.json")
    guard let data = try? Data(contentsOf: file),
      let table = try? JSONDecoder().decode(EstimatorReferences.self, from: data)
    else { return EstimatorReferences(ksg: [], bottleneck: [], logdet: [], scalarChannel: .nan) }
    return table
  }()

  /// frac(√p i² / 100) for one prime per column.
  static func uniform(_ count: Int, _ dimension: Int, offset: Int) -> Matrix<Double> {
    let primes = [2.0, 3, 5, 7, 11, 13]
    var result = Matrix<Double>(rows: count, columns: dimension)
    for row in 0..<count {
      let i = Double(row + 1)
      for column in 0..<dimension {
        let t = primes[offset + column].squareRoot() * i * i * 1e-2
        result[row, column] = t - t.rounded(.down)
      }
    }
    return result
  }

  static func samples(_ count: Int, _ dimension: Int) -> (Matrix<Double>, Matrix<Double>) {
    let x = uniform(count, dimension, offset: 0)
    var y = uniform(count, dimension, offset: 3)
    for index in y.elements.indices {
      y.elements[index] = sin(3 * x.elements[index]) + 0.4 * y.elements[index]
    }
    return (x, y)
  }
}

/// Samples with known information.
enum KnownSamples {
  static func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
    var stream = RandomStream(seed: seed, item: 0, purpose: .init(rawValue: 17))
    var result = Matrix<Double>(rows: rows, columns: columns)
    result.withUnsafeMutableElements { stream.fillNormal($0) }
    return result
  }

  /// Gaussian pairs of correlation ρ in each of d dimensions, and their −d/2 ln(1 − ρ²).
  static func correlated(
    _ rows: Int, _ dimensions: Int, _ rho: Double, seed: UInt64
  ) -> (x: Matrix<Double>, y: Matrix<Double>, information: Double) {
    let x = normal(rows, dimensions, seed: seed)
    var y = normal(rows, dimensions, seed: seed + 1_000_000)
    for index in y.elements.indices {
      y.elements[index] = rho * x.elements[index] + (1 - rho * rho).squareRoot() * y.elements[index]
    }
    return (x, y, -0.5 * Double(dimensions) * log(1 - rho * rho))
  }
}
