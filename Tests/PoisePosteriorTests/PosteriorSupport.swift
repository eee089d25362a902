import PoiseNumerics
import PoisePosterior

/// A random regression task: Gaussian inputs, a noisy linear teacher.
struct RandomTask {
  let inputs: Matrix<Double>
  let labels: Matrix<Double>
  let tests: Matrix<Double>
  let testLabels: [Double]

  init(seed: UInt64, patterns: Int, inputs n: Int, tests: Int = 20, noise: Double = 0.5) {
    var stream = RandomStream(seed: seed, item: 0, purpose: .init(kind: 0xF0, index: 0))
    func draw(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns) { stream.fillNormal($0) }
    }
    inputs = draw(patterns, n)
    self.tests = draw(tests, n)
    let teacher = draw(1, n)
    let scale = 1 / Double(n).squareRoot()
    labels = Matrix(
      rows: patterns, columns: 1,
      elements: Matrix.product(inputs, teacher, transposeB: true).elements.map {
        scale * $0 + noise * stream.normal()
      })
    testLabels = Matrix.product(self.tests, teacher, transposeB: true).elements.map { scale * $0 }
  }

  func modes(_ variance: Double = 1) throws -> KernelModes {
    try KernelModes(inputs: inputs, targets: labels, inputVariance: variance)
  }

  func posterior(
    _ widths: [Int], _ variances: [Double] = [1], temperature: Double
  ) throws -> DeepPosterior {
    let priors = try LayerPriors(widths: widths, variances: variances)
    return try DeepPosterior(
      modes: modes(priors.inputVariance), priors: priors, temperature: temperature)
  }
}

/// |a − b| against the larger of the two.
func relativeDifference(_ a: Double, _ b: Double) -> Double {
  a == b ? 0 : abs(a - b) / max(abs(a), abs(b))
}
