import PoiseModel
public import PoiseNumerics

/// Memory and inner loops of passes through networks of one shape with batches of one size.
///
/// Rows of every buffer are samples. Nothing is allocated between layers but the results.
final class Propagation<Scalar: NetworkScalar> {
  let architecture: Architecture
  let rows: Int
  var options: MeasurementOptions
  /// hˡ, then φ(hˡ) in place; two of them, for the layer and the one below.
  private let activations: [Scratch<Scalar>]
  /// φ′(hˡ) of the leading rows, for all layers (way back) or for one (tangents only).
  private let slopes: Scratch<Scalar>
  private let slopeOffsets: [Int]
  private let slopeRows: Int
  private var tangents: ScaledRows<Scalar>?
  private var gradients: ScaledRows<Scalar>?
  private let ones: [Scalar]
  private let columnSums: Scratch<Scalar>

  init(_ architecture: Architecture, rows: Int, options: MeasurementOptions) {
    self.architecture = architecture
    self.rows = rows
    self.options = options
    let widest = architecture.widest
    activations = (0..<2).map { _ in Scratch(rows * widest) }
    slopeRows = max(options.gradientRows, options.directionRows)
    var (offsets, total) = ([Int](), 0)
    for width in architecture.widths {
      offsets.append(options.gradientRows > 0 ? total : 0)
      total += slopeRows * width
    }
    slopeOffsets = offsets
    slopes = Scratch(options.gradientRows > 0 ? total : slopeRows * widest)
    let directions = options.directionRows
    tangents =
      directions > 0 ? ScaledRows(rows: directions, width: max(widest, architecture.inputs)) : nil
    gradients =
      options.gradientRows > 0 ? ScaledRows(rows: options.gradientRows, width: widest) : nil
    ones = [Scalar](repeating: 1, count: rows)
    columnSums = Scratch(widest)
  }

  /// φ(h^L) of the last pass (row × unit).
  var topActivations: UnsafePointer<Scalar> {
    UnsafePointer(activations[(architecture.depth - 1) % 2].base)
  }

  /// The forward pass, with tangents of the leading rows on the way.
  ///
  /// - Parameters:
  ///   - directions: (row × unit) for the leading rows; unit vectors at the layer below the first
  ///     that is not skipped.
  ///   - visit: called with layer index and preactivations (row × unit) of each layer.
  /// - Throws: `cancelled` when `isCancelled` says so before a layer.
  func forward(
    _ source: some LayerSource<Scalar>, inputs: UnsafePointer<Scalar>,
    directions: UnsafePointer<Scalar>? = nil, isCancelled: () -> Bool = { false },
    visit: (Int, UnsafePointer<Scalar>) -> Void = { _, _ in }
  ) throws(PoiseError) -> LayerMeasurements {
    var result = LayerMeasurements()
    var below = inputs
    if let directions { tangents?.start(directions, width: tangentInputs) }
    for layer in 0..<architecture.depth {
      if isCancelled() { throw .cancelledPass(layer: layer) }
      let values = activations[layer % 2].base
      let width = architecture.widths[layer]
      source.withLayer(layer) { view in
        affine(view, from: below, to: values)
        if layer >= options.skippedLayers { tangents?.multiply(view, transposed: false) }
      }
      visit(layer, values)
      guard record(values, width: width, into: &result) else {
        result.divergedAtLayer = layer + 1
        return result
      }
      let slope = evaluate(source.activation, layer: layer, values)
      if tangents != nil, layer >= options.skippedLayers {
        tangents!.applySlopes(slope, width: width)
        result.rowLogTangents.append(tangents!.logNorms(width: width))
      }
      below = UnsafePointer(values)
    }
    return result
  }

  /// Dimension of the space in which directions live.
  var tangentInputs: Int {
    options.skippedLayers == 0
      ? architecture.inputs : architecture.widths[options.skippedLayers - 1]
  }

  /// H = X Wᵀ + b for all rows.
  func affine(
    _ view: LayerView<Scalar>, from below: UnsafePointer<Scalar>,
    to target: UnsafeMutablePointer<Scalar>
  ) {
    if let biases = view.biases {
      for row in 0..<rows {
        (target + row * view.rows).update(from: biases, count: view.rows)
      }
    }
    Scalar.gemm(
      ProductShape(rows: rows, columns: view.rows, inner: view.columns, transposeB: true), 1,
      below, view.columns, view.weights, view.columns, view.biases == nil ? 0 : 1, target,
      view.rows)
  }

  /// φ in place; returns φ′ of the leading rows, if any are wanted.
  private func evaluate(
    _ activation: Activation, layer: Int, _ values: UnsafeMutablePointer<Scalar>
  ) -> UnsafePointer<Scalar> {
    let width = architecture.widths[layer]
    let (head, all) = (slopeRows * width, rows * width)
    let slope = slopes.base + slopeOffsets[layer]
    let function = activation.function
    if head > 0 {
      Scalar.evaluate(function, values, count: head, value: values, derivative: slope)
    }
    let tail = values + head
    Scalar.evaluate(function, tail, count: all - head, value: tail, derivative: nil)
    return UnsafePointer(slope)
  }

  /// ln |gˡ|² of the leading rows (layer × row) for cotangents at h^L or, if `readout`, at the
  /// output. See `FiniteNetwork.logGradientNorms` for the recursion.
  func backward(
    _ source: some LayerSource<Scalar>, cotangents: UnsafePointer<Scalar>, readout: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws(PoiseError) -> [[Double]] {
    guard gradients != nil else { return [] }
    let depth = architecture.depth
    let top = readout ? architecture.outputs : architecture.widths[depth - 1]
    gradients!.start(cotangents, width: top)
    var logs = [[Double]](repeating: [], count: depth)
    if !readout { logs[depth - 1] = gradients!.logNorms(width: top) }
    for layer in (0..<(readout ? depth : depth - 1)).reversed() {
      if isCancelled() { throw .cancelledPass(layer: layer) }
      source.withLayer(layer + 1) { gradients!.multiply($0, transposed: true) }
      let slope = slopes.base + slopeOffsets[layer]
      let width = architecture.widths[layer]
      gradients!.applySlopes(slope, width: width)
      logs[layer] = gradients!.logNorms(width: width)
    }
    return logs
  }

  /// Appends the statistics of one layer; false if a row is not finite.
  private func record(
    _ values: UnsafePointer<Scalar>, width: Int, into result: inout LayerMeasurements
  ) -> Bool {
    var lengths = [Double](repeating: 0, count: rows)
    var total = 0.0
    for row in 0..<rows {
      let vector = values + row * width
      lengths[row] = Double(Scalar.dot(width, vector, vector)) / Double(width)
      total += lengths[row]
    }
    let overlap = rows > 1 ? meanOverlap(values, width: width, totalLength: total) : 0
    guard total.isFinite, overlap.isFinite else { return false }
    result.rowLengths.append(lengths)
    result.length.append(total / Double(rows))
    if rows > 1 { result.overlap.append(overlap) }
    if !options.pairs.isEmpty {
      result.pairOverlaps.append(
        options.pairs.map { pair in
          Double(Scalar.dot(width, values + pair.first * width, values + pair.second * width))
            / Double(width)
        })
    }
    if options.fullGram { result.grams.append(gram(values, width: width)) }
    return true
  }

  /// Σ_{a≠b} h_a·h_b = |Σ_a h_a|² − Σ_a |h_a|², divided by N P(P − 1).
  private func meanOverlap(
    _ values: UnsafePointer<Scalar>, width: Int, totalLength: Double
  ) -> Double {
    let sums = columnSums.base
    Scalar.gemv(transposed: true, rows: rows, columns: width, 1, values, ones, 0, sums)
    let square = Double(Scalar.dot(width, sums, sums)) / Double(width)
    return (square - totalLength) / (Double(rows) * Double(rows - 1))
  }

  private func gram(_ values: UnsafePointer<Scalar>, width: Int) -> Matrix<Double> {
    let buffer = Scratch<Scalar>(rows * rows)
    Scalar.syrk(rows, width, Scalar(1) / Scalar(width), values, width, 0, buffer.base, rows)
    var result = Matrix<Double>(rows: rows, columns: rows)
    for row in 0..<rows {
      for column in row..<rows {
        let value = Double(buffer.base[row * rows + column])
        result[row, column] = value
        result[column, row] = value
      }
    }
    return result
  }
}

extension PoiseError.Code {
  /// The caller asked for the work to stop.
  public static let cancelled = PoiseError.Code("cancelled")
}

extension PoiseError {
  static func cancelledPass(layer: Int) -> PoiseError {
    PoiseError(
      .cancelled, quantity: "network pass", value: "stopped at layer \(layer + 1)", allowed: "")
  }
}
