import PoiseModel
public import PoiseNumerics

extension FiniteNetwork {
  /// Sends a batch through the network and measures every layer.
  ///
  /// - Parameters:
  ///   - inputs: (sample × input).
  ///   - cotangents: (gradientRows × width of the last layer); by default independent N(0, 1/N)
  ///     entries from the stream (seed, index) of the options, so that |g^L|² ≈ 1.
  ///   - directions: (directionRows × unit), scaled to unit length; by default isotropic.
  /// - Throws: `shapeMismatch` if something does not fit the network, `outOfRange` if the options
  ///   ask for rows or layers that there are not, or for numbers that are not finite.
  public func measure(
    _ inputs: Matrix<Scalar>, options: MeasurementOptions = MeasurementOptions(),
    cotangents: Matrix<Scalar>? = nil, directions: Matrix<Scalar>? = nil
  ) throws(PoiseError) -> LayerMeasurements {
    try options.check(architecture, inputs: inputs)
    let pass = Propagation<Scalar>(architecture, rows: inputs.rows, options: options)
    return try pass.run(self, inputs: inputs, cotangents: cotangents, directions: directions)
  }

  /// ln |gˡ|² of every row (layer × row), gˡ the derivative of Σ c·h^L with respect to hˡ.
  ///
  ///     g^L = c,   gˡ = φ′(hˡ) ∘ (W^{l+1})ᵀ g^{l+1}
  ///
  /// For independent weights, ⟨|gˡ|²⟩ = Σ_j ⟨φ′(h_j)²⟩ (σ_w²/N_l) |g^{l+1}|² = χ₁(qˡ) |g^{l+1}|²:
  /// the squared *norm* changes by χ₁ whatever the widths, and the mean square *per unit*,
  /// |gˡ|²/N_l, by χ₁(qˡ) N_{l+1}/N_l.
  ///
  /// - Parameters:
  ///   - inputs: (sample × input).
  ///   - cotangents: (sample × unit of the last layer), or nil for random ones: see `measure`.
  /// - Throws: `shapeMismatch`; `noAnswer` if the forward pass overflowed.
  public func logGradientNorms(
    _ inputs: Matrix<Scalar>, cotangents: Matrix<Scalar>? = nil
  ) throws(PoiseError) -> [[Double]] {
    let options = MeasurementOptions(gradientRows: inputs.rows)
    let result = try measure(inputs, options: options, cotangents: cotangents)
    try result.requireFinite()
    return result.rowLogGradients
  }

  /// ln |∂ output_k/∂hˡ|² of every row (layer × row): the true gradient of one read-out,
  /// by the same recursion with g^L = φ′(h^L) ∘ Rᵀ e_k.
  ///
  /// - Throws: `shapeMismatch`; `noAnswer` without a read-out or if the forward pass overflowed;
  ///   `outOfRange` for an output that does not exist.
  public func readoutGradientNorms(
    _ inputs: Matrix<Scalar>, output: Int = 0
  ) throws(PoiseError) -> [[Double]] {
    try requireReadout()
    guard output >= 0, output < architecture.outputs else {
      throw PoiseError(
        .outOfRange, quantity: "output", value: "\(output)",
        allowed: "0 to \(architecture.outputs - 1)")
    }
    let options = MeasurementOptions(gradientRows: inputs.rows)
    try options.check(architecture, inputs: inputs)
    let pass = Propagation<Scalar>(architecture, rows: inputs.rows, options: options)
    let result = try inputs.elements.withPointer { x throws(PoiseError) in
      try pass.forward(self, inputs: x)
    }
    try result.requireFinite()
    var cotangents = Matrix<Scalar>(rows: inputs.rows, columns: architecture.outputs)
    for row in 0..<inputs.rows { cotangents[row, output] = 1 }
    return try cotangents.elements.withPointer { c throws(PoiseError) in
      try pass.backward(self, cotangents: c, readout: true)
    }
  }

  /// ln |Jˡ u|² of every row (layer × row), Jˡ = Dˡ Wˡ … D W from the first layer that is not
  /// skipped, with D = diag φ′(h) at the row's own preactivations and |u| = 1.
  ///
  /// Norms are kept as logarithms, so that depth 1000 neither over- nor underflows.
  ///
  /// - Parameters:
  ///   - directions: (sample × unit below the first layer of J), scaled to unit length here; nil
  ///     for isotropic ones from the stream (seed 0, index 0).
  ///   - skippedLayers: 0 for the whole Jacobian, 1 for its part between hidden layers, which is
  ///     the one of the theory of equal widths.
  /// - Throws: `shapeMismatch`, `outOfRange`; `noAnswer` if the forward pass overflowed.
  public func logNormsOfJacobianVectorProducts(
    _ inputs: Matrix<Scalar>, directions: Matrix<Scalar>? = nil, skippedLayers: Int = 0
  ) throws(PoiseError) -> [[Double]] {
    let options = MeasurementOptions(directionRows: inputs.rows, skippedLayers: skippedLayers)
    let result = try measure(inputs, options: options, directions: directions)
    try result.requireFinite()
    return result.rowLogTangents
  }

  /// The preactivations hˡ (sample × unit) of every layer.
  /// - Throws: `shapeMismatch`; `noAnswer` if they overflowed.
  public func preactivations(_ inputs: Matrix<Scalar>) throws(PoiseError) -> [Matrix<Scalar>] {
    try run(inputs, keepsLayers: true).layers
  }

  /// The outputs R φ(h^L) + r (sample × output).
  /// - Throws: `shapeMismatch`; `noAnswer` without a read-out or if the network overflowed.
  public func outputs(_ inputs: Matrix<Scalar>) throws(PoiseError) -> Matrix<Scalar> {
    try requireReadout()
    return try run(inputs, keepsLayers: false).outputs
  }

  private func run(
    _ inputs: Matrix<Scalar>, keepsLayers: Bool
  ) throws(PoiseError) -> (layers: [Matrix<Scalar>], outputs: Matrix<Scalar>) {
    let options = MeasurementOptions()
    try options.check(architecture, inputs: inputs)
    let rows = inputs.rows
    let pass = Propagation<Scalar>(architecture, rows: rows, options: options)
    var layers: [Matrix<Scalar>] = []
    let result = try inputs.elements.withPointer { x throws(PoiseError) in
      try pass.forward(
        self, inputs: x,
        visit: { layer, values in
          guard keepsLayers else { return }
          layers.append(copy(values, rows: rows, columns: architecture.widths[layer]))
        })
    }
    try result.requireFinite()
    guard architecture.outputs > 0 else { return (layers, Matrix(rows: rows, columns: 0)) }
    let target = Scratch<Scalar>(rows * architecture.outputs)
    withLayer(architecture.depth) { pass.affine($0, from: pass.topActivations, to: target.base) }
    return (layers, copy(target.base, rows: rows, columns: architecture.outputs))
  }

  private func copy(
    _ values: UnsafePointer<Scalar>, rows: Int, columns: Int
  ) -> Matrix<Scalar> {
    let entries = Array(UnsafeBufferPointer(start: values, count: rows * columns))
    return Matrix(rows: rows, columns: columns, elements: entries)
  }

  func requireReadout() throws(PoiseError) {
    guard architecture.outputs > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "outputs", value: "the network has no read-out",
        allowed: "an architecture with outputs ≥ 1")
    }
  }
}

extension NetworkSample {
  /// Measures the network of this recipe without holding it in memory: layers are drawn, applied
  /// and forgotten. If gradients are wanted all weights of the one network are kept.
  ///
  /// - Parameters:
  ///   - inputs: (sample × input).
  ///   - isCancelled: asked before every layer.
  /// - Throws: `shapeMismatch`, `outOfRange`; `cancelled` when `isCancelled` says so.
  public func measure<Scalar: NetworkScalar>(
    _ inputs: Matrix<Scalar>, options: MeasurementOptions = MeasurementOptions(),
    isCancelled: () -> Bool = { false }
  ) throws(PoiseError) -> LayerMeasurements {
    try options.check(architecture, inputs: inputs)
    var options = options
    (options.seed, options.index) = (seed, index)
    let pass = Propagation<Scalar>(architecture, rows: inputs.rows, options: options)
    let source = LayerStream<Scalar>(self, retaining: options.gradientRows > 0)
    return try pass.run(source, inputs: inputs, isCancelled: isCancelled)
  }
}

extension Propagation {
  /// Forward and, if asked for, backward, with checks of the given vectors.
  func run(
    _ source: some LayerSource<Scalar>, inputs: Matrix<Scalar>, cotangents: Matrix<Scalar>? = nil,
    directions: Matrix<Scalar>? = nil, isCancelled: () -> Bool = { false }
  ) throws(PoiseError) -> LayerMeasurements {
    BLAS.useOneThread()
    let top = architecture.widths[architecture.depth - 1]
    let starts = try rowVectors(
      directions, "directions", rows: options.directionRows, width: tangentInputs,
      from: .directions)
    let ends = try rowVectors(
      cotangents, "cotangents", rows: options.gradientRows, width: top, from: .cotangents)
    var result = try inputs.elements.withPointer { x throws(PoiseError) in
      try normalized(starts).withPointer { u throws(PoiseError) in
        try forward(source, inputs: x, directions: u, isCancelled: isCancelled)
      }
    }
    guard result.divergedAtLayer == nil, options.gradientRows > 0 else { return result }
    result.rowLogGradients = try ends.elements.withPointer { c throws(PoiseError) in
      try backward(source, cotangents: c, isCancelled: isCancelled)
    }
    result.logGradient = result.rowLogGradients.map { $0.reduce(0, +) / Double($0.count) }
    return result
  }

  private func rowVectors(
    _ given: Matrix<Scalar>?, _ name: String, rows: Int, width: Int, from stream: NetworkStream
  ) throws(PoiseError) -> Matrix<Scalar> {
    if let given {
      guard given.rows == rows, given.columns == width else {
        throw PoiseError(
          .shapeMismatch, quantity: name, value: "\(given.rows) × \(given.columns)",
          allowed: "\(rows) × \(width)")
      }
      try given.requireFinite(name)
      return given
    }
    let buffer = Scratch<Scalar>(rows * width)
    var numbers = stream.stream(seed: options.seed, network: options.index)
    NetworkStream.fillNormal(
      buffer.base, count: rows * width, deviation: (1 / Double(width)).squareRoot(),
      from: &numbers)
    let entries = Array(UnsafeBufferPointer(start: buffer.base, count: rows * width))
    return Matrix(rows: rows, columns: width, elements: entries)
  }

  /// The rows scaled to unit length; a row of zeros stays.
  private func normalized(_ vectors: Matrix<Scalar>) -> [Scalar] {
    var entries = vectors.elements
    let width = vectors.columns
    entries.withUnsafeMutableBufferPointer { buffer in
      for row in 0..<vectors.rows {
        let vector = buffer.baseAddress! + row * width
        let square = Scalar.dot(width, vector, vector)
        if square > 0 { Scalar.scale(width, 1 / square.squareRoot(), vector) }
      }
    }
    return entries
  }
}

extension LayerMeasurements {
  func requireFinite() throws(PoiseError) {
    guard let layer = divergedAtLayer else { return }
    throw PoiseError(
      .noAnswer, quantity: "preactivations", value: "not finite from layer \(layer) on",
      allowed: "finite", suggestion: "a smaller weight variance or depth")
  }
}

extension MeasurementOptions {
  /// - Throws: `shapeMismatch` or `outOfRange` for what does not fit network and batch, and
  ///   `outOfRange` for inputs that are not finite.
  func check<Scalar>(
    _ architecture: Architecture, inputs: Matrix<Scalar>
  ) throws(PoiseError) {
    guard inputs.columns == architecture.inputs else {
      throw PoiseError(
        .shapeMismatch, quantity: "inputs", value: "dimension \(inputs.columns)",
        allowed: "dimension \(architecture.inputs) of the architecture")
    }
    try inputs.requireFinite("inputs")
    try within("input rows", inputs.rows, 1...Int(Int32.max))
    try within("gradient rows", gradientRows, 0...inputs.rows)
    try within("direction rows", directionRows, 0...inputs.rows)
    try within("skipped layers", skippedLayers, 0...architecture.depth - 1)
    for pair in pairs {
      try within("row of a pair", pair.first, 0...inputs.rows - 1)
      try within("row of a pair", pair.second, 0...inputs.rows - 1)
    }
  }

  private func within(
    _ quantity: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(PoiseError) {
    guard range.contains(value) else {
      throw PoiseError(
        .outOfRange, quantity: quantity, value: "\(value)",
        allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension Matrix {
  func requireFinite(_ quantity: String) throws(PoiseError) {
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw PoiseError(
      .outOfRange, quantity: quantity,
      value: "\(elements[index]) in row \(index / columns), column \(index % columns)",
      allowed: "finite numbers")
  }
}

extension Array {
  /// `withUnsafeBufferPointer` for typed errors; the pointer is never nil.
  func withPointer<Result, Failure: Error>(
    _ body: (UnsafePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    withUnsafeBufferPointer { buffer in
      do throws(Failure) {
        let empty = UnsafePointer<Element>(bitPattern: MemoryLayout<Element>.alignment)!
        outcome = .success(try body(buffer.baseAddress ?? empty))
      } catch { outcome = .failure(error) }
    }
    return try outcome!.get()
  }
}
