import RealModule

extension StableLaw {
  /// Derivatives of ln f in S0, the parameterization in which f is smooth.
  public struct Score: Sendable, Equatable {
    /// ∂ ln f/∂x.
    public var x: Double
    /// ∂ ln f/∂α, at fixed S0 location; at α = 2 the one-sided limit.
    public var alpha: Double
    /// ∂ ln f/∂β; 0 at α = 2.
    public var beta: Double
    /// ∂ ln f/∂ ln c.
    public var logScale: Double
    /// ∂ ln f/∂μ₀ = −∂ ln f/∂x.
    public var location: Double
  }

  /// The score at x, a point of the support.
  ///
  /// - Accuracy: analytic, measured in `docs/numerics/stable.md`; differences of the accurate density at
  ///   |β| > 0.999, about 1e-8, and at α = 2, about 1e-6.
  public func score(_ x: Double) -> Score { scores([x])[0] }

  /// Scores of many points; the same bits for any `jobs`.
  public func scores(_ xs: [Double], jobs: Int = 1) -> [Score] {
    let scorer = StableScorer(standard)
    let chunk = 256
    let pieces = parallelMap(count: (xs.count + chunk - 1) / chunk, jobs: jobs) {
      (piece: Int) throws(Never) -> [Score] in
      xs[piece * chunk..<min(xs.count, (piece + 1) * chunk)].map { x in
        let place = standardized(x)
        let s = scorer.score(place.x, y: place.y)
        return Score(
          x: s.x / scale, alpha: s.alpha, beta: s.beta, logScale: -1 - place.x * s.x,
          location: -s.x / scale)
      }
    }
    return pieces.flatMap { $0 }
  }
}

/// Scores of a standard law: each formula of the density differentiated where it serves.
///
/// At |β| > 0.999 the ends of Zolotarev's path move with the parameters, and ln f, accurate to 1e-12,
/// is differenced instead; at α = 2 the derivative is one-sided, and differenced too.
struct StableScorer: Sendable {
  private let law: StandardStable
  private let positive, negative: Side?
  /// Laws at α and β displaced, with the displacements, for differences.
  private let stencils: [(law: StandardStable, weight: Double)]
  private let skews: [(law: StandardStable, weight: Double)]
  private static let mostSkew = 0.999

  /// The formulas of one side.
  private struct Side: Sendable {
    let half: StandardStable.Half
    let series: StableSeriesScore
    let nodes: ZolotarevNodes.Derivatives?
    let near: NearOneScore?
    let contours: ContourScores

    init(_ half: StandardStable.Half, isNearOne: Bool) {
      self.half = half
      series = StableSeriesScore(half.side, half.series)
      nodes = isNearOne ? nil : half.nodes?.derivatives()
      near = isNearOne ? half.nodes.map { NearOneScore($0) } : nil
      contours = ContourScores(half.side)
    }

    /// At y = x − ζ ≥ 0 away from the contour.
    func score(_ x: Double, _ y: Double) -> (x: Double, alpha: Double, beta: Double)? {
      if y >= half.series.tailFrom { return series.tail(y) }
      if y <= half.series.centreTo { return series.centre(y) }
      guard let near else { return nodes?.score(y) }
      // 1/y cancels at ζ: cubic continuation from its neighbourhood.
      let h = 1e-3
      guard y < h else { return near.score(x) }
      let s = y / h
      var sum = (x: 0.0, alpha: 0.0, beta: 0.0)
      for i in 1...4 {
        var weight = 1.0
        for j in 1...4 where j != i { weight *= (s - Double(j)) / Double(i - j) }
        let one = near.score(x - y + h * Double(i))
        sum.x += weight * one.x
        sum.alpha += weight * one.alpha
        sum.beta += weight * one.beta
      }
      return sum
    }
  }

  init(_ law: StandardStable) {
    self.law = law
    let (a, b) = (law.alpha, law.beta)
    guard a == 2 || abs(b) > Self.mostSkew else {
      positive = Side(law.half(positive: true), isNearOne: law.isNearOne)
      negative = b == 0 ? positive : Side(law.half(positive: false), isNearOne: law.isNearOne)
      (stencils, skews) = ([], [])
      return
    }
    (positive, negative) = (nil, nil)
    let room = min(2 - a, a / 4)
    stencils =
      a == 2
      ? Self.stencil(1e-4, oneSided: -1).map { (StandardStable(alpha: 2 + $0.0, beta: 0), $0.1) }
      : Self.stencil(min(2e-3, room / 8), oneSided: 0).map {
        (StandardStable(alpha: a + $0.0, beta: b), $0.1)
      }
    skews =
      a == 2
      ? []
      : Self.stencil(2e-3, oneSided: b > 0 ? -1 : 1).map {
        (StandardStable(alpha: a, beta: b + $0.0), $0.1)
      }
  }

  /// Displacements and weights of a fourth-order first derivative.
  private static func stencil(_ h: Double, oneSided: Double) -> [(Double, Double)] {
    let central: [(Double, Double)] = [(-2, 1), (-1, -8), (1, 8), (2, -1)]
    let ahead: [(Double, Double)] = [(0, -25), (1, 48), (2, -36), (3, 16), (4, -3)]
    let direction = oneSided == 0 ? 1 : oneSided
    let (reach, weight) = (h * direction, direction / (12 * h))
    var points: [(Double, Double)] = []
    for (place, factor) in oneSided == 0 ? central : ahead {
      points.append((place * reach, factor * weight))
    }
    return points
  }

  /// ∂ ln f by x, α and β at the S0 abscissa x; `given` = x − ζ if it is known better.
  func score(_ x: Double, y given: Double?) -> (x: Double, alpha: Double, beta: Double) {
    guard let positive, let negative else {
      return law.alpha == 2 ? gaussian(x) : differenced(x)
    }
    func mirrored(_ s: (x: Double, alpha: Double, beta: Double), _ isLeft: Bool) -> (
      x: Double, alpha: Double, beta: Double
    ) {
      isLeft ? (-s.x, s.alpha, -s.beta) : s
    }
    let contour = x < 0 ? negative : positive
    if law.isNearOne, abs(x) >= contour.half.contourFrom {
      return mirrored(contour.contours.of(abs(x)).score(abs(x)), x < 0)
    }
    let y = given ?? law.centred(x)
    let side = y < 0 ? negative : positive
    guard let s = side.score(y < 0 ? -x : x, abs(y)) else { return (0, 0, 0) }
    return mirrored(s, y < 0)
  }

  /// ln f with its derivatives by x, α and β.
  func point(_ x: Double) -> SIMD4<Double> {
    let s = score(x, y: nil)
    return SIMD4(law.values(x, densityOnly: true).logDensity, s.x, s.alpha, s.beta)
  }

  private func differenced(_ x: Double) -> (x: Double, alpha: Double, beta: Double) {
    func log(_ law: StandardStable, _ x: Double) -> Double {
      law.values(x, densityOnly: true).logDensity
    }
    let h = 2e-3 * max(law.middle.width, abs(law.isNearOne ? x : law.centred(x)))
    let slope = Self.stencil(h, oneSided: 0).reduce(0.0) { $0 + $1.1 * log(law, x + $1.0) }
    return (
      slope, stencils.reduce(0.0) { $0 + $1.weight * log($1.law, x) },
      skews.reduce(0.0) { $0 + $1.weight * log($1.law, x) }
    )
  }

  /// f is smooth in α up to 2, ln f is not far out: difference f, relative to f(2).
  private func gaussian(_ x: Double) -> (x: Double, alpha: Double, beta: Double) {
    let reference = law.values(x).logDensity
    let logs = stencils.map { $0.law.values(x, densityOnly: true).logDensity - reference }
    let most = logs.max() ?? 0
    let sum = zip(stencils, logs).reduce(0.0) { $0 + $1.0.weight * .exp($1.1 - most) }
    let bound = Double.greatestFiniteMagnitude
    let change = max(-bound, min(bound, sum * .exp(min(most, 700))))
    return (-x / 2, change, 0)
  }
}

extension ZolotarevNodes {
  /// ∂ ln V/∂α and ∂ ln V/∂β at fixed angle, on the nodes.
  struct Derivatives: Sendable {
    let nodes: ZolotarevNodes
    let byAlpha, byBeta: [Double]

    /// ∂ ln f by S0 abscissa, α and β at y > 0. At a fixed angle θ of Zolotarev's integral
    /// f = (α/(π|ε|y)) ∫ g e^(−g) dθ, with ln g = (α/ε) ln y + ln V, any parameter acts as
    ///
    ///     ∂f = f ∂ ln(α/|ε|y) + (α/(π|ε|y)) ∫ g e^(−g) (1 − g) ∂ ln g dθ.
    func score(_ y: Double) -> (x: Double, alpha: Double, beta: Double) {
      let side = nodes.side
      let (a, e, t) = (side.alpha, side.epsilon, side.tangent)
      let logY = Double.log(y)
      let sums = nodes.withTerms(x: 0, scaled: 0, shift: a / e * logY) { from, terms, changes in
        var sums = SIMD4<Double>.zero
        for index in terms.indices {
          let change = changes[index]
          sums += SIMD4(
            terms[index], change, change * byAlpha[from + index], change * byBeta[from + index])
        }
        return sums
      }
      let change = sums.y / sums.x
      // y = x + β tan(πα/2).
      let (dAlpha, dBeta) = (side.beta * .pi / 2 * (1 + t * t) / y, t / y)
      let logarithmic = a / e * change - 1
      return (
        logarithmic / y,
        1 / a - 1 / e + dAlpha * logarithmic - logY / (e * e) * change + sums.z / sums.x,
        dBeta * logarithmic + sums.w / sums.x
      )
    }
  }

  /// - Precondition: not near α = 1.
  func derivatives() -> Derivatives {
    let (a, e, b, t) = (side.alpha, side.epsilon, side.beta, side.tangent)
    let square = 1 + b * b * t * t
    let (turnAlpha, turnBeta) = (b * .pi / 2 * (1 + t * t) / square, t / square)
    let places = self.places
    let byAlpha = places.map { place in
      let theta = place.theta
      return (Double.log(side.modulus) - place.logCosOverSin) / (e * e) - b * t * turnAlpha / e
        - (a / e * place.cotA + place.tanC) * (theta + turnAlpha)
    }
    let byBeta = places.map { place in
      -b * t * turnBeta / e - (a / e * place.cotA + place.tanC) * turnBeta
    }
    return Derivatives(nodes: self, byAlpha: byAlpha, byBeta: byBeta)
  }
}
