import Foundation
import PoiseData
public import PoiseMeanField
import PoiseModel
import PoiseNetworks
import PoiseNumerics

/// Writes a kernel tile by tile into an NPY file, so that it need not fit into memory.
///
/// The entries grow in `<path>.part`, beside it `<path>.tiles` lists the finished tiles with a
/// checksum of their bytes. A run that finds both keeps every tile whose bytes still have their
/// checksum and computes the rest; the last step renames the file. A tile is listed only after its
/// bytes have reached the disk.
public struct KernelFile: Sendable {
  /// Which of the two kernels.
  public enum Kind: String, Sendable, CaseIterable { case nngp, ntk }

  /// The inputs and the theory.
  public let plan: KernelPlan
  /// Which of the two kernels is written.
  public let kind: Kind
  /// Where the finished file goes.
  public let path: String

  /// What a run did.
  public struct Outcome: Sendable, Equatable {
    /// Tiles of the whole kernel.
    public var tiles: Int
    /// Tiles that an earlier run had finished.
    public var resumed: Int
  }

  /// A file to be written; nothing is computed yet.
  public init(_ plan: KernelPlan, kind: Kind, path: String) {
    self.plan = plan
    self.kind = kind
    self.path = path
  }

  /// Computes what is missing.
  ///
  /// - Parameters:
  ///   - progress: receives the number of finished tiles and of all.
  ///   - isCancelled: asked before every batch of tiles.
  /// - Throws: `unwritable` when the disk is full or the folder refuses; `cancelled`. Finished
  ///   tiles are kept either way.
  public func write(
    jobs: Int = 1, progress: @Sendable (Int, Int) -> Void = { _, _ in },
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> Outcome {
    let tiles = plan.tiles
    let header = NPY.header(shape: [plan.rowCount, plan.columnCount])
    let file = try TileFile(path: path + ".part", header: header, width: plan.columnCount)
    defer { file.close() }
    var journal = try TileJournal(path: path + ".tiles", identity: identity(header))
    let listed = journal.entries
    var done = Set<Int>()
    for (tile, sum) in listed where tile < tiles.count {
      if file.checksum(tiles[tile]) == sum { done.insert(tile) }
    }
    let resumed = done.count
    let missing = tiles.indices.filter { !done.contains($0) }
    progress(resumed, tiles.count)
    let batch = 4 * max(1, jobs)
    var start = 0
    while start < missing.count {
      if isCancelled() {
        throw PoiseError(
          .cancelled, quantity: path, value: "\(resumed + start) of \(tiles.count) tiles",
          allowed: "", suggestion: "the same command again; it keeps the finished tiles")
      }
      let part = Array(missing[start..<min(start + batch, missing.count)])
      do throws(PoiseError) {
        let sums = try parallelMap(count: part.count, jobs: jobs) {
          (index: Int) throws(PoiseError) in try write(tiles[part[index]], to: file)
        }
        try file.synchronize()
        try journal.append(zip(part, sums).map { ($0, $1) })
      } catch {
        throw PoiseError(
          .unwritable, quantity: path, value: error.value,
          allowed: "room for \(8 * plan.rowCount * plan.columnCount + header.count) bytes",
          suggestion: "make room and run the same command again: "
            + "\(resumed + start) of \(tiles.count) tiles are kept")
      }
      start += part.count
      progress(resumed + start, tiles.count)
    }
    try file.rename(to: path)
    journal.remove()
    return Outcome(tiles: tiles.count, resumed: resumed)
  }

  /// Computes one tile and writes it, and its mirror image; returns the checksum of its bytes.
  private func write(_ tile: KernelPlan.Tile, to file: TileFile) throws(PoiseError) -> UInt64 {
    let (height, width) = (tile.rows.count, tile.columns.count)
    var nngp = [Double](repeating: 0, count: height * width)
    var ntk = nngp
    nngp.withUnsafeMutableBufferPointer { nngp in
      ntk.withUnsafeMutableBufferPointer { ntk in
        plan.fill(tile, nngp: nngp.baseAddress!, ntk: ntk.baseAddress!, stride: width)
      }
    }
    var entries = kind == .nngp ? nngp : ntk
    let isDiagonal = plan.isSymmetric && tile.rows == tile.columns
    if isDiagonal {
      for row in 0..<height {
        for column in 0..<row { entries[row * width + column] = entries[column * width + row] }
      }
    }
    try file.write(entries, tile)
    if plan.isSymmetric, !isDiagonal {
      let mirror = Matrix(rows: height, columns: width, elements: entries).transposed
      try file.write(mirror.elements, .init(rows: tile.columns, columns: tile.rows))
    }
    return Checksum.of(entries)
  }

  /// Everything that decides the bytes.
  private func identity(_ header: [UInt8]) -> UInt64 {
    var sum = Checksum()
    sum.add(plan.inputsChecksum)
    let ensemble = plan.kernel.ensemble
    for text in [
      "\(kind.rawValue) \(plan.kernel.parametrization) \(plan.kernel.depth)",
      "\(ensemble.activation.name) \(ensemble.weightVariance) \(ensemble.biasVariance)",
      "\(KernelPlan.tileSize) \(PoiseVersion.current)",
    ] {
      for byte in text.utf8 { sum.add(UInt64(byte)) }
    }
    for byte in header { sum.add(UInt64(byte)) }
    return sum.value
  }
}
