import Foundation
import PoiseNumerics
import Testing

// The oracle is libm in the 64-bit mantissa where there is one; elsewhere libm in double, whose own
// error must then be allowed for.
#if arch(x86_64) && canImport(Glibc)
  private typealias Wide = Float80
  private let oracleError = 0.0
#else
  private typealias Wide = Double
  private let oracleError = 2.0
#endif

/// Every function of VectorMath with its oracle and its stated error.
enum ElementaryFunction: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case tanh, exp, log, erf, sin, cos

  var testDescription: String { rawValue }

  func apply(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int) {
    switch self {
    case .tanh: VectorMath.tanh(x, y, count: count)
    case .exp: VectorMath.exp(x, y, count: count)
    case .log: VectorMath.log(x, y, count: count)
    case .erf: VectorMath.erf(x, y, count: count)
    case .sin: VectorMath.sin(x, y, count: count)
    case .cos: VectorMath.cos(x, y, count: count)
    }
  }

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    switch self {
    case .tanh: VectorMath.tanh(x, y, count: count)
    case .exp: VectorMath.exp(x, y, count: count)
    case .log: VectorMath.log(x, y, count: count)
    case .erf: VectorMath.erf(x, y, count: count)
    case .sin: VectorMath.sin(x, y, count: count)
    case .cos: VectorMath.cos(x, y, count: count)
    }
  }

  func map(_ x: [Double]) -> [Double] {
    var y = [Double](repeating: 7, count: x.count)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in apply(x.baseAddress!, y.baseAddress!, x.count) }
    }
    return y
  }

  func map(_ x: [Float]) -> [Float] {
    var y = [Float](repeating: 7, count: x.count)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in apply(x.baseAddress!, y.baseAddress!, x.count) }
    }
    return y
  }

  fileprivate func exact(_ x: Wide) -> Wide {
    switch self {
    case .tanh: Foundation.tanh(x)
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .erf: Foundation.erf(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    }
  }

  fileprivate func exact(_ x: Double) -> Double {
    switch self {
    case .tanh: Foundation.tanh(x)
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .erf: Foundation.erf(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    }
  }

  /// Stated errors in ulp.
  var doubleBound: Double {
    switch self {
    case .tanh: 2.5
    case .exp: 1.1
    case .log: 0.9
    case .erf: 2.1
    case .sin, .cos: 2.2
    }
  }

  var floatBound: Double {
    switch self {
    case .tanh, .erf: 2.5
    case .exp: 1.1
    case .log: 0.9
    case .sin, .cos: 1.7
    }
  }

  /// Where the function is neither constant nor outside its domain.
  var range: ClosedRange<Double> {
    switch self {
    case .tanh: -21...21
    case .exp: -746...710
    case .log: 0.01...10
    case .erf: -6.2...6.2
    case .sin, .cos: -40...40
    }
  }

  /// A linear grid over `range`, and powers from the subnormals to the largest numbers, both signs.
  var grid: [Double] {
    let steps = 20_000
    let width = range.upperBound - range.lowerBound
    var x = (0...steps).map { range.lowerBound + width * Double($0) / Double(steps) }
    for k in 0...steps {
      let magnitude = pow(2.0, -1074 + 2097.9 * Double(k) / Double(steps))
      x.append(magnitude)
      if self != .log { x.append(-magnitude) }
    }
    // Close to 1 for the logarithm, close to multiples of π/2 for the circle.
    for k in 1...2000 {
      x.append(1 + Double(k) * 0x1p-52)
      x.append(1 - Double(k) * 0x1p-53)
      x.append(Double(k * k / 7) * (Double.pi / 2))
    }
    if self == .log { x.removeAll { $0 == 0 } }
    return x
  }
}

@Suite("VectorMath")
struct VectorMathTests {
  /// Distance in units in the last place of the exact value; 0 for two NaN or equal infinities.
  private func ulps(_ y: Double, _ exact: Wide) -> Double {
    let rounded = Double(exact)
    if rounded.isNaN { return y.isNaN ? 0 : .infinity }
    if rounded.isInfinite || !y.isFinite { return y == rounded ? 0 : .infinity }
    return Double(abs(Wide(y) - exact) / Wide(rounded.ulp))
  }

  private func ulps(_ y: Float, _ exact: Double) -> Double {
    let rounded = Float(exact)
    if rounded.isNaN { return y.isNaN ? 0 : .infinity }
    if rounded.isInfinite || !y.isFinite { return y == rounded ? 0 : .infinity }
    return abs(Double(y) - exact) / Double(rounded.ulp)
  }

  @Test("asin agrees with libm within the stated error")
  func arcSine() {
    var x = (-20_000...20_000).map { Double($0) / 20_000 }
    x += (0...2000).flatMap { k in
      let size = pow(2.0, -1074 + 1074 * Double(k) / 2000)
      return [size, -size, 1 - size]
    }
    for (x, y) in zip(x, VectorMath.asin(x)) {
      let error = ulps(y, Foundation.asin(Wide(x)))
      #expect(error <= 2.5 + oracleError, "\(error) ulp at x = \(x)")
    }
    #expect(VectorMath.asin([1.5, .nan, -.infinity]).allSatisfy { $0.isNaN })
  }

  @Test("double agrees with libm within the stated error", arguments: ElementaryFunction.allCases)
  func doubleAccuracy(_ function: ElementaryFunction) {
    let x = function.grid
    var worst = (error: 0.0, at: 0.0)
    for (x, y) in zip(x, function.map(x)) {
      let error = ulps(y, function.exact(Wide(x)))
      if error > worst.error { worst = (error, x) }
    }
    #expect(
      worst.error <= function.doubleBound + oracleError, "\(worst.error) ulp at x = \(worst.at)")
  }

  @Test("float agrees with libm within the stated error", arguments: ElementaryFunction.allCases)
  func floatAccuracy(_ function: ElementaryFunction) {
    let x = function.grid.map { Float($0) }.filter { $0.isFinite && !(function == .log && $0 == 0) }
    var worst = (error: 0.0, at: Float(0))
    for (x, y) in zip(x, function.map(x)) {
      let error = ulps(y, function.exact(Double(x)))
      if error > worst.error { worst = (error, x) }
    }
    #expect(worst.error <= function.floatBound, "\(worst.error) ulp at x = \(worst.at)")
  }

  @Test("special values are those of libm, signs included", arguments: ElementaryFunction.allCases)
  func specialValues(_ function: ElementaryFunction) {
    let special: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, -.nan, 1, -1, 800, -800,
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    ]
    for (x, y) in zip(special, function.map(special)) {
      let exact = function.exact(x)
      #expect(ulps(y, Wide(exact)) <= function.doubleBound + 1, "\(function)(\(x)) = \(y)")
      if exact == 0 { #expect(y == 0 && y.sign == exact.sign, "\(function)(\(x)) = \(y)") }
    }
    let narrow =
      special.map { Float($0) } + [
        .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, 90, -105,
      ]
    for (x, y) in zip(narrow, function.map(narrow)) {
      let exact = Float(function.exact(Double(x)))
      #expect(
        ulps(y, Double(exact)) <= function.floatBound + 0.5, "\(function)(\(x)) = \(y) in float")
      if exact == 0, x == 0 {
        #expect(y == 0 && y.sign == exact.sign, "\(function)(\(x)) = \(y) in float")
      }
    }
  }

  @Test(
    "an element depends on nothing but itself: length, alignment, place, in place",
    arguments: ElementaryFunction.allCases)
  func bodyEqualsTail(_ function: ElementaryFunction) {
    // 1100 elements cross the blocks of sin and cos; a few are large enough for libm there.
    let x = (0..<1100).map { i -> Double in
      let place = Double(i)
      return i % 97 == 13 ? 1e7 + place : 9 * Foundation.sin(1.7 * place) + 1e-3 * place
    }
    let narrow = x.map { Float($0) }
    let alone = x.map { function.map([$0])[0].bitPattern }
    let narrowAlone = narrow.map { function.map([$0])[0].bitPattern }
    #expect(function.map(x).map(\.bitPattern) == alone)
    #expect(function.map(narrow).map(\.bitPattern) == narrowAlone)
    for count in 0...70 {
      for start in 0..<9 {
        var y = x
        var z = narrow
        y.withUnsafeMutableBufferPointer { y in
          let part = y.baseAddress! + start
          function.apply(UnsafePointer(part), part, count)
        }
        z.withUnsafeMutableBufferPointer { z in
          let part = z.baseAddress! + start
          function.apply(UnsafePointer(part), part, count)
        }
        let done = start..<start + count
        let same = y.indices.allSatisfy {
          done.contains($0) ? sameBits(y[$0].bitPattern, alone[$0]) : y[$0] == x[$0]
        }
        let narrowSame = z.indices.allSatisfy {
          done.contains($0) ? sameBits(z[$0].bitPattern, narrowAlone[$0]) : z[$0] == narrow[$0]
        }
        #expect(same && narrowSame, "count \(count), start \(start)")
      }
    }
  }

  private func sameBits<Bits: FixedWidthInteger>(_ a: Bits, _ b: Bits) -> Bool { a == b }

  @Test("both of a pair are the bits of sine and cosine")
  func pairOfCircle() {
    let x = (0..<1100).map { Double($0 * $0) * 1.3 - 700 }
    let narrow = x.map { Float($0) }
    var sine = x
    var cosine = x
    VectorMath.sinCos(x, sin: &sine, cos: &cosine, count: x.count)
    #expect(sine == VectorMath.sin(x))
    #expect(cosine == VectorMath.cos(x))
    var narrowSine = narrow
    var narrowCosine = narrow
    VectorMath.sinCos(narrow, sin: &narrowSine, cos: &narrowCosine, count: x.count)
    #expect(narrowSine == ElementaryFunction.sin.map(narrow))
    #expect(narrowCosine == ElementaryFunction.cos.map(narrow))
  }

  @Test("array forms are the pointer forms; empty stays empty")
  func arrays() {
    let x = [0.25, 1, 3.5]
    #expect(VectorMath.tanh(x) == ElementaryFunction.tanh.map(x))
    #expect(VectorMath.exp(x) == ElementaryFunction.exp.map(x))
    #expect(VectorMath.log(x) == ElementaryFunction.log.map(x))
    #expect(VectorMath.erf(x) == ElementaryFunction.erf.map(x))
    #expect(VectorMath.tanh([]) == [])
  }
}
