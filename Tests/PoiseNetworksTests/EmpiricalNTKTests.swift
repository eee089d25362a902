import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule
import Testing

@Suite struct EmpiricalNTKTests {
  /// Gradients of all outputs by all parameters (output-major rows), by central differences.
  static func parameterJacobian(
    _ network: FiniteNetwork<Double>, _ inputs: Matrix<Double>, biases: Bool
  ) throws -> Matrix<Double> {
    let (n, m) = (inputs.rows, network.architecture.outputs)
    let all = network.layers + [network.readout!]
    var columns: [[Double]] = []
    let step = 1e-5
    func shifted(_ change: (inout [FiniteNetwork<Double>.Layer], Double) -> Void) throws {
      let ends = try [step, -step].map { step in
        var layers = all
        change(&layers, step)
        return try FiniteNetwork(
          activation: network.activation, layers: Array(layers.dropLast()), readout: layers.last
        ).outputs(inputs)
      }
      columns.append(
        (0..<n * m).map { (ends[0][$0 % n, $0 / n] - ends[1][$0 % n, $0 / n]) / (2 * step) })
    }
    for layer in all.indices {
      for entry in all[layer].weights.elements.indices {
        try shifted { $0[layer].weights.elements[entry] += $1 }
      }
      if biases {
        for unit in all[layer].biases.indices { try shifted { $0[layer].biases[unit] += $1 } }
      }
    }
    return Matrix(rows: columns.count, columns: n * m, elements: columns.flatMap(\.self)).transposed
  }

  @Test(arguments: testActivations, [true, false]) func agreesWithTheParameterJacobian(
    activation: Activation, biases: Bool
  ) throws {
    let network = try testNetwork(activation)
    let inputs = normalMatrix(4, 5)
    let kernel = try EmpiricalNTK(of: network, inputs: inputs, includingBiases: biases)
    let expected = try Self.parameterJacobian(network, inputs, biases: biases).gram
    #expect(kernel.kernel.rows == 12 && kernel.samples == 4)
    for (x, y) in zip(kernel.kernel.elements, expected.elements) { #expect(isClose(x, y, 1e-7)) }
    let outputs = try network.outputs(inputs)
    for (x, y) in zip(kernel.outputs.elements, outputs.elements) { #expect(isClose(x, y, 1e-13)) }
  }

  @Test(arguments: testActivations) func eigenvaluesAgreeWithLAPACK(activation: Activation) throws {
    let network = try testNetwork(activation, widths: [12, 9])
    let kernel = try EmpiricalNTK(of: network, inputs: normalMatrix(6, 5))
    let squared = kernel.largestEigenvalue(.squared)
    let exact = try kernel.kernel.symmetricEigendecomposition().values.last! / 6
    #expect(squared.converged && squared.residual <= 1e-6 * squared.value)
    #expect(isClose(squared.value / exact, 1, 1e-9))

    // H Θ H-type product with H^½ from the eigenvectors of diag p − p pᵀ, block by block.
    let root = try Self.squareRootOfCurvature(kernel.outputs)
    let product = Matrix.product(root, Matrix.product(kernel.kernel, root))
    let crossEntropy = kernel.largestEigenvalue(.crossEntropy)
    let values = try product.symmetricEigendecomposition().values
    #expect(crossEntropy.converged)
    #expect(isClose(crossEntropy.value / (values.last! / 6), 1, 1e-9))
    #expect(kernel.largestEigenvalue(.crossEntropy) == crossEntropy)
    let hasty = kernel.largestEigenvalue(.squared, tolerance: 1e-14, maximumIterations: 1)
    #expect(!hasty.converged && hasty.iterations == 1 && hasty.value <= exact * (1 + 1e-12))
  }

  private static func squareRootOfCurvature(_ outputs: Matrix<Double>) throws -> Matrix<Double> {
    let (n, m) = (outputs.rows, outputs.columns)
    var root = Matrix<Double>(rows: n * m, columns: n * m)
    for sample in 0..<n {
      let weights = outputs.row(sample).map { Double.exp($0) }
      let p = weights.map { $0 / weights.reduce(0, +) }
      var curvature = Matrix<Double>(rows: m, columns: m)
      for i in 0..<m {
        for j in 0..<m { curvature[i, j] = (i == j ? p[i] : 0) - p[i] * p[j] }
      }
      let eigen = try curvature.symmetricEigendecomposition()
      for i in 0..<m {
        for j in 0..<m {
          root[i * n + sample, j * n + sample] = (0..<m).reduce(0.0) {
            $0 + max(0, eigen.values[$1]).squareRoot() * eigen.vectors[$1, i] * eigen.vectors[$1, j]
          }
        }
      }
    }
    return root
  }

  @Test func oneSampleOneOutput() throws {
    let network = try testNetwork(Activation(Tanh()), inputs: 1, widths: [2], outputs: 1)
    let inputs = normalMatrix(1, 1)
    let kernel = try EmpiricalNTK(of: network, inputs: inputs)
    let gradient = try Self.parameterJacobian(network, inputs, biases: true)
    let square = gradient.elements.reduce(0) { $0 + $1 * $1 }
    #expect(isClose(kernel.kernel[0, 0], square, 1e-8))
    #expect(isClose(kernel.largestEigenvalue(.squared).value, square, 1e-8))
    // Softmax of a single output is constant: no curvature at all.
    let flat = kernel.largestEigenvalue(.crossEntropy)
    #expect(flat.converged && flat.value == 0)
  }

  @Test func limitsAreErrors() throws {
    let network = try testNetwork(Activation(Tanh()))
    let memory = #expect(throws: PoiseError.self) {
      _ = try EmpiricalNTK(of: network, inputs: normalMatrix(400, 5), memoryLimit: 1 << 20)
    }
    #expect(memory?.code == .outOfRange && memory?.value.contains("MiB") == true)
    let shape = #expect(throws: PoiseError.self) {
      _ = try EmpiricalNTK(of: network, inputs: normalMatrix(4, 6))
    }
    #expect(shape?.code == .shapeMismatch)
    let headless = try testNetwork(Activation(Tanh()), outputs: 0)
    let missing = #expect(throws: PoiseError.self) {
      _ = try EmpiricalNTK(of: headless, inputs: normalMatrix(4, 5))
    }
    #expect(missing?.code == .noAnswer)
  }
}
