/// A fault with everything a person needs to mend it: what was wrong, what is allowed, what to try.
///
/// Physics outcomes (a divergent length, a missing critical line) are values, never errors.
public struct PoiseError: Error, Sendable, Equatable {
  /// The kind of a fault. Codes are static members, so that a new one breaks nobody.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }

    /// A parameter lies outside its allowed range.
    public static let outOfRange = Code("out of range")
    /// A name that is not in a catalogue.
    public static let unknownName = Code("unknown name")
    /// Shapes or dimensions that do not fit together.
    public static let shapeMismatch = Code("shape mismatch")
    /// A file that cannot be read, or whose content is not what its format promises.
    public static let unreadable = Code("unreadable")
    /// A file that cannot be written.
    public static let unwritable = Code("unwritable")
    /// An iteration, integral or factorisation that missed its tolerance.
    public static let notConverged = Code("not converged")
    /// A quantity that was asked for but does not exist here.
    public static let noAnswer = Code("no answer")
    /// Something that this machine lacks.
    public static let missingTool = Code("missing tool")
  }

  /// What kind of fault.
  public let code: Code
  /// The quantity, option or file at fault, as the user knows it.
  public let quantity: String
  /// The offending value, printed.
  public let value: String
  /// What would have been accepted.
  public let allowed: String
  /// What to do next; empty when `allowed` says it all.
  public let suggestion: String

  public init(
    _ code: Code, quantity: String, value: String, allowed: String, suggestion: String = ""
  ) {
    self.code = code
    self.quantity = quantity
    self.value = value
    self.allowed = allowed
    self.suggestion = suggestion
  }

  /// The three-part message: `quantity: value (code); allowed: …; try: …`.
  public var message: String {
    var text = "\(quantity): \(value) (\(code))"
    if !allowed.isEmpty { text += "; allowed: \(allowed)" }
    if !suggestion.isEmpty { text += "; try: \(suggestion)" }
    return text
  }
}

extension PoiseError: CustomStringConvertible {
  public var description: String { message }
}

extension Double {
  /// The value itself if it is finite and in `range`; otherwise an `outOfRange` error.
  public func checked(
    _ quantity: String, in range: ClosedRange<Double>, suggestion: String = ""
  ) throws(PoiseError) -> Double {
    guard isFinite, range.contains(self) else {
      throw PoiseError(
        .outOfRange, quantity: quantity, value: "\(self)",
        allowed: "\(range.lowerBound) to \(range.upperBound), finite", suggestion: suggestion)
    }
    return self
  }
}
