/// φ(x) = max(x, 0). Every Gaussian average is closed (Cho and Saul 2009).
public struct ReLU: HomogeneousActivation {
  public init() {}
  public var name: String { "relu" }
  public var slopes: (minus: Double, plus: Double) { (0, 1) }
}
