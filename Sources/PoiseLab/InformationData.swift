import PoiseInformation
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

extension InformationSurvey {
  /// Why a layer has no lower bound for given inputs.
  static let noLowerBound =
    "under noisy layers a layer given its input is no longer normal, and distances bound from above only"

  /// Given inputs through layers 1 … depth: corrected and classic variance, and bounds of the information
  /// about which input it was. No law of the inputs is assumed.
  ///
  /// With noise at the output both bounds come from the distances of the noiseless layer. With noise at
  /// every layer that is so at layer 1. Deeper, whoever is told the noise of the layers below knows no
  /// less; to him it is a frozen offset, one more bias of variance s, under which the upper bounds of a
  /// noiseless layer hold; and no layer tells more than one before it. The variances are then those of
  /// inputs whose norms and overlaps concentrate.
  ///
  /// - Parameter widths: units of layers 1 … depth, over which distances add up.
  /// - Throws: as `InputKernel`.
  public func dataPart(
    _ ensemble: NetworkEnsemble, _ prepared: PreparedData, widths: [Int]
  ) throws(PoiseError) -> InformationResult.DataPart {
    let (inputs, variance) = (prepared.inputs, noise.variance)
    let depth = widths.count
    var theory: CorrectedMeanField
    var told = ensemble
    var (isQuiet, own) = (true, variance)
    switch noise {
    case .output:
      theory = try CorrectedMeanField(ensemble, inputs: inputs, depth: depth, jobs: jobs)
    case .everyLayer:
      let moments = try InputMoments(inputs)
      theory = try CorrectedMeanField(
        ensemble, meanSquare: moments.meanSquare, overlap: moments.overlap,
        noiseVariance: variance, depth: depth)
      told = try NetworkEnsemble(
        activation: ensemble.activation, weights: ensemble.weights,
        biases: .gaussian(variance: ensemble.biasVariance + variance))
      (isQuiet, own) = (false, 0)
    }
    var layers: [InformationResult.DataLayer] = []
    var least: (nats: Double, name: String) = (.infinity, "")
    for layer in 1...depth {
      let bounds = try InputKernel(told, inputs: inputs, layer: layer, jobs: jobs)
        .bounds(width: widths[layer - 1], noiseVariance: variance, jobs: jobs)
      if isQuiet || bounds.upper < least.nats { least = (bounds.upper, bounds.upperName) }
      let moments = theory.layers[layer - 1]
      let lower = isQuiet || layer == 1 ? bounds.lower : nil
      layers.append(
        InformationResult.DataLayer(
          layer: layer, length: moments.length + own,
          withinUnitVariance: moments.withinUnitVariance + own, lower: lower,
          lowerCase: lower == nil ? Self.noLowerBound : nil, upper: least.nats,
          upperMethod: least.name))
    }
    return InformationResult.DataPart(
      data: prepared.summary, width: widths.last!, layers: layers)
  }

  /// Measures the variance of a unit over given inputs in networks that are really built, for the layers
  /// of a part that ``dataPart(_:_:widths:)`` made. Noise at the output adds s to every unit; below noisy
  /// layers nothing is measured.
  ///
  /// - Parameter widths: units of layers 1 … depth.
  /// - Throws: `outOfRange` for fewer than 3 networks.
  public func measure(
    _ part: inout InformationResult.DataPart, _ ensemble: NetworkEnsemble,
    _ prepared: PreparedData, widths: [Int], networks: Int, seed: UInt64
  ) throws(PoiseError) {
    guard case .output(let own) = noise else { return }
    guard networks >= 3 else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(networks)", allowed: "at least 3")
    }
    let shape = try Architecture(inputs: prepared.inputs.columns, widths: widths)
    let variances = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [Double] in
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: shape, seed: seed, index: UInt64(index))
      return try network.preactivations(prepared.inputs).map(BottleneckSurvey.unitVariance)
    }
    for layer in part.layers.indices {
      let moments = RunningMoments(variances.map { $0[layer] })
      part.layers[layer].measuredVariance = moments.mean + own
      part.layers[layer].varianceError = moments.standardError
    }
  }
}
