/// φ(x) = x for x > 0, a x for x < 0. Every Gaussian average is closed.
public struct LeakyReLU: HomogeneousActivation {
  /// a, the slope of the negative side.
  public let slope: Double

  public init(slope: Double = 0.01) { self.slope = slope }
  public var name: String { "leaky_relu_\(slope)" }
  public var slopes: (minus: Double, plus: Double) { (slope, 1) }
}
