/// Lists of names in messages, and the name that was probably meant.
enum NameList {
  /// The names, joined; long lists are cut.
  static func text(_ names: [String]) -> String {
    if names.isEmpty { return "(there is none)" }
    let shown = names.prefix(20).joined(separator: ", ")
    return names.count > 20 ? shown + ", … (\(names.count) in all)" : shown
  }

  /// The name with the least number of edits, when at most `limit` of them are needed.
  static func nearest(to word: String, in names: [String], limit: Int = 3) -> String? {
    let word = Array(word.lowercased().prefix(64))
    return names.map { ($0, edits(word, Array($0.lowercased()))) }
      .filter { $0.1 <= min(limit, max(1, $0.0.count / 2)) }
      .min { $0.1 < $1.1 }?.0
  }

  /// Levenshtein distance: least number of insertions, deletions and replacements.
  private static func edits(_ first: [Character], _ second: [Character]) -> Int {
    var previous = Array(0...second.count)
    for (row, left) in first.enumerated() {
      var current = [row + 1]
      for (column, right) in second.enumerated() {
        let replaced = previous[column] + (left == right ? 0 : 1)
        current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[second.count]
  }
}
