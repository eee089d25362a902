public import PoiseNumerics

/// The points of a sweep: one command line with its ranges taken apart.
///
/// Axes are crossed in the order in which they are written, the last running fastest; axes that are
/// zipped run together. Points are made when asked for: a grid of 10^7 takes no room.
public struct SweepGrid: Sendable {
  /// The command as it was written: verb, arguments, options with ranges.
  public let arguments: [String]
  /// The options with several values.
  public let axes: [SweepAxis]
  /// The dimension of the grid along which each axis runs; zipped axes share one.
  public let dimensions: [Int]
  /// Points along each dimension.
  public let shape: [Int]
  /// Number of points.
  public let count: Int
  /// Longest series that a point keeps.
  public let series: Int

  /// Version of what a point is and of how its result is kept: part of its identity.
  public static let pointVersion = "poise.point/2"
  /// Most points of a sweep.
  public static let limit = 100_000_000

  private enum Word: Sendable {
    case plain(String)
    case flag(String)
    case option(SweepAxis, axis: Int?)
  }
  private let words: [Word]
  /// The text behind an identity; the value of an axis follows its part.
  private let canonical: [(text: String, axis: Int?)]

  /// Takes a command line apart.
  ///
  /// - Parameters:
  ///   - arguments: verb, subverb, arguments and options, as after `poise`.
  ///   - zipped: groups of options whose ranges run together.
  ///   - fixed: options whose value is passed on as it stands, whatever it looks like.
  ///   - series: longest series that a point keeps.
  /// - Throws: `outOfRange`, `shapeMismatch` or `unknownName` with what is wrong.
  public init(
    _ arguments: [String], zipped: [[String]] = [], fixed: [String] = [], series: Int = 200
  ) throws(PoiseError) {
    self.arguments = arguments
    self.series = series
    var words: [Word] = []
    var axes: [SweepAxis] = []
    var names: Set<String> = []
    guard let verb = arguments.first, !verb.hasPrefix("-") else { throw Self.noVerb(arguments) }
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), word.count > 2 else {
        words.append(.plain(word))
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      guard let name = parts.first else { throw Self.noVerb(arguments) }
      try Self.check(name, &names)
      var value = parts.count > 1 ? parts[1] : nil
      if value == nil, let next = rest.first, !next.hasPrefix("--") { value = rest.popFirst() }
      guard let value else {
        words.append(.flag(name))
        continue
      }
      let axis = try SweepAxis(name: name, text: value, isFixed: fixed.contains(name))
      words.append(.option(axis, axis: axis.values.count > 1 ? axes.count : nil))
      if axis.values.count > 1 { axes.append(axis) }
    }
    self.words = words
    self.axes = axes
    canonical = Self.canonical(words)
    (dimensions, shape) = try Self.lay(axes, zipped)
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= Self.limit else {
        throw PoiseError(
          .outOfRange, quantity: "sweep",
          value: "\(shape.map(String.init).joined(separator: " × "))"
            + " points", allowed: "at most \(Self.limit)")
      }
      count = product
    }
    self.count = count
  }

  /// The values of a point, one for each axis.
  public func values(at index: Int) -> [String] {
    let places = places(at: index)
    return axes.indices.map { axes[$0].values[places[dimensions[$0]]] }
  }

  /// The command line of a point, for `poise`.
  public func arguments(at index: Int) -> [String] {
    let places = places(at: index)
    return words.map { word in
      switch word {
      case .plain(let text): text
      case .flag(let name): "--\(name)"
      case .option(let option, let axis):
        "--\(option.name)=\(option.values[axis.map { places[dimensions[$0]] } ?? 0])"
      }
    }
  }

  /// Who a point is: its verb, arguments and options in canonical order and form. The number of
  /// threads does not belong to it.
  public func identity(at index: Int) -> PointIdentity {
    let places = places(at: index)
    var text = "\(Self.pointVersion)\nseries=\(series)"
    for part in canonical {
      text += part.text
      if let axis = part.axis {
        text += SweepAxis.canonical(axes[axis].values[places[dimensions[axis]]])
      }
    }
    return PointIdentity(of: text)
  }

  /// A point in words: `alpha 1.5, scale 0.25`.
  public func place(of index: Int) -> String {
    zip(axes, values(at: index)).map { "\($0.name) \($1)" }.joined(separator: ", ")
  }

  /// Which value of an axis a point has.
  func place(along axis: Int, at index: Int) -> Int {
    let dimension = dimensions[axis]
    let stride = shape[(dimension + 1)...].reduce(1, *)
    return index / stride % shape[dimension]
  }

  private func places(at index: Int) -> [Int] {
    var places = [Int](repeating: 0, count: shape.count)
    var rest = index
    for dimension in shape.indices.reversed() {
      (rest, places[dimension]) = rest.quotientAndRemainder(dividingBy: shape[dimension])
    }
    return places
  }

  /// Verb and arguments in their order, then options by name.
  private static func canonical(_ words: [Word]) -> [(text: String, axis: Int?)] {
    var plain: [(String, Int?)] = []
    var named: [(name: String, part: (String, Int?))] = []
    for word in words {
      switch word {
      case .plain(let text): plain.append(("\n" + text, nil))
      case .flag(let name): named.append((name, ("\n--\(name)", nil)))
      case .option(let option, let axis):
        guard option.name != "jobs" else { continue }
        let value = axis == nil ? SweepAxis.canonical(option.values[0]) : ""
        named.append((option.name, ("\n--\(option.name)=\(value)", axis)))
      }
    }
    return plain + named.sorted { $0.name < $1.name }.map(\.part)
  }

  private static func noVerb(_ arguments: [String]) -> PoiseError {
    PoiseError(
      .outOfRange, quantity: "command to sweep", value: arguments.first ?? "not given",
      allowed: "a verb of poise with its options, after --",
      suggestion: "-- phase --activation tanh --weight-variance 0.5:4#100")
  }

  /// Every option once, and none that belongs to the whole sweep.
  private static func check(_ name: String, _ names: inout Set<String>) throws(PoiseError) {
    guard names.insert(name).inserted else {
      throw PoiseError(
        .outOfRange, quantity: "--\(name)", value: "given twice", allowed: "every option once",
        suggestion: "a list: --\(name) a,b")
    }
    guard ["json", "quiet", "output", "figure", "output-file"].contains(name) else { return }
    throw PoiseError(
      .outOfRange, quantity: "--\(name)", value: "in a command that is swept",
      allowed: "options that decide about the result",
      suggestion: "poise sweep collect, which writes the results of all points")
  }

  /// Which axis runs along which dimension.
  private static func lay(
    _ axes: [SweepAxis], _ zipped: [[String]]
  ) throws(PoiseError) -> (dimensions: [Int], shape: [Int]) {
    for name in zipped.joined() where !axes.contains(where: { $0.name == name }) {
      throw PoiseError(
        .unknownName, quantity: "--zip", value: name,
        allowed: "options with several values: "
          + (axes.isEmpty ? "there is none" : axes.map(\.name).joined(separator: ", ")))
    }
    var dimensions: [Int] = []
    var shape: [Int] = []
    for (index, axis) in axes.enumerated() {
      let partners = zipped.first { $0.contains(axis.name) } ?? []
      if let first = axes[..<index].firstIndex(where: { partners.contains($0.name) }) {
        guard axes[first].values.count == axis.values.count else {
          throw PoiseError(
            .shapeMismatch, quantity: "--zip \(partners.joined(separator: ","))",
            value: "\(axes[first].values.count) and \(axis.values.count) values",
            allowed: "as many values of each")
        }
        dimensions.append(dimensions[first])
      } else {
        dimensions.append(shape.count)
        shape.append(axis.values.count)
      }
    }
    return (dimensions, shape)
  }
}

extension SweepGrid {
  /// Whether another grid may use the same folder: the same command, with ranges changed.
  ///
  /// What is a single value in both must be the same, and so must names and flags; then every point
  /// that both have is still valid.
  public func continues(_ other: SweepGrid) -> Bool {
    func parts(_ grid: SweepGrid) -> [String: SweepAxis?] {
      var parts: [String: SweepAxis?] = [:]
      for word in grid.words {
        switch word {
        case .plain(let text): parts[" " + text] = .some(nil)
        case .flag(let name): parts[name] = .some(nil)
        case .option(let option, _): if option.name != "jobs" { parts[option.name] = option }
        }
      }
      return parts
    }
    let (mine, theirs) = (parts(self), parts(other))
    guard series == other.series, mine.keys == theirs.keys else { return false }
    return mine.allSatisfy { name, option in
      guard let option, let former = theirs[name] ?? nil else {
        return (theirs[name] ?? nil) == nil && option == nil
      }
      return option.values.count > 1 || former.values.count > 1
        || SweepAxis.canonical(option.values[0]) == SweepAxis.canonical(former.values[0])
    }
  }
}
