import PoiseNumerics

/// A vector function of `VectorMath`.
typealias VectorFunction<T> = (UnsafePointer<T>, UnsafeMutablePointer<T>, Int) -> Void

/// Values and slopes element by element, without transcendental functions.
@inline(__always)
func evaluatePointwise<T: BinaryFloatingPoint>(
  _ x: UnsafePointer<T>, _ count: Int, _ values: UnsafeMutablePointer<T>,
  _ derivatives: UnsafeMutablePointer<T>?, value: (T) -> T, derivative: (T) -> T
) {
  guard let derivatives else {
    for index in 0..<count { values[index] = value(x[index]) }
    return
  }
  for index in 0..<count {
    let argument = x[index]
    derivatives[index] = derivative(argument)
    values[index] = value(argument)
  }
}

/// Values and slopes by way of one vector function: y = f(argument(x)), then φ = value(x, y) and
/// φ′ = derivative(x, y). Works through a small buffer on the stack, so `values` may be `x`.
@inline(__always)
func evaluateBlocks<T: BinaryFloatingPoint>(
  _ x: UnsafePointer<T>, _ count: Int, _ values: UnsafeMutablePointer<T>,
  _ derivatives: UnsafeMutablePointer<T>?, _ function: VectorFunction<T>,
  argument: (T) -> T, value: (T, T) -> T, derivative: (T, T) -> T
) {
  let block = 512
  withUnsafeTemporaryAllocation(of: T.self, capacity: block) { buffer in
    let y = buffer.baseAddress!
    var start = 0
    while start < count {
      let size = min(block, count - start)
      for index in 0..<size { (y + index).initialize(to: argument(x[start + index])) }
      function(y, y, size)
      if let derivatives {
        for index in 0..<size {
          derivatives[start + index] = derivative(x[start + index], y[index])
        }
      }
      for index in 0..<size { values[start + index] = value(x[start + index], y[index]) }
      start += size
    }
  }
}

/// `x` within ±`bound`; NaN stays NaN because the comparison with it is false.
@inline(__always)
func clamp<T: BinaryFloatingPoint>(_ x: T, _ bound: T) -> T {
  x > bound ? bound : (x < -bound ? -bound : x)
}
