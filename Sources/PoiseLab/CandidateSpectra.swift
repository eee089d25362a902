import PoiseMeanField
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule

extension Advisor {
  /// Points of the grid of a law that stands beside nine others.
  static let spectrumPoints = 100

  /// The law of the singular values of every candidate; nil beyond depth 1000. One whose slopes all
  /// vanish has none and is left out.
  func spectra(of judged: [Judged]) -> [AdviceResult.Spectrum]? {
    guard question.depth <= 1000 else { return nil }
    let found = parallelMap(count: judged.count, jobs: question.jobs) { index in
      let (candidate, _, ensemble, lengths) = judged[index]
      let curve = try? SpectrumSurvey.curve(
        Self.stationary(ensemble, lengths), points: Self.spectrumPoints)
      return curve.map { AdviceResult.Spectrum(name: candidate.name, curve: $0) }
    }
    return found.compactMap { $0 }
  }

  /// The law of equal layers that has the mean and the relative variance of layers whose lengths
  /// vary: exact where they do not, and many times cheaper where they do.
  ///
  /// E λ is the product of χ₁ and v the sum of the spreads, so the length is that of the mean spread
  /// (it lies between two of the lengths), and the weight variance takes up what is left of E λ.
  static func stationary(
    _ ensemble: NetworkEnsemble, _ lengths: [Double]
  ) throws(PoiseError) -> JacobianSpectrum {
    let first = lengths[0]
    if lengths.allSatisfy({ abs($0 - first) <= 1e-12 * first }) {
      return try JacobianSpectrum(
        of: ensemble, lengths: [Double](repeating: first, count: lengths.count))
    }
    let layers = try lengths.map { (length) throws(PoiseError) in
      try JacobianFluctuations(of: ensemble, atLength: length)
    }
    let spreads = layers.map(\.slopeSpread)
    let mean = spreads.reduce(0, +) / Double(spreads.count)
    let low = lengths[spreads.indices.min { spreads[$0] < spreads[$1] }!]
    let high = lengths[spreads.indices.max { spreads[$0] < spreads[$1] }!]
    var length = first
    if low != high, low > 0, high > 0, spreads.max()! - spreads.min()! > 1e-12 * mean {
      length = .exp(
        try bracketedRoot(from: .log(low), to: .log(high)) { (t) throws(PoiseError) in
          try JacobianFluctuations(of: ensemble, atLength: .exp(t)).slopeSpread - mean
        }.value)
    }
    let logMean = layers.reduce(0) { $0 + .log($1.chi1) } / Double(layers.count)
    let chi1 = try JacobianFluctuations(of: ensemble, atLength: length).chi1
    let variance = ensemble.weightVariance * .exp(logMean) / chi1
    let equal = try NetworkEnsemble(
      activation: ensemble.activation, weights: ensemble.weights.with(variance: variance),
      biases: ensemble.biases)
    return try JacobianSpectrum(
      of: equal, lengths: [Double](repeating: length, count: lengths.count))
  }
}
