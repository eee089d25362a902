import PoiseModel

/// What quadrature must know of an activation.
struct FunctionShape {
  /// Where it is not smooth.
  let kinks: [Double]
  /// Half-width of a strip round the real axis in which it is analytic: the scale of its variation.
  let strip: Double
  /// Whether φ(−x) = ±φ(x), so that averages over centred means fold.
  let folds: Bool

  init(_ activation: Activation) {
    let function = activation.function
    kinks = function.kinks
    // Entire functions vary on a scale of order 1 too.
    strip = kinks.isEmpty ? min(function.analyticStrip ?? 1.3, 1.6) : 1.6
    let points = [0.11, 0.37, 0.83, 1.7, 3.1, 7.3]
    let (odd, even) = (
      points.allSatisfy { function.value(-$0) == -function.value($0) },
      points.allSatisfy { function.value(-$0) == function.value($0) }
    )
    folds = odd || even
  }
}

extension FunctionShape {
  private init(kinks: [Double], strip: Double, folds: Bool) {
    self.kinks = kinks
    self.strip = strip
    self.folds = folds
  }

  /// As seen from another origin. A function that is smooth within `reach` of it counts as kinked
  /// still, so that its pieces meet panels.
  func shifted(by shift: Double, within reach: Double) -> FunctionShape {
    FunctionShape(
      kinks: kinks.map { min(max($0 + shift, -2 * reach), 2 * reach) }, strip: strip, folds: false)
  }
}
