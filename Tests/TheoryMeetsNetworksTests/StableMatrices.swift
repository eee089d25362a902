import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule

/// Matrices of symmetric stable numbers, by Chambers, Mallows and Stuck: nothing of the theory is used.
struct StableMatrices {
  let alpha: Double
  let scale: Double
  var stream: RandomStream

  init(alpha: Double, scale: Double, seed: UInt64, item: UInt64) {
    self.alpha = alpha
    self.scale = scale
    stream = RandomStream(seed: seed, item: item, purpose: .init(rawValue: 77))
  }

  /// A number of the unit law e^{−|t|^α/2}.
  mutating func unit() -> Double {
    let theta = .pi * (stream.uniform() - 0.5)
    let wait = -Double.log(stream.uniform())
    let size = Double.exp2(-1 / alpha)
    if alpha == 2 { return size * 2 * .sin(theta) * wait.squareRoot() }
    return size * .sin(alpha * theta) / .pow(.cos(theta), 1 / alpha)
      * .pow(.cos((1 - alpha) * theta) / wait, (1 - alpha) / alpha)
  }

  /// W (rows × width, square by default), entries σ_w N^{−1/α} W̃, N the width.
  mutating func weights(_ width: Int, rows: Int? = nil) -> Matrix<Double> {
    let factor = scale * .pow(Double(width), -1 / alpha)
    var matrix = Matrix<Double>(rows: rows ?? width, columns: width)
    for index in matrix.elements.indices { matrix.elements[index] = factor * unit() }
    return matrix
  }

  /// W v.
  mutating func apply(_ vector: [Double]) -> [Double] {
    let column = Matrix(rows: vector.count, columns: 1, elements: vector)
    return Matrix.product(weights(vector.count), column).elements
  }
}
