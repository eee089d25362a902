import ComplexModule
import RealModule

/// ln Γ(z) for Re z > 0, some branch of it: only e to its power is used.
///
/// Stirling's series after shifting z to the right. Error below 1e-14 of max(1, |ln Γ|) (tests).
func complexLogGamma(_ z: Complex<Double>) -> Complex<Double> {
  var (z, shift) = (z, Complex<Double>(0))
  while z.real < 9 {
    shift += .log(z)
    z = z + Complex(1)
  }
  // B_{2k}/(2k(2k−1)).
  let coefficients: [Double] = [
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156,
    -3617.0 / 122400,
  ]
  let inverse = Complex<Double>(1) / z
  let square = inverse * inverse
  var sum = Complex<Double>(0)
  for coefficient in coefficients.reversed() { sum = sum * square + Complex(coefficient) }
  let half = Complex<Double>(0.5 * .log(2 * .pi))
  return (z - Complex(0.5)) * .log(z) - z + half + sum * inverse - shift
}

extension SIMD8<Double> {
  /// Sum of the lanes, in a fixed order.
  @inline(__always)
  func sum() -> Double {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
