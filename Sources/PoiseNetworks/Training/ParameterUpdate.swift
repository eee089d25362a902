import PoiseModel
import PoiseNumerics
import RealModule

/// One step of an optimiser for a block of the units of a layer.
///
/// The gradient, G = δᵀX, is never kept: without momentum the product is added to the weights at once
/// (W ← W − η δᵀX), with momentum to the velocity (V ← μV + δᵀX). A block is finished while it is in
/// the cache, which is half of the time of a wide network: it has more weights than the cache holds,
/// and few samples to a batch.
struct ParameterUpdate<Scalar: NetworkScalar> {
  let optimizer: Optimizer
  /// η of this step.
  let rate: Double
  /// Steps before this one.
  let step: Int

  /// - Parameters:
  ///   - block: the units whose weights and biases move.
  ///   - delta: ∂loss/∂h (row × unit) of the layer.
  ///   - below: what the layer receives (row × input).
  ///   - ones: as many ones as there are rows.
  ///   - gradient: room for the weights of a block.
  func apply(
    _ store: ParameterStore<Scalar>, layer: Int, block: Range<Int>, rows: Int,
    delta: UnsafePointer<Scalar>, below: UnsafePointer<Scalar>,
    ones: UnsafePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (units, inputs) = store.architecture.shape(ofLayer: layer)
    let delta = delta + block.lowerBound
    let shape = ProductShape(rows: block.count, columns: inputs, inner: rows, transposeA: true)
    let weights = store.offsets[layer] + block.lowerBound * inputs
    move(store, at: weights, count: block.count * inputs, room: gradient) {
      Scalar.gemm(shape, $0, delta, units, below, inputs, $1, $2, inputs)
    }
    let sum = ProductShape(rows: 1, columns: block.count, inner: rows)
    let biases = store.biasOffset(layer) + block.lowerBound
    move(store, at: biases, count: block.count, room: gradient) {
      Scalar.gemm(sum, $0, ones, rows, delta, units, $1, $2, block.count)
    }
  }

  /// Moves the parameters from `offset` on by their gradient G, where `gradient(a, b, C)` is
  /// C ← a G + b C.
  private func move(
    _ store: ParameterStore<Scalar>, at offset: Int, count: Int, room: UnsafeMutablePointer<Scalar>,
    by gradient: (Scalar, Scalar, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let values = store.values.base + offset
    switch optimizer {
    case .sgd(momentum: 0): gradient(Scalar(-rate), 1, values)
    case .sgd(let momentum):
      let velocity = store.moments[0].base + offset
      gradient(1, Scalar(momentum), velocity)
      Scalar.add(count, Scalar(-rate), velocity, values)
    case .adam:
      gradient(1, 0, room)
      adam(count, store, at: offset, room)
    }
  }

  private func adam(
    _ count: Int, _ store: ParameterStore<Scalar>, at offset: Int,
    _ gradient: UnsafePointer<Scalar>
  ) {
    guard case .adam(let beta1, let beta2, let epsilon) = optimizer else { return }
    let first = 1 - Double.pow(beta1, step + 1)
    let second = (1 - Double.pow(beta2, step + 1)).squareRoot()
    Scalar.adam(
      count,
      AdamFactors(
        beta1: beta1, beta2: beta2, rate: rate * second / first, epsilon: epsilon * second),
      gradient, store.moments[0].base + offset, store.moments[1].base + offset,
      store.values.base + offset)
  }
}
