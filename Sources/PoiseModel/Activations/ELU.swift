/// φ(x) = x for x > 0, eˣ − 1 for x < 0 (α = 1). φ′ is continuous, φ″ jumps at 0.
public struct ELU: ExponentialLinearActivation {
  public init() {}
  public var name: String { "elu" }
  public var scale: Double { 1 }
  public var alpha: Double { 1 }
}
