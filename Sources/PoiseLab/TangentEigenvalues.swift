public import PoiseModel
import PoiseNetworks
public import PoiseNumerics

/// Largest eigenvalues of the empirical tangent kernel on a batch, which bound the rate of learning:
/// means over a few networks of the ensemble.
///
/// For deep rectifiers they differ by factors from network to network, and a rate has to suit those with
/// the large ones, which rule a mean.
public struct TangentEigenvalues: Sendable {
  /// λ_max for squared loss.
  public let squared: Double
  /// λ_max for cross-entropy at the start.
  public let crossEntropy: Double

  /// Rows of the data that are enough: the eigenvalues are within some percent of those of many.
  static let rows = 64
  /// Networks over which eigenvalues are averaged.
  private static let networks = 4

  /// - Parameters:
  ///   - inputs: (sample × input), of which the first ``rows`` count.
  /// - Returns: nil where the kernel overflows or vanishes.
  public init?(
    of ensemble: NetworkEnsemble, architecture: Architecture, inputs: Matrix<Double>,
    seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    let batch = inputs.selecting(rows: Array(0..<min(Self.rows, inputs.rows)))
    // The peak of one kernel may be hundreds of megabytes: as many at once as fit 400.
    let needed = EmpiricalNTK.memory(architecture, samples: batch.rows)
    let jobs = max(1, min(jobs, (400 << 20) / max(needed, 1)))
    let values = parallelMap(count: Self.networks, jobs: jobs) { index -> (Double, Double)? in
      // Networks apart from those of checks and of training.
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: seed, index: UInt64(index) | (1 << 40)
      )
      guard let kernel = try? EmpiricalNTK(of: network, inputs: batch) else { return nil }
      return (
        kernel.largestEigenvalue(.squared).value,
        kernel.largestEigenvalue(.crossEntropy, tolerance: 1e-4).value
      )
    }
    let found = values.compactMap { $0 }
    guard found.count == values.count, found.allSatisfy({ $0.0 > 0 && $0.0.isFinite }) else {
      return nil
    }
    let count = Double(found.count)
    squared = found.reduce(0) { $0 + $1.0 } / count
    crossEntropy = found.reduce(0) { $0 + max($1.1, 0) } / count
  }

  /// The rate below which descent is stable, 2/λ_max, for SGD without momentum.
  ///
  /// For an odd saturating φ the squared-loss eigenvalue limits the rate for cross-entropy too, as
  /// training showed (`docs/theory/recommendation.md`).
  public func rate(usesSquared: Bool) -> Double {
    2 / (usesSquared || crossEntropy <= 0 ? squared : crossEntropy)
  }
}

extension Activation {
  /// Whether φ saturates at both ends and is odd.
  var isSaturatingOdd: Bool {
    let (minus, plus) = function.slopesAtInfinity
    return minus == 0 && plus == 0
      && [0.3, 1.7, 6].allSatisfy { Swift.abs(function.value($0) + function.value(-$0)) < 1e-12 }
  }
}
