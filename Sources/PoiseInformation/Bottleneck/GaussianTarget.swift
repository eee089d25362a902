public import PoiseNumerics
import RealModule

/// A Gaussian question asked of a layer: x ~ N(0, Σ_x), Y = B x + N(0, ρ I), and how much a noisy
/// linear layer T = J x + N(0, R) tells of both, exactly:
///
///     I(T; x) = ½ ln det(J Σ_x Jᵀ + R)/det R,   I(T; Y) = ½ ln det(J Σ_x Jᵀ + R)/det(J Σ_{x|Y} Jᵀ + R).
public struct GaussianTarget: Sendable {
  /// Σ_x.
  public let inputCovariance: Matrix<Double>
  /// Σ_{x|Y}: what is left of x when Y is known.
  public let conditionalCovariance: Matrix<Double>
  /// The best that any layer can do.
  public let bottleneck: GaussianBottleneck

  /// - Parameters:
  ///   - inputCovariance: Σ_x, symmetric and positive definite.
  ///   - map: B (target × input).
  ///   - noiseVariance: ρ > 0.
  /// - Throws: `shapeMismatch` where B does not fit Σ_x; `outOfRange` for ρ not above 0;
  ///   `noAnswer` for a Σ_x that is not positive definite.
  public init(
    inputCovariance: Matrix<Double>, map: Matrix<Double>, noiseVariance: Double
  ) throws(PoiseError) {
    guard inputCovariance.rows == inputCovariance.columns, map.columns == inputCovariance.rows,
      map.rows > 0
    else {
      throw PoiseError(
        .shapeMismatch, quantity: "map of the target", value: "\(map.rows) × \(map.columns)",
        allowed: "as many columns as the inputs have features, \(inputCovariance.rows)")
    }
    try SampleChecks.checkNoise(noiseVariance)
    // With Σ_x = L Lᵀ and A = B L: Σ_{x|Y} = L (1 + AᵀA/ρ)⁻¹ Lᵀ, and λ = ρ/(ρ + a²) for the
    // singular values a of A.
    let root = try inputCovariance.choleskyFactor()
    let target = Matrix.product(map, root)
    let parts = try target.transposed.gram.symmetricEigendecomposition()
    let eigenvalues = parts.values.map { noiseVariance / (noiseVariance + max(0, $0)) }
    var half = Matrix.product(root, parts.vectors, transposeB: true)
    half.withUnsafeMutableElements { entries in
      for index in entries.indices {
        entries[index] *= eigenvalues[index % eigenvalues.count].squareRoot()
      }
    }
    self.inputCovariance = inputCovariance
    conditionalCovariance = half.gram
    bottleneck = try GaussianBottleneck(eigenvalues: eigenvalues)
  }

  /// Where a noisy linear layer lies.
  ///
  /// - Parameters:
  ///   - gain: J (unit × input).
  ///   - noise: R (unit × unit), positive definite.
  /// - Throws: `shapeMismatch`; `noAnswer` for an R that is not positive definite: without noise
  ///   the information is infinite.
  public func position(
    gain: Matrix<Double>, noise: Matrix<Double>
  ) throws(PoiseError) -> InformationPlanePoint {
    guard gain.columns == inputCovariance.rows, noise.rows == gain.rows,
      noise.columns == gain.rows
    else {
      throw PoiseError(
        .shapeMismatch, quantity: "layer", value: "\(gain.rows) × \(gain.columns)",
        allowed: "\(inputCovariance.rows) columns, and a noise of as many rows")
    }
    func logDet(_ covariance: Matrix<Double>?) throws(PoiseError) -> Double {
      var total = noise
      if let covariance {
        let signal = Matrix.product(Matrix.product(gain, covariance), gain, transposeB: true)
        total.elements = zip(noise.elements, signal.elements).map { $0 + $1 }
      }
      let factor = try total.choleskyFactor()
      return (0..<factor.rows).reduce(0) { $0 + 2 * .log(factor[$1, $1]) }
    }
    let all = try logDet(inputCovariance)
    let informationX = max(0, (all - (try logDet(nil))) / 2)
    let informationY = max(0, (all - (try logDet(conditionalCovariance))) / 2)
    return InformationPlanePoint(
      informationX: informationX, informationY: informationY,
      most: try bottleneck.point(informationX: informationX).informationY)
  }

  /// The layers of a linear network with noise at every layer: J ← W J, R ← W R Wᵀ + s.
  ///
  /// - Parameters:
  ///   - weights: W¹ … W^L, each (n_out × n_in); biases do not matter.
  ///   - noiseVariance: s > 0.
  public func positions(
    weights: [Matrix<Double>], noiseVariance: Double
  ) throws(PoiseError) -> [InformationPlanePoint] {
    try SampleChecks.checkNoise(noiseVariance)
    var gain = Matrix<Double>.identity(inputCovariance.rows)
    var noise = Matrix<Double>(rows: gain.rows, columns: gain.rows)
    return try weights.map { weight throws(PoiseError) in
      guard weight.columns == gain.rows else {
        throw PoiseError(
          .shapeMismatch, quantity: "weights", value: "\(weight.rows) × \(weight.columns)",
          allowed: "\(gain.rows) columns")
      }
      gain = Matrix.product(weight, gain)
      noise = Matrix.product(Matrix.product(weight, noise), weight, transposeB: true)
      for unit in 0..<noise.rows { noise[unit, unit] += noiseVariance }
      return try position(gain: gain, noise: noise)
    }
  }
}

/// A layer in the information plane, with the height of the bottleneck curve above it.
public struct InformationPlanePoint: Sendable, Equatable {
  /// I(T; x), nats in all.
  public let informationX: Double
  /// I(T; Y), nats in all.
  public let informationY: Double
  /// The most that any T of this I(T; x) tells of Y.
  public let most: Double

  /// I(T; Y) over the curve: 1 for an optimal layer; nil where the curve is at 0.
  public var efficiency: Double? { most > 0 ? informationY / most : nil }
}
