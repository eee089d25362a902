import PoiseData
import PoiseLab
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

/// What `init.safetensors` holds.
@Suite struct InitialWeightsTests {
  static func advisor(outputs: Int, scale: Bool = false) throws -> Advisor {
    let data = try PreparedData("digits", rows: 64, seed: 1)
    return try Advisor(
      Advisor.Question(
        activation: .tanh, depth: 3, width: 96, outputs: outputs,
        data: (data.inputs, data.summary, data.classes), networks: 0, scalesInputs: scale, seed: 9))
  }

  @Test func namesAndShapes() throws {
    let advisor = try Self.advisor(outputs: 10)
    let network = try #require(try advisor.network())
    let tensors = try InitialWeights.tensors(of: network, metadata: ["k": "v"])
    let shapes = tensors.tensors.mapValues(\.shape)
    #expect(
      shapes == [
        "layers.0.weight": [96, 64], "layers.0.bias": [96], "layers.1.weight": [96, 96],
        "layers.1.bias": [96], "layers.2.weight": [96, 96], "layers.2.bias": [96],
        "layers.3.weight": [10, 96], "layers.3.bias": [10],
      ])
    #expect(tensors.metadata == ["k": "v"])
    #expect(tensors.tensors.values.allSatisfy { $0.elementType == .float32 })
    let without = try #require(try Self.advisor(outputs: 0).network())
    #expect(try InitialWeights.tensors(of: without).tensors.count == 6)
    // What is read is what was written, rounded to float32.
    let again = try Safetensors.decode(try tensors.encode())
    let (written, read) = (tensors.tensors["layers.1.weight"], again.tensors["layers.1.weight"])
    #expect(read?.elements == written?.elements.map { Double(Float($0)) })
  }

  /// Orthogonal: WᵀW = (n_out/n_in) σ_w² 1 in layer 0, W Wᵀ = σ_w² 1 above; biases N(0, σ_b²).
  @Test func statistics() throws {
    let advisor = try Self.advisor(outputs: 0)
    let ensemble = try #require(advisor.ensemble)
    let network = try #require(try advisor.network())
    let tensors = try InitialWeights.tensors(of: network).tensors
    for (name, gain) in [("layers.0.weight", 96.0 / 64), ("layers.1.weight", 1)] {
      let weights = try #require(tensors[name]).matrix
      for a in 0..<weights.columns {
        for b in 0...a {
          let product = (0..<weights.rows).reduce(0.0) { $0 + weights[$1, a] * weights[$1, b] }
          let wanted = a == b ? gain * ensemble.weightVariance : 0
          #expect(abs(product - wanted) < 1e-5)
        }
      }
    }
    let biases = try (0..<3).flatMap { try #require(tensors["layers.\($0).bias"]).elements }
    let square = biases.reduce(0) { $0 + $1 * $1 } / Double(biases.count)
    // 288 numbers: the variance scatters by 8 %.
    #expect(abs(square / ensemble.biasVariance - 1) < 0.4)
  }

  /// The input scale goes into layer 0 and nowhere else, and only if asked for.
  @Test func inputScale() throws {
    let plain = try Self.advisor(outputs: 0)
    let scaled = try Self.advisor(outputs: 0, scale: true)
    #expect(plain.appliedScale == 1)
    let scale = try #require(scaled.inputScale)
    #expect(scaled.appliedScale == scale && scale != 1)
    let network = try #require(try plain.network())
    let (one, two) = (
      try InitialWeights.tensors(of: network).tensors,
      try InitialWeights.tensors(of: network, inputScale: scale).tensors
    )
    for (name, tensor) in one {
      let other = try #require(two[name])
      if name == "layers.0.weight" {
        for (a, b) in zip(tensor.elements, other.elements) { #expect(abs(a * scale - b) < 1e-7) }
      } else {
        #expect(tensor == other)
      }
    }
  }

  @Test func seeded() throws {
    let advisor = try Self.advisor(outputs: 0)
    let (a, b) = (try advisor.network(), try advisor.network(index: 1))
    #expect(a?.layers == (try Self.advisor(outputs: 0).network())?.layers)
    #expect(a?.layers != b?.layers)
  }
}
