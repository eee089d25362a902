import PoiseModel
public import PoiseNumerics
public import PoiseSpectra
import RealModule

/// The network linearised at one input, y = J x + N(0, s): the information is the Shannon transform of
/// the squared singular values of J.
///
///     I/n = ½ E ln(1 + snr λ),   snr = σ_x²/s
///
/// At a given mean squared gain χ_tot = E λ it is at most ½ ln(1 + snr χ_tot), reached if and only if
/// all λ are equal (Jensen): dynamical isometry is optimal *under that constraint*. Without it a larger
/// gain always wins.
public struct LinearisedChannel: Sendable {
  /// The law of the squared singular values of J.
  public let spectrum: JacobianSpectrum
  /// snr = σ_x²/s.
  public let signalToNoise: Double
  /// I/n.
  public let information: Information

  /// - Throws: `outOfRange` for a ratio outside 1e-12 to 1e12.
  public init(_ spectrum: JacobianSpectrum, signalToNoise: Double) throws(PoiseError) {
    self.spectrum = spectrum
    self.signalToNoise = try signalToNoise.checked("signal-to-noise ratio", in: 1e-12...1e12)
    information = Information(
      nats: 0.5 * spectrum.shannonTransform(logGain: .log(signalToNoise)))
  }

  /// ½ ln(1 + snr χ_tot): what equal singular values of the same mean square would carry.
  public var isometricCapacity: Information {
    let exponent = Double.log(signalToNoise) + spectrum.logMean
    return Information(nats: 0.5 * (max(exponent, 0) + .log(onePlus: .exp(-abs(exponent)))))
  }

  /// I over the isometric capacity: 1 at dynamical isometry.
  public var efficiency: Double { information.nats / isometricCapacity.nats }
}

extension NetworkChannel {
  /// The channel linearised at a typical input, J = D^L W^L … D¹W¹ with lengths that start at that of
  /// the input.
  ///
  /// - Parameter depth: factors D W.
  /// - Throws: `outOfRange`; `noAnswer` where φ′ vanishes everywhere.
  public func linearised(depth: Int) throws(PoiseError) -> LinearisedChannel {
    try checked(layer: depth)
    let lengths = try variances(noiseVariances(toLayer: depth)).map(\.total)
    return try LinearisedChannel(
      JacobianSpectrum(of: ensemble, lengths: lengths),
      signalToNoise: inputs.variance / noise.variance)
  }
}
