import PoiseNumerics
import RealModule

/// One stationary point of the action: the kernel of the network is s = Π q_l times the base kernel.
public struct Renormalization: Sendable, Equatable {
  /// q_1 … q_L; prior means σ_2² … σ_{L+1}².
  public let orderParameters: [Double]
  /// s = Π q_l.
  public let scale: Double
  /// ln s, where s itself would overflow.
  public let logScale: Double
  /// B = N_l (1 − q_l/σ_{l+1}²), the same for every layer.
  public let balance: Double
  /// S.
  public let action: Double
  /// Whether it is a minimum of S.
  public let isMinimum: Bool
  /// ½ ln det of the Hessian relative to the prior's: what one loop adds to S; nil off a minimum.
  public let oneLoop: Double?

  init(_ problem: RenormalizationAction, at c: Double) {
    let (each, sum) = problem.priors.logOrderParameters(at: c)
    orderParameters = each.map { .exp($0) }
    logScale = sum
    scale = .exp(sum)
    balance = -Double(problem.priors.narrowest) * .expMinusOne(c)
    action = problem.priors.priorAction(at: c) + problem.likelihoodAction(logScale: sum)
    // Hessian in ln q: diag(N_l q_l/2σ²) + curvature · 11ᵀ.
    var (logRatios, compliance) = (0.0, 0.0)
    for (index, width) in problem.priors.widths.enumerated() {
      let logRatio = each[index] - .log(problem.priors.upperVariances[index])
      logRatios += logRatio
      compliance += 2 / (Double(width) * .exp(logRatio))
    }
    let determinant = 1 + problem.curvature(logScale: sum) * compliance
    isMinimum = determinant > 0
    oneLoop = determinant > 0 ? (logRatios + .log(determinant)) / 2 : nil
  }
}

extension RenormalizationAction {
  /// ½ d(D − E)/d ln s: the second derivative of the likelihood's action in ln s.
  func curvature(logScale: Double) -> Double {
    guard temperature > 0 else { return dimensions(logScale: logScale).energy / 2 }
    let s = Double.exp(min(max(logScale, -600), 600))
    var sum = 0.0
    for index in eigenvalues.indices {
      let x = s * eigenvalues[index]
      let inverse = 1 / (x + temperature)
      let share = x * inverse
      sum += share * temperature * inverse
      sum -= labelPower[index] * share * (temperature - x) * inverse * inverse
    }
    return sum / 2
  }
}
