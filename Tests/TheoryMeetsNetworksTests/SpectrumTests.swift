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
    let (edges, shares) = try cell.theory(bins: 12)
    let found = try cell.histogram(edges: edges, width: 300, networks: 4, seed: 5)
    let result = found.compare(with: shares)
    #expect(result.worst < 4, "\(cell): seed 5, \(result)")
    // The test would notice a wrong factor: the error of a bin is far below its share.
    #expect(shares.allSatisfy { found.independentError($0) < 0.02 })
  }

  /// Rectangular layers and a transient of lengths: mean logarithm, mean and zeros.
  @Test(arguments: ["gaussian", "orthogonal"])
  func shapesThatVary(_ weights: String) throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights, variance: 1.3),
      biases: .gaussian(variance: 0.05))
    let widths = [400, 200, 300, 250]
    let lengths = try MeanField(of: ensemble).lengthMap.iterate(from: 2, layers: 2)
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

  /// In every bin of more than 50 expected counts the histogram deviates by less than four standard
  /// errors, or by half as much at twice the width.
  ///
  /// Errors are those of the scatter between networks, several times below those of independent
  /// values. Where φ′ vanishes the finite network has more zeros than the law, and they come from the
  /// lowest bins: docs/theory/jacobian-spectrum.md, section 9.
  @Test(arguments: cells)
  func histogram(_ cell: SpectrumCell) throws {
    let (edges, shares) = try cell.theory(bins: 20)
    let narrow: SpectrumHistogram
    let wide: SpectrumHistogram
    do {
      narrow = try cell.histogram(edges: edges, width: 400, networks: 8, seed: 6)
      wide = try cell.histogram(edges: edges, width: 800, networks: 4, seed: 7)
    } catch let error as PoiseError where error.code == .outOfRange {
      print("\(cell): not representable, \(error)")
      return
    }
    let (first, second) = (narrow.compare(with: shares), wide.compare(with: shares))
    print(
      "\(cell): χ² per bin \(first.chiSquare) at 400, \(second.chiSquare) at 800; "
        + "worst \(first.worst), \(second.worst)")
    let (before, errors) = (narrow.scatterErrors, wide.scatterErrors)
    let zero = 1 - shares.reduce(0, +)
    let lost = (
      narrow.excessZeros(share: zero, depth: cell.depth),
      wide.excessZeros(share: zero, depth: cell.depth)
    )
    var below = 0.0
    var (missing, expected) = (0.0, 0.0)
    for bin in second.used {
      let (old, new) = (narrow.share(bin) - shares[bin], wide.share(bin) - shares[bin])
      if below < 2 * lost.0 {
        below += shares[bin]
        (missing, expected) = (missing - new, lost.1)
        continue
      }
      let error = (errors[bin] * errors[bin] + before[bin] * before[bin] / 4).squareRoot()
      #expect(
        abs(new) < 4 * errors[bin] || abs(new) < abs(old) / 2 + 4 * error,
        "\(cell), bin \(bin) of share \(shares[bin]): \(old) at 400, \(new) at 800")
    }
    // What the lowest bins miss together is what the zeros have gained.
    #expect(abs(missing - expected) <= 0.5 * expected, "\(cell): \(missing) for \(expected)")
  }
}
