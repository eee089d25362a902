import PoiseModel
public import PoiseNumerics
import RealModule

/// Where theory puts a wide layer in the information plane of a Gaussian target, by its second moments;
/// nats per neuron.
public struct LayerPlane: Sendable, Equatable {
  /// What a linear reader finds of x; all there is for a linear network.
  public let linearX: Double
  /// ½ ln det(C/s): the most that the layer's covariance C allows of x.
  public let logDetX: Double
  /// What is linearly visible of Y; all there is for a linear network.
  public let linearY: Double
}

extension NetworkChannel {
  /// Layers 1 … l in the plane of x ~ N(0, σ_x² I) and a Y that leaves the share λ_i of x's variance in
  /// direction i.
  ///
  /// By second moments a network is the noisy linear one of gains D and distortions K, of which
  ///
  ///     I(T; x) = Λ(σ_x²) − Λ(0),   I(T; Y) = Λ(σ_x²) − Λ(λ_i σ_x²),   ½ ln det C/s = Λ(σ_x²) − ½ ln s
  ///
  /// with Λ half the logarithm of the determinant of its covariance for the given variances of the input.
  /// Rotations in front of random weights change nothing: only the eigenvalues of the target enter.
  ///
  /// - Parameters:
  ///   - layer: l ≥ 1.
  ///   - eigenvalues: λ_i in (0, 1], one for each direction, or a single one for all.
  /// - Throws: `outOfRange` for inputs that are not centred and normal, and for other λ; as `bounds`.
  public func plane(
    toLayer layer: Int, eigenvalues: [Double]
  ) throws(PoiseError) -> [LayerPlane] {
    try checked(layer: layer)
    guard inputs.isCentredGaussian, !eigenvalues.isEmpty,
      eigenvalues.allSatisfy({ $0 > 0 && $0 <= 1 })
    else {
      throw PoiseError(
        .outOfRange, quantity: "information plane", value: "\(eigenvalues.count) directions",
        allowed: "inputs N(0, σ²) and eigenvalues above 0, at most 1")
    }
    return try (1...layer).map { observed throws(PoiseError) in
      let noise = noiseVariances(toLayer: observed)
      let splits = try variances(noise).dropLast().map {
        GaussianSplit(ensemble.activation, total: $0.total, inner: $0.overInputs)
      }
      let nested = NestedLogDet(
        splits: Array(splits), couplings: couplings([Double](repeating: 1, count: observed + 1)),
        noise: noise)
      let all = try nested.value(input: [inputs.variance])
      return LayerPlane(
        linearX: all - (try nested.value(input: [0])),
        logDetX: all - 0.5 * .log(noise[observed - 1]),
        linearY: all - (try nested.value(input: eigenvalues.map { $0 * inputs.variance })))
    }
  }
}
