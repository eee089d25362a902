import PoiseMeanField
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule
import Testing

@Suite struct SpectrumReferenceTests {
  @Test(arguments: DensityReference.all)
  func density(_ reference: DensityReference) throws {
    let spectrum = try criticalSpectrum(
      .named(reference.activation), reference.weights, depth: reference.depth,
      length: reference.length)
    let value = try spectrum.logDensity(atLogEigenvalue: .log(reference.eigenvalue))
    #expect(abs(value / reference.density - 1) < 1e-12)
  }

  @Test func upperEdges() throws {
    let tanh = try criticalSpectrum(.tanh, .orthogonal, depth: 6, length: 0.4)
    #expect(abs(Double.exp(tanh.edges.upper!) / 4.907759576950515627478896700 - 1) < 1e-12)
    let hard = try criticalSpectrum(.hardTanh, .orthogonal, depth: 20, length: 0.3)
    #expect(abs(Double.exp(hard.edges.upper!) / 3.860240264960918998257627493 - 1) < 1e-12)
  }

  @Test func variances() throws {
    let tanh = try criticalSpectrum(.tanh, .orthogonal, depth: 100, length: 0.1)
    #expect(abs(tanh.variance / 3.970912252384680795509634145 - 1) < 1e-12)
    let hard = try criticalSpectrum(.hardTanh, .gaussian, depth: 50, length: 0.3)
    #expect(abs(hard.variance / 53.64168892658713595805599455 - 1) < 1e-12)
  }

  @Test(arguments: [1, 2, 3, 10, 100, 1000])
  func fussCatalan(_ depth: Int) throws {
    let spectrum = try criticalSpectrum(.linear, .gaussian, depth: depth)
    let edge = ClosedSpectra.fussCatalanUpperEdge(depth: depth)
    for share in [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99] {
      let angle = share * .pi / Double(depth + 1)
      let (place, density) = ClosedSpectra.fussCatalan(depth: depth, angle: angle)
      let value = try spectrum.logDensity(atLogEigenvalue: place)
      // The density falls like √(ln λ₊ − ln λ): the rounding of ln λ, a sum of depth logarithms,
      // counts only close to the edge.
      let rounding = 2e-15 * Double(depth) / (2 * abs(edge - place))
      #expect(abs(value / density - 1) < 1e-9 + rounding, "share \(share)")
    }
    #expect(abs(spectrum.edges.upper! - edge) < 1e-11)
  }

  @Test(arguments: [(100, 100), (50, 200), (200, 50), (100, 101)])
  func marchenkoPastur(_ shape: (out: Int, in: Int)) throws {
    let ensemble = try NetworkEnsemble(activation: .linear, weights: .gaussian(variance: 1))
    let spectrum = try JacobianSpectrum(
      of: ensemble, lengths: [1], widths: [shape.in, shape.out])
    let ratio = Double(shape.out) / Double(shape.in)
    #expect(abs(spectrum.zeroMass - max(0, 1 - 1 / ratio)) < 1e-15)
    for eigenvalue in [0.02, 0.3, 0.9, 1.5, 2.5, 3.9, 8.5, 9.5] {
      let expected = ClosedSpectra.marchenkoPasturLogDensity(eigenvalue, ratio: ratio)
      let value = try spectrum.logDensity(atLogEigenvalue: .log(eigenvalue))
      #expect(abs(value - expected) < 1e-11, "\(shape), \(eigenvalue)")
    }
    let root = ratio.squareRoot()
    #expect(abs(Double.exp(spectrum.edges.upper!) - (1 + root) * (1 + root)) < 1e-9)
  }

  /// ((1 − p)/p) L^L/(L−1)^{L−1} for Bernoulli slopes; leaky edges from the stationary points.
  @Test func closedEdges() throws {
    let relu = try criticalSpectrum(.relu, .orthogonal, depth: 16)
    let expected = 16 * Double.log(16) - 15 * Double.log(15)
    #expect(abs(relu.edges.upper! - expected) < 1e-11)
    let four = try criticalSpectrum(.leakyReLU(slope: 0.5), .orthogonal, depth: 4)
    #expect(abs(Double.exp(four.edges.lower!) - 0.0352) < 5e-5)
    #expect(abs(Double.exp(four.edges.upper!) - 4.765) < 5e-4)
    let two = try criticalSpectrum(.leakyReLU(slope: 0.5), .orthogonal, depth: 2)
    #expect(abs(two.edges.lower! - 2 * .log(1.6 * 0.25)) < 1e-6)
    #expect(abs(two.edges.upper! - 2 * .log(1.6)) < 1e-6)
  }

  @Test func atoms() throws {
    let hard = try criticalSpectrum(.hardTanh, .orthogonal, depth: 8, length: 0.3)
    #expect(hard.atoms.count == 2)
    #expect(abs(hard.atoms[1].mass - 0.457) < 5e-4)
    #expect(abs(hard.atoms[1].logEigenvalue - 8 * .log(hard.ensemble.weightVariance)) < 1e-12)
    let single = try criticalSpectrum(.abs, .orthogonal, depth: 7)
    #expect(single.atoms.map(\.mass) == [1] && single.atoms[0].logEigenvalue == 0)
    #expect(single.edges.lower == nil && single.edges.upper == nil)
    let error = #expect(throws: PoiseError.self) { try single.logDensity(atLogEigenvalue: 0.1) }
    #expect(error?.code == .noAnswer)
  }
}
