import Foundation
import PoiseLab

/// Sentence and table of an isometry map.
struct IsometryMapWords {
  let map: IsometryMap
  let ensemble: EnsembleSummary

  init(_ map: IsometryMap, _ ensemble: EnsembleSummary) {
    self.map = map
    self.ensemble = ensemble
  }

  /// Columns in which v ≤ 1 and the mean squared singular value is within e^±1, at a row.
  func isometric(row: Int) -> [Double] {
    map.weightVariances.indices.filter { column in
      guard let v = map.relativeVariance(row: row, column: column),
        let mean = map.logMean(row: row, column: column)
      else { return false }
      return v <= 1 && abs(mean) <= 1
    }.map { map.weightVariances[$0] }
  }

  var headline: String {
    let last = map.depths.indices.max { map.depths[$0] < map.depths[$1] } ?? 0
    let depth = map.depths.isEmpty ? 0 : map.depths[last]
    let good = map.depths.isEmpty ? [] : isometric(row: last)
    let edge = map.criticalWeightVariances.map { NumberText.short($0) }.joined(separator: ", ")
    let critical = edge.isEmpty ? "no column is critical" : "the edge of chaos is at \(edge)"
    guard let low = good.min(), let high = good.max() else {
      return "At depth \(depth) no weight variance of the map is isometric "
        + "(v ≤ 1, E s² within e^±1); \(critical)."
    }
    return "At depth \(depth) networks are isometric (v ≤ 1, E s² within e^±1) for σ_w² from "
      + "\(NumberText.short(low)) to \(NumberText.short(high)); \(critical)."
  }

  /// Per depth, or a dozen of them: the isometric columns, and v at those nearest to criticality.
  var table: TextTable {
    let rows = TextLayout.thinned(Array(map.depths.indices), to: 12)
    let ranges = rows.map { isometric(row: $0) }
    let critical = map.criticalWeightVariances.first
    let nearest = critical.flatMap { target in
      map.weightVariances.indices.min {
        abs(map.weightVariances[$0] - target) < abs(map.weightVariances[$1] - target)
      }
    }
    return TextTable([
      .init("depth", rows.map { "\(map.depths[$0])" }),
      .init("σ_w² from", NumberText.fixed(ranges.map { $0.min() }, decimals: 5)),
      .init("to", NumberText.fixed(ranges.map { $0.max() }, decimals: 5)),
      .init(
        "v at the edge",
        NumberText.column(
          rows.map { row in nearest.flatMap { map.relativeVariance(row: row, column: $0) } },
          digits: 4)),
    ])
  }
}
