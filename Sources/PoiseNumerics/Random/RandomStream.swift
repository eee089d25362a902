import CPoiseKernels

/// Random numbers of one (seed, item, purpose): the same bits whoever draws them, in whatever order
/// the streams are worked through, on any number of threads. (Machines with and without fused
/// multiply-add may differ in the last bit of a normal.)
///
/// Philox4x32-10 turns a counter into a block of 128 random bits:
///
///     key     = seed, low word first                                  (2 × 32 bits)
///     counter = block number, purpose, item low word, item high word  (4 × 32 bits)
///
/// So two streams with the same seed never share a block, and streams of different seeds are
/// different keys. A stream starts at block 0 and only moves forward:
///
/// | draw | blocks |
/// |---|---|
/// | `uniform`, `fillUniform` (Double), `normal`, `fillNormal` (Double) | 1 per 2 numbers |
/// | `fillUniform` (Float), `fillNormal` (Float) | 1 per 4 numbers |
/// | `integer` | 1 per 2 trials |
/// | `StableLaw.fill`, α < 2 | 1 per number |
///
/// Draws of one kind run on without a gap: 3 normals and then 1001 are the same as 1004 at once,
/// and one by one they are the same as filled. A draw of *another* kind (uniform Double, uniform
/// Float, normal Double, normal Float, integer, stable) starts at the next untouched block, so that no bits
/// are ever used twice; the rest of the block begun is dropped.
///
/// A stream has 2³² blocks (8.6·10⁹ doubles); to draw past its end is a precondition failure.
/// Filling does not allocate. Copying a stream copies its place: both copies then give the same
/// numbers.
public struct RandomStream: Sendable {
  /// What the numbers are for: separates the streams of one item (layer 3's weights, its biases).
  public struct Purpose: Sendable, Hashable {
    /// The second word of the counter.
    public let rawValue: UInt32

    /// A purpose by its counter word.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A kind of number (weights, biases, inputs, …) and an index within it, such as the layer.
    ///
    /// - Parameters:
    ///   - kind: upper 8 bits of the counter word.
    ///   - index: lower 24 bits; 0 ..< 2²⁴.
    public init(kind: UInt8, index: Int) {
      precondition(index >= 0 && index < 1 << 24, "RandomStream.Purpose: index outside 0 ..< 2^24")
      rawValue = UInt32(kind) << 24 | UInt32(index)
    }
  }

  /// Draws of one kind share a numbering of the elements of the blocks.
  private enum Kind { case uniformDouble, uniformFloat, normalDouble, normalFloat, word, stable }

  private static let capacity = UInt64(1) << 32

  private let stream: poise_stream
  private var kind = Kind.uniformDouble
  /// Elements of a block of the present kind: a power of two.
  private var perBlock: UInt64 = 2
  /// Next element in the numbering of the present kind.
  private var next: UInt64 = 0

  /// The stream of an item and purpose under a seed, at its first block.
  ///
  /// - Parameters:
  ///   - seed: chosen by the user; the key of the generator.
  ///   - item: number of the network, sample or task.
  ///   - purpose: what is drawn for the item.
  public init(seed: UInt64, item: UInt64, purpose: Purpose) {
    stream = poise_stream(seed: seed, item: item, purpose: purpose.rawValue)
  }

  /// Claims `count` elements of a kind and returns the number of the first.
  private mutating func claim(_ count: Int, _ kind: Kind, perBlock: UInt64) -> UInt64 {
    if kind != self.kind {
      let block = (next + self.perBlock - 1) / self.perBlock
      (self.kind, self.perBlock, next) = (kind, perBlock, block * perBlock)
    }
    let first = next
    precondition(
      UInt64(count) <= Self.capacity * perBlock - first,
      "RandomStream: past the 2^32 blocks of the stream")
    next = first + UInt64(count)
    return first
  }

  /// A number uniform in the open interval (0, 1): (k + ½) 2⁻⁵², k = 0 ..< 2⁵².
  public mutating func uniform() -> Double {
    var value = 0.0
    poise_uniform_f64(stream, claim(1, .uniformDouble, perBlock: 2), &value, 1)
    return value
  }

  /// A standard normal number; see `fillNormal`, which is some twenty times faster per number.
  public mutating func normal() -> Double {
    var value = 0.0
    poise_normal_f64(stream, claim(1, .normalDouble, perBlock: 2), &value, 1)
    return value
  }

  /// Fills with numbers uniform in the open interval (0, 1): (k + ½) 2⁻⁵², k = 0 ..< 2⁵².
  public mutating func fillUniform(_ out: UnsafeMutableBufferPointer<Double>) {
    guard let base = out.baseAddress, out.count > 0 else { return }
    poise_uniform_f64(stream, claim(out.count, .uniformDouble, perBlock: 2), base, out.count)
  }

  /// Fills with numbers uniform in the open interval (0, 1): (k + ½) 2⁻²³, k = 0 ..< 2²³.
  public mutating func fillUniform(_ out: UnsafeMutableBufferPointer<Float>) {
    guard let base = out.baseAddress, out.count > 0 else { return }
    poise_uniform_f32(stream, claim(out.count, .uniformFloat, perBlock: 4), base, out.count)
  }

  /// Fills with independent standard normal numbers (Box and Muller, 52-bit radius and angle).
  ///
  /// No value lies beyond 8.58, where the exact law has probability 1e-17.
  public mutating func fillNormal(_ out: UnsafeMutableBufferPointer<Double>) {
    guard let base = out.baseAddress, out.count > 0 else { return }
    poise_normal_f64(stream, claim(out.count, .normalDouble, perBlock: 2), base, out.count)
  }

  /// Fills with independent standard normal numbers in single precision (32-bit radius, 30-bit
  /// angle within the quadrant).
  ///
  /// No value lies beyond 6.77, where the exact law has probability 1.3e-11.
  public mutating func fillNormal(_ out: UnsafeMutableBufferPointer<Float>) {
    guard let base = out.baseAddress, out.count > 0 else { return }
    poise_normal_f32(stream, claim(out.count, .normalFloat, perBlock: 4), base, out.count)
  }

  /// Fills with standard S0 numbers of a stable law with α < 2; see `StableLaw.fill`.
  mutating func fillStable(
    _ law: poise_stable_law, _ out: UnsafeMutableBufferPointer<Double>
  ) {
    guard let base = out.baseAddress, out.count > 0 else { return }
    poise_stable_f64(stream, claim(out.count, .stable, perBlock: 1), law, base, out.count)
  }

  /// An integer uniform in 0 ..< `bound`, exactly (by rejection).
  ///
  /// - Parameter bound: at least 1.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound >= 1, "RandomStream: integer(below:) needs a bound of at least 1")
    let bound = UInt64(bound)
    // The high half of word · bound is the candidate. Each candidate owns floor(2^64 / bound) words
    // or one more; a low half under 2^64 mod bound marks the one too many.
    let excess = (0 &- bound) % bound
    while true {
      let product = word().multipliedFullWidth(by: bound)
      if product.low >= excess { return Int(product.high) }
    }
  }

  /// A permutation of 0 ..< `count`, each of the count! equally likely as far as 64-bit words can
  /// tell (Fisher and Yates).
  public mutating func permutation(of count: Int) -> [Int] {
    precondition(count >= 0, "RandomStream: permutation(of:) needs a count of at least 0")
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, integer(below: i + 1))
    }
    return order
  }

  /// 64 random bits: half a block.
  private mutating func word() -> UInt64 {
    let element = claim(1, .word, perBlock: 2)
    let words = Self.block(
      counter: [
        UInt32(element / 2), stream.purpose, UInt32(truncatingIfNeeded: stream.item),
        UInt32(stream.item >> 32),
      ],
      key: [UInt32(truncatingIfNeeded: stream.seed), UInt32(stream.seed >> 32)])
    return element % 2 == 0
      ? UInt64(words[0]) | UInt64(words[1]) << 32
      : UInt64(words[2]) | UInt64(words[3]) << 32
  }

  /// One Philox4x32-10 block.
  static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var result = SIMD4<UInt32>()
    withUnsafeBytes(of: counter) { counter in
      withUnsafeBytes(of: key) { key in
        withUnsafeMutableBytes(of: &result) { result in
          poise_philox4x32(
            counter.baseAddress!.assumingMemoryBound(to: UInt32.self),
            key.baseAddress!.assumingMemoryBound(to: UInt32.self),
            result.baseAddress!.assumingMemoryBound(to: UInt32.self))
        }
      }
    }
    return result
  }
}
