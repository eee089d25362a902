import PoiseNumerics
import RealModule

/// A nonlinearity given by closures. Gaussian averages are done by quadrature.
///
/// Name every kink: quadrature and spectra break their panels there. Two activations are equal when
/// their names are, so give different functions different names.
public struct CustomActivation: ActivationFunction {
  public let name: String
  public let kinks: [Double]
  public let slopeJumps: [(at: Double, jump: Double)]
  public let slopesAtInfinity: (minus: Double, plus: Double)

  private let valueAt: @Sendable (Double) -> Double
  private let derivativeAt: @Sendable (Double) -> Double
  private let secondDerivativeAt: (@Sendable (Double) -> Double)?

  /// - Parameters:
  ///   - secondDerivative: φ″ without delta functions; differences of φ′ if not given.
  ///   - kinks: points where φ, φ′ or φ″ is not smooth; those of `slopeJumps` are added.
  ///   - slopesAtInfinity: lim φ(x)/x; estimated from |x| up to 1e12 if not given.
  public init(
    name: String, value: @escaping @Sendable (Double) -> Double,
    derivative: @escaping @Sendable (Double) -> Double,
    secondDerivative: (@Sendable (Double) -> Double)? = nil, kinks: [Double] = [],
    slopeJumps: [(at: Double, jump: Double)] = [],
    slopesAtInfinity: (minus: Double, plus: Double)? = nil
  ) {
    self.name = name
    valueAt = value
    derivativeAt = derivative
    secondDerivativeAt = secondDerivative
    self.kinks = Set(kinks + slopeJumps.map(\.at)).sorted()
    self.slopeJumps = slopeJumps.sorted { $0.at < $1.at }
    self.slopesAtInfinity =
      slopesAtInfinity
      ?? (Self.estimatedSlope(value, direction: -1), Self.estimatedSlope(value, direction: 1))
  }

  public func value(_ x: Double) -> Double { valueAt(x) }
  public func derivative(_ x: Double) -> Double { derivativeAt(x) }

  /// The closure if given; otherwise differences of φ′ extrapolated once, error about 1e-10 for φ
  /// of unit scale; one-sided where a kink is close (error about 1e-5 φ‴), the mean of both sides
  /// on a kink.
  public func secondDerivative(_ x: Double) -> Double {
    if let secondDerivativeAt { return secondDerivativeAt(x) }
    let step = 1e-3 * max(1, abs(x))
    guard let kink = kinks.min(by: { abs($0 - x) < abs($1 - x) }), abs(kink - x) <= step else {
      let near = (derivativeAt(x + step / 2) - derivativeAt(x - step / 2)) / step
      let far = (derivativeAt(x + step) - derivativeAt(x - step)) / (2 * step)
      return (4 * near - far) / 3
    }
    // A centred difference on each side that is wanted, its points inside the smooth piece.
    let small = step * 1e-2
    let sides = kink == x ? [-1.0, 1.0] : [x < kink ? -1.0 : 1.0]
    let bends = sides.map { side -> Double in
      let center = kink == x ? x + side * 2 * small : x + side * small
      return (derivativeAt(center + small / 2) - derivativeAt(center - small / 2)) / small
    }
    return bends.reduce(0, +) / Double(bends.count)
  }

  /// The secant slope of φ over (X, 2X) at X = 1e4, 1e8, 1e12: its limit if the last two agree,
  /// infinite if it grows, 0 if it falls.
  private static func estimatedSlope(
    _ value: (Double) -> Double, direction: Double
  ) -> Double {
    let slopes = [1e4, 1e8, 1e12].map { size in
      (value(2 * direction * size) - value(direction * size)) / (direction * size)
    }
    let (middle, last) = (slopes[1], slopes[2])
    if last.isFinite, abs(last - middle) <= 1e-3 * max(abs(last), 1e-3) {
      return abs(last) < 1e-6 ? 0 : last
    }
    if last.isFinite, abs(last) < abs(middle) { return 0 }
    // Overflow of φ itself shows as ∞ − ∞; the sign is that of the last finite secant.
    let sign = slopes.last { $0.isFinite } ?? 1
    return sign < 0 ? -.infinity : .infinity
  }
}
