import PoiseModel
import RealModule

/// The factors of J Jᵀ as the master equation sees them: equal layers in groups, ratios of widths.
///
///     ln z = −ln m + Σ_k c_k ln(1 + ρ_k m) + Σ_l [ln σ_w² + ln(r_l m) + ln w_l],   r_l = N_L/N_l
///
/// with M_{D_l²}(w_l) = r_l m. `docs/theory/jacobian-spectrum.md` derives it.
struct LayerChain: Sendable {
  /// Layers of one length and one ratio.
  struct Group: Sendable {
    let law: SlopeLaw
    /// r = N_L/N_l.
    let ratio: Double
    var count: Int
  }

  private(set) var groups: [Group] = []
  /// (ρ, c): powers of 1 + ρ m.
  private(set) var powers: [(ratio: Double, power: Double)] = []
  /// Σ ln σ_w² + ln r_l.
  private(set) var logScale = 0.0
  let depth: Int
  let isOrthogonal: Bool
  /// Atoms at λ > 0.
  private(set) var atoms: [(logEigenvalue: Double, mass: Double)] = []
  /// −m lies in (0, limit) for z < 0; 1 − limit is the mass at λ = 0.
  private(set) var limit = 1.0

  /// - Parameters:
  ///   - laws: one per layer.
  ///   - widths: N₀ … N_L, or nil for equal ones.
  init(laws: [SlopeLaw], weights: WeightLaw, widths: [Int]?) {
    depth = laws.count
    if case .orthogonal = weights { isOrthogonal = true } else { isOrthogonal = false }
    let sizes = (widths ?? [Int](repeating: 1, count: laws.count + 1)).map { Double($0) }
    let top = sizes[laws.count]
    func raise(_ ratio: Double, by power: Double) {
      if let index = powers.firstIndex(where: { $0.ratio == ratio }) {
        powers[index].power += power
      } else {
        powers.append((ratio, power))
      }
    }
    raise(1, by: 1)
    for (index, law) in laws.enumerated() {
      let (ratio, below) = (top / sizes[index + 1], top / sizes[index])
      logScale += .log(weights.variance * ratio)
      raise(ratio, by: -1)
      if !isOrthogonal {
        raise(below, by: 1)
      } else if sizes[index + 1] > sizes[index] {
        // W Wᵀ is a multiple of a projection, with S-transform (1 + y)/(σ²(1 + y n_out/n_in)).
        raise(ratio, by: -1)
        raise(below, by: 1)
      }
      limit = min(limit, (1 - law.zeroMass) / ratio, 1 / below)
      if let found = groups.firstIndex(where: { $0.ratio == ratio && $0.law.isSame(as: law) }) {
        groups[found].count += 1
      } else {
        groups.append(Group(law: law, ratio: ratio, count: 1))
      }
    }
    powers.removeAll { $0.power == 0 }
    if isOrthogonal { atoms = Self.atoms(laws, variance: weights.variance, sizes: sizes) }
  }

  /// What a product of free orthogonal factors keeps of the atoms of D²: the common part of L
  /// subspaces in general position. For one square layer all of them.
  private static func atoms(
    _ laws: [SlopeLaw], variance: Double, sizes: [Double]
  ) -> [(logEigenvalue: Double, mass: Double)] {
    if laws.count == 1, sizes[1] <= sizes[0] {
      return laws[0].atoms.map { (.log(variance * $0.value), $0.mass) }
    }
    var (log, dimension) = (0.0, sizes[0])
    for (index, law) in laws.enumerated() {
      guard let best = law.atoms.max(by: { $0.mass < $1.mass }) else { return [] }
      let (below, size) = (sizes[index], sizes[index + 1])
      let others = law.atoms.reduce(law.zeroMass) { $0 + ($1 == best ? 0 : $1.mass) }
      dimension -= max(0, below - size) + (law.isAtomic ? others : 1 - best.mass) * size
      log += .log(variance * max(1, size / below) * best.value)
    }
    return dimension > 0 ? [(log, dimension / sizes[laws.count])] : []
  }

  /// For one layer of orthogonal weights λ = σ_w² f: no equation to solve.
  var isPushForward: Bool { depth == 1 && powers.isEmpty }

  /// All layers alike and square: w itself is the unknown.
  var isUniform: Bool {
    groups.count == 1 && groups[0].ratio == 1 && powers.allSatisfy { $0.ratio == 1 }
  }

  /// Whether the continuous part surely extends to λ = 0. With a gap there z is linear in M + m;
  /// every further factor that vanishes as m → −M makes it bend: a layer that has the same rank, or
  /// slopes that come as near to 0 as one likes.
  var reachesZero: Bool {
    let bends = groups.contains {
      (1 - $0.law.zeroMass) / $0.ratio == limit && !$0.law.isAtomic && $0.law.infimum == 0
        && $0.law.zeroMass == 0
    }
    let power = powers.reduce(0.0) { $0 + (1 / $1.ratio == limit ? $1.power : 0) }
    let slopes = groups.reduce(0) {
      $0 + ((1 - $1.law.zeroMass) / $1.ratio == limit ? $1.count : 0)
    }
    return bends || power + Double(slopes) > 1
  }

  /// The mass at λ = 0: the largest of what any factor annihilates.
  var zeroMass: Double {
    // Exact where the zeros of one φ′ decide.
    let exact = groups.first { (1 - $0.law.zeroMass) / $0.ratio == limit && $0.ratio == 1 }
    return exact?.law.zeroMass ?? 1 - limit
  }
}

extension SlopeLaw {
  func isSame(as other: SlopeLaw) -> Bool {
    activation == other.activation
      && abs(length - other.length) <= 4e-16 * max(length, other.length)
  }
}
