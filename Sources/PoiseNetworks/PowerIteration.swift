import PoiseNumerics

/// The largest eigenvalue of a positive semidefinite matrix, with a report of convergence.
public struct PowerIteration: Sendable, Equatable {
  /// vᵀ A v for the last unit vector v: never above the true value but for rounding.
  public private(set) var value: Double
  /// |A v − value v|; some eigenvalue lies within this distance.
  public private(set) var residual: Double
  /// Products with A.
  public let iterations: Int
  /// Whether residual ≤ tolerance · value.
  public let converged: Bool

  /// Iterates from a fixed pseudo-random start, so that the same matrix gives the same bits.
  init(
    size: Int, tolerance: Double, maximumIterations: Int,
    apply: ([Double], inout [Double]) -> Void
  ) {
    var vector = [Double](repeating: 0, count: size)
    var stream = NetworkStream.powerIteration.stream(seed: 0, network: 0)
    vector.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    var image = [Double](repeating: 0, count: size)
    var (value, residual, iterations, converged) = (0.0, 0.0, 0, false)
    while iterations < maximumIterations, !converged {
      let norm = Double.dot(size, vector, vector).squareRoot()
      for index in 0..<size { vector[index] /= norm }
      apply(vector, &image)
      iterations += 1
      value = Double.dot(size, vector, image)
      var square = 0.0
      for index in 0..<size {
        let difference = image[index] - value * vector[index]
        square += difference * difference
      }
      residual = square.squareRoot()
      // For A = 0 both sides vanish; there is no direction to go on with.
      converged = residual <= tolerance * value
      swap(&vector, &image)
    }
    (self.value, self.residual) = (value, residual)
    (self.iterations, self.converged) = (iterations, converged)
  }

  mutating func scale(by factor: Double) {
    value *= factor
    residual *= factor
  }
}
