import PoiseMeanField
import RealModule

/// What a single point of the phase plane has to say beyond its numbers.
public struct PointDetail: Codable, Sendable, Equatable {
  /// One fixed point of the length map.
  public struct FixedLength: Codable, Sendable, Equatable {
    /// q.
    public var length: Double
    /// χ_q there.
    public var slope: Double
    /// attracting, marginal, repelling.
    public var stability: String
  }

  /// All fixed points of the length map, ascending.
  public var fixedLengths: [FixedLength]
  /// How lengths diverge: exponential, linear, sublinear, superexponential; absent where they do not.
  public var growth: String?
  /// ln of the factor per layer (exponential) or the increment per layer (linear).
  public var growthRate: Double?
  /// The physics in a sentence; empty where there is nothing beyond the table.
  public var statement: String

  init(_ outcome: MeanField.Outcome, _ points: [LengthFixedPoint]) {
    fixedLengths = points.map {
      FixedLength(length: $0.length, slope: $0.slope, stability: $0.stability.rawValue)
    }
    let others = points.filter { $0.length != outcome.point?.length }
    let listed = others.map { "q = \($0.length.significant(4)) (\($0.stability.rawValue))" }
      .joined(separator: ", ")
    switch outcome {
    case .fixedPoint:
      statement = others.isEmpty ? "" : "Other fixed points of the length: \(listed)."
      if let last = others.last, last.stability == .repelling, last.length == points.last?.length {
        statement += " Inputs longer than q = \(last.length.significant(4)) grow without bound."
      }
    case .marginal:
      statement = "Every length is preserved: φ is homogeneous and σ_w² critical."
    case .diverging(let kind, _, let repelling):
      let above =
        repelling.flatMap { $0 > 0 ? " for inputs longer than q = \($0.significant(4))" : nil }
        ?? ""
      switch kind {
      case .exponential(let rate):
        (growth, growthRate) = ("exponential", rate)
        statement =
          "Lengths grow without bound\(above), by a factor \(Double.exp(rate).significant(4)) "
          + "a layer (rate \(rate.significant(4)))."
      case .linear(let increment):
        (growth, growthRate) = ("linear", increment)
        statement =
          "Lengths grow without bound\(above), but only by \(increment.significant(4)) a layer."
      case .sublinear:
        growth = "sublinear"
        statement = "Lengths grow without bound\(above), but slower than linearly."
      case .superexponential:
        growth = "superexponential"
        statement = "Lengths grow without bound\(above), faster than any exponential."
      }
    }
  }
}
