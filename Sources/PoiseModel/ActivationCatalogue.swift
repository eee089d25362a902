public import PoiseNumerics

extension Activation {
  public static let linear = Activation(Linear())
  public static let relu = Activation(ReLU())
  public static func leakyReLU(slope: Double = 0.01) -> Activation {
    Activation(LeakyReLU(slope: slope))
  }
  public static let abs = Activation(Abs())
  public static let erf = Activation(Erf())
  public static let tanh = Activation(Tanh())
  public static let hardTanh = Activation(HardTanh())
  public static let sigmoid = Activation(Sigmoid())
  public static let softplus = Activation(Softplus())
  public static let gelu = Activation(GELU())
  public static let silu = Activation(SiLU())
  public static let mish = Activation(Mish())
  public static let elu = Activation(ELU())
  public static let selu = Activation(SELU())
  public static let softsign = Activation(Softsign())
  public static let sin = Activation(Sin())
  public static let erfUnitSlope = Activation(ErfUnitSlope())

  /// A nonlinearity of one's own; see `CustomActivation`.
  public static func custom(
    name: String, value: @escaping @Sendable (Double) -> Double,
    derivative: @escaping @Sendable (Double) -> Double,
    secondDerivative: (@Sendable (Double) -> Double)? = nil, kinks: [Double] = [],
    slopeJumps: [(at: Double, jump: Double)] = [],
    slopesAtInfinity: (minus: Double, plus: Double)? = nil
  ) -> Activation {
    Activation(
      CustomActivation(
        name: name, value: value, derivative: derivative, secondDerivative: secondDerivative,
        kinks: kinks, slopeJumps: slopeJumps, slopesAtInfinity: slopesAtInfinity))
  }

  /// Every built-in activation; leaky relu with slope 0.01.
  public static let catalogue: [Activation] = [
    .linear, .relu, .leakyReLU(), .abs, .erf, .tanh, .hardTanh, .sigmoid, .softplus, .gelu, .silu,
    .mish, .elu, .selu, .softsign, .sin, .erfUnitSlope,
  ]

  /// Other spellings in use.
  private static let aliases = [
    "identity": "linear", "hardtanh": "hard_tanh", "swish": "silu", "leaky_relu": "leaky_relu_0.01",
  ]

  /// The activation of a name such as `tanh` or `leaky_relu_0.2`.
  ///
  /// - Throws: `unknownName` with all names and the nearest one; `outOfRange` for a leaky relu whose
  ///   slope is not a finite number.
  public static func named(_ name: String) throws(PoiseError) -> Activation {
    let canonical = aliases[name] ?? name
    if let found = catalogue.first(where: { $0.name == canonical }) { return found }
    let prefix = "leaky_relu_"
    if canonical.hasPrefix(prefix), let slope = Double(canonical.dropFirst(prefix.count)) {
      guard slope.isFinite else {
        throw PoiseError(
          .outOfRange, quantity: "slope of leaky_relu", value: "\(slope)", allowed: "finite",
          suggestion: "leaky_relu_0.1")
      }
      return .leakyReLU(slope: slope)
    }
    let names = catalogue.map { $0.function is LeakyReLU ? "leaky_relu" : $0.name }
    throw unknownName(name, quantity: "activation", among: names + ["leaky_relu_<slope>"])
  }
}
