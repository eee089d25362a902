import PoiseModel
import PoiseNumerics
import RealModule

/// The pool between two layers: what enters the weights, (φ(h), φ′(h)ξ) or (φ(h), φ(h+δ) − φ(h)).
struct Population {
  var pairs: [SIMD2<Double>]
  /// E φ², E φ b, E b² of the pairs (φ, b).
  var moments: (Double, Double, Double)
  /// (1/α) ln(σ_w^α E|b|^α).
  var logTangent: Double
  /// ln(σ_w^α E|φ|^α).
  var logLength: Double

  /// Multiplies values far below 1, where φ is linear, so that a pool that dies keeps its digits.
  mutating func magnify(by factor: Double, alpha: Double) {
    for index in pairs.indices { pairs[index].x *= factor }
    moments = (moments.0 * factor * factor, moments.1 * factor, moments.2)
    logLength += alpha * .log(factor)
  }

  mutating func divideTangents(by factor: Double) {
    for index in pairs.indices { pairs[index].y /= factor }
    moments = (moments.0, moments.1 / factor, moments.2 / (factor * factor))
  }
}

extension PopulationDynamics {
  /// Members that share a random stream.
  private static let block = 512
  private static let draws: UInt8 = 0x50

  /// h = S* Z and independent tangents, by one step from constant pairs.
  func start(perturbation: Double = 1) throws(PoiseError) -> Population {
    let point = try theory.outcome()
    var logScale = -30.0
    if case .settles(let fixed) = point { logScale = max(fixed.logScale, -200) }
    let size = Double.exp(logScale) / theory.scale
    let pairs = (0..<pool).map { index in
      SIMD2(size, (index % 2 == 0 ? 1 : -1) * perturbation / theory.scale)
    }
    let tangent = perturbation / theory.scale
    return Population(
      pairs: pairs, moments: (size * size, 0, tangent * tangent), logTangent: .log(perturbation),
      logLength: theory.alpha * logScale)
  }

  /// One layer: new (h, ξ) from the pairs, then new pairs; ξ is a tangent, or a finite difference.
  func step(_ population: inout Population, layer: Int, isFinite: Bool, jobs: Int) {
    let blocks = (pool + Self.block - 1) / Self.block
    let old = population
    let parts = parallelMap(count: blocks, jobs: jobs) { (index: Int) throws(Never) -> Part in
      let first = index * Self.block
      return part(
        old, count: min(Self.block, pool - first), layer: layer, block: index,
        isFinite: isFinite)
    }
    var sums = (0.0, 0.0, 0.0, 0.0, 0.0)
    population.pairs.removeAll(keepingCapacity: true)
    for part in parts {
      population.pairs += part.pairs
      sums.0 += part.sums.0
      sums.1 += part.sums.1
      sums.2 += part.sums.2
      sums.3 += part.sums.3
      sums.4 += part.sums.4
    }
    let count = Double(pool)
    population.moments = (sums.0 / count, sums.1 / count, sums.2 / count)
    population.logTangent = .log(theory.scale) + .log(sums.4 / count) / theory.alpha
    population.logLength = theory.alpha * .log(theory.scale) + .log(sums.3 / count)
  }

  struct Part: Sendable {
    var pairs: [SIMD2<Double>]
    /// Σ φ², Σ φ b, Σ b², Σ |φ|^α, Σ |b|^α.
    var sums: (Double, Double, Double, Double, Double)
  }

  private func part(
    _ old: Population, count: Int, layer: Int, block: Int, isFinite: Bool
  ) -> Part {
    var stream = RandomStream(
      seed: seed, item: UInt64(block), purpose: .init(kind: Self.draws, index: layer))
    var fields = [SIMD2<Double>](repeating: .zero, count: count)
    if theory.alpha < 2 { addJumps(old, to: &fields, from: &stream) }
    addRemainder(old, to: &fields, from: &stream)
    if theory.biasScale > 0 { addBiases(to: &fields, from: &stream) }
    return pairs(fields, isFinite: isFinite)
  }

  /// σ_w C^{1/α} Σ_k ε_k Γ_k^{−1/α} (φ, b)_{J_k}.
  ///
  /// One uniform number of 52 bits makes the sign, the place and, from the rest of its bits, the wait until
  /// the next arrival. Sizes of jumps are rounded to single precision, but the first arrival, whose smallest
  /// values are the largest jumps of all, is drawn in double.
  private func addJumps(
    _ old: Population, to fields: inout [SIMD2<Double>], from stream: inout RandomStream
  ) {
    let count = fields.count
    let power = Float(-1 / theory.alpha)
    let front = theory.scale * .pow(StableTail.probability(theory.alpha), 1 / theory.alpha)
    let span = 2 * Double(pool)
    let uniforms = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
    let places = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    let floats = UnsafeMutablePointer<Float>.allocate(capacity: 3 * count)
    defer {
      uniforms.deallocate()
      places.deallocate()
      floats.deallocate()
    }
    let (arrivals, waits, sizes) = (floats, floats + count, floats + 2 * count)
    for term in 0..<terms {
      stream.fillUniform(uniforms)
      for index in 0..<count {
        let scaled = uniforms[index] * span
        let place = Int32(scaled)
        places[index] = place
        uniforms[index] = max(scaled - Double(place), 0x1p-40)
      }
      if term == 0 {
        VectorMath.log(uniforms.baseAddress!, uniforms.baseAddress!, count: count)
        for index in 0..<count { arrivals[index] = Float(-uniforms[index]) }
      } else {
        for index in 0..<count { waits[index] = Float(uniforms[index]) }
        VectorMath.log(waits, waits, count: count)
        for index in 0..<count { arrivals[index] -= waits[index] }
      }
      VectorMath.log(arrivals, sizes, count: count)
      for index in 0..<count { sizes[index] *= power }
      VectorMath.exp(sizes, sizes, count: count)
      old.pairs.withUnsafeBufferPointer { pairs in
        fields.withUnsafeMutableBufferPointer { fields in
          for index in 0..<count {
            // The last bit of a uniform integer below 2P is the sign, without a branch.
            let place = places[index]
            let size = Double(sizes[index]) * Double(1 &- 2 &* (place & 1))
            fields[index] += size * pairs[Int(place >> 1)]
          }
        }
      }
    }
    for index in fields.indices { fields[index] *= front }
  }

  /// A Gaussian pair with the covariance of the jumps beyond K: σ_w² C^{2/α} v E[(φ, b)(φ, b)ᵀ],
  /// v = Σ_{k>K} E Γ_k^{−2/α} = Γ(K+1−2/α)/(Γ(K)(2/α−1)); of everything at α = 2.
  private func addRemainder(
    _ old: Population, to fields: inout [SIMD2<Double>], from stream: inout RandomStream
  ) {
    let alpha = theory.alpha
    var factor = theory.scale
    if alpha < 2 {
      let terms = Double(terms)
      let v = Double.exp(
        .logGamma(terms + 1 - 2 / alpha) - .logGamma(terms) - .log(2 / alpha - 1))
      factor *= .pow(StableTail.probability(alpha), 1 / alpha) * v.squareRoot()
    }
    let (m0, m1, m2) = old.moments
    let first = factor * m0.squareRoot()
    let mixed = m0 > 0 ? factor * m1 / m0.squareRoot() : 0
    let second = factor * max(0, m2 - (m0 > 0 ? m1 * m1 / m0 : 0)).squareRoot()
    var normals = [Double](repeating: 0, count: 2 * fields.count)
    normals.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    for index in fields.indices {
      let (a, b) = (normals[2 * index], normals[2 * index + 1])
      fields[index] += SIMD2(first * a, mixed * a + second * b)
    }
  }

  /// b = σ_b B̃, the same for both inputs.
  private func addBiases(to fields: inout [SIMD2<Double>], from stream: inout RandomStream) {
    let biases = biasLaw.sample(count: fields.count, from: &stream)
    for index in fields.indices { fields[index].x += theory.biasScale * biases[index] }
  }

  private func pairs(_ fields: [SIMD2<Double>], isFinite: Bool) -> Part {
    let (count, alpha) = (fields.count, theory.alpha)
    let function = theory.activation.function
    var memory = [Double](repeating: 0, count: 5 * count)
    var part = Part(pairs: fields, sums: (0, 0, 0, 0, 0))
    memory.withUnsafeMutableBufferPointer { memory in
      let h = memory.baseAddress!
      let (phi, slope) = (h + count, h + 2 * count)
      let (logPhi, logB) = (h + 3 * count, h + 4 * count)
      for index in 0..<count { h[index] = fields[index].x }
      function.evaluate(h, count: count, value: phi, derivative: slope)
      for index in 0..<count {
        let xi = fields[index].y
        var b = slope[index] * xi
        // A finite difference, unless it would cancel.
        if isFinite, abs(xi) > 1e-7 * abs(h[index]) {
          b = function.value(h[index] + xi) - phi[index]
        }
        part.pairs[index] = SIMD2(phi[index], b)
        part.sums.0 += phi[index] * phi[index]
        part.sums.1 += phi[index] * b
        part.sums.2 += b * b
        logPhi[index] = abs(phi[index])
        logB[index] = abs(b)
      }
      VectorMath.log(logPhi, logPhi, count: 2 * count)
      for index in 0..<2 * count { logPhi[index] *= alpha }
      VectorMath.exp(logPhi, logPhi, count: 2 * count)
      for index in 0..<count {
        part.sums.3 += logPhi[index]
        part.sums.4 += logB[index]
      }
    }
    return part
  }
}
