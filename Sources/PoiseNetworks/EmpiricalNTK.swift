public import PoiseModel
public import PoiseNumerics
import RealModule

/// Θ, the neural tangent kernel of one network on one batch in the standard parametrisation:
/// Gram matrix of the gradients of all outputs with respect to all weights and biases.
///
///     Θ_{(i,a),(j,b)} = Σ_l (φˡ⁻¹(a)·φˡ⁻¹(b) + 1) (δˡ_{a,i}·δˡ_{b,j})
///
/// over hidden layers and the read-out; φ⁰ = x, δˡ_{a,i} = ∂ output_i(a)/∂hˡ, and δ of the
/// read-out is the identity. The 1 belongs to the biases.
public struct EmpiricalNTK: Sendable {
  /// Θ (outputs·samples × outputs·samples), output-major: row i·n + a is output i of sample a.
  public let kernel: Matrix<Double>
  /// The outputs of the network (sample × output).
  public let outputs: Matrix<Double>
  /// n.
  public var samples: Int { outputs.rows }

  /// Computes Θ layer by layer on the way back.
  ///
  /// - Parameters:
  ///   - network: with a read-out of m outputs.
  ///   - inputs: n samples (sample × input).
  ///   - includingBiases: whether biases count as parameters.
  ///   - memoryLimit: most bytes that may be allocated.
  /// - Throws: `shapeMismatch`; `noAnswer` without a read-out or if activations or gradients
  ///   overflowed; `outOfRange` with the memory needed if the batch is too large for `memoryLimit`.
  public init(
    of network: FiniteNetwork<Double>, inputs: Matrix<Double>, includingBiases: Bool = true,
    memoryLimit: Int = 1 << 30
  ) throws(PoiseError) {
    try network.requireReadout()
    // Shapes are checked before any large allocation.
    try MeasurementOptions().check(network.architecture, inputs: inputs)
    let needed = Self.memory(network.architecture, samples: inputs.rows)
    guard needed <= memoryLimit else {
      throw PoiseError(
        .outOfRange, quantity: "samples of the tangent kernel",
        value: "\(inputs.rows), which need \(needed >> 20) MiB",
        allowed: "at most \(memoryLimit >> 20) MiB", suggestion: "64 to 150 samples are enough")
    }
    BLAS.useOneThread()
    let work = TangentKernelPass(network, inputs: inputs, includingBiases: includingBiases)
    outputs = try work.forward()
    kernel = work.backward()
    // Θ is positive semidefinite: its diagonal bounds all entries.
    let largest = (0..<kernel.rows).map { kernel[$0, $0] }.max { !($0 > $1) }!
    guard largest < 1e150 else {
      throw PoiseError(
        .noAnswer, quantity: "tangent kernel", value: "entries beyond 1e150",
        allowed: "gradients that can be represented", suggestion: "a smaller weight variance")
    }
  }

  /// Bytes that `init` allocates for a network with read-out, 2⁶² at most.
  public static func memory(_ architecture: Architecture, samples: Int) -> Int {
    // In floating point: the product of absurd sizes must not trap.
    let (n, m) = (Double(samples), Double(architecture.outputs))
    let (total, widest) = (Double(architecture.widths.reduce(0, +)), Double(architecture.widest))
    let kernel = n * m * (n * m + 2 * widest + n)
    return Int(min(8 * (kernel + n * (2 * total + 2 * widest + n)), 0x1p62))
  }

  /// How outputs and labels make a loss; decides which eigenvalue limits the learning rate.
  public enum Loss: Sendable, CaseIterable {
    /// ½|z − y|², mean over samples: λ_max(Θ)/n.
    case squared
    /// −ln softmax(z)_y, mean over samples: λ_max(H^½ Θ H^½)/n, H = diag(p) − p pᵀ per sample at
    /// the probabilities p of the network's own outputs.
    case crossEntropy
  }

  /// The largest eigenvalue of the loss's curvature (Gauss–Newton) by power iteration from a fixed
  /// start: gradient descent on the linearised network is stable for rates below 2/value.
  ///
  /// With s = √p, H = S P P S where S = diag s and P = 1 − s sᵀ is a projection, so the spectrum
  /// of H^½ Θ H^½ is that of P S Θ S P, and no square root of H is needed.
  ///
  /// - Parameters:
  ///   - tolerance: wanted |A v − λ v|/λ; the eigenvalue is then within λ·tolerance of one of A
  ///     and, with a gap, closer by another factor tolerance.
  /// - Returns: with `converged` false if `maximumIterations` did not suffice; never throws. An
  ///   eigenvalue 0 (a dead network, or saturated probabilities) is converged.
  public func largestEigenvalue(
    _ loss: Loss, tolerance: Double = 1e-6, maximumIterations: Int = 2000
  ) -> PowerIteration {
    let factor = loss == .crossEntropy ? probabilities().map { $0.squareRoot() } : nil
    let size = kernel.rows
    var result = PowerIteration(
      size: size, tolerance: tolerance, maximumIterations: maximumIterations
    ) { vector, image in
      var input = vector
      if let factor { applyFactor(factor, to: &input, projectFirst: true) }
      kernel.elements.withPointer { theta in
        Double.gemv(transposed: false, rows: size, columns: size, 1, theta, input, 0, &image)
      }
      if let factor { applyFactor(factor, to: &image, projectFirst: false) }
    }
    result.scale(by: 1 / Double(samples))
    return result
  }

  /// v ← S P v or P S v, sample by sample, in output-major order.
  private func applyFactor(_ s: [Double], to vector: inout [Double], projectFirst: Bool) {
    let (n, m) = (samples, outputs.columns)
    for sample in 0..<n {
      let indices = stride(from: sample, to: n * m, by: n)
      if !projectFirst { for index in indices { vector[index] *= s[index] } }
      var overlap = 0.0
      for index in indices { overlap += s[index] * vector[index] }
      for index in indices { vector[index] -= overlap * s[index] }
      if projectFirst { for index in indices { vector[index] *= s[index] } }
    }
  }

  /// Softmax of the outputs, output-major.
  private func probabilities() -> [Double] {
    let (n, m) = (samples, outputs.columns)
    var result = [Double](repeating: 0, count: n * m)
    for sample in 0..<n {
      let row = outputs.row(sample)
      let top = row.max()!
      let weights = row.map { Double.exp($0 - top) }
      let total = weights.reduce(0, +)
      for output in 0..<m { result[output * n + sample] = weights[output] / total }
    }
    return result
  }
}
