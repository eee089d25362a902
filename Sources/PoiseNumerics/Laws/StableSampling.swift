internal import CPoiseKernels
import RealModule

extension StableLaw {
  /// Independent numbers by Chambers, Mallows and Stuck (JASA 1976), one Philox block each (α = 2:
  /// normals, half a block); the same numbers however a range is split.
  ///
  /// The angle keeps 53 bits of its distance from ±π/2 down to 2⁻⁶⁵, so the tails are those of the
  /// law to probabilities of 1e-19. Numbers beyond ±1.8e308 become ±1.8e308.
  public func sample(count: Int, from stream: inout RandomStream) -> [Double] {
    precondition(count >= 0, "StableLaw: negative count")
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]), from: &stream)
      initialized = count
    }
  }

  /// Fills with independent numbers of the law.
  public func fill(
    _ out: UnsafeMutableBufferPointer<Double>, from stream: inout RandomStream
  ) {
    if alpha == 2 {
      stream.fillNormal(out)
      let deviation = scale * 2.0.squareRoot()
      for index in out.indices { out[index] *= deviation }
    } else {
      stream.fillStable(kernelLaw, out)
    }
    let centre = locationS0
    if centre != 0 { for index in out.indices { out[index] += centre } }
  }

  /// The numbers of the `Double` overload, rounded: single precision truncates only what exceeds
  /// ±3.4e38, which becomes ±3.4e38 (probability of order (scale/1e38)^α).
  public func fill(
    _ out: UnsafeMutableBufferPointer<Float>, from stream: inout RandomStream
  ) {
    let chunk = 2048
    withUnsafeTemporaryAllocation(of: Double.self, capacity: chunk) { buffer in
      for start in stride(from: 0, to: out.count, by: chunk) {
        let part = UnsafeMutableBufferPointer(
          rebasing: buffer[0..<min(chunk, out.count - start)])
        fill(part, from: &stream)
        let bound = Double(Float.greatestFiniteMagnitude)
        for index in part.indices {
          out[start + index] = Float(max(-bound, min(bound, part[index])))
        }
      }
    }
  }

  private var kernelLaw: poise_stable_law {
    let side = StableSide(alpha: alpha, beta: beta)
    let skew = beta == 0 ? 0 : beta * side.tangent
    return poise_stable_law(
      alpha: alpha, beta: beta, epsilon: side.epsilon, tangent: beta == 0 ? 0 : side.tangent,
      centre: .atan(skew) / alpha, modulus: beta == 0 ? 1 : .pow(side.modulus, 1 / alpha),
      factor: scale)
  }
}
