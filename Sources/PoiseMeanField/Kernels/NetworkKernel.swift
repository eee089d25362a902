public import PoiseModel
public import PoiseNumerics

/// NNGP and NTK of fully connected networks of infinite width: `depth` hidden activation layers and
/// a linear read-out.
///
///     K¹ = σ_w² x·x′/N₀ + σ_b²                    T¹ = K¹
///     Kˡ⁺¹ = σ_w² E φφ + σ_b²                     Tˡ⁺¹ = Kˡ⁺¹ + σ_w² E φ′φ′ · Tˡ
///
/// and the kernels are K^(depth+1), T^(depth+1). Every pair carries its two lengths and its overlap
/// or gap; diagonals come from the length map alone. Error of K below 1e-11 √(K_aa K_bb), measured
/// for every activation; of T the same, except that where φ′ jumps (selu, hard_tanh) a
/// gap 1 − c below 1e-12 is known to 2e-16 only, and T to σ_w² √gap-error, 1e-8 at worst.
///
/// - Source: Lee et al. 2018 (arXiv 1711.00165), Jacot et al. 2018 (arXiv 1806.07572). Conventions:
///   `docs/theory/kernels.md`.
public struct NetworkKernel: Sendable {
  /// How the parameters of the tangent kernel are scaled; K does not depend on it.
  public enum Parametrization: Sendable, Equatable {
    /// All parameters N(0, 1), weights used as σ_w W/√n and biases as σ_b b.
    case ntk
    /// Parameters as they are used, hidden layers of one width N:
    /// T¹ = x·x′ + 1, Tˡ⁺¹ = N E φφ + 1 + σ_w² E φ′φ′ Tˡ; the 1 only where there are biases.
    case standard(width: Int)
  }

  /// φ and the variances; the law of the weights does not matter at infinite width.
  public let ensemble: NetworkEnsemble
  /// Hidden layers.
  public let depth: Int
  /// How the parameters of T are scaled.
  public let parametrization: Parametrization

  /// - Throws: `outOfRange` for depth or width below 1.
  public init(
    of ensemble: NetworkEnsemble, depth: Int, parametrization: Parametrization = .ntk
  ) throws(PoiseError) {
    guard (1...100_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100000 hidden layers")
    }
    if case .standard(let width) = parametrization, width < 1 {
      throw PoiseError(.outOfRange, quantity: "width", value: "\(width)", allowed: "at least 1")
    }
    try ensemble.requireSecondMoments()
    self.ensemble = ensemble
    self.depth = depth
    self.parametrization = parametrization
  }

  /// What is taken for granted.
  public static let assumptions = [
    "infinitely wide hidden layers, one after the other",
    "independent Gaussian weights and biases; any law of that variance has the same limit",
    "the read-out is linear and has the variances of the hidden layers",
  ]

  /// Kernels of all pairs of rows, symmetric exactly.
  ///
  /// - Throws: as `KernelPlan.init`.
  public func matrices(
    _ inputs: Matrix<Double>, jobs: Int = 1
  ) throws(PoiseError) -> KernelMatrices {
    try KernelPlan(self, rows: inputs, jobs: jobs).matrices(jobs: jobs)
  }

  /// Cross kernels: rows of `a` against rows of `b`.
  ///
  /// - Throws: as `KernelPlan.init`.
  public func matrices(
    _ a: Matrix<Double>, _ b: Matrix<Double>, jobs: Int = 1
  ) throws(PoiseError) -> KernelMatrices {
    try KernelPlan(self, rows: a, columns: b, jobs: jobs).matrices(jobs: jobs)
  }

  /// The constants of one layer: K′ = σ_w² E + σ_b², T′ = gain E + offset + σ_w² D T.
  var layer: PairLayer {
    var (gain, offset) = (ensemble.weightVariance, ensemble.biasVariance)
    if case .standard(let width) = parametrization {
      (gain, offset) = (Double(width), ensemble.biasVariance > 0 ? 1 : 0)
    }
    return PairLayer(
      weightVariance: ensemble.weightVariance, biasVariance: ensemble.biasVariance,
      tangentGain: gain, tangentOffset: offset)
  }

  /// T¹ of x·x′ and K¹.
  func firstTangent(product: Double, kernel: Double) -> Double {
    parametrization == .ntk ? kernel : product + layer.tangentOffset
  }
}

/// Both kernels of one set of inputs, or of one against another.
public struct KernelMatrices: Sendable, Equatable {
  /// K (row × column).
  public var nngp: Matrix<Double>
  /// T (row × column).
  public var ntk: Matrix<Double>
}
