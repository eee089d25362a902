import PoiseNumerics
import RealModule

/// |X|² of symmetric stable X, E e^{itX} = e^{−|t|^α}, a buffer at a time (Chambers, Mallows and Stuck 1976):
///
///     |X| = sin(αθ) cos(θ)^{−1/α} (cos((1−α)θ)/E)^{(1−α)/α},   θ uniform on (0, π/2), E exponential.
struct StableAmplitudes {
  let alpha: Double

  /// Fills with squares of independent |X|.
  func fillSquares(_ out: UnsafeMutableBufferPointer<Double>, from stream: inout RandomStream) {
    let chunk = 512
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * chunk) { memory in
      let a = memory.baseAddress!
      let (b, c, d) = (a + chunk, a + 2 * chunk, a + 3 * chunk)
      for start in stride(from: 0, to: out.count, by: chunk) {
        let count = min(chunk, out.count - start)
        stream.fillUniform(UnsafeMutableBufferPointer(start: d, count: count))
        stream.fillUniform(UnsafeMutableBufferPointer(start: a, count: count))
        // E, and the complement π/2 − θ, whose sine is cos θ with all digits.
        VectorMath.log(d, d, count: count)
        for index in 0..<count {
          let complement = .pi / 2 * a[index]
          let theta = .pi / 2 - complement
          a[index] = alpha * theta
          b[index] = complement
          c[index] = (1 - alpha) * theta
          d[index] = -d[index]
        }
        VectorMath.sin(a, a, count: count)
        VectorMath.sin(b, b, count: count)
        VectorMath.cos(c, c, count: count)
        for index in 0..<count { c[index] /= d[index] }
        for vector in [a, b, c] { VectorMath.log(vector, vector, count: count) }
        let (first, second) = (-2 / alpha, 2 * (1 - alpha) / alpha)
        let target = out.baseAddress! + start
        for index in 0..<count {
          target[index] = 2 * a[index] + first * b[index] + second * c[index]
        }
        VectorMath.exp(target, target, count: count)
      }
    }
  }

  /// Signed numbers of the unit law e^{−|t|^α/2}.
  func unitSample(count: Int, from stream: inout RandomStream) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    var signs = values
    values.withUnsafeMutableBufferPointer { fillSquares($0, from: &stream) }
    signs.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    let scale = Double.exp2(-1 / alpha)
    for index in 0..<count {
      values[index] = (signs[index] < 0.5 ? scale : -scale) * values[index].squareRoot()
    }
    return values
  }
}
