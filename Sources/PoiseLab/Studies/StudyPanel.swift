/// One picture of a study as data: curves, points, or a map with both over it.
public struct StudyPanel: Codable, Sendable, Equatable {
  /// An axis with its name.
  public struct Axis: Codable, Sendable, Equatable {
    /// Words and symbol, as `weight variance σ_w²`.
    public var title: String
    /// Whether the scale is logarithmic.
    public var isLogarithmic: Bool
    /// What must be seen; null for all that there is.
    public var low: Double?
    /// Upper end of what must be seen; null for all that there is.
    public var high: Double?
    /// Kinds of things at 1, 2, …, for the marks of the x axis of curves; null for numbers.
    public var names: [String]?

    /// An axis; linear, of numbers, and as long as its data unless said otherwise.
    public init(
      _ title: String, isLogarithmic: Bool = false, low: Double? = nil, high: Double? = nil,
      names: [String]? = nil
    ) {
      self.title = title
      self.isLogarithmic = isLogarithmic
      self.low = low
      self.high = high
      self.names = names
    }
  }

  /// How a curve is drawn.
  public enum Style: String, Codable, Sendable {
    /// Theory.
    case line
    /// A rival theory, or a guide for the eye.
    case dashed
    /// Measurements, with bars where there are errors.
    case points
  }

  /// Numbers against numbers. Not all y need exist.
  public struct Curve: Codable, Sendable, Equatable {
    /// For the key; empty for none.
    public var name: String
    /// Line, dashes or points.
    public var style: Style
    /// Which of the colours: the same for theory and measurement of one thing.
    public var color: Int
    /// Where the values are; as many as y.
    public var x: [Double]
    /// One value for each x; null where there is none.
    public var y: [Double?]
    /// Standard errors of y.
    public var error: [Double?]?

    /// Values and errors that are not finite become null.
    public init(
      _ name: String, _ style: Style, color: Int, x: [Double], y: [Double?],
      error: [Double?]? = nil
    ) {
      self.name = name
      self.style = style
      self.color = color
      self.x = x
      self.y = y.map { $0.flatMap { $0.isFinite ? $0 : nil } }
      self.error = error.map { $0.map { $0.flatMap { $0.isFinite ? $0 : nil } } }
    }
  }

  /// Colours over a plane.
  public struct Map: Codable, Sendable, Equatable {
    /// What the colour is.
    public var title: String
    /// Coordinates of the columns of `values`.
    public var x: [Double]
    /// Coordinates of the rows of `values`.
    public var y: [Double]
    /// y outside, x inside; null where there is none.
    public var values: [Double?]
    /// Whether zero is the middle of the colours.
    public var isDiverging: Bool

    /// Values that are not finite become null.
    public init(
      _ title: String, x: [Double], y: [Double], values: [Double?], isDiverging: Bool = false
    ) {
      self.title = title
      self.x = x
      self.y = y
      self.values = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
      self.isDiverging = isDiverging
    }
  }

  /// Name of its file.
  public var name: String
  /// What it shows, for below it.
  public var caption: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Colours over the plane of both axes; null for none.
  public var map: Map?
  /// Curves, over the map if there is one; empty for a map alone.
  public var curves: [Curve]

  /// A picture; whether arrays have one length is not checked here.
  public init(
    _ name: String, caption: String, x: Axis, y: Axis, map: Map? = nil, curves: [Curve] = []
  ) {
    self.name = name
    self.caption = caption
    self.x = x
    self.y = y
    self.map = map
    self.curves = curves
  }

  /// Whether arrays that belong together have one length.
  var isWhole: Bool {
    let areCurves = curves.allSatisfy {
      $0.x.count == $0.y.count && ($0.error.map(\.count) ?? $0.x.count) == $0.x.count
        && $0.color >= 0
    }
    guard let map else { return areCurves && !curves.isEmpty }
    let (count, overflow) = map.x.count.multipliedReportingOverflow(by: map.y.count)
    return areCurves && !overflow && count == map.values.count && count > 0
  }
}
