import PoiseNumerics

/// What a theory and a network must know of a nonlinearity φ. One conforming type, one file.
///
/// Everything is a plain function of the preactivation x; averages over Gaussian preactivations
/// are offered only where a closed form exists, and are otherwise done by quadrature.
public protocol ActivationFunction: Sendable {
  /// The name on the command line and in records, such as `tanh` or `leaky_relu_0.1`.
  var name: String { get }

  /// φ(x).
  func value(_ x: Double) -> Double
  /// φ′(x); at a slope jump, the mean of the two sides.
  func derivative(_ x: Double) -> Double
  /// ln |φ′(x)|, also where φ′ itself underflows; −∞ where φ is flat.
  func logSlope(_ x: Double) -> Double
  /// The regular part of φ″(x): what `slopeJumps` lists comes on top, as delta functions.
  func secondDerivative(_ x: Double) -> Double

  /// Points where φ, φ′ or φ″ is not smooth, ascending. Quadrature breaks its panels there.
  var kinks: [Double] { get }
  /// Jumps of φ′: (where, φ′(x⁺) − φ′(x⁻)).
  var slopeJumps: [(at: Double, jump: Double)] { get }
  /// lim φ(x)/x for x → −∞ and x → +∞; infinite for faster growth.
  var slopesAtInfinity: (minus: Double, plus: Double) { get }
  /// The slopes (a₋, a₊) if φ(x) = a₊x for x > 0 and a₋x for x < 0, nil otherwise.
  var homogeneousSlopes: (minus: Double, plus: Double)? { get }
  /// Distance of the nearest complex singularity of φ from the real axis, for an analytic φ;
  /// 0 where φ has kinks, nil where it is not known.
  var analyticStrip: Double? { get }

  /// d(x) = φ(x) − φ(0) − φ′(0) x and d′(x) = φ′(x) − φ′(0), without cancellation near x = 0.
  /// The critical bias at small length depends on it (`docs/theory/mean-field.md`).
  func deviation(_ x: Double) -> (value: Double, derivative: Double)

  /// E over u ~ N(0, length) of φ², φ′², φ′⁴ and u φ φ′, in closed form; nil if there is none.
  func closedMoments(length: Double) -> ActivationMoments?
  /// E φ(u_a)φ(u_b) and E φ′(u_a)φ′(u_b) in closed form; nil if there is none.
  func closedPair(_ pair: GaussianPair) -> PairMoments?
  /// E φ(m + s z) and E φ′(m + s z), z ~ N(0, 1), s > 0, in closed form; nil if there is none.
  func closedMean(mean: Double, deviation: Double) -> (value: Double, derivative: Double)?

  /// φ and, if wanted, φ′ of `count` preactivations. `value` may be `x` itself; `derivative` must
  /// not overlap either.
  func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?)
  /// The same in single precision, for training.
  func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?)
}

extension ActivationFunction {
  public func logSlope(_ x: Double) -> Double { _log(abs(derivative(x))) }
  public var kinks: [Double] { [] }
  public var slopeJumps: [(at: Double, jump: Double)] { [] }
  public var homogeneousSlopes: (minus: Double, plus: Double)? { nil }
  public var analyticStrip: Double? { nil }

  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let slope = derivative(0)
    return (value(x) - value(0) - slope * x, derivative(x) - slope)
  }

  public func closedMoments(length: Double) -> ActivationMoments? { nil }
  public func closedPair(_ pair: GaussianPair) -> PairMoments? { nil }
  public func closedMean(mean: Double, deviation: Double) -> (value: Double, derivative: Double)? {
    nil
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    for index in 0..<count {
      let argument = x[index]
      if let derivative { derivative[index] = self.derivative(argument) }
      value[index] = self.value(argument)
    }
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    for index in 0..<count {
      let argument = Double(x[index])
      if let derivative { derivative[index] = Float(self.derivative(argument)) }
      value[index] = Float(self.value(argument))
    }
  }
}

/// Gaussian averages of one activation at one length q, u ~ N(0, q).
public struct ActivationMoments: Sendable, Equatable {
  /// E φ(u)².
  public var valueSquared: Double
  /// μ₁ = E φ′(u)².
  public var slopeSquared: Double
  /// μ₂ = E φ′(u)⁴.
  public var slopeFourth: Double
  /// E u φ(u) φ′(u) / q = d E φ² / dq: the growth of the mean square, right for kinks too.
  public var lengthSlope: Double

  public init(
    valueSquared: Double, slopeSquared: Double, slopeFourth: Double, lengthSlope: Double
  ) {
    self.valueSquared = valueSquared
    self.slopeSquared = slopeSquared
    self.slopeFourth = slopeFourth
    self.lengthSlope = lengthSlope
  }
}

/// E φ(u_a)φ(u_b) and E φ′(u_a)φ′(u_b) for one Gaussian pair.
public struct PairMoments: Sendable, Equatable {
  /// E φ(u_a) φ(u_b).
  public var value: Double
  /// E φ′(u_a) φ′(u_b).
  public var slope: Double

  public init(value: Double, slope: Double) {
    self.value = value
    self.slope = slope
  }
}

/// Two centred Gaussian preactivations: lengths q_a, q_b and the angle θ with correlation cos θ.
///
/// The angle, never the correlation, is stored: near θ = 0 the gap 1 − cos θ keeps all digits.
public struct GaussianPair: Sendable, Equatable {
  /// q_a = E u_a².
  public let lengthA: Double
  /// q_b = E u_b².
  public let lengthB: Double
  /// θ in [0, π].
  public let angle: Double
  /// The gap e = 1 − cos θ in [0, 2], without cancellation.
  public let gap: Double

  public init(lengthA: Double, lengthB: Double, angle: Double) {
    self.lengthA = lengthA
    self.lengthB = lengthB
    self.angle = angle
    let half = _sin(angle / 2)
    gap = 2 * half * half
  }

  /// A pair given by e = 1 − c, accurate down to the smallest gaps.
  public init(lengthA: Double, lengthB: Double, gap: Double) {
    self.lengthA = lengthA
    self.lengthB = lengthB
    self.gap = min(max(gap, 0), 2)
    angle = 2 * _asin(min(1, (self.gap / 2).squareRoot()))
  }

  /// c = cos θ.
  public var correlation: Double { 1 - gap }
  /// k = E u_a u_b.
  public var covariance: Double { (lengthA * lengthB).squareRoot() * correlation }
  /// q_a q_b − k² = q_a q_b sin² θ, without cancellation near θ = 0 and near θ = π, where
  /// e (2 − e) would lose digits.
  public var determinant: Double {
    let sine = _sin(angle)
    return lengthA * lengthB * sine * sine
  }
}
