import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The covariances of a unit's preactivations over weights, for all pairs of given inputs, at one
/// layer: K¹ = σ_w² X Xᵀ/N₀ + σ_b², Kˡ⁺¹ = σ_w² E φφ + σ_b².
///
/// One unit of a wide network is a draw of N(0, K): whatever can be said of how units vary over
/// these inputs follows from K, without any assumption on the law they came from.
public struct InputKernel: Sendable, Equatable {
  /// Layer, from 1.
  public let layer: Int
  /// K (input × input).
  public let matrix: Matrix<Double>

  /// - Parameters:
  ///   - inputs: (input × feature), at least two.
  ///   - layer: from 1.
  /// - Throws: `outOfRange` for too few inputs or layers; as `NetworkKernel.matrices`.
  public init(
    _ ensemble: NetworkEnsemble, inputs: Matrix<Double>, layer: Int, jobs: Int = 1
  ) throws(PoiseError) {
    guard inputs.rows > 1, inputs.columns > 0, inputs.elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "inputs", value: "\(inputs.rows) × \(inputs.columns)",
        allowed: "at least two rows and one feature, all finite")
    }
    guard layer >= 1 else {
      throw PoiseError(.outOfRange, quantity: "layer", value: "\(layer)", allowed: "at least 1")
    }
    self.layer = layer
    if layer > 1 {
      matrix = try NetworkKernel(of: ensemble, depth: layer - 1).matrices(inputs, jobs: jobs).nngp
    } else {
      var first = inputs.gram
      let scale = ensemble.weightVariance / Double(inputs.columns)
      first.elements = first.elements.map { $0 * scale + ensemble.biasVariance }
      matrix = first
    }
  }

  /// Variance of a unit over these inputs, unbiased, averaged over units.
  public var withinUnitVariance: Double {
    let count = Double(matrix.rows)
    let diagonal = (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1] }
    let all = matrix.elements.reduce(0, +)
    return max(0, (diagonal - all / count) / (count - 1))
  }

  /// Bounds of what layer + N(0, s) tells of which input was given, nats in all.
  ///
  /// - Parameter width: units of the layer.
  /// - Throws: `outOfRange` for a width below 1 or s not above 0.
  public func bounds(
    width: Int, noiseVariance: Double, jobs: Int = 1
  ) throws(PoiseError) -> KernelBounds {
    guard width >= 1 else {
      throw PoiseError(.outOfRange, quantity: "width", value: "\(width)", allowed: "at least 1")
    }
    let pairwise = try PairwiseBounds(
      kernel: matrix, width: width, noiseVariance: noiseVariance, jobs: jobs)
    let count = matrix.rows
    // I + (n/Ps) H K H.
    let means = (0..<count).map { row in
      (0..<count).reduce(0) { $0 + matrix[row, $1] } / Double(count)
    }
    let mean = means.reduce(0, +) / Double(count)
    let scale = Double(width) / (Double(count) * noiseVariance)
    var total = Matrix<Double>.identity(count)
    for row in 0..<count {
      for column in 0..<count {
        total[row, column] += scale * (matrix[row, column] - means[row] - means[column] + mean)
      }
    }
    let factor = try total.choleskyFactor()
    let logDet = (0..<count).reduce(0) { $0 + .log(factor[$1, $1]) }
    return KernelBounds(
      lower: pairwise.lower.nats, pairwiseUpper: pairwise.upper.nats, logDet: logDet,
      logCount: .log(Double(count)))
  }
}

/// Bounds of the information about which of P given inputs it was, from a kernel. Nats in all.
public struct KernelBounds: Sendable, Equatable {
  /// Pairwise lower bound.
  public let lower: Double
  /// Pairwise upper bound.
  public let pairwiseUpper: Double
  /// ½ ln det(1 + (n/Ps) H K H): Gaussians have the most entropy.
  public let logDet: Double
  /// ln P: no more can be told of P inputs.
  public let logCount: Double

  /// The least of the three upper bounds.
  public var upper: Double { min(logCount, pairwiseUpper, logDet) }
  /// Which of them it is.
  public var upperName: String {
    switch upper {
    case logCount: "ln P"
    case pairwiseUpper: "pairwise"
    default: "log-det"
    }
  }
}
