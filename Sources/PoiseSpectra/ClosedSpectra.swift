import RealModule

/// Laws that are known in closed form, at E λ = 1: the yardsticks of `JacobianSpectrum`.
public enum ClosedSpectra {
  /// λρ(λ) of Marchenko and Pastur for W Wᵀ, W (n_out × n_in) with entries of variance 1/n_in and
  /// ratio c = n_out/n_in; without the atom 1 − 1/c at 0 for c > 1.
  public static func marchenkoPasturLogDensity(_ eigenvalue: Double, ratio c: Double) -> Double {
    let root = c.squareRoot()
    let (low, high) = ((1 - root) * (1 - root), (1 + root) * (1 + root))
    guard eigenvalue > low, eigenvalue < high else { return 0 }
    return ((eigenvalue - low) * (high - eigenvalue)).squareRoot() / (2 * .pi * c)
  }

  /// (ln λ, λρ) of the product of L square Gaussian matrices (Fuss-Catalan law) at an angle a in
  /// (0, π/(L + 1)):
  ///
  ///     λ = sin^{L+1}((L+1)a)/(sin a · sin^L(L a)),   λρ = sin a · sin((L+1)a)/(π sin(L a))
  ///
  /// - Source: Penson and Życzkowski 2011, arXiv:1103.3453, in this parametrisation.
  public static func fussCatalan(
    depth: Int, angle a: Double
  ) -> (logEigenvalue: Double, logDensity: Double) {
    let n = Double(depth)
    let (one, most, all) = (Double.sin(a), Double.sin(n * a), Double.sin((n + 1) * a))
    return ((n + 1) * .log(all) - .log(one) - n * .log(most), one * all / (.pi * most))
  }

  /// ln λ₊ of the Fuss-Catalan law: (L+1)^{L+1}/L^L.
  public static func fussCatalanUpperEdge(depth: Int) -> Double {
    let n = Double(depth)
    return (n + 1) * .log(n + 1) - n * .log(n)
  }
}
