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

  /// Bins of about equal mass by the theory, and the share that theory puts into each.
  func theory(bins: Int) throws -> (edges: [Double], shares: [Double]) {
    let spectrum = try JacobianSpectrum(of: ensemble(), depth: depth, length: length)
    let zero = spectrum.zeroMass
    var edges: [Double] = []
    for bin in 1..<bins {
      let share = zero + (1 - zero) * Double(bin) / Double(bins)
      // Above an atom, whose values are equal but for rounding.
      let edge = try 2 * spectrum.quantile(share) + 1e-7
      if let last = edges.last, edge - last < 1e-6 { continue }
      edges.append(edge)
    }
    let above = spectrum.survivals(atLogEigenvalues: edges)
    return (edges, zip([1 - zero] + above, above + [0]).map { $0 - $1 })
  }

  /// Counts of the singular values of networks in bins of ln λ.
  func histogram(
    edges: [Double], width: Int, networks: Int, seed: UInt64
  ) throws -> SpectrumHistogram {
    let ensemble = try ensemble()
    let architecture = try Architecture(inputs: width, depth: depth, width: width)
    let size = ((length - ensemble.biasVariance) / ensemble.weightVariance).squareRoot()
    let counts = try parallelMap(count: networks, jobs: 2) {
      item throws(PoiseError) -> [Int] in
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: seed, index: UInt64(item))
      let input = [Double](repeating: size, count: width)
      let values = try network.jacobian(at: input).logSingularValues().logarithms
      var counts = [Int](repeating: 0, count: edges.count + 1)
      for value in values { counts[edges.firstIndex { 2 * value < $0 } ?? edges.count] += 1 }
      return counts
    }
    return SpectrumHistogram(width: width, counts: counts)
  }
}

/// Counts of singular values per network and bin.
struct SpectrumHistogram {
  let width: Int
  /// One row per network.
  let counts: [[Int]]

  var networks: Int { counts.count }
  var bins: Int { counts[0].count }

  /// Mean share of all singular values in a bin.
  func share(_ bin: Int) -> Double {
    Double(counts.reduce(0) { $0 + $1[bin] }) / Double(networks * width)
  }

  /// Standard error of the share if every value fell by itself. Singular values repel one another:
  /// their counts scatter less.
  func independentError(_ expected: Double) -> Double {
    (expected * max(1 - expected, 0.05) / Double(networks * width)).squareRoot()
  }

  /// Standard errors of the shares from the scatter between networks. Each bin has few networks, so
  /// its variance is averaged with that of all bins; one count is the least there can be.
  var scatterErrors: [Double] {
    let variances = (0..<bins).map { bin -> Double in
      var moments = RunningMoments()
      for row in counts { moments.add(Double(row[bin]) / Double(width)) }
      return (moments.variance ?? 0) / Double(networks)
    }
    let pooled = variances.reduce(0, +) / Double(bins)
    let grain = 1 / Double(networks * width)
    return variances.map { max((($0 + pooled) / 2).squareRoot(), grain) }
  }

  /// How many more zeros than p₀ a network of this width has: the rank is that of the layer with the
  /// fewest active units, and their number scatters by √(p₀(1 − p₀)/N). The mean of the largest of L
  /// normal numbers, ∫ (1 − Φᴸ) over z > 0 less ∫ Φᴸ over z < 0, times that.
  func excessZeros(share: Double, depth: Int) -> Double {
    guard share > 1e-12, share < 1 - 1e-12, depth > 1 else { return 0 }
    let step = 1e-3
    let largest = (-8000..<8000).reduce(0.0) { sum, index in
      let z = (Double(index) + 0.5) * step
      let power = Double.pow(0.5 * .erfc(-z / 2.0.squareRoot()), Double(depth))
      return sum + (z > 0 ? 1 - power : -power) * step
    }
    return largest * (share * (1 - share) / Double(width)).squareRoot()
  }

  /// χ² per bin of at least 50 expected counts, and the largest deviation in standard errors.
  func compare(with theory: [Double]) -> (chiSquare: Double, worst: Double, used: [Int]) {
    let used = theory.indices.filter { theory[$0] * Double(networks * width) > 50 }
    let z = used.map { abs(share($0) - theory[$0]) / independentError(theory[$0]) }
    return (
      z.reduce(0) { $0 + $1 * $1 } / Double(max(used.count, 1)), z.max() ?? 0, used
    )
  }
}
