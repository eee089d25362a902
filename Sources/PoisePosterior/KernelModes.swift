public import PoiseNumerics
import RealModule

/// A training set in the eigenbasis of its kernel: K = Σ_i κ_i v_i v_iᵀ, ŷ_i = v_iᵀ Y. One
/// decomposition serves every width, depth, upper variance and temperature.
///
/// Eigenvalues up to 1e-12 of the largest count as zero at T = 0 (`rank`); at T > 0 only what
/// rounding alone makes is dropped.
public struct KernelModes: Sendable {
  /// κ_i, descending, above rounding.
  public let eigenvalues: [Double]
  /// ŷ (mode × output).
  public let targets: Matrix<Double>
  /// P, the number of patterns.
  public let patternCount: Int
  /// ρ = #{κ_i > 1e-12 κ_max}.
  public let rank: Int
  /// Whether the kernel is linear and of rank N₀: every function it allows is then determined.
  public let isSaturated: Bool
  /// v_i (mode × pattern).
  let vectors: Matrix<Double>
  /// Σ over the patterns of the part of Y outside all modes: Gram matrix (output × output).
  let outside: Matrix<Double>
  private let features: Features

  /// Where the modes of a test point come from.
  private enum Features: Sendable {
    /// Right singular vectors times σ_1/√N₀ (mode × input).
    case singular(Matrix<Double>)
    /// Training inputs times σ_1²/N₀ (pattern × input): the kernel of a test point is a product.
    case inputs(Matrix<Double>)
    /// A kernel that only the caller can evaluate.
    case none
  }

  /// The relative cut below which an eigenvalue is zero at T = 0.
  public static let relativeCut = 1e-12
  /// Largest work P N₀ min(P, N₀) at which singular values are taken, which keep twice the digits.
  static let singularValueWork = 1_000_000

  /// The kernel of a linear network, K₀ = (σ_1²/N₀) X Xᵀ.
  ///
  /// - Parameters:
  ///   - inputs: X (pattern × N₀).
  ///   - targets: Y (pattern × output).
  ///   - inputVariance: σ_1².
  /// - Throws: `shapeMismatch`, `outOfRange` for empty or infinite data, `noAnswer` for a kernel
  ///   that vanishes.
  public init(
    inputs: Matrix<Double>, targets: Matrix<Double>, inputVariance: Double
  ) throws(PoiseError) {
    try Self.check(inputs, targets)
    let scale = inputVariance / Double(inputs.columns)
    let work =
      Double(inputs.rows) * Double(inputs.columns)
      * Double(min(inputs.rows, inputs.columns))
    guard work <= Double(Self.singularValueWork) else {
      var scaled = inputs
      for index in scaled.elements.indices { scaled.elements[index] *= scale.squareRoot() }
      for index in scaled.elements.indices where !scaled.elements[index].isFinite {
        throw Self.overflow
      }
      let decomposition = try scaled.gram.symmetricEigendecomposition()
      var weighted = inputs
      for index in weighted.elements.indices { weighted.elements[index] *= scale }
      try self.init(
        decomposition, targets: targets, features: .inputs(weighted), dimension: inputs.columns)
      return
    }
    let decomposition = try inputs.singularValueDecomposition()
    let values = decomposition.values.map { scale * $0 * $0 }
    var right = decomposition.rightTransposed
    for index in right.elements.indices { right.elements[index] *= scale.squareRoot() }
    try self.init(
      values: values, vectors: decomposition.left.transposed, targets: targets,
      features: .singular(right), dimension: inputs.columns)
  }

  /// Any kernel of the training patterns.
  ///
  /// - Parameter kernel: K (pattern × pattern), symmetric and positive semidefinite.
  /// - Throws: as above.
  public init(kernel: Matrix<Double>, targets: Matrix<Double>) throws(PoiseError) {
    guard kernel.rows == kernel.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "kernel", value: "\(kernel.rows) × \(kernel.columns)",
        allowed: "square")
    }
    try Self.check(kernel, targets)
    try self.init(
      kernel.symmetricEigendecomposition(), targets: targets, features: .none, dimension: nil)
  }

  private init(
    _ decomposition: SymmetricEigendecomposition, targets: Matrix<Double>, features: Features,
    dimension: Int?
  ) throws(PoiseError) {
    let order = Array(decomposition.values.indices.reversed())
    try self.init(
      values: order.map { decomposition.values[$0] },
      vectors: decomposition.vectors.selecting(rows: order), targets: targets, features: features,
      dimension: dimension)
  }

  /// Eigenvalues descending; `dimension` is N₀ of a linear kernel.
  private init(
    values: [Double], vectors: Matrix<Double>, targets: Matrix<Double>, features: Features,
    dimension: Int?
  ) throws(PoiseError) {
    let largest = values.first ?? 0
    guard largest.isFinite else { throw Self.overflow }
    guard largest > 1e-200 else {
      throw PoiseError(
        .noAnswer, quantity: "kernel of the patterns", value: "zero, rank 0",
        allowed: "inputs that are not all zero")
    }
    // Eigenvalues are known to a few ulp of the largest; squares of singular values far better.
    var noise = Double(values.count) * 4 * .ulpOfOne * largest
    if case .singular = features { noise *= Double(values.count) * 4 * .ulpOfOne }
    let kept = values.count { $0 > noise }
    eigenvalues = Array(values.prefix(kept))
    rank = values.count { $0 > Self.relativeCut * largest }
    isSaturated = dimension == rank
    patternCount = targets.rows
    self.vectors = vectors.selecting(rows: Array(0..<kept))
    self.targets = .product(self.vectors, targets)
    var rest = targets
    let fitted = Matrix.product(self.vectors, self.targets, transposeA: true)
    for index in rest.elements.indices { rest.elements[index] -= fitted.elements[index] }
    outside = .product(rest, rest, transposeA: true)
    if case .singular(let right) = features {
      self.features = .singular(right.selecting(rows: Array(0..<kept)))
    } else {
      self.features = features
    }
  }

  /// Number of outputs m.
  public var outputCount: Int { targets.columns }
  /// κ_max/κ_min over the modes that count at T = 0.
  public var conditionNumber: Double { eigenvalues[0] / eigenvalues[rank - 1] }

  /// R = (1/ρ) Yᵀ K⁺ Y (output × output): the label strength. One output: r_0.
  public var labelStrength: Matrix<Double> {
    var scaled = targets.selecting(rows: Array(0..<rank))
    for mode in 0..<rank {
      for output in 0..<outputCount { scaled[mode, output] /= eigenvalues[mode].squareRoot() }
    }
    var result = Matrix.product(scaled, scaled, transposeA: true)
    for index in result.elements.indices { result.elements[index] /= Double(rank) }
    return result
  }

  /// How many modes count at a temperature.
  func modeCount(at temperature: Double) -> Int { temperature > 0 ? eigenvalues.count : rank }

  /// Gram matrix of the part of Y that the modes which count cannot fit (output × output).
  public func unfitted(at temperature: Double = 0) -> Matrix<Double> {
    var result = outside
    for mode in modeCount(at: temperature)..<eigenvalues.count {
      for a in 0..<outputCount {
        for b in 0..<outputCount { result[a, b] += targets[mode, a] * targets[mode, b] }
      }
    }
    return result
  }

  /// Test points of a linear kernel.
  ///
  /// - Parameters:
  ///   - inputs: test × N₀.
  ///   - inputVariance: σ_1², as in `init`.
  public func project(
    _ inputs: Matrix<Double>, inputVariance: Double
  ) throws(PoiseError) -> TestPoints {
    let scale = inputVariance / Double(max(inputs.columns, 1))
    let diagonal = (0..<inputs.rows).map { row in
      scale
        * inputs.withUnsafeElements { x in
          let start = x.baseAddress! + row * inputs.columns
          return Double.dot(inputs.columns, start, start)
        }
    }
    switch features {
    case .singular(let right):
      try Self.fits(inputs.columns, right.columns)
      return TestPoints(
        weights: .product(inputs, right, transposeB: true), diagonal: diagonal)
    case .inputs(let weighted):
      try Self.fits(inputs.columns, weighted.columns)
      return try project(
        cross: .product(inputs, weighted, transposeB: true), diagonal: diagonal)
    case .none:
      throw PoiseError(
        .noAnswer, quantity: "test points", value: "inputs beside a general kernel",
        allowed: "their cross kernel")
    }
  }

  /// Test points of any kernel.
  ///
  /// - Parameters:
  ///   - cross: K(x, x^μ) (test × pattern).
  ///   - diagonal: K(x, x).
  public func project(
    cross: Matrix<Double>, diagonal: [Double]
  ) throws(PoiseError) -> TestPoints {
    try Self.fits(cross.columns, patternCount)
    var weights = Matrix.product(cross, vectors, transposeB: true)
    let roots = eigenvalues.map { 1 / $0.squareRoot() }
    weights.withUnsafeMutableElements { w in
      for row in 0..<cross.rows {
        for mode in 0..<roots.count { w[row * roots.count + mode] *= roots[mode] }
      }
    }
    return TestPoints(weights: weights, diagonal: diagonal)
  }

  private static func fits(_ found: Int, _ wanted: Int) throws(PoiseError) {
    guard found == wanted else {
      throw PoiseError(
        .shapeMismatch, quantity: "test points", value: "\(found) columns", allowed: "\(wanted)")
    }
  }

  private static var overflow: PoiseError {
    PoiseError(
      .outOfRange, quantity: "kernel of the patterns", value: "overflow",
      allowed: "inputs whose squares stay below 1e300")
  }

  private static func check(_ rows: Matrix<Double>, _ targets: Matrix<Double>) throws(PoiseError) {
    guard rows.rows > 0, rows.columns > 0, targets.rows == rows.rows, targets.columns > 0 else {
      throw PoiseError(
        .shapeMismatch, quantity: "targets", value: "\(targets.rows) × \(targets.columns)",
        allowed: "one row per pattern (\(rows.rows)) and at least one output")
    }
    guard targets.elements.allSatisfy({ abs($0) < 1e100 }) else {
      throw PoiseError(
        .outOfRange, quantity: "targets", value: "NaN, infinity, or beyond 1e100",
        allowed: "finite numbers of moderate size")
    }
  }
}

/// Test points seen through the modes of a training set: K(x, x^μ) = Σ_i √κ_i z_i v_i^μ.
public struct TestPoints: Sendable {
  /// z (test × mode).
  let weights: Matrix<Double>
  /// K(x, x).
  public let diagonal: [Double]
  /// Number of test points.
  public var count: Int { diagonal.count }

  /// K(x, x) − k_xᵀ K⁺ k_x over the first modes: the part of the prior variance that no training
  /// pattern sees; what rounding leaves of it is 0.
  func unseen(modes: Int, isSaturated: Bool) -> [Double] {
    guard !isSaturated else { return [Double](repeating: 0, count: count) }
    return (0..<count).map { row in
      let seen = weights.withUnsafeElements { z in
        let start = z.baseAddress! + row * weights.columns
        return Double.dot(modes, start, start)
      }
      let rest = diagonal[row] - seen
      return rest > 1e-11 * diagonal[row] ? rest : 0
    }
  }
}
