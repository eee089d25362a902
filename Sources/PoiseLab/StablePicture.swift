import PoiseNumerics
import RealModule

/// The points of the figures of a sample: histogram, survival of |x|, quantiles.
enum StablePicture {
  private static let bins = 64
  private static let tailPoints = 120
  private static let quantiles = 160
  /// Curves of one figure of values.
  static let mostCurves = 12
  private static let linePoints = 400

  /// The law on a fine grid over the arguments; where they are few, over its middle too.
  static func line(
    _ operation: StableResult.Operation, _ law: StableLaw, _ arguments: [Double], _ jobs: Int
  ) -> StableResult.Line? {
    let isQuantile = operation == .quantile
    let inside = isQuantile ? arguments.filter { $0 > 0 && $0 < 1 } : arguments
    guard var low = inside.min(), var high = inside.max() else { return nil }
    let reach = (try? law.quantile(isQuantile ? [] : [0.02, 0.98])) ?? []
    if isQuantile {
      (low, high) = (min(low, 0.02), max(high, 0.98))
    } else if inside.count < 3, reach.count == 2 {
      (low, high) = (min(low, reach[0]), max(high, reach[1]))
    }
    guard low < high, (high - low).isFinite else { return nil }
    let grid = Self.grid(low, high, isQuantile: isQuantile, centre: law.locationS0, law.scale)
    let values =
      switch operation {
      case .pdf: law.pdf(grid, jobs: jobs)
      case .cdf: law.survival(grid, jobs: jobs)
      default: (try? law.quantile(grid, jobs: jobs)) ?? []
      }
    guard values.count == grid.count else { return nil }
    return StableResult.Line(arguments: grid, values: values)
  }

  /// Probabilities evenly in the logit; abscissae half of them evenly, half in asinh((x − centre)/width).
  private static func grid(
    _ low: Double, _ high: Double, isQuantile: Bool, centre: Double, _ width: Double
  ) -> [Double] {
    func even(_ a: Double, _ b: Double, _ count: Int) -> [Double] {
      (0..<count).map { a + (b - a) * Double($0) / Double(count - 1) }
    }
    if isQuantile {
      func logit(_ p: Double) -> Double { .log(p) - .log(onePlus: -p) }
      return even(logit(low), logit(high), linePoints).map { 1 / (1 + .exp(-$0)) }
        .filter { $0 > 0 && $0 < 1 }
    }
    func u(_ x: Double) -> Double { .asinh((x - centre) / width) }
    let fine = even(u(low), u(high), linePoints / 2).map { centre + width * .sinh($0) }
    let inside = fine.filter { $0 > low && $0 < high }
    return Array(Set(even(low, high, linePoints / 2) + inside)).sorted()
  }

  /// - Parameter law: the stable law; nil leaves out its curve and the quantiles.
  static func of(
    _ sample: RealSample, _ law: StableLaw?, others: [any ContinuousLaw]
  ) throws(PoiseError) -> StableResult.Picture {
    var picture = StableResult.Picture(
      x: [], density: [], densityError: [], line: [], size: [], beyond: [], laws: [],
      sampleQuantiles: [], lawQuantiles: [])
    histogram(sample, &picture)
    survival(sample, &picture)
    let laws: [any ContinuousLaw] = (law.map { [$0] } ?? []) + others
    for law in laws {
      picture.laws.append(
        StableResult.Curves(
          name: type(of: law).name,
          density: law.logDensities(picture.line, jobs: 1).map { Double.exp($0) },
          beyond: picture.size.map { law.tails(-$0).lower + law.tails($0).upper }))
    }
    if let law { try quantilePoints(sample, law, &picture) }
    return picture
  }

  /// Bins of equal width in asinh((x − median)/quartile range): fine in the middle, wide in the tails.
  private static func histogram(
    _ sample: RealSample, _ picture: inout StableResult.Picture
  ) {
    let xs = sample.sorted
    let centre = sample.quantile(0.5)
    let width = sample.halfQuartileRange
    func u(_ x: Double) -> Double { Double.asinh((x - centre) / width) }
    func x(_ u: Double) -> Double { centre + width * Double.sinh(u) }
    let (low, high) = (u(xs[0]), u(xs[xs.count - 1]))
    guard high > low else { return }
    picture.line = (0..<linePoints).map {
      x(low + (high - low) * Double($0) / Double(linePoints - 1))
    }
    let bins = min(bins, max(8, Int(2 * Double.pow(Double(xs.count), 0.4))))
    var next = 0
    for bin in 0..<bins {
      let right = x(low + (high - low) * Double(bin + 1) / Double(bins))
      let left = x(low + (high - low) * Double(bin) / Double(bins))
      let first = next
      while next < xs.count, xs[next] <= right || bin == bins - 1 { next += 1 }
      guard next > first, right > left else { continue }
      let count = Double(next - first)
      let total = Double(xs.count) * (right - left)
      picture.x.append(x(low + (high - low) * (Double(bin) + 0.5) / Double(bins)))
      picture.density.append(count / total)
      picture.densityError.append(count.squareRoot() / total)
    }
  }

  /// |x| at ranks spaced evenly in their logarithm, and the share beyond.
  private static func survival(_ sample: RealSample, _ picture: inout StableResult.Picture) {
    let sizes = sample.descendingSizes
    let count = sizes.count
    var last = -1
    for k in 0..<tailPoints {
      let rank =
        Int(
          Double.pow(Double(count), Double(k) / Double(tailPoints - 1)).rounded()) - 1
      guard rank > last, rank < count, sizes[rank] > 0 else { continue }
      last = rank
      picture.size.append(sizes[rank])
      picture.beyond.append((Double(rank) + 0.5) / Double(sample.count))
    }
  }

  private static func quantilePoints(
    _ sample: RealSample, _ law: StableLaw, _ picture: inout StableResult.Picture
  ) throws(PoiseError) {
    let count = Double(sample.count)
    // Evenly in the logit from 1/(2n) to 1 − 1/(2n), each number of the sample once.
    let end = Double.log(2 * count - 1)
    var last = -1
    for k in 0..<quantiles {
      let logit = -end + 2 * end * Double(k) / Double(quantiles - 1)
      let rank = min(sample.count - 1, max(0, Int(count / (1 + Double.exp(-logit)))))
      guard rank > last else { continue }
      last = rank
      guard let value = try? law.quantile((Double(rank) + 0.5) / count), value.isFinite else {
        continue
      }
      picture.sampleQuantiles.append(sample.sorted[rank])
      picture.lawQuantiles.append(value)
    }
  }
}
