/// φ(x) = x. Every Gaussian average is closed.
public struct Linear: HomogeneousActivation {
  public init() {}
  public var name: String { "linear" }
  public var slopes: (minus: Double, plus: Double) { (1, 1) }
}
