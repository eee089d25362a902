import PoiseNumerics
import RealModule

/// The points of the figures of a sample: histogram, survival of |x|, quantiles.
enum StablePicture {
  private static let bins = 64
  private static let tailPoints = 120
  private static let quantiles = 160

  /// - Parameter law: the stable law; nil leaves out its curve and the quantiles.
  static func of(
    _ sample: RealSample, _ law: StableLaw?, others: [any ContinuousLaw]
  ) throws(PoiseError) -> StableResult.Picture {
    var picture = StableResult.Picture(
      x: [], density: [], densityError: [], size: [], beyond: [], laws: [], sampleQuantiles: [],
      lawQuantiles: [])
    histogram(sample, law, &picture)
    survival(sample, &picture)
    let laws: [any ContinuousLaw] = (law.map { [$0] } ?? []) + others
    for law in laws {
      picture.laws.append(
        StableResult.Curves(
          name: type(of: law).name,
          density: law.logDensities(picture.x, jobs: 1).map { Double.exp($0) },
          beyond: picture.size.map { law.tails(-$0).lower + law.tails($0).upper }))
    }
    if let law { try quantilePoints(sample, law, &picture) }
    return picture
  }

  /// Bins of equal width in asinh((x − median)/quartile range): fine in the middle, wide in the tails.
  private static func histogram(
    _ sample: RealSample, _ law: StableLaw?, _ picture: inout StableResult.Picture
  ) {
    let xs = sample.sorted
    let centre = sample.quantile(0.5)
    let width = sample.halfQuartileRange
    func u(_ x: Double) -> Double { Double.asinh((x - centre) / width) }
    func x(_ u: Double) -> Double { centre + width * Double.sinh(u) }
    let (low, high) = (u(xs[0]), u(xs[xs.count - 1]))
    guard high > low else { return }
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
    // Evenly in the logit from 1/(2n) to 1 − 1/(2n).
    let end = Double.log(2 * count - 1)
    for k in 0..<quantiles {
      let logit = -end + 2 * end * Double(k) / Double(quantiles - 1)
      let p = 1 / (1 + Double.exp(-logit))
      guard p > 0, p < 1, let value = try? law.quantile(p), value.isFinite else { continue }
      picture.sampleQuantiles.append(sample.quantile(p))
      picture.lawQuantiles.append(value)
    }
  }
}
