import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@testable import PoiseInformation

@Suite struct ScalarChannelTests {
  struct Case: Sendable {
    let activation: Activation
    let spread, prior, gain: Double
    let expected: (information: Double, outputError: Double, narrowing: Double)
  }

  /// Plain sums on fine grids (`References/channel.py`).
  static let references = [
    Case(
      activation: .tanh, spread: 0.5, prior: 0.3, gain: 4,
      expected: (0.216525476010, 0.084502868687, 0.099848878337)),
    Case(
      activation: .tanh, spread: 2, prior: 3, gain: 100,
      expected: (1.348250431886, 0.006367915208, 2.321603374856)),
    Case(
      activation: .tanh, spread: 1, prior: 0.001, gain: 10000,
      expected: (0.728760296072, 0.000067322548, 0.000673298362)),
    Case(
      activation: .tanh, spread: 0, prior: 1, gain: 1000,
      expected: (2.743048414703, 0.000957192460, 0.981133062699)),
    Case(
      activation: .erf, spread: 3, prior: 3, gain: 5,
      expected: (0.481992367508, 0.087921140948, 1.501159242163)),
    Case(
      activation: .sin, spread: 1, prior: 2, gain: 10,
      expected: (0.772350722496, 0.067098249678, 0.570100239707)),
  ]

  @Test(arguments: references)
  func againstPlainSums(_ reference: Case) {
    let channel = ScalarChannel(reference.activation)
    let values = channel.values(
      spread: reference.spread, prior: reference.prior, gain: reference.gain)
    let narrowing = values.narrowing.curvature * reference.prior * reference.prior
    #expect(abs(values.information - reference.expected.information) < 1e-12)
    #expect(abs(values.outputError - reference.expected.outputError) < 1e-12)
    #expect(abs(narrowing - reference.expected.narrowing) < 1e-12)
  }

  /// ReLU by its closed density of y.
  @Test(arguments: [
    (1.0, 1.0, 5.0, 0.440809566593), (0, 2, 20, 1.030343275670), (1, 0.05, 20, 0.166774367865),
  ])
  func relu(spread: Double, prior: Double, gain: Double, expected: Double) {
    let values = ScalarChannel(.relu).values(spread: spread, prior: prior, gain: gain)
    #expect(abs(values.information - expected) < 1e-10)
  }

  /// A linear φ has closed values, here of nodes that know nothing of it.
  @Test(arguments: [(0.0, 1.0, 3.0), (2, 0.01, 50), (0.3, 4, 1e4), (1, 1, 1e-6)])
  func linear(spread: Double, prior: Double, gain: Double) {
    let values = ScalarChannel(.linear).values(spread: spread, prior: prior, gain: gain)
    let error = prior / (1 + gain * prior)
    #expect(abs(values.information - 0.5 * .log(onePlus: gain * prior)) < 1e-11)
    #expect(abs(values.outputError - error) < 1e-9 * error + 1e-14)
    #expect(abs(values.narrowing.remainder - error / prior) < 1e-9)
  }

  /// dI/dr = ½ E Var(φ|y), for every activation.
  @Test(arguments: Activation.catalogue)
  func informationGrowsAtHalfTheError(_ activation: Activation) {
    let channel = ScalarChannel(activation)
    let (r, d) = (3.0, 1e-3)
    let values = [r - d, r + d].map {
      channel.values(spread: 0.4, prior: 0.6, gain: $0).information
    }
    let error = channel.values(spread: 0.4, prior: 0.6, gain: r).outputError
    #expect(abs((values[1] - values[0]) / d - error) < 1e-6)
  }

  /// Without the closed form: one normal law cut in two halves of the same law.
  @Test func priorOfEqualParts() throws {
    let whole = PriorChannel(prior: try .gaussian(variance: 0.7))
    let halves = PriorChannel(
      prior: try InputPrior([
        .init(weight: 1, mean: 0, variance: 0.7), .init(weight: 3, mean: 0, variance: 0.7),
      ]))
    for gain in [0, 0.1, 3, 1e4] {
      let (a, b) = (whole(gain: gain), halves(gain: gain))
      #expect(abs(a.information - b.information) < 1e-12)
      #expect(abs(a.error - b.error) < 1e-12)
    }
  }
}
