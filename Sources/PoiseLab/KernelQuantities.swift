import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule

/// The kernels of infinitely wide networks that `poise verify` knows.
enum KernelQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "nngp_12": { p throws(PoiseError) in
      try ["value": .number(kernels(p).nngp[0, 1])]
    },
    "ntk_12": { p throws(PoiseError) in
      try ["value": .number(kernels(p).ntk[0, 1])]
    },
    "ntk_11": { p throws(PoiseError) in
      try ["value": .number(kernels(p).ntk[0, 0])]
    },
  ]

  /// Two inputs in the plane with the given overlaps x_a·x_b/N₀.
  private static func kernels(_ p: Parameters) throws(PoiseError) -> KernelMatrices {
    let x11 = try p.number("x11").checked("parameter x11", in: 0...1e100)
    let x22 = try p.number("x22").checked("parameter x22", in: 0...1e100)
    let x12 = try p.number("x12")
    let bound = x11.squareRoot() * x22.squareRoot()
    let overlap = try x12.checked("parameter x12", in: -bound * (1 + 1e-12)...bound * (1 + 1e-12))
    let first = (2 * x11).squareRoot()
    let along = first > 0 ? 2 * overlap / first : 0
    let across = max(0, 2 * x22 - along * along).squareRoot()
    let inputs = Matrix(rows: 2, columns: 2, elements: [first, 0, along, across])
    let (w, b) = (try p.number("sigma_w"), try p.number("sigma_b"))
    let ensemble = try NetworkEnsemble(
      activation: Activation.named(p.text("activation")), weights: .gaussian(variance: w * w),
      biases: .gaussian(variance: b * b))
    return try NetworkKernel(of: ensemble, depth: p.integer("depth")).matrices(inputs)
  }
}
