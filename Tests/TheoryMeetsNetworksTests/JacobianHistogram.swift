import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule

/// Counts of singular values of D W with independent D in 13 logarithmic bins from 0.01 to 300, against the
/// law: z by bin, with the errors of independent counts (singular values repel: theirs are smaller).
struct JacobianHistogram {
  let z: [Double]
  var worst: Double { z.map { abs($0) }.max() ?? 0 }
  var chiSquare: Double { z.reduce(0) { $0 + $1 * $1 } }

  init(
    alpha: Double, scale: Double, activation: Activation, width: Int, rows: Int? = nil, draws: Int,
    seed: UInt64
  ) throws {
    let rows = rows ?? width
    let theory = try HeavyTailMeanField(activation: activation, alpha: alpha, scale: scale)
    let law = try StableJacobianLaw(of: theory, aspect: Double(rows) / Double(width))
    let size = Double.exp(try theory.fixedLength().logScale)
    let edges = (0...13).map { Double.exp(.log(0.01) + Double($0) / 13 * .log(30000)) }
    var counts = [Int](repeating: 0, count: 13)
    for draw in 0..<draws {
      var matrices = StableMatrices(alpha: alpha, scale: scale, seed: seed, item: UInt64(draw))
      var weights = matrices.weights(width, rows: rows)
      for row in 0..<rows {
        let slope = activation.function.derivative(size * matrices.unit())
        for column in 0..<width { weights.elements[row * width + column] *= slope }
      }
      for value in try weights.singularValues() {
        if let bin = (0..<13).first(where: { value >= edges[$0] && value < edges[$0 + 1] }) {
          counts[bin] += 1
        }
      }
    }
    let total = Double(min(rows, width) * draws)
    z = try (0..<13).map { bin in
      let expected = total * (try law.mass(from: edges[bin], to: edges[bin + 1]))
      return (Double(counts[bin]) - expected) / max(expected, 0.5).squareRoot()
    }
  }
}
