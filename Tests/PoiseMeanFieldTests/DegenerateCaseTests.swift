import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// Ensembles without an ordinary fixed point: outcomes are values, never faults or bare NaN.
@Suite struct DegenerateCaseTests {
  private func outcome(
    _ activation: Activation, _ weight: Double, _ bias: Double
  ) throws -> MeanField.Outcome {
    try MeanField(
      of: NetworkEnsemble(
        activation: activation, weights: .gaussian(variance: weight),
        biases: .gaussian(variance: bias))
    ).outcome()
  }

  @Test func reluPreservesEveryLength() throws {
    let outcome = try outcome(.relu, 2, 0)
    #expect(outcome == .marginal(chi1: 1))
    #expect(outcome.phase == .marginal)
    #expect(try self.outcome(.linear, 1, 0).phase == .marginal)
    #expect(try self.outcome(.abs, 1, 0).phase == .marginal)
  }

  @Test func reluGrowsLinearly() throws {
    #expect(
      try outcome(.relu, 2, 0.25)
        == .diverging(.linear(increment: 0.25), chi1: 1, repelling: nil))
  }

  @Test func reluGrowsExponentially() throws {
    guard case .diverging(.exponential(let rate), let chi1, nil) = try outcome(.relu, 3, 0.1) else {
      Issue.record("not exponential")
      return
    }
    #expect(abs(rate - log(1.5)) < 1e-15)
    #expect(chi1 == 1.5)
  }

  @Test func softplusHasNoEdge() throws {
    let edge = EdgeOfChaos(.softplus)
    #expect(edge.shape() == .none)
    #expect(try edge.points(biasVariance: 0.1).isEmpty)
    #expect(try edge.points(biasVariance: 0).isEmpty)
    #expect(try edge.halfStablePoint() == nil)
    let ensemble = try NetworkEnsemble(activation: .softplus, weights: .gaussian(variance: 1))
    #expect(throws: PoiseError.self) { try ensemble.atEdgeOfChaos(varying: .weightVariance) }
    #expect(try outcome(.softplus, 2.5, 0).phase == .diverging)
  }

  @Test func sigmoidLineStartsFarOut() throws {
    guard case .line(let lengths) = EdgeOfChaos(.sigmoid).shape() else {
      Issue.record("no line")
      return
    }
    #expect(lengths.count == 1)
    let start = try #require(lengths.first).lowerBound
    #expect(abs(start - 45.6243) < 1e-4)
    let point = try #require(try EdgeOfChaos(.sigmoid).points(biasVariance: 0).first)
    #expect(abs(point.weightVariance.squareRoot() - 10.14926) < 1e-5)
    #expect(point.biasVariance == 0)
  }

  /// The first piece of the sigmoid line lies between two grid points of the search.
  @Test(arguments: [1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.5])
  func sigmoidLineNearItsStart(_ bias: Double) throws {
    let points = try EdgeOfChaos(.sigmoid).points(biasVariance: bias * bias)
    #expect(points.count == 1)
    let point = try #require(points.first)
    #expect(abs(point.biasVariance - bias * bias) < 1e-9 * bias * bias + 1e-13)
    #expect(try #require(point.length) > 45.62)
  }

  @Test func severalFixedPoints() throws {
    let half = try #require(try EdgeOfChaos(.mish).halfStablePoint())
    // A little less bias than at the half-stable point: the pair of fixed points has split.
    let point = try #require(
      try outcome(.mish, half.weightVariance, half.biasVariance * 0.98).point)
    #expect(point.allLengths.map(\.stability) == [.attracting, .repelling])
    #expect(point.length < half.length! && point.chiQ < 1)
    // A little more: mish grows faster than σ_w² = 2 allows.
    #expect(
      try outcome(.mish, half.weightVariance, half.biasVariance * 1.001).phase == .diverging)
  }

  /// Lengths fall through the half-stable point of gelu and silu to an attracting one below.
  @Test(arguments: [Activation.gelu, .silu])
  func belowTheHalfStablePoint(_ activation: Activation) throws {
    let half = try #require(try EdgeOfChaos(activation).halfStablePoint())
    #expect(abs(half.chiQ - 1) < 1e-12)
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: half.weightVariance),
      biases: .gaussian(variance: half.biasVariance * 0.999))
    let point = try MeanField(of: ensemble).fixedPoint()
    #expect(point.length < half.length! && point.chiQ < 1)
    #expect(try MeanField(of: ensemble).lengthMap(half.length!) < half.length!)
  }

  @Test func geluDivergesAboveItsRepellingPoint() throws {
    let outcome = try outcome(.gelu, 2.2, 0.001)
    let point = try #require(outcome.point)
    #expect(point.length < 0.1)
    let repelling = try #require(point.allLengths.last)
    #expect(repelling.stability == .repelling)
    let theory = try MeanField(
      of: try NetworkEnsemble(
        activation: .gelu, weights: .gaussian(variance: 2.2), biases: .gaussian(variance: 0.001)))
    #expect(theory.lengthMap.iterate(from: repelling.length * 1.01, layers: 400).last! > 1e3)
    #expect(theory.lengthMap.iterate(from: repelling.length * 0.99, layers: 400).last! < 0.1)
  }

  @Test(arguments: [Activation.tanh, .sin, .softsign, .hardTanh])
  func signalsDieOut(_ activation: Activation) throws {
    let point = try #require(try outcome(activation, 0.81, 0).point)
    #expect(point.length == 0)
    #expect(abs(point.chi1 - 0.81) < 1e-15)
    #expect(abs(point.chiQ - 0.81) < 1e-15)
    #expect(point.phase == .ordered)
    #expect(point.correlation == 1)
  }

  @Test(arguments: [Activation.tanh, .sin, .softsign, .hardTanh])
  func exactlyAtTheEndOfTheLine(_ activation: Activation) throws {
    let outcome = try outcome(activation, 1, 0)
    let point = try #require(outcome.point)
    #expect(point.length < 1e-3)
    #expect(abs(point.chi1 - 1) < 1e-9)
    #expect(point.correlationDepth == .infinite)
    let ends = try EdgeOfChaos(activation).points(biasVariance: 0)
    #expect(ends.first?.length == 0)
    #expect(ends.first?.weightVariance == 1)
  }

  /// Just inside the chaotic phase c* is close to 1: found for kinked slopes too, where 1 − c* is
  /// of the order of (χ₁ − 1)².
  @Test(
    arguments: Activation.catalogue.filter { $0.function.homogeneousSlopes == nil },
    [1e-3, 1e-7, 1e-9, 3e-12])
  func barelyChaotic(_ activation: Activation, _ excess: Double) throws {
    let lengths = EdgeOfChaos(activation).shape()
    guard case .line(let ranges) = lengths, let range = ranges.last else { return }
    let q = max(range.lowerBound * 1.5, 0.7)
    let point = try #require(EdgeOfChaos(activation).point(atLength: q))
    guard point.chiQ < 1 else { return }
    let outcome = try outcome(activation, point.weightVariance * (1 + excess), point.biasVariance)
    let fixed = try #require(outcome.point)
    #expect(fixed.correlationGap >= 0)
    #expect(fixed.correlationGap < 30 * excess.squareRoot() + 1e-14, "\(fixed.correlationGap)")
    #expect(fixed.chiC.isFinite)
    if fixed.phase == .chaotic { #expect(fixed.chiC < 1 + 1e-12) }
  }

  @Test(arguments: Activation.catalogue, [0.5, 0.9, 0.999_999])
  func dropoutAlwaysForgets(_ activation: Activation, _ keep: Double) throws {
    for bias in [0, 0.01] {
      for weight in [0.3, 0.9, 1.7] {
        let ensemble = try NetworkEnsemble(
          activation: activation, weights: .gaussian(variance: weight),
          biases: .gaussian(variance: bias))
        let outcome = try MeanField(of: ensemble, keep: keep).outcome()
        guard let point = outcome.point, point.length > 0 else { continue }
        #expect(point.correlationGap > 0 && point.correlationGap <= 1)
        #expect(point.chiC >= 0 && point.chiC < 1)
      }
    }
  }

  @Test(arguments: Activation.catalogue)
  func randomEnsemblesGiveFiniteNumbers(_ activation: Activation) throws {
    var stream = RandomStream(seed: 11, item: 0, purpose: .init(rawValue: 7))
    for _ in 0..<40 {
      let weight = exp(6 * stream.uniform() - 3)
      let bias = stream.uniform() < 0.3 ? 0 : exp(20 * stream.uniform() - 18)
      let outcome = try outcome(activation, weight, bias)
      #expect(outcome.chi1.isFinite, "\(weight) \(bias)")
      guard let point = outcome.point else { continue }
      #expect(point.length.isFinite && point.length >= 0)
      #expect(point.chiQ.isFinite && point.chiC.isFinite && point.correlationGap.isFinite)
      #expect((0...1 + 1e-14).contains(point.correlation), "\(weight) \(bias): \(point)")
    }
  }
}
