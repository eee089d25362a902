import PoiseNumerics

/// The values of alpha-stable laws that `poise verify` knows; scale 1, location 0.
enum StableQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "stable.symmetric": { p throws(PoiseError) in
      let (law, x) = (try StableLaw(alpha: p.number("alpha")), try p.number("x"))
      return ["pdf": .number(law.pdf(x)), "sf": .number(law.survival(x))]
    },
    "stable.S1": { p throws(PoiseError) in
      let (law, x) = (try skewed(p), try p.number("x"))
      return [
        "pdf": .number(law.pdf(x)), "cdf": .number(law.cdf(x)), "sf": .number(law.survival(x)),
      ]
    },
    "stable.quantile.S1": { p throws(PoiseError) in
      ["x": .number(try skewed(p).quantile(p.number("p")))]
    },
    "stable.score": { p throws(PoiseError) in
      let score = try StableLaw(alpha: p.number("alpha")).score(p.number("x"))
      return ["dlogpdf_dx": .number(score.x), "dlogpdf_dalpha": .number(score.alpha)]
    },
  ]

  private static func skewed(_ p: Parameters) throws(PoiseError) -> StableLaw {
    try StableLaw(alpha: p.number("alpha"), beta: p.number("beta"), parameterization: .s1)
  }
}
