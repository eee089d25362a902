import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The kernel that the order parameters multiply, for any activation:
///
///     G_1 = κ(K_0),  G_{l+1} = κ(σ_{l+1}² G_l),  K_b = G_L/(σ_2²⋯σ_L²),  κ(K) = E φφ, h ~ N(0, K).
///
/// With it every formula of the linear network holds as an effective action (the outer variant): exact
/// for a linear φ, within O(1/N) at L = 1, and off by several per cent at L ≥ 2
/// (`docs/theory/posterior.md`, section 6).
public struct BaseKernel: Sendable {
  /// train × train.
  public let train: Matrix<Double>
  /// test × train.
  public let cross: Matrix<Double>
  /// K_b(x, x) of the test points.
  public let diagonal: [Double]
  /// Σ, with which Σ K_b is the prior kernel of the function: σ_2²⋯σ_{L+1}².
  public let priorFactor: Double

  /// - Parameters:
  ///   - train, test: inputs (pattern × N₀).
  ///   - variances: σ_1² … σ_{L+1}².
  /// - Throws: as `NetworkKernel` and `KernelPlan`.
  public init(
    activation: Activation, depth: Int, variances: [Double], train: Matrix<Double>,
    test: Matrix<Double>, jobs: Int = 1
  ) throws(PoiseError) {
    guard variances.count == depth + 1, train.columns == test.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "base kernel",
        value: "\(variances.count) variances, \(test.columns) test features",
        allowed: "\(depth + 1) variances and \(train.columns) features")
    }
    priorFactor = variances.dropFirst().reduce(1, *)
    let inner = variances.dropFirst().dropLast()
    let between = inner.reduce(1, *)
    // φ of slopes a_± passes every factor through: all inner variances may be 1.
    let free = activation.function.homogeneousSlopes != nil
    if free || Set(inner).count <= 1 {
      let weight = free ? 1 : (inner.first ?? 1)
      let kernel = try Self.kernel(activation, depth, weight)
      let scale = (variances[0] / weight).squareRoot()
      // NNGP of that kernel: σ_w² G_L.
      let divisor = free ? 1 : between * weight
      let (rows, columns) = (train.scaled(by: scale), test.scaled(by: scale))
      self.train = try KernelPlan(kernel, rows: rows, jobs: jobs).matrices(jobs: jobs).nngp
        .scaled(by: 1 / divisor)
      guard test.rows > 0 else {
        cross = Matrix(rows: 0, columns: train.rows)
        diagonal = []
        return
      }
      cross = try KernelPlan(kernel, rows: columns, columns: rows, jobs: jobs)
        .matrices(jobs: jobs).nngp.scaled(by: 1 / divisor)
      diagonal = try KernelPlan(kernel, rows: columns, jobs: jobs).nngpDiagonal
        .map { $0 / divisor }
      return
    }
    // Layer by layer, the kernel of each layer carried by features that have it as Gram matrix.
    let one = try Self.kernel(activation, 1, 1)
    var features = Self.stacked(train, test).scaled(
      by: (variances[0] / Double(train.columns)).squareRoot())
    var joint = Matrix<Double>(rows: 0, columns: 0)
    for layer in 1...depth {
      // K¹ of the kernel is x·x′/N₀ with N₀ the number of features.
      let inputs = features.scaled(by: Double(features.columns).squareRoot())
      joint = try KernelPlan(one, rows: inputs, jobs: jobs).matrices(jobs: jobs).nngp
      guard layer < depth else { break }
      features = try Self.features(joint.scaled(by: variances[layer]))
    }
    joint = joint.scaled(by: 1 / between)
    let (p, n) = (train.rows, joint.rows)
    self.train = Matrix(rows: p, columns: p, elements: (0..<p).flatMap { joint.row($0)[0..<p] })
    cross = Matrix(rows: n - p, columns: p, elements: (p..<n).flatMap { joint.row($0)[0..<p] })
    diagonal = (p..<n).map { joint[$0, $0] }
  }

  private static func kernel(
    _ activation: Activation, _ depth: Int, _ variance: Double
  ) throws(PoiseError) -> NetworkKernel {
    try NetworkKernel(
      of: NetworkEnsemble(activation: activation, weights: .gaussian(variance: variance)),
      depth: depth)
  }

  private static func stacked(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: a.rows + b.rows, columns: a.columns, elements: a.elements + b.elements)
  }

  /// Rows whose Gram matrix is a given kernel: V √λ, rounding below 0 dropped.
  private static func features(_ kernel: Matrix<Double>) throws(PoiseError) -> Matrix<Double> {
    let eigen = try kernel.symmetricEigendecomposition()
    var result = eigen.vectors.transposed
    for column in 0..<result.columns {
      let root = max(eigen.values[column], 0).squareRoot()
      for row in 0..<result.rows { result[row, column] *= root }
    }
    return result
  }
}

extension Matrix<Double> {
  fileprivate func scaled(by factor: Double) -> Matrix {
    factor == 1
      ? self
      : Matrix(rows: rows, columns: columns, elements: elements.map { factor * $0 })
  }
}
