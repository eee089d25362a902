import PoiseNumerics
import RealModule

/// Anderson mixing: speeds up a fixed-point iteration x ← F(x) by the combination of its last few
/// steps whose residual is smallest.
struct AndersonMixing {
  private var points: [[Double]] = []
  private var images: [[Double]] = []
  private var lastResidual = Double.infinity
  /// Steps that are remembered.
  private static let memory = 5

  /// The next x after F(x) was computed at `point`.
  ///
  /// A residual that has doubled forgets what came before.
  mutating func next(after point: [Double], image: [Double]) -> [Double] {
    let residual = zip(point, image).reduce(0.0) { max($0, abs($1.1 - $1.0)) }
    if residual > 2 * lastResidual {
      points.removeAll()
      images.removeAll()
    }
    lastResidual = residual
    points.append(point)
    images.append(image)
    if points.count > Self.memory {
      points.removeFirst()
      images.removeFirst()
    }
    let count = points.count - 1
    guard count > 0 else { return image }
    // Minimise |f_k − Σ γ_i (f_{i+1} − f_i)|, f = F(x) − x, by the normal equations.
    let residuals = points.indices.map { k in zip(points[k], images[k]).map { $1 - $0 } }
    let steps = (0..<count).map { i in zip(residuals[i], residuals[i + 1]).map { $1 - $0 } }
    var matrix = (0..<count).map { i in
      (0..<count).map { j in zip(steps[i], steps[j]).reduce(0.0) { $0 + $1.0 * $1.1 } }
    }
    let right = (0..<count).map { i in
      zip(steps[i], residuals[count]).reduce(0.0) { $0 + $1.0 * $1.1 }
    }
    for i in 0..<count { matrix[i][i] *= 1 + 1e-10 }
    guard let weights = Self.solve(matrix, right) else { return image }
    var result = image
    for i in 0..<count {
      for k in result.indices { result[k] -= weights[i] * (images[i + 1][k] - images[i][k]) }
    }
    // A wild step is not taken: x is logarithmic.
    let wild = zip(result, image).contains { !(abs($0 - $1) < 1) }
    return wild ? image : result
  }

  /// A small system by elimination with pivots; nil where it is singular.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    var (a, b) = (matrix, right)
    for k in b.indices {
      let pivot = (k..<b.count).max { abs(a[$0][k]) < abs(a[$1][k]) }!
      a.swapAt(k, pivot)
      b.swapAt(k, pivot)
      guard a[k][k] != 0 else { return nil }
      for i in k + 1..<max(b.count, k + 1) {
        let factor = a[i][k] / a[k][k]
        for j in k..<b.count { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    for k in b.indices.reversed() {
      for j in k + 1..<max(b.count, k + 1) { b[k] -= a[k][j] * b[j] }
      b[k] /= a[k][k]
    }
    return b
  }
}
