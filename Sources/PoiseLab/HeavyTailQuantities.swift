import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule

/// The quantities of heavy-tailed networks that `poise verify` knows; those that depend on an activation also
/// by the name of tanh.
enum HeavyTailQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry = general.reduce(into: general) { all, entry in
    if ["qstar", "lengthmap", "jacobian.sv_density", "lyapunov"].contains(entry.key) {
      all[entry.key + ".tanh"] = entry.value
    }
  }

  private static let general: [String: Verification.Compute] = [
    "qstar": { p throws(PoiseError) in
      switch try theory(p).outcome() {
      case .settles(let point): return ["ln_qstar": .number(point.logLength)]
      case .dies, .noInfiniteWidthLimit: return ["ln_qstar": .missing]
      }
    },
    "lengthmap": { p throws(PoiseError) in
      ["V": .number(try theory(p).lengthMap(p.number("q")))]
    },
    "jacobian.sv_density": { p throws(PoiseError) in
      let law = try LayerSpectrumSurvey.law(of: theory(p), aspect: aspect(p)).law
      return [
        "density": .array(try law.densities(p.numbers("s"))),
        "M_alpha": .number(law.slopeMoment), "tail_B": .number(law.tailConstant),
      ]
    },
    "unstructured.sv_density": { p throws(PoiseError) in
      let law = try StableJacobianLaw(
        alpha: p.number("alpha"), scale: p.number("sigma_w"), aspect: aspect(p))
      return [
        "density": .array(try law.densities(p.numbers("s"))),
        "tail_B": .number(law.tailConstant),
      ]
    },
    "lyapunov": { p throws(PoiseError) in
      let dynamics = try PopulationDynamics(of: theory(p), pool: p.integer("pool"))
      let exponent = try dynamics.lyapunovExponent()
      return [
        "value": .number(exponent.value),
        "valueStandardError": .number(exponent.standardError),
      ]
    },
    "linear.lyapunov.mN": { p throws(PoiseError) in
      let growth = try FiniteWidthGrowth(
        atOriginOf: .linear, density: LogStableDensity(alpha: p.number("alpha")),
        width: p.integer("N"))
      return [
        "value": .number(growth.meanLogGrowth), "valueStandardError": .number(growth.error),
      ]
    },
  ]

  private static func theory(_ p: Parameters) throws(PoiseError) -> HeavyTailMeanField {
    try HeavyTailMeanField(
      activation: p.has("activation") ? .named(p.text("activation")) : .tanh,
      alpha: p.number("alpha"), scale: p.number("sigma_w"),
      biasScale: p.has("sigma_b") ? p.number("sigma_b") : 0)
  }

  /// Rows/columns, 1 unless given.
  private static func aspect(_ p: Parameters) throws(PoiseError) -> Double {
    p.has("aspect") ? try p.number("aspect") : 1
  }
}
