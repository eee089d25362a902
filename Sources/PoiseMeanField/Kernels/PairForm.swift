import PoiseModel
import PoiseNumerics
import RealModule

/// How the averages E φφ and E φ′φ′ of one layer are found for many pairs.
enum PairForm: Sendable {
  /// a₊x or a₋x: one arc sine, by the C target.
  case homogeneous(mean: Double, jump: Double)
  /// erf(βx): one arc sine, by the C target.
  case erf(scaleSquared: Double)
  /// Another closed form, pair by pair: gelu, sin; hard_tanh, whose averages are not smooth where both
  /// the angle and the difference of the lengths are small.
  case closed(Activation)
  /// Tables over both lengths and the angle.
  case table(PairTable)
  /// Kinks away from 0 in an activation of one's own: nested quadrature, pair by pair, slowly.
  case quadrature(Activation)

  /// What a form keeps of each row.
  struct Marks: Sendable {
    /// For `erf`: 1/√(1 + 2β²q).
    var narrowing: [Double] = []
    /// For `table`: what its nodes count.
    var places: [Double] = []
  }

  /// - Parameter lengths: of all rows and columns at this layer.
  init(_ activation: Activation, lengths: [Double], jobs: Int) throws(PoiseError) {
    let function = activation.function
    if let slopes = function.homogeneousSlopes {
      let jump = slopes.plus - slopes.minus
      self = .homogeneous(
        mean: (slopes.minus * slopes.minus + slopes.plus * slopes.plus) / 2, jump: jump * jump / 2)
    } else if function is Erf {
      self = .erf(scaleSquared: 1)
    } else if function is ErfUnitSlope {
      self = .erf(scaleSquared: .pi / 4)
    } else if function.closedPair(GaussianPair(lengthA: 1, lengthB: 1, angle: 1)) != nil {
      self = .closed(activation)
    } else if function.kinks.allSatisfy({ $0 == 0 }) {
      self = .table(try PairTable(activation, lengths: lengths, jobs: jobs))
    } else {
      self = .quadrature(activation)
    }
  }

  /// Relative tail of a table.
  var error: Double { if case .table(let table) = self { table.error } else { 0 } }

  /// Whether 1 − c is carried from layer to layer, rather than found from K anew.
  var carriesGap: Bool { if case .homogeneous = self { true } else { false } }

  func marks(lengths: [Double]) -> Marks {
    switch self {
    case .erf(let square):
      Marks(narrowing: lengths.map { 1 / (1 + 2 * square * $0).squareRoot() })
    case .table(let table): Marks(places: table.places(lengths))
    default: Marks()
    }
  }

  /// E φ² and E φ′² of single rows.
  func moments(
    _ activation: Activation, _ lengths: [Double], _ marks: Marks, _ jobs: Int
  ) -> [PairMoments] {
    if case .table(let table) = self { return table.moments(marks.places) }
    return parallelMap(count: lengths.count, jobs: jobs) { (row: Int) throws(Never) in
      if case .homogeneous(let mean, _) = self {
        return PairMoments(value: mean * lengths[row], slope: mean)
      }
      let moments = activation.moments(length: lengths[row])
      return PairMoments(value: moments.valueSquared, slope: moments.slopeSquared)
    }
  }
}
