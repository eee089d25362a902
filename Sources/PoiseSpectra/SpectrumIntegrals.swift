import ComplexModule
public import PoiseNumerics
import RealModule

extension JacobianSpectrum {
  /// P(λ′ > λ), atoms included: Im E ln(1 − λ′/z)/π at z = λ + i0, in closed form once m is known.
  public func survival(atLogEigenvalue value: Double) -> Double {
    survivals(atLogEigenvalues: [value])[0]
  }

  /// P(λ′ > λ) at many values.
  public func survivals(atLogEigenvalues values: [Double]) -> [Double] {
    distribution(atLogEigenvalues: values).map(\.survival)
  }

  /// P(λ′ > λ), atoms included, and λρ(λ) per unit of ln λ, 0 outside the continuous part: both at
  /// the price of one.
  public func distribution(
    atLogEigenvalues values: [Double]
  ) -> [(survival: Double, density: Double)] {
    let distribution = distributionFunction()
    return values.map(distribution)
  }

  /// One workspace for many calls from one thread.
  private func distributionFunction() -> (Double) -> (survival: Double, density: Double) {
    let atomic = { (value: Double) in
      self.chain.atoms.reduce(0.0) { $0 + ($1.logEigenvalue > value ? $1.mass : 0) }
    }
    if continuousMass == 0 { return { (atomic($0), 0) } }
    if chain.isPushForward {
      let law = PushForward(chain)
      return { (law.survival(at: $0), law.logDensity(at: $0)) }
    }
    let solver = ArcSolver(chain)
    let full = 1 - zeroMass
    let upper = chain.isUniform ? upperEdge(solver.equation) : nil
    return { value in
      if let upper, value >= upper { return (atomic(value), 0) }
      guard value.isFinite, let point = solver.boundary(logEigenvalue: value) else {
        return (value < self.logMean ? full : 0, 0)
      }
      return (
        min(max(solver.equation.potential(point).imaginary / .pi, 0), full),
        Self.density(solver.equation.chain, point)
      )
    }
  }

  /// The value of ln s below which a share `probability` of the singular values lies; −∞ where
  /// these are zeros.
  /// - Throws: `outOfRange` for a share outside 0 to 1.
  public func quantile(_ probability: Double) throws(PoiseError) -> Double {
    try logEigenvalueQuantile(probability) / 2
  }

  func logEigenvalueQuantile(_ probability: Double) throws(PoiseError) -> Double {
    let share = try probability.checked("share of the singular values", in: 0...1)
    if share <= zeroMass, zeroMass > 0 { return -.infinity }
    let distribution = distributionFunction()
    let target = 1 - share
    var high = upperEdge(MasterEquation(chain)) ?? max(logMean, 0)
    if let top = chain.atoms.last?.logEigenvalue { high = max(high, top) }
    high += 1e-9 * max(1, abs(high))
    var reach = 1.0
    while distribution(high).survival > target, reach < 1e6 {
      high += reach
      reach *= 2
    }
    reach = 1
    var low = high - 1
    while distribution(low).survival <= target, reach < 1e7 {
      low -= reach
      reach *= 2
    }
    if reach >= 1e7 { return -.infinity }
    // The survival function falls from above the target at `low` to at most it at `high`, perhaps
    // by a jump: Newton's method, with a bisection wherever it leaves the bracket or is slow.
    var value = (low + high) / 2
    var widths = [Double.infinity, .infinity]
    for _ in 0..<150 where high - low > 1e-13 * max(1, abs(high)) {
      let (survival, density) = distribution(value)
      if survival > target { low = value } else { high = value }
      var next = value + (survival - target) / density
      let isSlow = high - low > widths[0] / 2
      widths = [widths[1], high - low]
      if isSlow && abs(next - value) > (high - low) / 8 || !(next > low && next < high) {
        next = (low + high) / 2
      }
      if abs(next - value) < 1e-14 * max(1, abs(value)) { return next }
      value = next
    }
    return (low + high) / 2
  }

  /// Σ over the law of g(ln λ): atoms above 0, and the continuous part by adaptive quadrature.
  ///
  /// - Parameters:
  ///   - tolerance: absolute error aimed at for g of order 1.
  ///   - g: may grow like any power of λ.
  /// - Returns: without the atom at λ = 0.
  public func integrate(
    tolerance: Double = 1e-10, _ g: (_ logEigenvalue: Double) -> Double
  ) throws(PoiseError) -> Double {
    try integrate(tolerance: tolerance) { [g($0)] }[0]
  }

  /// Several such sums over the same values of the density.
  ///
  /// - Parameter g: always as many numbers.
  public func integrate(
    tolerance: Double = 1e-10, _ g: (_ logEigenvalue: Double) -> [Double]
  ) throws(PoiseError) -> [Double] {
    var sums = g(logMean).map { _ in 0.0 }
    func add(_ values: [Double], times mass: Double) {
      for index in sums.indices { sums[index] += mass * values[index] }
    }
    for atom in chain.atoms { add(g(atom.logEigenvalue), times: atom.mass) }
    guard continuousMass > 0 else { return sums }
    if chain.isPushForward {
      // Its density has inverse square roots inside the support: integrate over f instead.
      let law = SlopeSums(chain.groups[0].law)
      return sums.indices.map { index in law.average { g($0 + self.chain.logScale)[index] } }
    }
    let solver = ArcSolver(chain)
    let edges = self.edges
    let (bottom, top) = try range(edges, tail: tolerance / 100)
    let middle = try logEigenvalueQuantile(1 - 0.5 * continuousMass - (chain.atoms.last?.mass ?? 0))
    let split = min(max(middle, bottom + 0.01 * (top - bottom)), top - 0.01 * (top - bottom))
    // A square root at an edge is analytic in u with ln λ = edge ∓ u².
    let parts: [(edge: Double, sign: Double, length: Double)] = [
      (top, -1, top - split), (bottom, 1, split - bottom),
    ]
    let rule = AdaptiveGauss(tolerance: tolerance / 2)
    for part in parts {
      let values = rule.integrate(from: 0, to: part.length.squareRoot(), count: sums.count) { u in
        let value = part.edge + part.sign * u * u
        let weight = 2 * u * Self.density(solver, at: value, upper: edges.upper)
        return g(value).map { weight * $0 }
      }
      add(values, times: 1)
    }
    return sums
  }

  /// Where the continuous part lies but for a share `tail` at ends that are not sharp.
  private func range(
    _ edges: Edges, tail: Double
  ) throws(PoiseError) -> (bottom: Double, top: Double) {
    let top: Double
    if let upper = edges.upper { top = upper } else { top = try logEigenvalueQuantile(1 - tail) }
    if let lower = edges.lower { return (lower, top) }
    let distribution = distributionFunction()
    let full = 1 - zeroMass
    var reach = 1.0
    while full - distribution(top - reach).survival > tail, reach < 1e7 { reach *= 1.5 }
    return (top - reach, top)
  }

  /// E ln(1 + γλ), the Shannon transform, exact at one point of the negative axis.
  ///
  /// - Parameter logGain: ln γ.
  public func shannonTransform(logGain: Double) -> Double {
    if chain.isPushForward || continuousMass == 0 {
      let atoms = chain.atoms.reduce(0.0) {
        $0 + $1.mass * softplus(logGain + $1.logEigenvalue)
      }
      guard continuousMass > 0 else { return atoms }
      let shift = Double.exp(-logGain - chain.logScale)
      return SlopeSums(chain.groups[0].law).logarithm(Complex(-shift, 0)).real
    }
    let solver = ArcSolver(chain)
    if let point = solver.negative(logEigenvalue: -logGain) {
      return solver.equation.potential(point).real
    }
    // Beyond double precision the law is felt through its first moments only.
    return logGain < -logMean ? .exp(logGain + logMean) : (1 - zeroMass) * logGain + 2 * volumeRate
  }

  private func softplus(_ x: Double) -> Double {
    max(x, 0) + .log(onePlus: .exp(-abs(x)))
  }

  /// E [ln s; s > 0]: the mean logarithm of the singular values, zeros left out but counted in the
  /// number. For square layers without zeros ½ Σ (ln σ_w² + E ln f − 1), without the −1 for
  /// orthogonal weights.
  public var volumeRate: Double {
    if continuousMass == 0 || chain.isPushForward {
      let sums = SlopeSums(chain.groups[0].law)
      if chain.isPushForward {
        return ((1 - zeroMass) * chain.logScale + sums.meanLog()) / 2
      }
      return chain.atoms.reduce(0.0) { $0 + $1.mass * $1.logEigenvalue } / 2
    }
    let equation = MasterEquation(chain)
    if chain.isUniform { return uniformVolumeRate(equation) }
    // Ψ − m ln z differs from its value at m = −M by ∫ ln z dm, which is exponentially small.
    for distance in [250.0, 120, 60, 36] {
      if let point = equation.point(Complex(distance, 0), near: nil) {
        return (equation.potential(point).real - point.moment.real * point.logZ.real) / 2
      }
    }
    return -.infinity
  }

  private func uniformVolumeRate(_ equation: MasterEquation) -> Double {
    let (group, zero) = (chain.groups[0], zeroMass)
    let (n, share) = (Double(group.count), 1 - zero)
    let mean = equation.sums[0].meanLog()
    let power = chain.powers.first?.power ?? 0
    let logZero = zero > 0 ? Double.log(zero) : 0
    // The limit w → 0 of Ψ − m ln |z|: m = −(1 − p₀), E ln(1 − f/w) = E ln f − (1 − p₀) ln w.
    let limit = (1 - n - power) * share - power * logZero + n * mean
    return
      (limit + share * ((n - 1) * .log(share) + power * logZero + chain.logScale)) / 2
  }
}

/// Gauss-Legendre panels that are halved until 16 points and twice 16 points agree for all of several
/// integrands, or differ by no more than the rounding of deep chains.
struct AdaptiveGauss {
  let tolerance: Double

  func integrate(
    from lower: Double, to upper: Double, count: Int, _ f: (Double) -> [Double]
  ) -> [Double] {
    func panel(_ a: Double, _ b: Double) -> [Double] {
      let rule = GaussLegendre.sixteen
      let (half, middle) = ((b - a) / 2, (a + b) / 2)
      var sums = [Double](repeating: 0, count: count)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let values = f(middle + half * node)
        for index in 0..<count { sums[index] += half * weight * values[index] }
      }
      return sums
    }
    var totals = [Double](repeating: 0, count: count)
    let start = 8
    var stack = (0..<start).map { index -> (a: Double, b: Double, whole: [Double], level: Int) in
      let (a, b) = (
        lower + (upper - lower) * Double(index) / Double(start),
        lower + (upper - lower) * Double(index + 1) / Double(start)
      )
      return (a, b, panel(a, b), 0)
    }
    let sizes = (0..<count).map { index in abs(stack.reduce(0) { $0 + $1.whole[index] }) }
    while let (a, b, whole, level) = stack.popLast() {
      let middle = (a + b) / 2
      let (left, right) = (panel(a, middle), panel(middle, b))
      let isFine = (0..<count).allSatisfy { index in
        let difference = abs(left[index] + right[index] - whole[index])
        return difference <= tolerance / 8 * max(1, sizes[index])
          || difference <= 1e-11 * abs(whole[index])
      }
      if isFine || level >= 20 {
        for index in 0..<count { totals[index] += left[index] + right[index] }
      } else {
        stack.append((a, middle, left, level + 1))
        stack.append((middle, b, right, level + 1))
      }
    }
    return totals
  }
}
