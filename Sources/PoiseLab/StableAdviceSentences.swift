import PoiseModel
import RealModule

/// The advice for stable weights in words.
struct StableAdviceSentences {
  let headline: String
  let reasons: [String]
  let promises: [String]
  let caveats: [String]

  init(
    advisor: StableAdvisor, windows: [StableAdviceResult.Window],
    best: StableAdviceResult.Window?
  ) {
    let (depth, width, pool) = (advisor.depth, advisor.width, advisor.pool)
    let name = advisor.activation.name
    if let best, let scale = best.suggested {
      let top = best.upper.map { "to \($0.significant(3))" } ?? "upwards"
      headline =
        "Signals live through \(depth) layers of width \(width) at α = \(best.alpha.significant(3)) for "
        + "σ_w from \(best.lower.significant(3)) \(top): start at \(scale.significant(3)). "
        + Self.others(windows)
    } else {
      headline =
        "At depth \(depth) and width \(width) no window is open: where signals live, differences between "
        + "inputs grow by more than e² over the depth, at every α asked for."
    }
    var reasons = [
      "Below σ_c(\(width)) a small signal dies with depth. This is exact, and over \(depth) layers it shrinks "
        + "by less than e down to \(Double.exp(-1 / Double(depth)).significant(3)) σ_c.",
      "At the upper end small differences between inputs grow by e² over the depth, λ = "
        + "\((StableAdvisor.largestGrowth / Double(depth)).significant(2)) per layer in a pool of \(pool) "
        + "units; beyond, nearby inputs are torn apart and gradients grow alike.",
    ]
    if windows.contains(where: { $0.alpha < 2 }) {
      reasons.append(
        "At α < 2 the lower end is one of finite width: σ_c falls like (ln N)^(−1/α), and with it "
          + "the upper one, since a larger pool has a larger λ.")
    }
    self.reasons = reasons
    promises = [
      "Promised: whether a small signal of \(name) grows or dies at width \(width) (exact, on average of "
        + "its logarithm); q* at infinite width.",
      "Estimated: the upper end, for a pool of \(pool) units in place of a layer.",
    ]
    var caveats = [
      "Not promised: that it trains, or better than others. On the 8×8 digits (tanh, width 64, depth "
        + "10) the window of trainable σ_w was wider for α < 2 at one small learning rate, and the same for "
        + "all α once the rate was tuned; at depth 30 smaller α trained worse.",
      "For training, orthogonal weights at the edge of chaos are the safer start: poise advise without "
        + "--weights.",
      "Heavy tails make networks differ: at α < 2 a single large weight may decide a layer, and averages "
        + "over networks say little about one of them.",
    ]
    if width < 200 {
      caveats.insert(
        "At width \(width) q* and λ of wide layers are rough guides; only σ_c(N) is exact.", at: 0)
    }
    if advisor.data == nil {
      caveats.append("No data were given: nothing was built.")
    }
    self.caveats = caveats
  }

  private static func others(_ windows: [StableAdviceResult.Window]) -> String {
    guard windows.count > 1 else { return "" }
    let open = windows.filter { $0.verdict == "open" }.count
    return "Open windows at \(open) of \(windows.count) values of α."
  }
}
