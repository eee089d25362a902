/// φ(x) = |x|. Every Gaussian average is closed.
public struct Abs: HomogeneousActivation {
  public init() {}
  public var name: String { "abs" }
  public var slopes: (minus: Double, plus: Double) { (-1, 1) }
}
