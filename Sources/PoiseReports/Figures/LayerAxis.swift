/// An axis of few layers: whole numbers only.
enum LayerAxis {
  /// Commands before a plot from layer 1 to `last`.
  static func commands(last: Int) -> [String] {
    last <= 12 ? ["set xtics 1"] : []
  }
}
