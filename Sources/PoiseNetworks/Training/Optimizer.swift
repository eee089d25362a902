public import PoiseNumerics
import RealModule

/// How a gradient g of the mean loss of a batch moves the parameters w at rate η.
public enum Optimizer: Sendable, Equatable {
  /// v ← μ v + g, w ← w − η v; plain descent at μ = 0.
  case sgd(momentum: Double)
  /// m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← w − η m̂/(√ŝ + ε), with
  /// m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ) after t steps (Kingma and Ba 2014, arXiv 1412.6980).
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

  /// The name on the command line.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    }
  }

  /// Numbers that it keeps for every parameter: 0 to 2.
  public var moments: Int {
    switch self {
    case .sgd(let momentum): momentum == 0 ? 0 : 1
    case .adam: 2
    }
  }

  /// - Throws: `outOfRange` for μ, β₁, β₂ outside [0, 1) or ε not above 0.
  func check() throws(PoiseError) {
    let fractions: [(String, Double)] =
      switch self {
      case .sgd(let momentum): [("momentum", momentum)]
      case .adam(let beta1, let beta2, _): [("beta1", beta1), ("beta2", beta2)]
      }
    for (name, value) in fractions where !(value >= 0 && value < 1) {
      throw PoiseError(
        .outOfRange, quantity: name, value: "\(value)", allowed: "at least 0, below 1")
    }
    if case .adam(_, _, let epsilon) = self, !(epsilon > 0 && epsilon.isFinite) {
      throw PoiseError(
        .outOfRange, quantity: "epsilon", value: "\(epsilon)", allowed: "finite and above 0")
    }
  }
}

/// How the rate changes in the course of training, as a factor on the rate of the start.
public enum LearningRateSchedule: Sendable, Equatable {
  case constant
  /// ½ (1 + cos πs), s the share of all steps that are done: down to 0 at the end.
  case cosine
  /// × factor after every so many epochs.
  case step(epochs: Int, factor: Double)

  /// - Parameters:
  ///   - epoch: epochs that are complete.
  ///   - progress: share of all steps that are done, 0 ..< 1.
  func factor(epoch: Int, progress: Double) -> Double {
    switch self {
    case .constant: 1
    case .cosine: (1 + .cos(.pi * progress)) / 2
    case .step(let epochs, let factor): .pow(factor, epoch / epochs)
    }
  }

  /// - Throws: `outOfRange` for steps of fewer than one epoch or a factor outside (0, 1].
  func check() throws(PoiseError) {
    guard case .step(let epochs, let factor) = self, !(epochs >= 1 && factor > 0 && factor <= 1)
    else { return }
    throw PoiseError(
      .outOfRange, quantity: "schedule", value: name,
      allowed: "step:EPOCHS:FACTOR with EPOCHS at least 1 and FACTOR above 0, at most 1",
      suggestion: "step:10:0.5")
  }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .step(let epochs, let factor): "step:\(epochs):\(factor)"
    }
  }

  /// The schedule of a name as on the command line.
  /// - Throws: `unknownName`; `outOfRange` for epochs below 1 or a factor outside (0, 1].
  public init(named name: String) throws(PoiseError) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch parts[0] {
    case "constant" where parts.count == 1: self = .constant
    case "cosine" where parts.count == 1: self = .cosine
    case "step" where parts.count == 3:
      self = .step(epochs: Int(parts[1]) ?? 0, factor: Double(parts[2]) ?? 0)
      try check()
    default:
      throw PoiseError(
        .unknownName, quantity: "schedule", value: name,
        allowed: "constant, cosine, step:EPOCHS:FACTOR")
    }
  }
}
