import PoiseModel
import PoiseNumerics
import RealModule

/// One set of inputs followed through the layers, each by itself: lengths, and what the averages
/// of pairs want of them.
struct KernelInputs: Sendable {
  let inputs: Matrix<Double>
  /// |x|²/N₀.
  let squares: [Double]
  /// q (layer × row), from q¹ to q^(depth+1) = K_aa.
  private(set) var lengths: [[Double]]
  /// √q (layer × row).
  private(set) var roots: [[Double]]
  /// What a form wants beside the length (layer × row).
  private(set) var marks: [PairForm.Marks] = []
  /// T_aa at the last layer so far.
  private(set) var tangents: [Double]

  init(_ kernel: NetworkKernel, _ inputs: Matrix<Double>) {
    self.inputs = inputs
    let features = inputs.columns
    let products = (0..<inputs.rows).map { row in
      inputs.withUnsafeElements { x in
        let start = x.baseAddress! + row * features
        return Double.dot(features, start, start)
      }
    }
    squares = products.map { $0 / Double(features) }
    let ensemble = kernel.ensemble
    let first = squares.map { ensemble.weightVariance * $0 + ensemble.biasVariance }
    lengths = [first]
    roots = [first.map { $0.squareRoot() }]
    tangents = zip(products, first).map { kernel.firstTangent(product: $0, kernel: $1) }
  }

  /// The next layer, from the averages of single inputs.
  mutating func append(_ kernel: NetworkKernel, _ form: PairForm, _ jobs: Int) {
    let q = lengths[lengths.count - 1]
    let marks = form.marks(lengths: q)
    let moments = form.moments(kernel.ensemble.activation, q, marks, jobs)
    let layer = kernel.layer
    for row in q.indices {
      tangents[row] =
        layer.tangentGain * moments[row].value + layer.tangentOffset
        + layer.weightVariance * moments[row].slope * tangents[row]
    }
    let next = moments.map { layer.weightVariance * $0.value + layer.biasVariance }
    self.marks.append(marks)
    lengths.append(next)
    roots.append(next.map { $0.squareRoot() })
  }
}
