public import PoiseNumerics

/// Inputs drawn from a law. Row i depends on the seed and i only, so that a larger set of the same
/// seed starts with the smaller one.
public enum SyntheticInputs {
  /// Independent normal entries of mean 0 and standard deviation `scale`.
  ///
  /// - Parameters:
  ///   - rows: number of inputs, >= 1.
  ///   - dimension: number of features N_0, >= 1.
  ///   - scale: > 0; the mean square of the entries is scale².
  /// - Throws: `outOfRange`.
  public static func gaussian(
    rows: Int, dimension: Int, scale: Double = 1, seed: UInt64
  ) throws(PoiseError) -> Dataset {
    _ = try scale.checked("scale", in: 1e-100...1e100)
    let inputs = try matrix(rows: rows, dimension: dimension) { row, entries in
      normals(seed, row, entries)
      for index in entries.indices { entries[index] *= scale }
    }
    return try Dataset(
      name: "gaussian:\(rows)x\(dimension)", inputs: inputs,
      source: "independent normal entries, standard deviation \(scale), seed \(seed)")
  }

  /// Entries that differ from 0 with probability `fraction`, and are then normal of variance
  /// 1/fraction: mean square 1 on average over the law.
  ///
  /// - Parameter fraction: 0 < fraction <= 1.
  /// - Throws: `outOfRange`.
  public static func sparse(
    rows: Int, dimension: Int, fraction: Double, seed: UInt64
  ) throws(PoiseError) -> Dataset {
    _ = try fraction.checked("nonzero fraction", in: 1e-9...1)
    let scale = (1 / fraction).squareRoot()
    let inputs = try matrix(rows: rows, dimension: dimension) { row, entries in
      normals(seed, row, entries)
      var support = RandomStream(seed: seed, item: UInt64(row), purpose: DataPurpose.support)
      for index in entries.indices {
        entries[index] *= support.uniform() < fraction ? scale : 0
      }
    }
    return try Dataset(
      name: "sparse:\(rows)x\(dimension):\(fraction)", inputs: inputs,
      source: "normal entries, nonzero with probability \(fraction), seed \(seed)")
  }

  /// Normal clusters: input = √(1 − w) centre + √w noise, both with independent standard normal
  /// entries, so that the mean square is 1 on average over the law. Row i belongs to cluster
  /// i mod `clusters`, which is its label.
  ///
  /// - Parameters:
  ///   - clusters: number of clusters, 1 to 65536.
  ///   - withinFraction: w, the share of the variance within clusters; 0 to 1.
  /// - Throws: `outOfRange`.
  public static func clustered(
    rows: Int, dimension: Int, clusters: Int, withinFraction: Double = 0.5, seed: UInt64
  ) throws(PoiseError) -> Dataset {
    _ = try withinFraction.checked("variance within clusters", in: 0...1)
    guard clusters >= 1, clusters <= FileLimits.classes else {
      throw PoiseError(
        .outOfRange, quantity: "clusters", value: "\(clusters)",
        allowed: "1 to \(FileLimits.classes)")
    }
    // No more centres than rows are ever used.
    let centres = try matrix(rows: min(clusters, max(rows, 1)), dimension: dimension) {
      cluster, entries in
      var stream = RandomStream(seed: seed, item: UInt64(cluster), purpose: DataPurpose.centres)
      stream.fillNormal(entries)
    }
    let (between, within) = ((1 - withinFraction).squareRoot(), withinFraction.squareRoot())
    let inputs = try matrix(rows: rows, dimension: dimension) { row, entries in
      normals(seed, row, entries)
      let start = row % clusters * dimension
      for index in entries.indices {
        entries[index] = between * centres.elements[start + index] + within * entries[index]
      }
    }
    return try Dataset(
      name: "clustered:\(rows)x\(dimension):\(clusters)", inputs: inputs,
      labels: (0..<rows).map { $0 % clusters }, classes: clusters,
      source: "\(clusters) normal clusters, variance \(withinFraction) within, seed \(seed)")
  }

  /// Independent entries +1 or −1 with equal probability.
  ///
  /// - Throws: `outOfRange`.
  public static func binary(
    rows: Int, dimension: Int, seed: UInt64
  ) throws(PoiseError) -> Dataset {
    let inputs = try matrix(rows: rows, dimension: dimension) { row, entries in
      var stream = RandomStream(seed: seed, item: UInt64(row), purpose: DataPurpose.entries)
      stream.fillUniform(entries)
      for index in entries.indices { entries[index] = entries[index] < 0.5 ? -1 : 1 }
    }
    return try Dataset(
      name: "binary:\(rows)x\(dimension)", inputs: inputs,
      source: "independent entries of +1 or -1, seed \(seed)")
  }

  private static func normals(
    _ seed: UInt64, _ row: Int, _ entries: UnsafeMutableBufferPointer<Double>
  ) {
    var stream = RandomStream(seed: seed, item: UInt64(row), purpose: DataPurpose.entries)
    stream.fillNormal(entries)
  }

  private static func matrix(
    rows: Int, dimension: Int, _ fill: (Int, UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(PoiseError) -> Matrix<Double> {
    guard rows >= 1, dimension >= 1, let count = FileLimits.product([rows, dimension]),
      count <= FileLimits.elements
    else {
      throw PoiseError(
        .outOfRange, quantity: "rows x dimension", value: "\(rows)x\(dimension)",
        allowed: "both >= 1, at most \(FileLimits.elements) numbers")
    }
    return Matrix(rows: rows, columns: dimension) { buffer in
      for row in 0..<rows {
        let part = row * dimension..<(row + 1) * dimension
        fill(row, UnsafeMutableBufferPointer(rebasing: buffer[part]))
      }
    }
  }
}
