import PoiseModel
import PoiseNumerics

/// Forward and backward pass of `EmpiricalNTK`, with the memory of both.
///
/// δ has one row per (output, sample), output-major, so that the prefactor of a layer, n × n,
/// repeats in m × m blocks, and φ′ (n × unit) multiplies each of the m slabs of δ as it is.
final class TangentKernelPass {
  private let network: FiniteNetwork<Double>
  private let inputs: Matrix<Double>
  private let biasTerm: Double
  private let samples: Int
  private let outputs: Int
  private let offsets: [Int]
  /// φ(hˡ) and φ′(hˡ) of all layers, (sample × unit) each.
  private let values: Scratch<Double>
  private let slopes: Scratch<Double>
  private let prefactor: Scratch<Double>

  init(_ network: FiniteNetwork<Double>, inputs: Matrix<Double>, includingBiases: Bool) {
    self.network = network
    self.inputs = inputs
    biasTerm = includingBiases ? 1 : 0
    samples = inputs.rows
    outputs = network.architecture.outputs
    var (offsets, total) = ([Int](), 0)
    for width in network.architecture.widths {
      offsets.append(total)
      total += samples * width
    }
    self.offsets = offsets
    values = Scratch(total)
    slopes = Scratch(total)
    prefactor = Scratch(samples * samples)
  }

  /// Fills activations and slopes; returns the outputs (sample × output).
  func forward() throws(PoiseError) -> Matrix<Double> {
    let architecture = network.architecture
    let pass = Propagation<Double>(architecture, rows: samples, options: MeasurementOptions())
    let result = try inputs.elements.withPointer { x throws(PoiseError) in
      try pass.forward(
        network, inputs: x,
        visit: { layer, h in
          Double.evaluate(
            network.activation.function, h, count: samples * architecture.widths[layer],
            value: values.base + offsets[layer], derivative: slopes.base + offsets[layer])
        })
    }
    try result.requireFinite()
    var target = [Double](repeating: 0, count: samples * outputs)
    network.withLayer(architecture.depth) { view in
      target.withUnsafeMutableBufferPointer {
        pass.affine(view, from: pass.topActivations, to: $0.baseAddress!)
      }
    }
    return Matrix(rows: samples, columns: outputs, elements: target)
  }

  /// Θ from the stored activations.
  func backward() -> Matrix<Double> {
    let architecture = network.architecture
    let rows = samples * outputs
    let panel = Scratch<Double>(samples * rows)
    let memory = Scratch<Double>(2 * rows * architecture.widest)
    var (delta, next) = (memory.base, memory.base + rows * architecture.widest)
    var theta = [Double](repeating: 0, count: rows * rows)
    theta.withUnsafeMutableBufferPointer { buffer in
      let target = buffer.baseAddress!
      addReadout(to: target)
      for layer in (0..<architecture.depth).reversed() {
        let width = architecture.widths[layer]
        if layer == architecture.depth - 1 {
          repeatReadout(into: delta, width: width)
        } else {
          network.withLayer(layer + 1) { view in
            Double.gemm(
              ProductShape(rows: rows, columns: width, inner: view.rows), 1, delta, view.rows,
              view.weights, width, 0, next, width)
          }
          swap(&delta, &next)
        }
        for output in 0..<outputs {
          let slab = samples * width
          Double.multiply(slab, slopes.base + offsets[layer], delta + output * slab)
        }
        addLayer(layer, delta, panel: panel.base, to: target)
      }
      for row in 0..<rows {
        for column in 0..<row { target[row * rows + column] = target[column * rows + row] }
      }
    }
    return Matrix(rows: rows, columns: rows, elements: theta)
  }

  /// Row (i, a) of δ before φ′: row i of R.
  private func repeatReadout(into delta: UnsafeMutablePointer<Double>, width: Int) {
    network.withLayer(network.architecture.depth) { view in
      for output in 0..<outputs {
        for sample in 0..<samples {
          (delta + (output * samples + sample) * width).update(
            from: view.weights + output * width, count: width)
        }
      }
    }
  }

  /// The read-out's own parameters: δ is the identity, so only equal outputs meet.
  private func addReadout(to theta: UnsafeMutablePointer<Double>) {
    let rows = samples * outputs
    fillPrefactor(below: network.architecture.depth)
    for output in 0..<outputs {
      for sample in 0..<samples {
        let target = theta + (output * samples + sample) * rows + output * samples
        for other in 0..<samples { target[other] += prefactor.base[sample * samples + other] }
      }
    }
  }

  /// φˡ⁻¹(a)·φˡ⁻¹(b) + 1 for layer index `layer`, all entries.
  private func fillPrefactor(below layer: Int) {
    let n = samples
    inputs.elements.withPointer { x in
      let width = layer == 0 ? inputs.columns : network.architecture.widths[layer - 1]
      let below = layer == 0 ? x : UnsafePointer(values.base + offsets[layer - 1])
      prefactor.base.update(repeating: biasTerm, count: n * n)
      Double.gemm(
        ProductShape(rows: n, columns: n, inner: width, transposeB: true), 1, below, width, below,
        width, 1, prefactor.base, n)
    }
  }

  // Upper block triangle, one row of blocks at a time: the panel δ_i δ_{j≥i}ᵀ stays in cache
  // until it is multiplied into Θ. (One syrk for all of Θ saves 1/(2m) of the operations, but
  // writes and reads another matrix of the size of Θ in every layer.)
  private func addLayer(
    _ layer: Int, _ delta: UnsafePointer<Double>, panel: UnsafeMutablePointer<Double>,
    to theta: UnsafeMutablePointer<Double>
  ) {
    let (n, width) = (samples, network.architecture.widths[layer])
    let rows = n * outputs
    fillPrefactor(below: layer)
    for output in 0..<outputs {
      let columns = (outputs - output) * n
      let block = delta + output * n * width
      Double.gemm(
        ProductShape(rows: n, columns: columns, inner: width, transposeB: true), 1, block, width,
        block, width, 0, panel, columns)
      for sample in 0..<n {
        let factors = prefactor.base + sample * n
        let target = theta + (output * n + sample) * rows + output * n
        let source = panel + sample * columns
        for start in stride(from: 0, to: columns, by: n) {
          for other in 0..<n {
            target[start + other] += factors[other] * source[start + other]
          }
        }
      }
    }
  }
}
