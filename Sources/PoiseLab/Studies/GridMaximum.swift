import RealModule

/// Where numbers over a grid are largest, as well as the grid can tell.
struct GridMaximum {
  /// The top of the parabola through the largest number and its neighbours; the place of the largest
  /// itself at an end. Where the top lies within a step nobody knows: a uniform law of that width, with
  /// the standard error step/√12.
  let place: Estimate
  /// The largest number.
  let value: Double
  /// Whether it stands at an end of the range, so that there may be a larger one beyond.
  let isEnd: Bool

  /// nil where there is no number.
  init?(_ x: [Double], _ y: [Double]) {
    let known = x.indices.filter { y[$0].isFinite }
    guard let best = known.indices.max(by: { y[known[$0]] < y[known[$1]] }) else { return nil }
    let middle = known[best]
    value = y[middle]
    isEnd = best == 0 || best == known.count - 1
    guard !isEnd else {
      place = Estimate(x[middle])
      return
    }
    let (a, c) = (known[best - 1], known[best + 1])
    let (left, right) = (x[middle] - x[a], x[c] - x[middle])
    let (low, high) = ((value - y[a]) / left, (value - y[c]) / right)
    let shift = low + high > 0 ? 0.5 * (low * right - high * left) / (low + high) : 0
    place = Estimate(
      x[middle] + shift,
      .standard(abs(x[c] - x[a]) / 2 / 12.squareRoot(), degreesOfFreedom: .infinity))
  }

  /// For the name of a statement.
  var words: String { isEnd ? ", at the end of the range" : "" }

  /// A claim that a multiple of the place is an expected number. At an end the top may lie beyond: that is
  /// a test only if it is off already.
  func statement(
    _ quantity: String, claim: String, source: String, times factor: Double = 1,
    is expected: Double, tolerance: Double
  ) -> StudyStatement {
    let found = Estimate(sum: [(factor, place)])
    guard !isEnd || abs(found.value - expected) > tolerance else {
      return StudyStatement(
        quantity + words, claim: claim, source: source, untested: "end of range", is: .equal,
        expected, tolerance: tolerance)
    }
    return StudyStatement(
      quantity + words, claim: claim, source: source, measured: found, is: .equal, expected,
      tolerance: tolerance)
  }
}
