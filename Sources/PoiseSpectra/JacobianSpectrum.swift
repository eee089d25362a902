import ComplexModule
import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The law of the squared singular values λ of the end-to-end Jacobian of an infinitely wide network,
///
///     J = D^L W^L … D¹ W¹,   Dˡ = diag φ′(hˡ),
///
/// at finite depth, for Gaussian and orthogonal weights (uniform ones have the Gaussian law), any
/// activation, lengths and widths that may vary from layer to layer.
///
/// The factors are taken as asymptotically free (Pennington et al. 2017, 2018; Pastur 2020). Every λ
/// is computed by itself, in logarithms throughout. `docs/theory/jacobian-spectrum.md` derives all
/// equations.
public struct JacobianSpectrum: Sendable {
  /// A value that a finite share of all singular values takes.
  public struct Atom: Sendable, Equatable {
    /// ln λ; −∞ for λ = 0.
    public let logEigenvalue: Double
    /// Share of the singular values.
    public let mass: Double
  }

  /// The laws of weights and activation.
  public let ensemble: NetworkEnsemble
  /// qˡ of each layer.
  public let lengths: [Double]
  /// N₀ … N_L, or nil for equal widths.
  public let widths: [Int]?
  /// ln of the mean of λ: Σ ln χ₁(qˡ).
  public let logMean: Double
  /// v = Var λ/(E λ)².
  public let relativeVariance: Double
  let chain: LayerChain

  /// Number of factors D W.
  public var depth: Int { lengths.count }
  /// E λ; may overflow where `logMean` does not.
  public var mean: Double { .exp(logMean) }
  /// σ²_JJᵀ = v χ₁^{2L}.
  public var variance: Double { relativeVariance * .exp(2 * logMean) }

  /// Equal lengths and widths.
  ///
  /// - Parameters:
  ///   - depth: factors D W, 1 to 100000.
  ///   - length: q; by default the fixed point of the ensemble, or 1 where all are preserved.
  /// - Throws: `outOfRange`; `noAnswer` if no length is given and lengths diverge.
  public init(
    of ensemble: NetworkEnsemble, depth: Int, length: Double? = nil
  ) throws(PoiseError) {
    guard (1...100_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100000 hidden layers")
    }
    var q = length ?? 1
    if length == nil, case .marginal = try MeanField(of: ensemble).outcome() {
    } else if length == nil {
      q = try MeanField(of: ensemble).fixedPoint().length
    }
    try self.init(of: ensemble, lengths: [Double](repeating: q, count: depth))
  }

  /// Lengths, and if wanted widths, that vary from layer to layer.
  ///
  /// - Parameters:
  ///   - lengths: q¹ … q^L.
  ///   - widths: N₀ … N_L, one more than lengths; λ then belongs to J Jᵀ (N_L × N_L).
  /// - Throws: `outOfRange` for lengths or widths that do not exist; `shapeMismatch`; `noAnswer`
  ///   where φ′ vanishes everywhere or is not finite.
  public init(
    of ensemble: NetworkEnsemble, lengths: [Double], widths: [Int]? = nil
  ) throws(PoiseError) {
    try ensemble.requireSecondMoments()
    guard !lengths.isEmpty, lengths.count <= 100_000 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(lengths.count)",
        allowed: "1 to 100000 hidden layers")
    }
    for length in lengths { _ = try length.checked("length q", in: 0...1e8) }
    if let widths {
      guard widths.count == lengths.count + 1 else {
        throw PoiseError(
          .shapeMismatch, quantity: "widths", value: "\(widths.count)",
          allowed: "\(lengths.count + 1): the input and every layer")
      }
      if let width = widths.first(where: { $0 < 1 }) {
        throw PoiseError(
          .outOfRange, quantity: "width", value: "\(width)", allowed: "at least 1")
      }
    }
    self.ensemble = ensemble
    self.lengths = lengths
    self.widths = widths
    var known: [(length: Double, law: SlopeLaw, layer: JacobianFluctuations)] = []
    var layers: [Int] = []
    for length in lengths {
      if let index = known.firstIndex(where: { $0.length == length }) {
        layers.append(index)
      } else {
        layers.append(known.count)
        known.append(
          (
            length, SlopeLaw(ensemble.activation, length: length),
            try JacobianFluctuations(of: ensemble, atLength: length)
          ))
      }
    }
    guard known.allSatisfy({ $0.layer.chi1 > 0 && $0.layer.slopeSpread.isFinite }) else {
      throw PoiseError(
        .noAnswer, quantity: "Jacobian spectrum", value: "E φ′² = 0 or infinite",
        allowed: "an activation with finite slopes that do not vanish everywhere")
    }
    chain = LayerChain(
      laws: layers.map { known[$0].law }, weights: ensemble.weights, widths: widths)
    logMean = layers.reduce(0) { $0 + .log(known[$1].layer.chi1) }
    let sizes = (widths ?? [Int](repeating: 1, count: lengths.count + 1)).map { Double($0) }
    relativeVariance = layers.enumerated().reduce(0.0) { sum, item in
      let top = sizes[lengths.count]
      let (ratio, below) = (top / sizes[item.offset + 1], top / sizes[item.offset])
      let weights =
        if case .orthogonal = ensemble.weights { max(0, below - ratio) } else { below }
      return sum + ratio * known[item.element].layer.slopeSpread + weights
    }
  }

  /// Share of singular values that are exactly 0, as seen from the output (N_L of them in all).
  public var zeroMass: Double { chain.zeroMass }

  /// All atoms, ascending: at 0 where φ′ or the shape annihilates directions, and for orthogonal
  /// weights at the product of slopes that more than 1 − 1/L of the units share in every layer.
  public var atoms: [Atom] {
    let zero = zeroMass > 0 ? [Atom(logEigenvalue: -.infinity, mass: zeroMass)] : []
    return zero + chain.atoms.map { Atom(logEigenvalue: $0.logEigenvalue, mass: $0.mass) }
  }

  /// Mass of the continuous part: 0 for linear and abs with orthogonal weights.
  public var continuousMass: Double {
    if chain.isPushForward, chain.groups[0].law.isAtomic { return 0 }
    return max(0, 1 - zeroMass - chain.atoms.reduce(0) { $0 + $1.mass })
  }

  /// λρ(λ): density of the continuous part per unit of ln λ; that of ln s is twice as much.
  ///
  /// - Parameter logEigenvalue: ln λ, where λ is a squared singular value.
  /// - Returns: 0 outside the support.
  /// - Throws: `noAnswer` if the law has no continuous part.
  public func logDensity(atLogEigenvalue logEigenvalue: Double) throws(PoiseError) -> Double {
    try logDensities(atLogEigenvalues: [logEigenvalue])[0]
  }

  /// λρ(λ) at many values; the work shared between them is done once.
  public func logDensities(atLogEigenvalues values: [Double]) throws(PoiseError) -> [Double] {
    guard continuousMass > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "density of the singular values",
        value: "all of them sit at \(atoms.count) atoms", allowed: "a law with a continuous part",
        suggestion: "read atoms")
    }
    if chain.isPushForward { return values.map { PushForward(chain).logDensity(at: $0) } }
    let solver = ArcSolver(chain)
    let upper = chain.isUniform ? upperEdge(solver.equation) : nil
    return values.map { Self.density(solver, at: $0, upper: upper) }
  }

  static func density(_ solver: ArcSolver, at value: Double, upper: Double?) -> Double {
    guard value.isFinite else { return 0 }
    if let upper, value >= upper { return 0 }
    guard let point = solver.boundary(logEigenvalue: value) else { return 0 }
    return density(solver.equation.chain, point)
  }

  static func density(_ chain: LayerChain, _ point: MasterEquation.Point) -> Double {
    let imaginary = -point.moment.imaginary
    // Square Gaussian layers fill all of (0, λ₊); elsewhere a real m comes with rounding.
    let floor = chain.isUniform && !chain.isOrthogonal ? 0 : 1e-14
    return imaginary > floor * point.moment.length ? imaginary / .pi : 0
  }

  /// What this theory takes for granted.
  public static let assumptions = [
    "layers are infinitely wide",
    "slopes φ′(h) are asymptotically free from the weights",
  ]
  /// Where it comes from.
  public static let sources = [
    "Pennington, Schoenholz, Ganguli 2017, arXiv:1711.04735",
    "Pennington, Schoenholz, Ganguli 2018, arXiv:1802.09979", "Pastur 2020, arXiv:2001.06188",
  ]
}
