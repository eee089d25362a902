import Foundation
import PoiseModel
import Testing

/// What every activation of the catalogue promises about itself.
@Suite struct ActivationPropertyTests {
  static let grid = stride(from: -7.03, through: 7, by: 0.0913).map { $0 }

  /// True if a kink of φ lies within `reach` of x.
  private func nearKink(_ activation: Activation, _ x: Double, _ reach: Double) -> Bool {
    activation.function.kinks.contains { abs($0 - x) <= reach }
  }

  @Test(arguments: Activation.catalogue)
  func derivativesAreDifferences(_ activation: Activation) {
    let function = activation.function
    let step = 1e-4
    for x in Self.grid where !nearKink(activation, x, 2 * step) {
      let slope = richardson(x, step, function.value)
      #expect(abs(slope - function.derivative(x)) < 1e-10, "φ′ at \(x)")
      let bend = richardson(x, step, function.derivative)
      #expect(abs(bend - function.secondDerivative(x)) < 1e-10, "φ″ at \(x)")
    }
  }

  /// Central difference, extrapolated once.
  private func richardson(_ x: Double, _ step: Double, _ f: (Double) -> Double) -> Double {
    let near = (f(x + step / 2) - f(x - step / 2)) / step
    let far = (f(x + step) - f(x - step)) / (2 * step)
    return (4 * near - far) / 3
  }

  @Test(arguments: Activation.catalogue)
  func slopesAtInfinity(_ activation: Activation) {
    let function = activation.function
    let slopes = function.slopesAtInfinity
    #expect(abs(function.value(1e9) / 1e9 - slopes.plus) < 1e-8)
    #expect(abs(function.value(-1e9) / -1e9 - slopes.minus) < 1e-8)
  }

  /// φ, φ′ and φ″ are continuous everywhere but at the kinks, and φ′ jumps as listed.
  @Test(arguments: Activation.catalogue)
  func kinksAreWhereTheyShouldBe(_ activation: Activation) {
    let function = activation.function
    let step = 1e-7
    func jump(_ x: Double) -> (Double, Double) {
      (
        function.derivative(x + step) - function.derivative(x - step),
        function.secondDerivative(x + step) - function.secondDerivative(x - step)
      )
    }
    for x in Self.grid + [-2, -1, 0, 1, 2] {
      let found = jump(x)
      let rough = abs(found.0) > 1e-5 || abs(found.1) > 1e-5
      #expect(rough == nearKink(activation, x, step), "at \(x): \(found)")
    }
    #expect(function.kinks == function.kinks.sorted())
    for kink in function.kinks {
      let listed = function.slopeJumps.first { $0.at == kink }?.jump ?? 0
      #expect(abs(jump(kink).0 - listed) < 1e-5)
      let sides = (function.derivative(kink - 1e-12), function.derivative(kink + 1e-12))
      #expect(abs(function.derivative(kink) - (sides.0 + sides.1) / 2) < 1e-10)
    }
    #expect(Set(function.slopeJumps.map(\.at)).isSubset(of: function.kinks))
    if let strip = function.analyticStrip { #expect((strip == 0) == !function.kinks.isEmpty) }
  }

  @Test(arguments: Activation.catalogue)
  func homogeneousMeansHomogeneous(_ activation: Activation) {
    let function = activation.function
    let scales = Self.grid.allSatisfy { x in
      abs(function.value(3 * x) - 3 * function.value(x)) <= 1e-14 * abs(x)
    }
    #expect(scales == (function.homogeneousSlopes != nil))
    guard let slopes = function.homogeneousSlopes else { return }
    #expect(function.value(2) == 2 * slopes.plus)
    #expect(function.value(-2) == -2 * slopes.minus)
  }

  @Test func oddOnes() {
    let odd: Set = ["linear", "erf", "erf_unit_slope", "tanh", "hard_tanh", "softsign", "sin"]
    for activation in Activation.catalogue {
      let function = activation.function
      let isOdd = Self.grid.allSatisfy { function.value(-$0) == -function.value($0) }
      #expect(isOdd == odd.contains(activation.name), "\(activation)")
    }
  }

  /// No overflow, no invalid operation in the tails; NaN is passed on.
  @Test(arguments: Activation.catalogue)
  func tails(_ activation: Activation) {
    let function = activation.function
    for x in [1e300, .infinity] where activation.name != "sin" {
      for sign in [-1.0, 1] {
        let slope = sign < 0 ? function.slopesAtInfinity.minus : function.slopesAtInfinity.plus
        let value = function.value(sign * x)
        if slope == 0 {
          #expect(abs(value) < 2)
        } else {
          #expect(abs(value - sign * x * slope) <= 1e-15 * abs(x) || value == sign * x * slope)
        }
        #expect(abs(function.derivative(sign * x) - slope) < 1e-15)
        #expect(abs(function.secondDerivative(sign * x)) < 1e-15)
        let deviation = function.deviation(sign * x)
        #expect(!deviation.value.isNaN && !deviation.derivative.isNaN)
      }
    }
    #expect(function.value(.nan).isNaN)
    #expect(function.derivative(.nan).isNaN || activation.name == "linear")
    #expect(function.deviation(.nan).value.isNaN || activation.name == "linear")
  }

  /// Buffers agree with scalars: values to 1e-15 of max(|φ|, |φ| + |x|) and slopes to 1e-15.
  @Test(arguments: Activation.catalogue, [true, false])
  func buffersInDouble(_ activation: Activation, inPlace: Bool) {
    let function = activation.function
    var x = Self.grid + Self.grid.map { $0 * 1e-9 } + Self.grid.map { $0 * 30 }
    x += (0..<700).map { Double($0) * 0.017 - 6 }
    x += [0, -0.0, 1, -1, 1e-300, 1e300, -1e300, .nan]
    if activation.name != "sin" { x += [.infinity, -.infinity] }
    var value = inPlace ? x : [Double](repeating: 7, count: x.count)
    var derivative = [Double](repeating: 7, count: x.count)
    value.withUnsafeMutableBufferPointer { value in
      derivative.withUnsafeMutableBufferPointer { derivative in
        x.withUnsafeBufferPointer { x in
          function.evaluate(
            inPlace ? UnsafePointer(value.baseAddress!) : x.baseAddress!, count: x.count,
            value: value.baseAddress!, derivative: derivative.baseAddress!)
        }
      }
    }
    for (index, x) in x.enumerated() {
      let expected = (function.value(x), function.derivative(x))
      #expect(agree(value[index], expected.0, 1e-15 * (abs(expected.0) + min(abs(x), 10))), "\(x)")
      #expect(agree(derivative[index], expected.1, 1e-15), "slope at \(x)")
    }
    var alone = x
    alone.withUnsafeMutableBufferPointer {
      function.evaluate(
        UnsafePointer($0.baseAddress!), count: $0.count, value: $0.baseAddress!, derivative: nil)
    }
    #expect(zip(alone, value).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }

  @Test(arguments: Activation.catalogue)
  func buffersInFloat(_ activation: Activation) {
    let function = activation.function
    var x = (Self.grid + Self.grid.map { $0 * 1e-5 } + Self.grid.map { $0 * 5 }).map { Float($0) }
    x += [0, -0.0, 1, -1, .nan]
    if activation.name != "sin" { x += [1e30, -1e30, .infinity, -.infinity] }
    var value = [Float](repeating: 7, count: x.count)
    var derivative = [Float](repeating: 7, count: x.count)
    function.evaluate(x, count: x.count, value: &value, derivative: &derivative)
    for (index, x) in x.enumerated() {
      let x = Double(x)
      let expected = (function.value(x), function.derivative(x))
      let scale = abs(expected.0) + min(abs(x), 10)
      #expect(agree(Double(value[index]), expected.0, 5e-7 * scale), "\(x)")
      #expect(agree(Double(derivative[index]), expected.1, 1e-6), "slope at \(x)")
    }
  }

  private func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    a == b || abs(a - b) <= tolerance || (a.isNaN && b.isNaN)
  }
}

/// Custom activations and what is estimated for them.
@Suite struct CustomActivationTests {
  @Test func copiesABuiltInOne() {
    let selu = SELU()
    let copy = Activation.custom(
      name: "mine", value: selu.value, derivative: selu.derivative,
      slopeJumps: selu.slopeJumps
    ).function
    #expect(copy.kinks == [0])
    #expect(copy.slopesAtInfinity.minus == 0)
    #expect(abs(copy.slopesAtInfinity.plus - selu.scale) < 1e-12)
    for x in [-3, -0.5, -2e-5, 0, 2e-5, 0.7, 4] {
      #expect(abs(copy.secondDerivative(x) - selu.secondDerivative(x)) < 1e-4, "\(x)")
      #expect(copy.value(x) == selu.value(x))
    }
  }

  static let growing: [(String, Double)] = [
    ("square", Double.infinity), ("root", 0), ("sine", 0), ("exponential", .infinity),
    ("half", 0.5),
    ("logarithmic", .infinity), ("minus cube", -.infinity),
  ]

  @Test(arguments: growing)
  func slopesAreEstimated(_ name: String, _ plus: Double) {
    let functions: [String: @Sendable (Double) -> Double] = [
      "square": { $0 * $0 }, "root": { abs($0).squareRoot() }, "sine": { sin($0) },
      "exponential": { exp($0) }, "half": { $0 / 2 + 3 * sin($0) },
      "logarithmic": { $0 * log(1 + abs($0)) }, "minus cube": { -$0 * $0 * $0 },
    ]
    let function = CustomActivation(name: name, value: functions[name]!, derivative: { _ in 0 })
    #expect(
      function.slopesAtInfinity.plus == plus || abs(function.slopesAtInfinity.plus - plus) < 1e-9)
  }
}
