public import PoiseModel
public import PoiseNumerics

/// The Gibbs measure of one training set: exp(−|f − Y|²/2T) times the Gaussian prior of the weights,
///
///     x_l = φ(W_l x_{l−1}/√N_{l−1}),   f = a x_L/√N_L,   W_l ~ N(0, σ_l²), a ~ N(0, σ_{L+1}²).
///
/// Samplers hold whitened weights W_l/σ_l, a/σ_{L+1}, whose prior is N(0, 1).
public struct SamplingTask: Sendable {
  /// X (pattern × N₀).
  public let inputs: Matrix<Double>
  /// Y (pattern × output).
  public let targets: Matrix<Double>
  /// Test inputs (test × N₀); may have no rows.
  public let testInputs: Matrix<Double>
  /// Test labels (test × output).
  public let testTargets: Matrix<Double>
  /// N_1 … N_L.
  public let widths: [Int]
  /// σ_1² … σ_{L+1}².
  public let variances: [Double]
  /// T ≥ 0.
  public let temperature: Double
  /// φ; linear for `GibbsChain` and `DirectSampler`.
  public let activation: Activation

  /// - Throws: `shapeMismatch`; `outOfRange` for T < 0, no layers, or more outputs than the narrowest
  ///   layer has units.
  public init(
    inputs: Matrix<Double>, targets: Matrix<Double>, testInputs: Matrix<Double>,
    testTargets: Matrix<Double>, widths: [Int], variances: [Double], temperature: Double,
    activation: Activation
  ) throws(PoiseError) {
    guard inputs.rows > 0, inputs.columns > 0, targets.rows == inputs.rows, targets.columns > 0,
      testInputs.columns == inputs.columns, testTargets.rows == testInputs.rows,
      testTargets.columns == targets.columns
    else {
      throw PoiseError(
        .shapeMismatch, quantity: "data of the sampler",
        value:
          "\(inputs.rows) × \(inputs.columns) with \(targets.rows) × \(targets.columns) labels",
        allowed: "one row of labels per pattern, test rows of the same shapes")
    }
    guard !widths.isEmpty, widths.allSatisfy({ $0 >= 1 }), variances.count == widths.count + 1,
      variances.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw PoiseError(
        .outOfRange, quantity: "layers", value: "\(widths) with \(variances.count) variances",
        allowed: "widths of at least 1 and one more variance than widths, all above 0")
    }
    guard targets.columns <= widths.min()! else {
      throw PoiseError(
        .outOfRange, quantity: "outputs", value: "\(targets.columns)",
        allowed: "at most the narrowest hidden width, \(widths.min()!)")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "temperature", value: "\(temperature)", allowed: "T ≥ 0")
    }
    self.inputs = inputs
    self.targets = targets
    self.testInputs = testInputs
    self.testTargets = testTargets
    self.widths = widths
    self.variances = variances
    self.temperature = temperature
    self.activation = activation
  }

  /// L.
  public var depth: Int { widths.count }
  /// P.
  public var patternCount: Int { inputs.rows }
  /// m.
  public var outputCount: Int { targets.columns }

  /// N_0 … N_L, m.
  var sizes: [Int] { [inputs.columns] + widths + [outputCount] }

  /// Rows and columns of W_1 … W_L, a.
  func shape(_ layer: Int) -> (rows: Int, columns: Int) { (sizes[layer + 1], sizes[layer]) }

  /// σ_l/√N_{l−1} of W_1 … W_L, a: what a whitened weight is multiplied with.
  func gain(_ layer: Int) -> Double {
    (variances[layer] / Double(sizes[layer])).squareRoot()
  }

  /// Mean over test points of |f − y|², summed over outputs; f is test × output.
  public func testError(_ f: Matrix<Double>) -> Double {
    zip(f.elements, testTargets.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(max(1, testInputs.rows))
  }

  /// Mean over patterns of |f − y|², summed over outputs.
  public func trainingError(_ f: Matrix<Double>) -> Double {
    zip(f.elements, targets.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(patternCount)
  }
}

/// Purposes of the random streams of the samplers; the item is the chain, the index the sweep.
enum SamplerStream: UInt8 {
  case start = 0x20
  case gibbs = 0x21
  case hamiltonian = 0x22
  case direct = 0x23

  func stream(seed: UInt64, chain: Int, index: Int) -> RandomStream {
    RandomStream(
      seed: seed, item: UInt64(chain), purpose: RandomStream.Purpose(kind: rawValue, index: index))
  }
}

extension RandomStream {
  /// A matrix of standard normal numbers.
  mutating func normals(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns) { fillNormal($0) }
  }
}

/// C ← α op(A) op(B) + β C in place; one row or one column by the product of a matrix and a vector, which
/// does not first rearrange the matrix.
func multiply(
  _ a: Matrix<Double>, _ b: Matrix<Double>, into c: inout Matrix<Double>, _ alpha: Double = 1,
  beta: Double = 0, transposeA: Bool = false, transposeB: Bool = false
) {
  let inner = transposeA ? a.rows : a.columns
  precondition(inner == (transposeB ? b.columns : b.rows), "inner dimensions must agree")
  let shape = ProductShape(
    rows: c.rows, columns: c.columns, inner: inner, transposeA: transposeA, transposeB: transposeB)
  guard c.rows > 0, c.columns > 0 else { return }
  a.elements.withUnsafeBufferPointer { a0 in
    b.elements.withUnsafeBufferPointer { b0 in
      c.withUnsafeMutableElements { c0 in
        let (left, right, result) = (a0.baseAddress!, b0.baseAddress!, c0.baseAddress!)
        if shape.rows == 1 {
          Double.gemv(
            transposed: !transposeB, rows: b.rows, columns: b.columns, alpha, right, left, beta,
            result)
        } else if shape.columns == 1 {
          Double.gemv(
            transposed: transposeA, rows: a.rows, columns: a.columns, alpha, left, right, beta,
            result)
        } else {
          Double.gemm(
            shape, alpha, left, a.columns, right, b.columns, beta, result, shape.columns)
        }
      }
    }
  }
}

/// op(A) op(B) by `multiply`.
func product(
  _ a: Matrix<Double>, _ b: Matrix<Double>, transposeA: Bool = false, transposeB: Bool = false
) -> Matrix<Double> {
  var result = Matrix<Double>(
    rows: transposeA ? a.columns : a.rows, columns: transposeB ? b.rows : b.columns)
  multiply(a, b, into: &result, transposeA: transposeA, transposeB: transposeB)
  return result
}
