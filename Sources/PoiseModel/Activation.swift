import PoiseNumerics

/// A nonlinearity φ by value: one of the catalogue, or a closure of the user's own.
public struct Activation: Sendable, CustomStringConvertible {
  /// The function and all that is known of it.
  public let function: any ActivationFunction

  public init(_ function: any ActivationFunction) { self.function = function }

  /// The name on the command line and in records.
  public var name: String { function.name }
  public var description: String { name }
}

extension Activation: Equatable {
  public static func == (left: Activation, right: Activation) -> Bool { left.name == right.name }
}
