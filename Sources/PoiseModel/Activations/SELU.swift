/// φ(x) = λx for x > 0, λα(eˣ − 1) for x < 0, with the self-normalising λ and α.
///
/// - Source: Klambauer et al. 2017 (arXiv 1706.02515).
public struct SELU: ExponentialLinearActivation {
  public init() {}
  public var name: String { "selu" }
  public var scale: Double { 1.0507009873554804934193349852946 }
  public var alpha: Double { 1.6732632423543772848170429916717 }
}
