/// A network under training, between two epochs.
public struct TrainingState<Scalar: NetworkScalar>: Sendable {
  /// Epochs that are complete.
  public var epoch: Int
  /// Weights and biases by layer, the read-out last.
  public var parameters: [FiniteNetwork<Scalar>.Layer]
  /// The optimiser's moments in the same layout: none, velocity, or Adam's first and second.
  public var moments: [[FiniteNetwork<Scalar>.Layer]]

  /// A state of a network whose layers have the shapes of `parameters`.
  public init(
    epoch: Int, parameters: [FiniteNetwork<Scalar>.Layer],
    moments: [[FiniteNetwork<Scalar>.Layer]]
  ) {
    self.epoch = epoch
    self.parameters = parameters
    self.moments = moments
  }
}
