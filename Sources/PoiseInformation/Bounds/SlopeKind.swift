import PoiseModel
import PoiseNumerics
import RealModule

/// What an activation does to the entropy of a density.
enum SlopeKind: Sendable {
  /// One to one: entropy changes by E ln|φ′|.
  case injective
  /// One to one but for flat pieces; the intervals where it is not flat.
  case flat(active: [(lower: Double, upper: Double)])
  /// Several arguments share a value.
  case foldingBack

  /// By the signs of φ′ between kinks.
  init(_ activation: Activation) {
    let function = activation.function
    let breaks = [-Double.infinity] + function.kinks + [.infinity]
    var active: [(lower: Double, upper: Double)] = []
    var signs: Set<Double> = []
    var hasFlat = false
    for piece in 1..<breaks.count {
      let (left, right) = (breaks[piece - 1], breaks[piece])
      let slopes = Self.samples(from: left, to: right).filter { function.logSlope($0) > -.infinity }
      if slopes.isEmpty {
        hasFlat = true
        continue
      }
      active.append((left, right))
      for point in slopes where function.derivative(point) != 0 {
        signs.insert(function.derivative(point) > 0 ? 1 : -1)
      }
    }
    if signs.count != 1 {
      self = .foldingBack
    } else {
      self = hasFlat ? .flat(active: active) : .injective
    }
  }

  private static func samples(from left: Double, to right: Double) -> [Double] {
    let (low, high) = (max(left, -40), min(right, 40))
    return (0..<800).map { low + (high - low) * (Double($0) + 0.5) / 800 }
  }
}

extension Activation {
  /// E ln|φ′(√q z)| over the arguments where φ′ ≠ 0, z ~ N(0, 1).
  func meanLogSlope(length q: Double) -> Double {
    let rule = GaussianRule(length: q, kinks: function.kinks)
    return rule.average { u in
      let value = function.logSlope(u)
      return value > -.infinity ? value : 0
    }
  }
}
