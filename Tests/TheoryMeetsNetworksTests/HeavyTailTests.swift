import Foundation
import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

/// Stable weights: theory against matrices and networks that are really drawn.
@Suite struct HeavyTailTests {
  /// The logarithm of ‖φ(h)‖_α walks with the exact mean step, whatever the direction: 200 layers.
  @Test(arguments: [(1.5, 100), (1.2, 60), (1.9, 150)])
  func exactGrowth(_ cell: (alpha: Double, width: Int)) throws {
    var matrices = StableMatrices(alpha: cell.alpha, scale: 1, seed: 8, item: 1)
    let growth = try FiniteWidthGrowth(
      atOriginOf: .linear, density: LogStableDensity(alpha: cell.alpha), width: cell.width)
    var vector = (0..<cell.width).map { _ in matrices.unit() }
    var (steps, last) = (RunningMoments(), norm(vector, cell.alpha))
    for _ in 0..<200 {
      vector = matrices.apply(vector.map { $0 * .exp(-last) })
      let now = norm(vector, cell.alpha)
      steps.add(now)
      last = now
    }
    // Steps are independent: each starts from a vector of norm 1.
    let error = steps.standardError!
    #expect(abs(steps.mean - growth.meanLogGrowth) < 4.5 * error, "seed 8")
    #expect(error < 0.06)
  }

  /// Below σ_c(N) a deep network is silent although q* > 0; above it lives.
  @Test func death() throws {
    let (alpha, width) = (1.5, 100)
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: 1)
    let critical = try theory.deathScale(width: width).scale
    for (factor, lives) in [(0.85, false), (1.6, true)] {
      var matrices = StableMatrices(
        alpha: alpha, scale: factor * critical, seed: 9, item: UInt64(100 * factor))
      var h = (0..<width).map { _ in matrices.unit() }
      for _ in 0..<400 { h = matrices.apply(h.map { .tanh($0) }) }
      let q = lengthOf(h, alpha)
      #expect(lives ? q > 1e-4 : q < 1e-12, "\(factor) σ_c, q \(q)")
    }
  }

  /// Singular values of D W, D independent, against the closure.
  @Test(arguments: [(1.5, 1.0), (1.2, 1.0)], [Activation.tanh, .hardTanh])
  func singularValues(_ cell: (Double, Double), _ activation: Activation) throws {
    let result = try JacobianHistogram(
      alpha: cell.0, scale: cell.1, activation: activation, width: 200, draws: 6, seed: 10)
    #expect(result.worst < 4.5, "\(cell) \(activation): seed 10, \(result.z)")
  }

  /// With the D of the network, which a large weight of its row saturates: the tail B₂ s^{−2−α}, far
  /// below that of independent slopes.
  @Test(arguments: [1.2, 1.5])
  func dependentSlopes(_ alpha: Double) throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: 1)
    let (width, draws, threshold) = (200, 20, 5.0)
    var count = 0
    for draw in 0..<draws {
      var matrices = StableMatrices(alpha: alpha, scale: 1, seed: 11, item: UInt64(draw))
      let size = Double.exp(try theory.fixedLength().logScale)
      var h = (0..<width).map { _ in size * matrices.unit() }
      for _ in 0..<4 { h = matrices.apply(h.map { .tanh($0) }) }
      var weights = matrices.weights(width)
      let input = Matrix(rows: width, columns: 1, elements: h.map { Double.tanh($0) })
      let next = Matrix.product(weights, input).elements
      for row in 0..<width {
        let slope = Activation.tanh.function.derivative(next[row])
        for column in 0..<width { weights.elements[row * width + column] *= slope }
      }
      count += try weights.singularValues().count { $0 > threshold }
    }
    let total = Double(width * draws)
    let expected =
      total * (try theory.networkTailConstant()) / (1 + alpha) * .pow(threshold, -1 - alpha)
    let independent = total * (try StableJacobianLaw(of: theory).mass(from: threshold, to: 1e6))
    // Twenty per cent beside the counting error: the power law begins near this threshold.
    let error = (expected + 0.04 * expected * expected).squareRoot()
    #expect(abs(Double(count) - expected) < 4 * error, "\(count) of \(expected)")
    #expect(Double(count) < 0.7 * independent, "\(count) of \(independent)")
  }

  private func norm(_ vector: [Double], _ alpha: Double) -> Double {
    .log(vector.reduce(0) { $0 + .pow(abs($1), alpha) }) / alpha
  }

  private func lengthOf(_ h: [Double], _ alpha: Double) -> Double {
    h.reduce(0) { $0 + .pow(abs(Double.tanh($1)), alpha) } / Double(h.count)
  }
}

/// The full grid of theory against stable networks.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1"))
struct HeavyTailValidation {
  static let cells: [(Double, Double)] = [
    (1.5, 1), (1.2, 1), (1.8, 1.5), (1.5, 3), (1.9, 0.8), (1.1, 0.5),
  ]

  @Test(arguments: cells, [Activation.tanh, .hardTanh])
  func singularValues(_ cell: (Double, Double), _ activation: Activation) throws {
    let result = try JacobianHistogram(
      alpha: cell.0, scale: cell.1, activation: activation, width: 800, draws: 8, seed: 12)
    print("\(cell) \(activation): worst \(result.worst), χ² \(result.chiSquare)")
    #expect(result.worst < 4, "\(cell) \(activation): \(result.z)")
    // 13 bins: 1e-4 above 40.
    #expect(result.chiSquare < 40)
  }

  /// The same for layers that are not square.
  @Test(arguments: [(1.5, 1.0), (1.8, 1.2)], [200, 800])
  func rectangularLayers(_ cell: (Double, Double), _ rows: Int) throws {
    let result = try JacobianHistogram(
      alpha: cell.0, scale: cell.1, activation: .tanh, width: 400, rows: rows, draws: 12, seed: 14)
    print("\(cell) \(rows) × 400: worst \(result.worst), χ² \(result.chiSquare)")
    #expect(result.worst < 4 && result.chiSquare < 40, "\(cell) \(rows): \(result.z)")
  }

  /// q_N against q* at three widths, well above σ_c(N).
  @Test(arguments: [(1.5, 1.0), (1.2, 1.0), (1.8, 1.5), (1.5, 2.0)])
  func lengths(_ cell: (alpha: Double, scale: Double)) throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: cell.alpha, scale: cell.scale)
    let expected = try theory.fixedLength().length
    var deviations: [(value: Double, error: Double)] = []
    for width in [250, 500, 1000] {
      var matrices = StableMatrices(
        alpha: cell.alpha, scale: cell.scale, seed: 13, item: UInt64(width))
      var h = (0..<width).map { _ in matrices.unit() }
      var batches = RunningMoments()
      for _ in 0..<20 { h = matrices.apply(h.map { .tanh($0) }) }
      for _ in 0..<12 {
        var mean = 0.0
        for _ in 0..<10 {
          h = matrices.apply(h.map { .tanh($0) })
          let q = h.reduce(0) { $0 + .pow(abs(Double.tanh($1)), cell.alpha) } / Double(width)
          mean += .pow(cell.scale, cell.alpha) * q / 10
        }
        batches.add(mean)
      }
      deviations.append((batches.mean / expected - 1, batches.standardError! / expected))
    }
    print("\(cell): \(deviations)")
    let (last, first) = (deviations[2], deviations[0])
    #expect(abs(last.value) < max(4 * last.error, 0.06))
    #expect(abs(last.value) < abs(first.value) + 4 * (first.error + last.error))
  }
}
