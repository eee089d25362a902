import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import RealModule

/// The quantities of heavy-tailed networks that `poise verify` knows.
enum HeavyTailQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "qstar.tanh": { p throws(PoiseError) in
      switch try theory(p).outcome() {
      case .settles(let point): return ["ln_qstar": .number(point.logLength)]
      case .dies, .noInfiniteWidthLimit: return ["ln_qstar": .missing]
      }
    },
    "lengthmap.tanh": { p throws(PoiseError) in
      ["V": .number(try theory(p).lengthMap(p.number("q")))]
    },
    "jacobian.sv_density.tanh": { p throws(PoiseError) in
      let law = try StableJacobianLaw(of: theory(p))
      return [
        "density": .array(try law.densities(p.numbers("s"))),
        "M_alpha": .number(law.slopeMoment), "tail_B": .number(law.tailConstant),
      ]
    },
    "unstructured.sv_density": { p throws(PoiseError) in
      let law = try StableJacobianLaw(alpha: p.number("alpha"), scale: p.number("sigma_w"))
      return [
        "density": .array(try law.densities(p.numbers("s"))),
        "tail_B": .number(law.tailConstant),
      ]
    },
    "lyapunov.tanh": { p throws(PoiseError) in
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
      activation: .tanh, alpha: p.number("alpha"), scale: p.number("sigma_w"))
  }
}
