import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import PoiseSpectra
import Testing

/// Histograms of the singular values of finite networks against the law at infinite width.
@Suite struct SpectrumTests {
  static let cells = [
    SpectrumCell(activation: .linear, weights: "gaussian", depth: 4, length: 1),
    SpectrumCell(activation: .relu, weights: "gaussian", depth: 4, length: 1),
    SpectrumCell(activation: .relu, weights: "orthogonal", depth: 4, length: 1),
    SpectrumCell(activation: .leakyReLU(slope: 0.5), weights: "orthogonal", depth: 4, length: 1),
    SpectrumCell(activation: .hardTanh, weights: "orthogonal", depth: 8, length: 0.3),
    SpectrumCell(activation: .hardTanh, weights: "gaussian", depth: 8, length: 0.3),
    SpectrumCell(activation: .tanh, weights: "gaussian", depth: 4, length: 0.5),
    SpectrumCell(activation: .tanh, weights: "orthogonal", depth: 8, length: 0.5),
    SpectrumCell(activation: .tanh, weights: "orthogonal", depth: 1, length: 0.5),
    SpectrumCell(activation: .tanh, weights: "uniform", depth: 2, length: 0.5),
    SpectrumCell(activation: .gelu, weights: "orthogonal", depth: 6, length: 2),
    SpectrumCell(activation: .selu, weights: "orthogonal", depth: 3, length: 0.5),
  ]

  @Test(arguments: cells)
  func histogram(_ cell: SpectrumCell) throws {
    let result = try cell.compare(width: 300, networks: 4, bins: 12, seed: 5)
    #expect(result.worst < 4, "\(cell): seed 5, \(result)")
    // The test would notice a wrong factor: the error of a bin is far below its share.
    #expect(result.error < 0.02)
  }

  /// Rectangular layers and a transient of lengths: mean logarithm, mean and zeros.
  @Test(arguments: ["gaussian", "orthogonal"])
  func shapesThatVary(_ weights: String) throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights, variance: 1.3),
      biases: .gaussian(variance: 0.05))
    let widths = [400, 200, 300, 250]
    let lengths = MeanField(of: ensemble).lengthMap.iterate(from: 2, layers: 2)
    let spectrum = try JacobianSpectrum(of: ensemble, lengths: lengths, widths: widths)
    let architecture = try Architecture(inputs: 400, widths: Array(widths.dropFirst()))
    let size = ((2 - 0.05) / 1.3).squareRoot()
    var (volume, mean, zeros) = (0.0, 0.0, 0)
    // One network scatters by about a tenth in the mean: 40 bring that to two per cent.
    let networks = 40
    for index in 0..<networks {
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: 9, index: UInt64(index))
      let jacobian = try network.jacobian(at: [Double](repeating: size, count: 400))
      let values = try jacobian.logSingularValues().logarithms
      zeros += 250 - values.count
      volume += values.reduce(0, +) / 250
      mean += values.reduce(0) { $0 + exp(2 * $1) } / 250
    }
    #expect(abs(Double(zeros) / Double(250 * networks) - spectrum.zeroMass) < 1e-12)
    #expect(abs(volume / Double(networks) / spectrum.volumeRate - 1) < 0.05)
    #expect(abs(mean / Double(networks) / spectrum.mean - 1) < 0.08)
  }
}

/// The full grid: every activation, both ensembles, four depths, at N and 2N.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1"))
struct SpectrumValidation {
  static let cells: [SpectrumCell] = Activation.catalogue.flatMap { activation in
    let length =
      switch activation.name {
      case "sigmoid": 60.0
      case "gelu", "mish": 4.0
      case "silu": 15.0
      default: 0.5
      }
    return ["gaussian", "orthogonal"].flatMap { weights in
      [1, 4, 16, 64].map { depth in
        SpectrumCell(activation: activation, weights: weights, depth: depth, length: length)
      }
    }
  }

  @Test(arguments: cells)
  func histogram(_ cell: SpectrumCell) throws {
    let narrow = try cell.compare(width: 500, networks: 4, bins: 20, seed: 6)
    let wide = try cell.compare(width: 1000, networks: 4, bins: 20, seed: 7)
    print(
      "\(cell): χ² per bin \(narrow.chiSquare) at 500, \(wide.chiSquare) at 1000; "
        + "worst \(narrow.worst), \(wide.worst)")
    // Within four standard errors, or a correction of order 1/N.
    let halves = wide.deviation <= narrow.deviation / 2 + 4 * wide.error
    #expect(wide.worst < 4 || halves, "\(cell): \(narrow), \(wide)")
  }
}
