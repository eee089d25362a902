import PoiseModel
import PoiseNumerics
import RealModule

/// One step of an optimiser, layer by layer, on the way back through the network.
///
/// The gradient of a layer, G = δᵀX, is never kept: without momentum the product is added to the
/// weights at once (W ← W − η δᵀX), with momentum to the velocity (V ← μV + δᵀX). Each block of units
/// is finished while it is in the cache, which is half of the time of a wide network: it has more
/// weights than the cache holds, and few samples to a batch.
struct ParameterUpdate<Scalar: NetworkScalar> {
  let optimizer: Optimizer
  /// η of this step.
  let rate: Double
  /// Steps before this one.
  let step: Int

  /// - Parameters:
  ///   - delta: ∂loss/∂h (row × unit) of the layer.
  ///   - below: what the layer receives (row × input).
  ///   - ones: as many ones as there are rows.
  ///   - gradient: room for the gradient of the largest layer; used by Adam.
  func apply(
    _ store: ParameterStore<Scalar>, layer: Int, rows: Int, delta: UnsafePointer<Scalar>,
    below: UnsafePointer<Scalar>, ones: UnsafePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>, blocks: UnitBlocks
  ) {
    let (units, inputs) = store.architecture.shape(ofLayer: layer)
    let bias = store.biasOffset(layer)
    blocks.forEach(units) { block in
      let first = block.lowerBound * inputs
      let shape = ProductShape(rows: block.count, columns: inputs, inner: rows, transposeA: true)
      // C ← a δᵀX + b C for the weights of the block.
      func product(_ a: Scalar, _ b: Scalar, into target: UnsafeMutablePointer<Scalar>) {
        Scalar.gemm(
          shape, a, delta + block.lowerBound, units, below, inputs, b, target + first, inputs)
      }
      let offset = store.offsets[layer]
      let count = block.count * inputs
      let weights = store.values.base + offset
      switch optimizer {
      case .sgd(momentum: 0):
        product(Scalar(-rate), 1, into: weights)
      case .sgd(let momentum):
        let velocity = store.moments[0].base + offset
        product(1, Scalar(momentum), into: velocity)
        Scalar.add(count, Scalar(-rate), velocity + first, weights + first)
      case .adam:
        product(1, 0, into: gradient)
        adam(count, store, at: offset + first, gradient + first)
      }
    }
    // Biases: the sums of δ over the rows.
    let sums = gradient
    Scalar.gemv(transposed: true, rows: rows, columns: units, 1, delta, ones, 0, sums)
    switch optimizer {
    case .sgd(momentum: 0): Scalar.add(units, Scalar(-rate), sums, store.values.base + bias)
    case .sgd(let momentum):
      let velocity = store.moments[0].base + bias
      Scalar.scale(units, Scalar(momentum), velocity)
      Scalar.add(units, 1, sums, velocity)
      Scalar.add(units, Scalar(-rate), velocity, store.values.base + bias)
    case .adam: adam(units, store, at: bias, sums)
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
