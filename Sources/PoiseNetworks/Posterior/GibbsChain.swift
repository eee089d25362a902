import PoiseModel
public import PoiseNumerics

/// Exact blocked Gibbs sampling of a deep linear network at T > 0: each layer, given the others, is
/// Gaussian and drawn at once by pathwise conditioning.
///
/// With f = A W B, A (m × N_l) from above and B = X_{l−1}/√N_{l−1} from below:
///
///     W ← W_p + σ² Aᵀ Z Bᵀ,   σ² A Aᵀ Z BᵀB + T Z = Y − √T noise − A W_p B,   W_p ~ prior.
///
/// Eigenvectors of A Aᵀ (m × m) leave one system of min(P, N_{l−1}) unknowns per output. Read-out
/// first, then downwards; the inputs' modes are found once.
public struct GibbsChain: PosteriorChain {
  /// The posterior that is sampled.
  public let task: SamplingTask
  private let seed: UInt64
  private let chain: Int
  public private(set) var sweep: Int
  /// Whitened W_1 … W_L, a.
  private var weights: [Matrix<Double>]
  /// X_0 … X_L (pattern × unit).
  private var activity: [Matrix<Double>]
  /// v_i (mode × pattern) and v_iᵀX/√N₀ (mode × N₀) of the inputs; their eigenvalues.
  private let inputModes: (values: [Double], left: Matrix<Double>, right: Matrix<Double>)
  private let labels: Matrix<Double>

  /// A chain from the prior, or from a state.
  /// - Throws: `outOfRange` at T = 0 or for another activation than linear; `shapeMismatch`.
  public init(
    _ task: SamplingTask, seed: UInt64, chain: Int, resuming state: ChainState? = nil
  ) throws(PoiseError) {
    guard task.temperature > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "temperature", value: "0", allowed: "T > 0 for Gibbs sampling",
        suggestion: "DirectSampler, which needs no chain")
    }
    guard task.activation.name == "linear" else {
      throw PoiseError(
        .outOfRange, quantity: "activation", value: task.activation.name,
        allowed: "linear for Gibbs sampling", suggestion: "HamiltonianChain")
    }
    BLAS.useOneThread()
    self.task = task
    let start = state ?? ChainState(prior: task, seed: seed, chain: chain)
    self.seed = start.seed
    self.chain = start.chain
    sweep = start.sweep
    weights = try start.matrices(task)
    activity = [task.inputs] + task.widths.map { Matrix(rows: task.patternCount, columns: $0) }
    labels = task.targets.transposed
    inputModes = try Self.modes(task.inputs)
    pass()
  }

  /// X/√N₀ = Σ √μ_i v_i w_iᵀ.
  static func modes(
    _ inputs: Matrix<Double>
  ) throws(PoiseError) -> (values: [Double], left: Matrix<Double>, right: Matrix<Double>) {
    let decomposition = try inputs.singularValueDecomposition()
    let root = 1 / Double(inputs.columns).squareRoot()
    let values = decomposition.values.map { root * $0 }
    var right = decomposition.rightTransposed
    for mode in values.indices {
      for column in 0..<right.columns { right[mode, column] *= values[mode] }
    }
    return (values.map { $0 * $0 }, decomposition.left.transposed, right)
  }

  public var state: ChainState {
    ChainState(seed: seed, chain: chain, sweep: sweep, weights: weights)
  }

  /// X_l of all layers from the weights.
  private mutating func pass() {
    for layer in 0..<task.depth {
      multiply(
        activity[layer], weights[layer], into: &activity[layer + 1], task.gain(layer),
        transposeB: true)
    }
  }

  public mutating func advance() throws(PoiseError) -> [Double] {
    var stream = SamplerStream.gibbs.stream(seed: seed, chain: chain, index: sweep)
    let depth = task.depth
    // Read-out: A = 1.
    try refresh(depth, above: nil, &stream)
    var above = weights[depth].scaled(by: task.gain(depth))
    var powers: [Matrix<Double>] = []
    for layer in stride(from: depth - 1, through: 0, by: -1) {
      powers.append(above.gram)
      try refresh(layer, above: above, &stream)
      var next = Matrix<Double>(rows: above.rows, columns: weights[layer].columns)
      multiply(above, weights[layer], into: &next, task.gain(layer))
      above = next
    }
    pass()
    sweep += 1
    return try observe(powers: powers.reversed(), map: above)
  }

  /// Draws one layer given the others.
  private mutating func refresh(
    _ layer: Int, above: Matrix<Double>?, _ stream: inout RandomStream
  ) throws(PoiseError) {
    let gain = task.gain(layer)
    let patterns = task.patternCount
    weights[layer].withUnsafeMutableElements { stream.fillNormal($0) }
    var residual = labels
    let noise = stream.normals(task.outputCount, patterns)
    let deviation = task.temperature.squareRoot()
    for index in residual.elements.indices {
      residual.elements[index] -= deviation * noise.elements[index]
    }
    guard let above else {
      multiply(
        weights[layer], activity[layer], into: &residual, -gain, beta: 1, transposeB: true)
      var step = Matrix<Double>(rows: residual.rows, columns: weights[layer].columns)
      try solve(layer, residual, strength: gain * gain, into: &step)
      for index in step.elements.indices {
        weights[layer].elements[index] += gain * step.elements[index]
      }
      return
    }
    var through = Matrix<Double>(rows: above.rows, columns: weights[layer].columns)
    multiply(above, weights[layer], into: &through)
    multiply(through, activity[layer], into: &residual, -gain, beta: 1, transposeB: true)
    let basis = try above.gram.symmetricEigendecomposition()
    let turned = product(basis.vectors, residual)
    var step = Matrix<Double>(rows: above.rows, columns: weights[layer].columns)
    for (k, value) in basis.values.enumerated() {
      var row = Matrix<Double>(rows: 1, columns: step.columns)
      try solve(
        layer, Matrix(rows: 1, columns: patterns, elements: turned.row(k)),
        strength: gain * gain * max(value, 0), into: &row)
      step.elements.replaceSubrange(
        k * step.columns..<(k + 1) * step.columns, with: row.elements)
    }
    let correction = product(basis.vectors, step, transposeA: true)
    multiply(above, correction, into: &weights[layer], gain, beta: 1, transposeA: true)
  }

  /// Z X for (strength X Xᵀ + T) Zᵀ = rᵀ, r (count × pattern), X = activity of the layer.
  private func solve(
    _ layer: Int, _ right: Matrix<Double>, strength: Double, into result: inout Matrix<Double>
  ) throws(PoiseError) {
    let x = activity[layer]
    let temperature = task.temperature
    if layer == 0 {
      let units = Double(x.columns)
      var along = product(right, inputModes.left, transposeB: true)
      for row in 0..<along.rows {
        for mode in 0..<along.columns {
          along[row, mode] *=
            units.squareRoot() / (strength * units * inputModes.values[mode] + temperature)
        }
      }
      multiply(along, inputModes.right, into: &result)
      return
    }
    let few = x.rows <= x.columns
    let size = few ? x.rows : x.columns
    var system = Matrix<Double>(rows: size, columns: size)
    if few {
      x.withUnsafeElements { x0 in
        system.withUnsafeMutableElements {
          Double.syrk(
            size, x.columns, strength, x0.baseAddress!, x.columns, 0, $0.baseAddress!, size)
        }
      }
    } else {
      multiply(x, x, into: &system, strength, transposeA: true)
    }
    for index in 0..<size { system[index, index] += temperature }
    // Few patterns: Z, then Z X. Many: (strength XᵀX + T)⁻¹ Xᵀ rᵀ is the same.
    var unknown = few ? right : product(right, x)
    let solved = system.withUnsafeMutableElements { a in
      unknown.withUnsafeMutableElements { b in
        Double.solvePositive(size, a.baseAddress!, b.baseAddress!, count: right.rows)
      }
    }
    guard solved else {
      throw PoiseError(
        .notConverged, quantity: "Gibbs sweep of layer \(layer + 1)",
        value: "system not positive definite to rounding",
        allowed: "a temperature above 1e-12 of the kernel", suggestion: "a larger temperature")
    }
    if few { multiply(unknown, x, into: &result) } else { result = unknown }
  }
}

extension GibbsChain {
  public var observableNames: [String] {
    let layers = 1...task.depth
    let m = task.outputCount
    let orders =
      m == 1
      ? layers.map { "q_\($0)" } + ["s"]
      : (1...m).flatMap { a in (a...m).map { "U_\(a)\($0)" } }
    return orders + ["training error"]
      + (task.testInputs.rows > 0 ? ["test error"] : [])
      + layers.flatMap { l in
        m == 1 ? ["A_\(l)"] : (1...m).map { "A_\(l)(\($0))" }
      }
      + layers.map { "|W_\($0)|²" } + ["|a|²"]
  }

  /// - Parameters:
  ///   - powers: A_l A_lᵀ of layers 1 … L, of which U_l is the whole.
  ///   - map: f = map x (output × N₀).
  private func observe(
    powers: [Matrix<Double>], map: Matrix<Double>
  ) throws(PoiseError) -> [Double] {
    let m = task.outputCount
    var values: [Double] = []
    if m == 1 {
      let g = powers.map { $0[0, 0] } + [1]
      values = (0..<task.depth).map { g[$0] / g[$0 + 1] } + [g[0]]
    } else {
      for a in 0..<m { for b in a..<m { values.append(powers[0][a, b]) } }
    }
    values.append(task.trainingError(product(task.inputs, map, transposeB: true)))
    if task.testInputs.rows > 0 {
      values.append(task.testError(product(task.testInputs, map, transposeB: true)))
    }
    for layer in 1...task.depth {
      let along = product(labels, activity[layer])
      for k in 0..<m {
        let (top, label) = (along.row(k), labels.row(k))
        let square = label.reduce(0) { $0 + $1 * $1 }
        values.append(
          top.reduce(0) { $0 + $1 * $1 } / Double(task.widths[layer - 1])
            / max(square, .leastNormalMagnitude))
      }
    }
    for (layer, w) in weights.enumerated() {
      values.append(
        task.variances[layer]
          * w.withUnsafeElements { Double.dot($0.count, $0.baseAddress!, $0.baseAddress!) })
    }
    guard values.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .noAnswer, quantity: "Gibbs sweep \(sweep)", value: "not finite",
        allowed: "weights that can be represented")
    }
    return values
  }

  /// Outputs on other inputs (input × output) with the present weights.
  public func outputs(_ inputs: Matrix<Double>) -> Matrix<Double> {
    var map = weights[task.depth].scaled(by: task.gain(task.depth))
    for layer in stride(from: task.depth - 1, through: 0, by: -1) {
      map = product(map, weights[layer]).scaled(by: task.gain(layer))
    }
    return product(inputs, map, transposeB: true)
  }

  /// X_lX_lᵀ/N_l of the training patterns, l = 1 … L.
  public var layerKernels: [Matrix<Double>] {
    activity.dropFirst().map { $0.gram.scaled(by: 1 / Double($0.columns)) }
  }
}

extension Matrix<Double> {
  func scaled(by factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { factor * $0 })
  }
}
