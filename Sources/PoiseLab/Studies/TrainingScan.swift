import PoiseNumerics
import RealModule

/// Trainings over α, σ_w, rate and seed, read from `train` records.
struct TrainingScan {
  /// Which rate counts.
  enum Rates: Equatable {
    /// That at a place among all, the same everywhere.
    case one(Int)
    /// At each (α, σ_w) the one with the highest validation accuracy, in the mean over seeds.
    case tuned
  }

  let alphas: [Double]
  let scales: [Double]
  let rates: [Double]
  let seeds: [Double]
  let epochs: Double
  let depth: Int
  /// Test accuracy of α, σ_w, rate, seed, the last running fastest; not-a-number without a result.
  private var accuracies: [Double]
  private var validations: [Double]
  /// First epoch at the threshold; one more than all epochs for none.
  private var firsts: [Double]
  /// The best rate of each (α, σ_w).
  private var best: [Int] = []

  init(_ table: StudyTable) throws(PoiseError) {
    alphas = try table.numbers(of: "alpha")
    scales = try table.numbers(of: "scale")
    rates = try table.numbers(of: "rate")
    seeds = try table.numbers(of: "seed")
    epochs = try table.value("epochs", at: 0)
    depth = Int(try table.value("depth", at: 0))
    let count = alphas.count * scales.count * rates.count * seeds.count
    let nothing = [Double](repeating: .nan, count: count)
    (accuracies, validations, firsts) = (nothing, nothing, nothing)
    for point in table.done {
      let place = try Self.place(
        table, point,
        [("alpha", alphas), ("scale", scales), ("rate", rates), ("seed", seeds)])
      accuracies[place] = try table.number("summary.chosenAccuracy.value", at: point)
      // A network that diverged in its first epoch has no validation accuracy.
      validations[place] = try table.optional("summary.validation", at: point) ?? 0
      firsts[place] = try table.optional("summary.firstEpoch", at: point) ?? epochs + 1
    }
    for i in alphas.indices {
      for j in scales.indices {
        best.append(
          rates.indices.max { validation(i, j, $0) < validation(i, j, $1) } ?? 0)
      }
    }
  }

  /// Place of a point among all combinations of the values of some axes, the last running fastest.
  /// - Throws: `outOfRange` for a value that its axis does not have.
  static func place(
    _ table: StudyTable, _ point: Int, _ axes: [(name: String, values: [Double])]
  ) throws(PoiseError) -> Int {
    var place = 0
    for (name, values) in axes {
      let value = try table.value(name, at: point)
      place = place * values.count + (try Self.place(of: value, among: values, name))
    }
    return place
  }

  static func place(
    of value: Double, among values: [Double], _ name: String
  ) throws(PoiseError) -> Int {
    if let place = values.firstIndex(of: value) { return place }
    throw PoiseError(
      .outOfRange, quantity: "--\(name) of a training", value: value.significant(6),
      allowed: "one of \(values.map { $0.significant(6) }.joined(separator: ", "))",
      suggestion: "sweeps of this version of the study")
  }

  /// One rate everywhere.
  /// - Throws: `outOfRange` if no network was trained with it.
  func everywhere(_ rate: Double) throws(PoiseError) -> Rates {
    .one(try Self.place(of: rate, among: rates, "rate"))
  }

  /// Places of α < 2, and of α = 2.
  var heavy: [Int] { alphas.indices.filter { alphas[$0] < 2 } }
  var gaussian: [Int] { alphas.indices.filter { alphas[$0] == 2 } }

  private func place(_ i: Int, _ j: Int, _ rate: Int, _ seed: Int) -> Int {
    ((i * scales.count + j) * rates.count + rate) * seeds.count + seed
  }

  private func validation(_ i: Int, _ j: Int, _ rate: Int) -> Double {
    Self.mean(seeds.indices.map { validations[place(i, j, rate, $0)] }, or: -1)
  }

  /// Place of the rate that counts at a cell.
  func rate(_ rates: Rates, _ i: Int, _ j: Int) -> Int {
    switch rates {
    case .tuned: best[i * scales.count + j]
    case .one(let place): place
    }
  }

  func accuracy(_ rates: Rates, _ i: Int, _ j: Int, seed: Int) -> Double {
    accuracies[place(i, j, rate(rates, i, j), seed)]
  }

  func first(_ rates: Rates, _ i: Int, _ j: Int, seed: Int) -> Double {
    firsts[place(i, j, rate(rates, i, j), seed)]
  }

  // MARK: over scales

  /// Share of the scales at which a seed trains.
  func share(_ rates: Rates, _ i: Int, seed: Int, threshold: Double) -> Double {
    Self.mean(
      scales.indices.map { j in
        let value = accuracy(rates, i, j, seed: seed)
        return value.isNaN ? .nan : value >= threshold ? 1 : 0
      })
  }

  /// Mean first epoch over chosen scales, of seeds that never got there one more than all epochs.
  func meanFirst(_ rates: Rates, _ i: Int, seed: Int, from low: Double) -> Double {
    Self.mean(
      scales.indices.filter { scales[$0] >= low }.map { first(rates, i, $0, seed: seed) })
  }

  /// First epoch of a seed at the scale, and with tuned rates at the scale and rate, that are fastest in
  /// the mean over the *other* seeds: a choice made on the networks that are judged would flatter them.
  func fastest(_ rates: Rates, _ i: Int, seed: Int) -> Double {
    let others = seeds.indices.filter { $0 != seed }
    let chosen: [Int] =
      switch rates {
      case .one(let place): [place]
      case .tuned: Array(self.rates.indices)
      }
    let cells = scales.indices.flatMap { j in chosen.map { (j, $0) } }.map { j, rate in
      (
        mean: Self.mean(others.map { firsts[place(i, j, rate, $0)] }, or: .infinity),
        own: firsts[place(i, j, rate, seed)]
      )
    }
    let best = cells.min { $0.mean < $1.mean }
    return best.map { $0.mean.isFinite ? $0.own : .nan } ?? .nan
  }

  /// Test accuracy at the scale and rate of the highest validation accuracy.
  func bestAccuracy(_ i: Int) -> [Double] {
    let j = scales.indices.max {
      validation(i, $0, best[i * scales.count + $0])
        < validation(i, $1, best[i * scales.count + $1])
    }
    return seeds.indices.map { seed in j.map { accuracy(.tuned, i, $0, seed: seed) } ?? .nan }
  }

  // MARK: over seeds

  /// A quantity of α < 2, averaged, less that of α = 2, with the error of the difference over seeds.
  func contrast(_ value: (_ alpha: Int, _ seed: Int) -> Double) -> Estimate {
    Estimate(
      seeds.indices.map { seed in
        Self.mean(heavy.map { value($0, seed) }) - Self.mean(gaussian.map { value($0, seed) })
      })
  }

  /// Median over seeds of the first epoch; nil where half of them never got there.
  func medianFirst(_ rates: Rates, _ i: Int, _ j: Int) -> Double? {
    let values = seeds.indices.map { first(rates, i, j, seed: $0) }.filter(\.isFinite).sorted()
    guard !values.isEmpty else { return nil }
    let middle = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    return values[values.count / 2] > epochs ? nil : middle
  }

  /// How often the best rate is the lowest, and the highest, of all.
  func rateRemark() -> String {
    let low = best.count { $0 == rates.firstIndex(of: rates.min() ?? 0) }
    let high = best.count { $0 == rates.firstIndex(of: rates.max() ?? 0) }
    return
      "Of \(best.count) tuned rates \(low) are the lowest that was tried and \(high) the highest."
  }

  /// How much luck there is at the smallest α and at α = 2.
  func luckRemark(threshold: Double) -> String {
    let spans = [alphas.indices.min { alphas[$0] < alphas[$1] }, gaussian.first].compactMap(\.self)
      .map { i in
        let shares = seeds.indices.map { share(.tuned, i, seed: $0, threshold: threshold) }
          .filter(\.isFinite)
        return "\((shares.min() ?? 0).significant(2)) to \((shares.max() ?? 0).significant(2)) at "
          + "α = \(alphas[i].significant(3))"
      }
    return "With tuned rates the share of scales that train lies, over \(seeds.count) seeds, in "
      + "\(spans.joined(separator: " and in ")). Networks of one seed share their random numbers at "
      + "every σ_w, and a heavy-tailed draw can be unlucky at all of them."
  }

  /// The mean of what is known.
  static func mean(_ values: [Double], or nothing: Double = .nan) -> Double {
    let known = values.filter(\.isFinite)
    return known.isEmpty ? nothing : known.reduce(0, +) / Double(known.count)
  }
}
