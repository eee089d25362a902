import RealModule

/// An amount of information per neuron, kept in nats.
public struct Information: Sendable, Equatable, Comparable {
  /// Natural units, per neuron of the layer where it is measured.
  public let nats: Double
  /// nats / ln 2.
  public var bits: Double { nats / Double.log(2) }

  /// An amount in nats; below 0 only as a bound.
  public init(nats: Double) { self.nats = nats }

  /// The same, not below zero: what a lower bound that fell below zero still says.
  public var clipped: Information { Information(nats: max(0, nats)) }

  public static func < (left: Information, right: Information) -> Bool { left.nats < right.nats }
}
