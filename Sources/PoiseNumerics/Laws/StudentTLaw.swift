import RealModule

/// Student's t with location, scale and ν degrees of freedom:
/// f(x) = Γ((ν + 1)/2)/(Γ(ν/2) √(νπ) s) (1 + z²/ν)^(−(ν + 1)/2), z = (x − m)/s.
public struct StudentTLaw: ContinuousLaw, Equatable {
  public static let name = "Student t"
  /// Centre of symmetry.
  public let location: Double
  /// Scale, above 0.
  public let scale: Double
  /// ν, above 0.
  public let degreesOfFreedom: Double

  /// ν of a fit stays within these; at the upper one the law is the Gaussian up to 1e-4.
  public static let fittedDegrees = 0.05...1e4

  public init(location: Double = 0, scale: Double = 1, degreesOfFreedom: Double) {
    precondition(scale > 0 && scale.isFinite && degreesOfFreedom > 0 && location.isFinite)
    self.location = location
    self.scale = scale
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The law of largest likelihood, searched in (m, ln s, ln ν) with analytic scores.
  ///
  /// - Parameter start: where to begin; nil for quantiles of the sample.
  /// - Throws: `notConverged`.
  public init(
    fitting sample: RealSample, from start: StudentTLaw? = nil, jobs: Int = 1
  ) throws(PoiseError) {
    let half = sample.halfQuartileRange
    let first =
      start
      ?? StudentTLaw(
        location: sample.quantile(0.5), scale: half / 0.75, degreesOfFreedom: 4)
    let degrees = Self.fittedDegrees
    let maximizer = LikelihoodMaximizer(
      lower: [-.infinity, .log(half) - 30, .log(degrees.lowerBound)],
      upper: [.infinity, .log(half) + 30, .log(degrees.upperBound)],
      stepLimit: [first.scale, 0.5, 1], differenceStep: [1e-3 * first.scale, 1e-3, 1e-3])
    let outcome = try maximizer.maximize(
      from: [first.location, .log(first.scale), .log(first.degreesOfFreedom)]
    ) { (p: [Double]) throws(PoiseError) in
      StudentTLaw(location: p[0], scale: .exp(p[1]), degreesOfFreedom: .exp(p[2]))
        .likelihood(sample.sorted, jobs: jobs)
    }
    guard outcome.converged else {
      throw PoiseError(
        .notConverged, quantity: "fit of Student's t",
        value: "\(outcome.iterations) iterations", allowed: "a maximum of the likelihood")
    }
    self.init(
      location: outcome.parameters[0], scale: .exp(outcome.parameters[1]),
      degreesOfFreedom: .exp(outcome.parameters[2]))
  }

  public var parameterCount: Int { 3 }
  public var centre: Double { location }
  public var width: Double { scale }

  /// Whether ν is so large that the law is Gaussian for any sample.
  public var isGaussianLimit: Bool {
    degreesOfFreedom >= 0.999 * Self.fittedDegrees.upperBound
  }

  private var logNorm: Double {
    let half = degreesOfFreedom / 2
    // ln Γ(h + 1/2) − ln Γ(h) = ln(h)/2 − 1/(8h) + 1/(192h³) − … where the difference would cancel.
    let ratio =
      half > 50
      ? 0.5 * .log(half) - 0.125 / half + 1 / (192 * half * half * half)
      : Double.logGamma(half + 0.5) - Double.logGamma(half)
    return ratio - 0.5 * .log(degreesOfFreedom * .pi) - .log(scale)
  }

  public func logDensities(_ xs: [Double], jobs: Int = 1) -> [Double] {
    let constant = logNorm
    let power = -(degreesOfFreedom + 1) / 2
    let factor = 1 / (scale * degreesOfFreedom.squareRoot())
    return VectorMath.log(
      xs.map { x in
        let y = (x - location) * factor
        return 1 + y * y
      }
    ).map { constant + power * $0 }
  }

  public func tails(_ x: Double) -> (lower: Double, upper: Double) {
    let z = (x - location) / scale
    let beyond = StudentT.twoSidedTail(abs(z), degreesOfFreedom: degreesOfFreedom) / 2
    return z > 0 ? (1 - beyond, beyond) : (beyond, 1 - beyond)
  }

  /// Bailey's polar form of Box and Muller: √(ν (U^(−2/ν) − 1)) cos 2πV.
  public func sample(count: Int, from stream: inout RandomStream) -> [Double] {
    var radii = [Double](repeating: 0, count: count)
    radii.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    var angles = [Double](repeating: 0, count: count)
    angles.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    let cosines = VectorMath.cos(angles.map { 2 * .pi * $0 })
    let logs = VectorMath.log(radii)
    return (0..<count).map { i in
      let square = degreesOfFreedom * Double.expMinusOne(-2 * logs[i] / degreesOfFreedom)
      return location + scale * square.squareRoot() * cosines[i]
    }
  }

  /// lnL, its gradient in (m, ln s, ln ν) and Σ s sᵀ. With w = (ν + 1)/(ν + z²):
  ///
  ///     ∂m = w z/s,  ∂ln s = w z² − 1,
  ///     ∂ln ν = (ν/2) (ψ((ν + 1)/2) − ψ(ν/2) − 1/ν − ln(1 + z²/ν) + w z²/ν)
  func likelihood(_ xs: [Double], jobs: Int) -> LikelihoodPoint {
    let nu = degreesOfFreedom
    let constant = logNorm
    let digammas = Digamma.value((nu + 1) / 2) - Digamma.value(nu / 2) - 1 / nu
    let block = 8192
    let parts = parallelMap(count: (xs.count + block - 1) / block, jobs: jobs) { index in
      let range = index * block..<min(xs.count, (index + 1) * block)
      let zs = xs[range].map { ($0 - location) / scale }
      let logs = VectorMath.log(zs.map { 1 + $0 * $0 / nu })
      var sum = [Double](repeating: 0, count: 10)
      for (z, log) in zip(zs, logs) {
        let w = (nu + 1) / (nu + z * z)
        let a = w * z / scale
        let b = w * z * z - 1
        let c = nu / 2 * (digammas - log + w * z * z / nu)
        sum[0] -= log
        sum[1] += a
        sum[2] += b
        sum[3] += c
        sum[4] += a * a
        sum[5] += a * b
        sum[6] += a * c
        sum[7] += b * b
        sum[8] += b * c
        sum[9] += c * c
      }
      return sum
    }
    var s = [Double](repeating: 0, count: 10)
    for part in parts { for k in 0..<10 { s[k] += part[k] } }
    return LikelihoodPoint(
      value: Double(xs.count) * constant + (nu + 1) / 2 * s[0], gradient: [s[1], s[2], s[3]],
      scoreSquares: [s[4], s[5], s[6], s[5], s[7], s[8], s[6], s[8], s[9]])
  }
}
