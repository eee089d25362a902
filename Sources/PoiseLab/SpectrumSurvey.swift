import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import PoiseSpectra
import RealModule

/// Jacobian spectra for records.
public enum SpectrumSurvey {
  /// Shares at which quantiles are given.
  static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  /// The law at one depth.
  ///
  /// - Parameters:
  ///   - depth: factors D W, 1 to 1000.
  ///   - inputMeanSquare: |x|²/N₀ of the inputs, from which the lengths run through the layers; nil
  ///     to stay at the fixed point.
  ///   - widths: N₀ … N_L, or nil for equal widths.
  ///   - points: points of the grid, at least 2.
  /// - Throws: `outOfRange`; `shapeMismatch`; `noAnswer` where lengths diverge and no input was given.
  public static func curve(
    _ ensemble: NetworkEnsemble, depth: Int, inputMeanSquare: Double? = nil, widths: [Int]? = nil,
    points: Int = 400
  ) throws(PoiseError) -> SpectrumResult.Curve {
    guard (1...1000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 1000 hidden layers")
    }
    guard (2...100_000).contains(points) else {
      throw PoiseError(
        .outOfRange, quantity: "points", value: "\(points)", allowed: "2 to 100000")
    }
    let spectrum = try spectrum(ensemble, depth, inputMeanSquare, widths)
    return try curve(spectrum, points: points)
  }

  /// A law in numbers.
  static func curve(
    _ spectrum: JacobianSpectrum, points: Int
  ) throws(PoiseError) -> SpectrumResult.Curve {
    let edges = spectrum.edges
    let grid = try grid(spectrum, edges, points: points)
    let hasDensity = spectrum.continuousMass > 0
    let distribution = spectrum.distribution(atLogEigenvalues: grid.map { 2 * $0 })
    var quantiles: [SpectrumResult.Quantile] = []
    for share in shares {
      let value = try spectrum.quantile(share)
      quantiles.append(.init(share: share, logSingularValue: value.isFinite ? value : nil))
    }
    let missing = hasDensity ? nil : "no continuous part"
    let first = spectrum.lengths[0]
    let isConstant = spectrum.lengths.allSatisfy { $0 == first }
    return SpectrumResult.Curve(
      depth: spectrum.depth, lengths: isConstant ? [first] : spectrum.lengths,
      widths: spectrum.widths, logMean: spectrum.logMean,
      relativeVariance: spectrum.relativeVariance,
      zeroMass: spectrum.zeroMass,
      atoms: spectrum.atoms.filter { $0.logEigenvalue.isFinite }.map {
        .init(logSingularValue: $0.logEigenvalue / 2, mass: $0.mass)
      },
      lowerEdge: edges.lower.map { $0 / 2 },
      lowerEdgeCase: edges.lower == nil ? missing ?? "reaches zero" : nil,
      upperEdge: edges.upper.map { $0 / 2 },
      upperEdgeCase: edges.upper == nil ? missing ?? "unbounded" : nil,
      volumeRate: spectrum.volumeRate, quantiles: quantiles, logSingularValues: grid,
      density: distribution.map { 2 * $0.density }, survival: distribution.map(\.survival))
  }

  static func spectrum(
    _ ensemble: NetworkEnsemble, _ depth: Int, _ inputMeanSquare: Double?, _ widths: [Int]? = nil
  ) throws(PoiseError) -> JacobianSpectrum {
    guard let inputMeanSquare else {
      let alike = try JacobianSpectrum(of: ensemble, depth: depth)
      guard let widths else { return alike }
      return try JacobianSpectrum(of: ensemble, lengths: alike.lengths, widths: widths)
    }
    let square = try inputMeanSquare.checked("input mean square", in: 0...1e8)
    let first = ensemble.weightVariance * square + ensemble.biasVariance
    let lengths = try MeanField(of: ensemble).lengthMap.iterate(from: first, layers: depth - 1)
    return try JacobianSpectrum(of: ensemble, lengths: lengths, widths: widths)
  }

  /// A grid that holds all but 10⁻⁴ of the mass below, and the upper edge.
  private static func grid(
    _ spectrum: JacobianSpectrum, _ edges: JacobianSpectrum.Edges, points: Int
  ) throws(PoiseError) -> [Double] {
    let upper =
      max(
        edges.upper ?? spectrum.logMean + 4 + .log(1 + spectrum.relativeVariance),
        spectrum.atoms.last?.logEigenvalue ?? -.infinity) / 2
    let tail = spectrum.zeroMass + (1 - spectrum.zeroMass) * 1e-3
    var lower = try spectrum.quantile(min(tail, 1))
    if !lower.isFinite { lower = upper - 5 }
    if let edge = edges.lower { lower = max(edge / 2, lower) }
    let margin = 0.03 * max(upper - lower, 0.1)
    let (low, high) = (lower - margin, upper + margin)
    return (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
  }
}
