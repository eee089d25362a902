import PoiseNumerics

/// The error for a name that is not in a catalogue: lists what is, and suggests the nearest.
func unknownName(_ name: String, quantity: String, among allowed: [String]) -> PoiseError {
  PoiseError(
    .unknownName, quantity: quantity, value: name, allowed: allowed.joined(separator: ", "),
    suggestion: nearestName(to: name, among: allowed) ?? "")
}

/// The candidate fewest insertions, deletions and substitutions away, case and `-` aside; nil if
/// more than half of the letters would have to change.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.lowercased().map { $0 == "-" ? "_" : $0 })
  // The beginning of a name: `he` means `he_uniform`, however long the rest.
  if wanted.count > 1, let start = candidates.first(where: { $0.hasPrefix(String(wanted) + "_") }) {
    return start
  }
  let scored = candidates.map { (name: $0, distance: editDistance(wanted, Array($0))) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, max(wanted.count, best.name.count) / 2) ? best.name : nil
}

/// Levenshtein distance, one row at a time.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let substituted = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
