public import PoiseNumerics

/// Means of a matrix over successive parts of a chain of draws.
///
/// Where parts are longer than the chain's memory their means are independent, and their spread is the
/// error of anything that is made of them.
public struct BlockMeans: Sendable {
  /// Most parts of a chain.
  public static let most = 20
  /// Draws of each part; some at the end are left out.
  public let length: Int
  /// The means, in the order of the draws.
  public private(set) var blocks: [Matrix<Double>] = []

  /// - Parameter draws: how many there will be, at least 1.
  public init(draws: Int) { length = max(1, draws / Self.most) }

  /// Adds draw number `draw`, counted from 0; they come in order.
  public mutating func add(_ matrix: Matrix<Double>, draw: Int) {
    let block = draw / length
    guard block < Self.most else { return }
    if block == blocks.count {
      blocks.append(matrix.scaled(by: 1 / Double(length)))
    } else {
      for index in matrix.elements.indices {
        blocks[block].elements[index] += matrix.elements[index] / Double(length)
      }
    }
  }
}

/// The error of the averaged predictor, bias, and the spread about it, from samples alone.
public struct SampledBias: Sendable, Equatable {
  /// Squared distance of the averaged outputs to the targets, per input; below 0 by chance where it is small.
  public let bias: Double
  /// Standard error of it, over blocks.
  public let biasError: Double
  /// Mean test error less bias.
  public let variance: Double
  /// Standard error of the variance, over blocks.
  public let varianceError: Double

  /// From chains that know nothing of one another: their mean outputs f̄ and f̄′ err independently, so that
  /// Σ (f̄ − y)(f̄′ − y) has no bias of its own, however short they are.
  ///
  /// - Parameters:
  ///   - means: mean outputs of each chain in blocks (input × output), at least two chains.
  ///   - targets: what they should be.
  ///   - errors: test error of every draw, by chain.
  public init?(_ means: [BlockMeans], targets: Matrix<Double>, errors: [[Double]]) {
    let count = means.map(\.blocks.count).min() ?? 0
    guard means.count >= 2, count >= 4, targets.rows > 0, errors.count == means.count else {
      return nil
    }
    let length = means[0].length
    var (biases, variances) = ([Double](), [Double]())
    for block in 0..<count {
      var (product, pairs, error) = (0.0, 0.0, 0.0)
      for (chain, mean) in means.enumerated() {
        let draws = errors[chain][block * length..<(block + 1) * length]
        error += draws.reduce(0, +) / Double(length * means.count)
        for other in means[(chain + 1)...] {
          pairs += 1
          for (index, target) in targets.elements.enumerated() {
            product +=
              (mean.blocks[block].elements[index] - target)
              * (other.blocks[block].elements[index] - target)
          }
        }
      }
      biases.append(product / pairs / Double(targets.rows))
      variances.append(error - biases[block])
    }
    (bias, biasError) = Self.mean(biases)
    (variance, varianceError) = Self.mean(variances)
  }

  private static func mean(_ values: [Double]) -> (value: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (square / (n * (n - 1))).squareRoot())
  }
}
