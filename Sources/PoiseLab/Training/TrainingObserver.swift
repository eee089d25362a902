import PoiseInformation
import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// Looks at the layers of a network between epochs, in double precision, on a probe of test inputs.
public struct TrainingObserver: Sendable {
  /// What can be looked at.
  public enum Quantity: String, Sendable, CaseIterable {
    /// Mean squared preactivation.
    case length
    /// Effective dimension of the activations.
    case dimension
    /// D_2 of the singular vectors of the Jacobian of each layer.
    case fractality
    /// Singular values of the Jacobian from the first to the last hidden layer.
    case jacobian
    /// Bounds of the information of each layer about input and class.
    case information
  }

  /// What is looked at; nothing ever is where it is empty.
  public var quantities: [Quantity]
  /// Epochs from one look to the next; the start and the last epoch are always looked at.
  public var every: Int
  /// Variance of the noise behind the bounds of information.
  public var noiseVariance: Double
  let probe: LabelledInputs<Double>

  /// - Throws: `outOfRange` for an interval below 1 or noise not above 0.
  public init(
    _ quantities: [Quantity], every: Int = 1, noiseVariance: Double = 1,
    on data: TrainingData
  ) throws(PoiseError) {
    guard every >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "epochs between observations", value: "\(every)",
        allowed: "at least 1")
    }
    guard noiseVariance > 0, noiseVariance.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "noise variance", value: "\(noiseVariance)",
        allowed: "finite and above 0", suggestion: "without noise the information is infinite")
    }
    self.quantities = quantities
    self.every = every
    self.noiseVariance = noiseVariance
    probe = data.probe
  }

  func wants(_ epoch: Int, of epochs: Int) -> Bool {
    !quantities.isEmpty && (epoch % every == 0 || epoch == epochs)
  }

  /// The layers of one network; nil if its signals overflow.
  func observe(
    _ trained: FiniteNetwork<Float>, network index: Int, epoch: Int
  ) throws(PoiseError) -> TrainingResult.Observation? {
    let network = FiniteNetwork<Double>(trained)
    guard let layers = try? network.preactivations(probe.inputs) else { return nil }
    var result = TrainingResult.Observation(network: index, epoch: epoch)
    let activations = layers.map { Self.activations(network, $0) }
    let input = Array(probe.inputs.elements.prefix(probe.inputs.columns))
    for quantity in quantities {
      switch quantity {
      case .length:
        result.length = layers.map { layer in
          Double.dot(layer.elements.count, layer.elements, layer.elements)
            / Double(layer.elements.count)
        }
      case .dimension:
        result.dimension = activations.map { PrincipalComponents.effectiveDimension(of: $0) }
      case .fractality:
        let jacobian = try NetworkJacobian(of: network, at: input)
        var means: [Double] = []
        for layer in 0..<jacobian.depth {
          let vectors = try SingularVectorDimensions(of: jacobian.factor(layer)).right
          means.append(vectors.reduce(0, +) / Double(max(vectors.count, 1)))
        }
        result.fractality = means
      case .jacobian:
        result.jacobian = try Self.jacobian(network, input)
      case .information:
        let bounds = try information(activations)
        (result.inputInformation, result.classInformation) = (bounds.input, bounds.label)
      }
    }
    return result
  }

  private static func jacobian(
    _ network: FiniteNetwork<Double>, _ input: [Double]
  ) throws(PoiseError) -> TrainingResult.JacobianSummary {
    let skipped = min(1, network.architecture.depth - 1)
    let jacobian = try NetworkJacobian(of: network, at: input, skippedLayers: skipped)
    let values = try jacobian.logSingularValues()
    guard let largest = values.logarithms.first else { return .init() }
    let count = Double(values.logarithms.count + values.zeros)
    // In units of the largest, so that nothing overflows.
    let squares = values.logarithms.map { Double.exp(2 * ($0 - largest)) }
    let mean = squares.reduce(0, +) / count
    let fourth = squares.reduce(0) { $0 + $1 * $1 } / count
    return .init(
      logMeanSquare: .log(mean) + 2 * largest, relativeVariance: fourth / (mean * mean) - 1,
      logLargest: largest)
  }

  /// I(x; T) of each layer, and I(y; T) = I(x; T) − Σ_y p_y I(x; T | y), each term by its bound.
  private func information(
    _ activations: [Matrix<Double>]
  ) throws(PoiseError) -> (input: TrainingResult.Bounds, label: TrainingResult.Bounds) {
    var input = TrainingResult.Bounds(lower: [], upper: [])
    var label = input
    let groups = (0..<probe.classes).map { one in
      probe.labels.indices.filter { probe.labels[$0] == one }
    }.filter { !$0.isEmpty }
    let entropy = groups.reduce(0.0) { sum, group in
      let share = Double(group.count) / Double(probe.count)
      return sum - share * .log(share)
    }
    for layer in activations {
      let whole = try PairwiseBounds(centres: layer, noiseVariance: noiseVariance)
      var (low, high) = (whole.lower.nats, whole.upper.nats)
      input.lower.append(low)
      input.upper.append(high)
      for group in groups {
        let part = try PairwiseBounds(
          centres: layer.selecting(rows: group), noiseVariance: noiseVariance)
        let share = Double(group.count) / Double(probe.count)
        low -= share * part.upper.nats
        high -= share * part.lower.nats
      }
      label.lower.append(min(max(low, 0), entropy))
      label.upper.append(min(max(high, 0), entropy))
    }
    return (input, label)
  }

  private static func activations(
    _ network: FiniteNetwork<Double>, _ layer: Matrix<Double>
  ) -> Matrix<Double> {
    var result = layer
    result.withUnsafeMutableElements { values in
      network.activation.function.evaluate(
        UnsafePointer(values.baseAddress!), count: values.count, value: values.baseAddress!,
        derivative: nil)
    }
    return result
  }

  /// Stable laws of the weights of every layer, before and after; a layer without one says why.
  static func weightFits(
    _ before: FiniteNetwork<Float>, _ after: FiniteNetwork<Float>, network: Int
  ) -> [TrainingResult.WeightFit] {
    func layers(_ one: FiniteNetwork<Float>) -> [Matrix<Float>] {
      (one.layers + (one.readout.map { [$0] } ?? [])).map(\.weights)
    }
    var fits: [TrainingResult.WeightFit] = []
    for (index, pair) in zip(layers(before), layers(after)).enumerated() {
      fits.append(
        TrainingResult.WeightFit(
          network: network, layer: index + 1, before: law(of: pair.0),
          after: law(of: pair.1)))
    }
    return fits
  }

  private static func law(of weights: Matrix<Float>) -> TrainingResult.Law {
    let fit: StableFit
    do throws(PoiseError) {
      fit = try StableFit(RealSample(weights.elements.map { Double($0) }), model: .symmetric)
    } catch {
      // What the weights are like does not undo the training.
      return TrainingResult.Law(
        alpha: nil, alphaError: nil, scale: nil, alphaCase: "\(error.quantity): \(error.value)")
    }
    let (alpha, scale) = (fit.law.alpha, fit.law.scale)
    return TrainingResult.Law(
      alpha: alpha, alphaError: fit.standardErrors()[0],
      scale: scale * .pow(2 * Double(weights.columns), 1 / alpha))
  }
}
