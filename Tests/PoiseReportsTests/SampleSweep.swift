import Foundation

@testable import PoiseLab
@testable import PoiseReports

extension Samples {
  /// A sweep over x and, if there are any, over values of a second option and of an activation.
  static func sweep(rows: Int, activations: Int = 0, failures: Int = 0) -> Record {
    let x = (0..<12).map { 0.5 + 0.25 * Double($0) }
    let names = ["tanh", "relu", "erf", "gelu"].prefix(activations)
    var axes = [SweepResult.Axis(name: "weight-variance", values: x, names: nil, dimension: 0)]
    var lengths = [12]
    if rows > 1 {
      axes.append(
        .init(
          name: "bias-variance", values: (0..<rows).map { 0.1 * Double($0) }, names: nil,
          dimension: lengths.count))
      lengths.append(rows)
    }
    if activations > 1 {
      axes.append(
        .init(
          name: "activation", values: names.indices.map(Double.init), names: Array(names),
          dimension: lengths.count))
      lengths.append(activations)
    }
    let count = lengths.reduce(1, *)
    let values = (0..<count).map { 1 + Double($0 / max(1, rows)) * 0.1 + Double($0 % rows) }
    return record(
      .sweep(
        SweepResult(
          swept: "phase --activation tanh --weight-variance 0.5:3.25#12", axes: axes,
          lengths: lengths, done: count - failures, failed: failures, timeLimit: 0, missing: 0,
          failures: (0..<failures).map {
            .init(
              index: $0, place: "weight-variance \(x[$0])", status: "failed",
              reason: "weight variance: far too long a reason to stand in a column of a table")
          }, seconds: 12.5,
          quantities: [
            .init(name: "cells.chi1", defined: count, minimum: 1, maximum: values.max())
          ],
          words: [
            .init(name: "cells.phase", legend: ["chaotic", "ordered"], counts: [count - 3, 3])
          ], series: [.init(name: "layers", length: 20)], leftOut: ["long"],
          shown: [
            .init(name: "cells.chi1", values: values.map { $0 }),
            .init(name: "cells.length", values: values.map { $0 > 2 ? $0 * $0 : nil }),
          ], damagedLines: 0, tornFiles: 1, files: ["sweep.npz", "sweep.csv"])), verb: "sweep")
  }
}
