import Foundation
import PoiseLab

/// The two dimensions of a sweep that a figure shows; all others stay at their first value.
struct SweepSlice {
  /// One dimension with its axes: the first gives positions, zipped ones go with it.
  struct Dimension {
    var axes: [SweepResult.Axis]
    var index: Int

    var count: Int { axes[0].values.count }
    var values: [Double] { axes[0].values }
    var names: [String]? { axes[0].names }
    /// `weight-variance` as `weight variance`.
    var title: String {
      axes.map { $0.name.replacing("-", with: " ") }.joined(separator: ", ")
    }

    /// A value in words.
    func word(_ place: Int) -> String { names?[place] ?? NumberText.short(values[place]) }

    /// Names in place of numbers along an axis of a figure.
    func tics(_ axis: String) -> String {
      guard let names else { return "" }
      let marks = names.enumerated().map { "\(GnuplotText.quoted($1)) \($0)" }
      return "set \(axis)tics (\(marks.joined(separator: ", ")))"
    }
  }

  /// The longest dimension.
  let x: Dimension
  /// The next one; nil for a sweep of one dimension.
  let y: Dimension?
  /// What stays at its first value, in words.
  let rest: String
  private let lengths: [Int]

  /// More values than this make a map; fewer make one curve each.
  static let curves = 6

  /// nil without an axis.
  init?(_ result: SweepResult) {
    let dimensions = result.lengths.indices.map { index in
      Dimension(axes: result.axes.filter { $0.dimension == index }, index: index)
    }
    guard dimensions.allSatisfy({ !$0.axes.isEmpty }) else { return nil }
    // Of equal lengths the later runs along x, as it runs fastest.
    let order = dimensions.filter { $0.count > 1 }.sorted {
      ($0.count, $0.index) > ($1.count, $1.index)
    }
    guard let x = order.first else { return nil }
    self.x = x
    y = order.count > 1 ? order[1] : nil
    rest = order.dropFirst(2).map { "\($0.title) \($0.word(0))" }.joined(separator: ", ")
    lengths = result.lengths
  }

  var isMap: Bool { (y?.count ?? 0) > Self.curves }

  /// The number at places along x and y.
  func value(_ shown: SweepResult.Shown, _ xPlace: Int, _ yPlace: Int) -> Double? {
    var index = 0
    for dimension in lengths.indices {
      let place = dimension == x.index ? xPlace : dimension == y?.index ? yPlace : 0
      index = index * lengths[dimension] + place
    }
    return shown.values[index]
  }
}
