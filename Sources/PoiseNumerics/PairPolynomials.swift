import CPoiseKernels

/// Averages of one input with many others: on panels of an angle, polynomials whose coefficients
/// are themselves given at nodes of the other length (panel × power × 2 × node).
public struct PairPolynomials {
  /// From the first panel that is used.
  public var coefficients: UnsafePointer<Double>
  /// A multiple of eight.
  public var nodes: Int
  public var powers: Int
  public var panels: ClosedRange<Int>

  public init(
    coefficients: UnsafePointer<Double>, nodes: Int, powers: Int, panels: ClosedRange<Int>
  ) {
    precondition(nodes % 8 == 0 && powers > 0, "nodes come in eights")
    self.coefficients = coefficients
    self.nodes = nodes
    self.powers = powers
    self.panels = panels
  }

  /// Both averages of every pair.
  ///
  /// - Parameters:
  ///   - position: angle in units of panels, as of `VectorMath.pairPosition`.
  ///   - weights: what each node counts (pair × node).
  public func evaluate(
    _ position: UnsafePointer<Double>, weights: UnsafePointer<Double>,
    value: UnsafeMutablePointer<Double>, slope: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_pair_table_f64(
      coefficients, nodes / 8, powers, panels.lowerBound, panels.upperBound, position, weights,
      value, slope, count)
  }
}

extension VectorMath {
  /// ψ = 2 asin √(θ/π), θ = 2 asin √(gap/2), in units of π/panels: 0 to `panels`.
  public static func pairPosition(
    _ gap: UnsafePointer<Double>, panels: Int, _ position: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    poise_pair_position_f64(gap, Double(panels), position, count)
  }
}
