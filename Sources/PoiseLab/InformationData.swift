import PoiseInformation
public import PoiseModel
public import PoiseNumerics
import RealModule

extension InformationSurvey {
  /// Given inputs through layers 1 … depth: corrected and classic variance, and bounds of the information
  /// about which input it was. No law of the inputs is assumed.
  ///
  /// Noise is that of the observed layer: the bounds hold for inputs whose layers are otherwise quiet
  /// (convention B).
  ///
  /// - Parameter width: units of a layer, over which distances add up.
  /// - Throws: `outOfRange` for noise at every layer; as `InputKernel`.
  public func dataPart(
    _ ensemble: NetworkEnsemble, _ prepared: PreparedData, width: Int, depth: Int
  ) throws(PoiseError) -> InformationResult.DataPart {
    guard case .output(let variance) = noise else {
      throw PoiseError(
        .outOfRange, quantity: "--data", value: "with noise at every layer",
        allowed: "--noise output", suggestion: "bounds for given inputs need quiet inner layers")
    }
    let theory = try CorrectedMeanField(
      ensemble, inputs: prepared.inputs, depth: depth, jobs: jobs)
    var layers: [InformationResult.DataLayer] = []
    for layer in 1...depth {
      let bounds = try InputKernel(ensemble, inputs: prepared.inputs, layer: layer, jobs: jobs)
        .bounds(width: width, noiseVariance: variance, jobs: jobs)
      let moments = theory.layers[layer - 1]
      layers.append(
        InformationResult.DataLayer(
          layer: layer, length: moments.length + variance,
          withinUnitVariance: moments.withinUnitVariance + variance,
          lower: bounds.lower, upper: bounds.upper, upperMethod: bounds.upperName))
    }
    return InformationResult.DataPart(data: prepared.summary, width: width, layers: layers)
  }
}
