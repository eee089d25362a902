public import PoiseNumerics
import RealModule

/// Mean kernels of the hidden layers of a deep linear network after learning, K̃_l = X_lᵀX_l/N_l:
///
///     ⟨K̃_l⟩ = (1 − m/N_l) σ_l² ⟨K̃_{l−1}⟩ + (1/N_l) ⟨F U_l⁻¹ Fᵀ⟩,   K̃_0 = XᵀX/N_0,
///
/// F the outputs on the training patterns: Y at T = 0, with their fluctuations at T > 0. The label
/// part has entries O(1/N) but a norm of order α.
///
/// - Derivation: `docs/theory/posterior.md`, section 4. Linear activations only.
public struct LayerKernels: Sendable {
  /// ⟨K̃_1⟩ … ⟨K̃_L⟩ (pattern × pattern).
  public let kernels: [Matrix<Double>]
  /// K̃_0.
  public let input: Matrix<Double>
  /// Π_{j ≤ l} (1 − m/N_j) σ_j²: the share of K̃_0 in layer l, the part without labels.
  public let inputShare: [Double]

  /// One output at the saddle point.
  public init(_ posterior: DeepPosterior, inputs: Matrix<Double>) throws(PoiseError) {
    let q = posterior.renormalization.orderParameters
    try self.init(
      posterior.modes, posterior.priors, posterior.temperature, inputs,
      directions: .identity(1), scales: [posterior.renormalization.scale],
      suffixes: (0..<q.count).map { layer in [q[layer...].reduce(1, *)] })
  }

  /// Several outputs at the saddle point.
  public init(_ posterior: MatrixPosterior, inputs: Matrix<Double>) throws(PoiseError) {
    try self.init(
      posterior.modes, posterior.priors, posterior.temperature, inputs,
      directions: posterior.directions, scales: posterior.scales,
      suffixes: (1...posterior.priors.depth).map { layer in
        posterior.scales.indices.map { posterior.suffixProduct(direction: $0, layer: layer) }
      })
  }

  private init(
    _ modes: KernelModes, _ priors: LayerPriors, _ temperature: Double, _ inputs: Matrix<Double>,
    directions: Matrix<Double>, scales: [Double], suffixes: [[Double]]
  ) throws(PoiseError) {
    guard inputs.rows == modes.patternCount else {
      throw PoiseError(
        .shapeMismatch, quantity: "inputs", value: "\(inputs.rows) rows",
        allowed: "the \(modes.patternCount) training patterns")
    }
    var kernel = inputs.gram
    for index in kernel.elements.indices { kernel.elements[index] /= Double(inputs.columns) }
    input = kernel
    let outputs = Self.outputMoments(modes, temperature, directions, scales)
    var (kernels, shares) = ([Matrix<Double>](), [Double]())
    var share = 1.0
    for (index, width) in priors.widths.enumerated() {
      let keep = (1 - Double(scales.count) / Double(width)) * priors.variances[index]
      share *= keep
      for entry in kernel.elements.indices {
        kernel.elements[entry] *= keep
        for k in scales.indices {
          kernel.elements[entry] +=
            outputs[k].elements[entry] / (suffixes[index][k] * Double(width))
        }
      }
      kernels.append(kernel)
      shares.append(share)
    }
    self.kernels = kernels
    inputShare = shares
  }

  /// ⟨f fᵀ⟩ of each eigendirection (pattern × pattern): f̄f̄ᵀ + TsK(sK + T)⁻¹.
  private static func outputMoments(
    _ modes: KernelModes, _ temperature: Double, _ directions: Matrix<Double>, _ scales: [Double]
  ) -> [Matrix<Double>] {
    let count = modes.modeCount(at: temperature)
    let y = Matrix.product(modes.targets, directions, transposeB: true)
    return scales.indices.map { k in
      let shares = (0..<count).map { mode in
        let x = scales[k] * modes.eigenvalues[mode]
        return temperature > 0 ? x / (x + temperature) : 1
      }
      var scaled = modes.vectors.selecting(rows: Array(0..<count))
      var mean = [Double](repeating: 0, count: modes.patternCount)
      for mode in 0..<count {
        let root = (temperature * shares[mode]).squareRoot()
        for pattern in mean.indices {
          mean[pattern] += shares[mode] * y[mode, k] * scaled[mode, pattern]
          scaled[mode, pattern] *= root
        }
      }
      var moment =
        temperature > 0
        ? Matrix.product(scaled, scaled, transposeA: true)
        : Matrix(rows: mean.count, columns: mean.count)
      for a in mean.indices {
        for b in mean.indices { moment[a, b] += mean[a] * mean[b] }
      }
      return moment
    }
  }

  /// A_l = yᵀK̃_l y/|y|², l = 0 … L: how much of a kernel points along the labels.
  public func alignment(with labels: [Double]) -> [Double] {
    let square = labels.reduce(0) { $0 + $1 * $1 }
    return ([input] + kernels).map { kernel in
      var sum = 0.0
      for a in labels.indices {
        for b in labels.indices { sum += labels[a] * kernel[a, b] * labels[b] }
      }
      return sum / square
    }
  }
}

/// Mean squared weights of a deep linear network after learning, one output.
public struct WeightNorms: Sendable, Equatable {
  /// ⟨|W_1|²⟩ … ⟨|W_L|²⟩, then ⟨|a|²⟩.
  public let squares: [Double]

  /// ⟨|a|²⟩ = N_L q_L; ⟨|W_l|²⟩ = (N_l − 1) N_{l−1} σ_l² + N_{l−1} q_{l−1}; of the first layer only the row
  /// along v̂_1 knows the data.
  public init(_ posterior: DeepPosterior, inputDimension: Int) {
    let priors = posterior.priors
    let problem = posterior.problem
    let point = posterior.renormalization
    let widths = priors.widths.map { Double($0) }
    let q = point.orderParameters
    let (d, e) = problem.dimensions(logScale: point.logScale)
    // Σ [T/(sκ + T) + ŷ² sκ/(sκ + T)²] = ρ − D + E over the modes.
    let learned = Double(problem.modeCount) - d + e
    let row = priors.inputVariance * (Double(inputDimension - problem.modeCount) + learned)
    var squares = [(widths[0] - 1) * Double(inputDimension) * priors.inputVariance + row]
    for layer in 1..<max(1, widths.count) {
      squares.append(
        widths[layer - 1] * ((widths[layer] - 1) * priors.variances[layer] + q[layer - 1]))
    }
    squares.append(widths[widths.count - 1] * q[q.count - 1])
    self.squares = squares
  }
}
