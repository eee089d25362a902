import PoiseModel
import PoiseNumerics
import RealModule

/// The cavity equations of the Jacobian J = D W on real axis, as a population of P row and column units:
///
///     G_i = −1/(s + Σ_k c_i² A_ik² G_k),   G_j = −1/(s + Σ_k c_k² A_jk² G_k),
///
/// with K random neighbours k, A² = σ_w² X² (2K)^{−2/α}, X symmetric stable of scale 1 and slopes c of fresh
/// units, and the linear growth of small imaginary parts
///
///     Δ_i = G_i² Σ_k c_i² A_ik² Δ_k   (rows; columns likewise),
///
/// whose mean logarithmic rate per sweep is positive where singular vectors near s are extended and negative
/// where they are localised (docs/theory/heavy-tails.md, section 6).
struct Cavity {
  /// The law of X, e^{−|t|^α}.
  let law: StableLaw
  /// σ_w (2K)^{−1/α}.
  let amplitude: Double
  /// ln S of the preactivations, and φ.
  let logScale: Double
  let activation: Activation
  /// P and K.
  let pool: Int
  let neighbours: Int
  let seed: UInt64

  /// Real parts and logarithms of the imaginary parts' growth.
  struct Leg {
    /// (G, Δ) of each unit; for rows both are times c², as columns use them.
    var pairs: [SIMD2<Double>]
  }

  private static let block = 250
  private static let draws: UInt8 = 0x51

  /// Mean of ln Δ′/Δ over sweeps after `discarded`, with all of its values.
  func growth(at s: Double, sweeps: Int, discarded: Int, jobs: Int) -> [Double] {
    var rows = Leg(pairs: [SIMD2<Double>](repeating: SIMD2(-1 / s, 1), count: pool))
    var columns = rows
    var rates: [Double] = []
    for sweep in 0..<sweeps {
      let first = update(columns, s: s, stage: 2 * sweep, hasSlopes: true, jobs: jobs)
      rows = first.leg
      let second = update(rows, s: s, stage: 2 * sweep + 1, hasSlopes: false, jobs: jobs)
      columns = second.leg
      // Each leg is divided by its geometric mean; together they are one sweep.
      if sweep >= discarded { rates.append(first.rate + second.rate) }
    }
    return rates
  }

  private struct Part: Sendable {
    var pairs: [SIMD2<Double>]
    /// Σ ln Δ over units with Δ > 0, and their number.
    var logarithm: Double
    var count: Int
  }

  private func update(
    _ other: Leg, s: Double, stage: Int, hasSlopes: Bool, jobs: Int
  ) -> (leg: Leg, rate: Double) {
    let blocks = (pool + Self.block - 1) / Self.block
    let parts = parallelMap(count: blocks, jobs: jobs) { (index: Int) throws(Never) -> Part in
      let count = min(Self.block, pool - index * Self.block)
      return part(other, s: s, count: count, block: index, stage: stage, hasSlopes: hasSlopes)
    }
    let count = parts.reduce(0) { $0 + $1.count }
    let rate = parts.reduce(0) { $0 + $1.logarithm } / Double(max(1, count))
    let scale = Double.exp(-rate)
    var pairs: [SIMD2<Double>] = []
    pairs.reserveCapacity(pool)
    for part in parts { for pair in part.pairs { pairs.append(SIMD2(pair.x, pair.y * scale)) } }
    return (Leg(pairs: pairs), rate)
  }

  private func part(
    _ other: Leg, s: Double, count: Int, block: Int, stage: Int, hasSlopes: Bool
  ) -> Part {
    var stream = RandomStream(
      seed: seed, item: UInt64(block), purpose: .init(kind: Self.draws, index: stage))
    let weights = law.sample(count: count * neighbours, from: &stream)
    let square = amplitude * amplitude
    var places = [Double](repeating: 0, count: count * neighbours)
    places.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    var slopes = [Double](repeating: 1, count: count)
    if hasSlopes { fillSlopes(&slopes, from: &stream) }
    let span = Double(pool)
    var part = Part(pairs: [], logarithm: 0, count: 0)
    part.pairs.reserveCapacity(count)
    for unit in 0..<count {
      var sum = SIMD2<Double>.zero
      let start = unit * neighbours
      other.pairs.withUnsafeBufferPointer { pairs in
        weights.withUnsafeBufferPointer { weights in
          places.withUnsafeBufferPointer { places in
            for k in start..<start + neighbours {
              sum += weights[k] * weights[k] * pairs[Int(places[k] * span)]
            }
          }
        }
      }
      let slope = slopes[unit] * slopes[unit]
      sum *= square * slope
      let g = -1 / (s + sum.x)
      let delta = g * g * sum.y
      // What columns see of a row is c² (G, Δ).
      part.pairs.append(SIMD2(slope * g, slope * delta))
      if delta > 0 {
        part.logarithm += .log(delta)
        part.count += 1
      }
    }
    return part
  }

  /// |φ′(S Z)| of fresh units.
  private func fillSlopes(_ slopes: inout [Double], from stream: inout RandomStream) {
    let scale = Double.exp2(-1 / law.alpha) * .exp(logScale)
    slopes = law.sample(count: slopes.count, from: &stream).map {
      abs(activation.function.derivative(scale * $0))
    }
  }
}
