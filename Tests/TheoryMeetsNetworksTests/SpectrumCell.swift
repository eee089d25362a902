import PoiseMeanField
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import PoiseSpectra
import RealModule

/// One comparison of the law of singular values with networks that are really built.
struct SpectrumCell: Sendable, CustomStringConvertible {
  var activation: Activation
  var weights: String
  var depth: Int
  /// q, kept from layer to layer.
  var length: Double

  var description: String { "\(activation) \(weights) depth \(depth) q \(length)" }

  /// Variances that have the length as their fixed point: critical where that is possible.
  func ensemble() throws -> NetworkEnsemble {
    if let point = EdgeOfChaos(activation).point(atLength: length) {
      return try NetworkEnsemble(
        activation: activation, weights: .named(weights, variance: point.weightVariance),
        biases: .gaussian(variance: point.biasVariance))
    }
    let share = 0.9 * length / activation.moments(length: length).valueSquared
    return try NetworkEnsemble(
      activation: activation, weights: .named(weights, variance: share),
      biases: .gaussian(variance: 0.1 * length))
  }

  /// Deviation of the counts of one histogram.
  struct Result {
    /// Largest |observed − expected|/s.e. over bins of at least 50 expected counts.
    var worst = 0.0
    /// Largest |observed − expected| share of all singular values.
    var deviation = 0.0
    /// Standard error of that share.
    var error = 0.0
    /// χ² per bin.
    var chiSquare = 0.0
  }

  /// Bins of equal mass by the theory, zeros in a bin of their own, against counts over networks.
  func compare(width: Int, networks: Int, bins: Int, seed: UInt64) throws -> Result {
    let ensemble = try ensemble()
    let spectrum = try JacobianSpectrum(of: ensemble, depth: depth, length: length)
    let zero = spectrum.zeroMass
    var edges: [Double] = []
    for bin in 1..<bins {
      let share = zero + (1 - zero) * Double(bin) / Double(bins)
      let edge = try 2 * spectrum.quantile(share) + 1e-7
      if let last = edges.last, edge - last < 1e-6 { continue }
      edges.append(edge)
    }
    let above = spectrum.survivals(atLogEigenvalues: edges)
    let shares = zip([1 - zero] + above, above + [0]).map { $0 - $1 }
    let architecture = try Architecture(inputs: width, depth: depth, width: width)
    let size = ((length - ensemble.biasVariance) / ensemble.weightVariance).squareRoot()
    let counts = try parallelMap(count: networks, jobs: 2) {
      [edges] item throws(PoiseError) -> [Int] in
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: seed, index: UInt64(item))
      let input = [Double](repeating: size, count: width)
      let values = try network.jacobian(at: input).logSingularValues().logarithms
      var counts = [Int](repeating: 0, count: edges.count + 1)
      for value in values { counts[edges.firstIndex { 2 * value < $0 } ?? edges.count] += 1 }
      return counts
    }
    let total = Double(width * networks)
    var result = Result()
    var used = 0
    for (bin, share) in shares.enumerated() where share * total > 50 {
      let observed = Double(counts.reduce(0) { $0 + $1[bin] })
      let error = (total * share * max(1 - share, 0.05)).squareRoot()
      let z = abs(observed - total * share) / error
      result.worst = max(result.worst, z)
      result.chiSquare += z * z
      used += 1
      let deviation = abs(observed / total - share)
      if deviation > result.deviation {
        (result.deviation, result.error) = (deviation, error / total)
      }
    }
    result.chiSquare /= Double(max(used, 1))
    return result
  }
}
