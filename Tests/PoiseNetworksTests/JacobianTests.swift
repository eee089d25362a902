import Foundation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct JacobianTests {
  @Test(arguments: testActivations)
  func productsAgreeWithPlainLoops(_ activation: Activation) throws {
    let network = try testNetwork(activation)
    let input = normalMatrix(1, 5).elements
    for skipped in 0...2 {
      let jacobian = try network.jacobian(at: input, skippedLayers: skipped)
      let expected = naiveJacobian(network, input, from: skipped, through: 2)
      let matrix = jacobian.matrix()
      #expect(matrix.rows == 6 && matrix.columns == expected.columns)
      for (a, b) in zip(matrix.elements, expected.elements) { #expect(isClose(a, b, 1e-14)) }
      let v = normalMatrix(1, jacobian.columns, seed: 5).elements
      let u = normalMatrix(1, jacobian.rows, seed: 6).elements
      let (forward, back) = (
        try jacobian.product(with: v), try jacobian.transposedProduct(with: u)
      )
      for row in 0..<6 {
        let dot = zip(matrix.row(row), v).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(isClose(forward[row], dot, 1e-13))
      }
      let left = zip(u, forward).reduce(0) { $0 + $1.0 * $1.1 }
      let right = zip(back, v).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(isClose(left, right, 1e-13))
    }
  }

  @Test func preactivationsLeaveOutTheLastSlopes() throws {
    let network = try testNetwork(.tanh)
    let input = normalMatrix(1, 5).elements
    let whole = try network.jacobian(at: input)
    let pre = try network.jacobian(at: input, output: .preactivations).matrix()
    let post = whole.matrix()
    for row in 0..<6 {
      for column in 0..<5 {
        #expect(isClose(whole.slopes[2][row] * pre[row, column], post[row, column], 1e-14))
      }
    }
  }

  @Test(arguments: testActivations)
  func singularValuesOfShallowProducts(_ activation: Activation) throws {
    // Every order of widths: the narrowest place at the input, inside and at the output.
    for widths in [[9, 8, 7], [4, 9, 8], [9, 3, 8], [8, 8, 8]] {
      let network = try testNetwork(activation, inputs: 8, widths: widths)
      let jacobian = try network.jacobian(at: normalMatrix(1, 8).elements)
      let result = try jacobian.logSingularValues()
      let plain = try jacobian.matrix().singularValues()
      #expect(result.logarithms.count + result.zeros == plain.count)
      for (index, value) in result.logarithms.enumerated() {
        let scale = max(plain[0], 1e-300)
        #expect(abs(exp(value) - plain[index]) <= 1e-12 * scale, "\(widths)")
      }
      for value in plain.suffix(result.zeros) { #expect(value <= 1e-13 * plain[0]) }
    }
  }

  struct Reference: Decodable {
    let seed: UInt64
    let size: Int
    let depth: Int
    let slopes: [[Double]]
    let logarithms: [String]
  }

  static let references: [Reference] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/jacobian.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Reference].self, from: data)) ?? []
  }()

  /// The generator of `make_jacobian.py`.
  static func entries(seed: UInt64, count: Int) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 43) - 0x1p20) / 0x1p20
    }
  }

  @Test func tinySingularValuesSurvive() throws {
    #expect(Self.references.count == 3)
    for reference in Self.references {
      let size = reference.size
      let weights = (0..<reference.depth).map { layer in
        Matrix(
          rows: size, columns: size,
          elements: Self.entries(seed: reference.seed + UInt64(layer), count: size * size))
      }
      let jacobian = try NetworkJacobian(weights: weights, slopes: reference.slopes)
      for (grouping, tolerance) in [(1, 1e-11), (2, 1e-8), (nil, 1e-7)] as [(Int?, Double)] {
        let values = try jacobian.logSingularValues(grouping: grouping).logarithms
        #expect(values.count == size)
        for (value, text) in zip(values, reference.logarithms) {
          #expect(
            abs(value - Double(text)!) <= tolerance, "depth \(reference.depth), \(grouping ?? 0)")
        }
      }
    }
  }

  @Test func reluCountsItsZeros() throws {
    let network = try testNetwork(.relu, inputs: 40, widths: [40, 40, 40, 40])
    let jacobian = try network.jacobian(at: normalMatrix(1, 40).elements)
    let alive = jacobian.slopes.map { $0.count { $0 != 0 } }.min()!
    let result = try jacobian.logSingularValues()
    #expect(result.logarithms.count == alive && result.zeros == 40 - alive)
  }

  @Test func faultsAreTold() throws {
    let network = try testNetwork(.tanh)
    let short = #expect(throws: PoiseError.self) { _ = try network.jacobian(at: [1, 2]) }
    #expect(short?.code == .shapeMismatch)
    let skipped = #expect(throws: PoiseError.self) {
      _ = try network.jacobian(at: normalMatrix(1, 5).elements, skippedLayers: 3)
    }
    #expect(skipped?.code == .outOfRange)
    let jacobian = try network.jacobian(at: normalMatrix(1, 5).elements)
    #expect(throws: PoiseError.self) { _ = try jacobian.product(with: [1]) }
    #expect(throws: PoiseError.self) { _ = try jacobian.transposedProduct(with: [1]) }
    // A span that double precision cannot hold: 400 decades.
    let steep = Matrix(rows: 2, columns: 2, elements: [1, 0.5, 0.5, 1e-10])
    var weights = [steep]
    for _ in 1..<40 { weights.append(Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 1e-10])) }
    let deep = try NetworkJacobian(
      weights: weights, slopes: [[Double]](repeating: [1, 1], count: 40))
    let span = #expect(throws: PoiseError.self) { _ = try deep.logSingularValues() }
    #expect(span?.code == .outOfRange)
  }
}
