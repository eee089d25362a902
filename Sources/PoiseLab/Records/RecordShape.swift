import PoiseNumerics

extension Record {
  /// That arrays which belong together have one length, so that whatever reads a record may index
  /// them. Poise writes no other; a file may have been changed since.
  func checkShape(_ path: String) throws(PoiseError) {
    let parts = result.value.shape + (check?.shape ?? [])
    guard let broken = parts.first(where: { !$0.isWhole }) else { return }
    throw PoiseError(
      .unreadable, quantity: path, value: "\(broken.name): arrays of different lengths",
      allowed: "a record.json as Poise wrote it", suggestion: "run the command again with --output")
  }
}

extension AdviceResult: RecordedResult {
  /// `check`; nil unless networks were built.
  public var networkCheck: CheckResult? { check }

  /// Whole if the plane has all its cells and every profile and law as many values as places.
  public var shape: [(name: String, isWhole: Bool)] {
    plane.shape + gradientProfiles.map { ($0.name, $0.layers.count == $0.values.count) }
      + (spectra ?? []).map { $0.curve.shape }
  }
}

extension KernelResult: RecordedResult {
  /// `check`; nil unless it was asked for.
  public var networkCheck: CheckResult? { check }

  /// Whole if the map, if there is one, is square and has a label for every row or none.
  public var shape: [(name: String, isWhole: Bool)] {
    guard let map else { return [] }
    let (count, overflow) = map.rows.multipliedReportingOverflow(by: map.rows)
    let isLabelled = map.labels.map { $0.count == map.rows } ?? true
    return [("map of the kernel", !overflow && map.cosines.count == count && isLabelled)]
  }
}

extension PhaseResult: RecordedResult {
  /// `check`; nil unless it was asked for.
  public var networkCheck: CheckResult? { check }

  /// Whole if there is one cell per pair of variances.
  public var shape: [(name: String, isWhole: Bool)] {
    let (count, overflow) = weightVariances.count.multipliedReportingOverflow(
      by: biasVariances.count)
    return [("phase cells", !overflow && cells.count == count)]
  }
}

extension PropagationResult: RecordedResult {
  /// `check`; nil unless it was asked for.
  public var networkCheck: CheckResult? { check }

  /// Whole if every curve that is not empty has one value per layer.
  public var shape: [(name: String, isWhole: Bool)] {
    [length, overlap, gap, logGradient].map {
      ("propagation", $0.isEmpty || $0.count == layers.count)
    }
  }
}

extension SpectrumResult: RecordedResult {
  /// Whole if densities and survivals match their grids, a map its columns and a check its bins.
  public var shape: [(name: String, isWhole: Bool)] {
    let curves = curves.map(\.shape) + (map?.shape ?? [])
    guard let check else { return curves }
    let bins = max(0, check.edges.count - 1)
    let whole = [check.theory, check.measured, check.standardError].allSatisfy { $0.count == bins }
    return curves + [("histogram", whole && check.variance.count == 3)]
  }
}

extension SpectrumResult.Curve {
  fileprivate var shape: (name: String, isWhole: Bool) {
    ("spectrum", [density, survival].allSatisfy { $0.count == logSingularValues.count })
  }
}

extension IsometryMap {
  fileprivate var shape: [(name: String, isWhole: Bool)] {
    let columns = weightVariances.count
    return [
      ("isometry map", [lengths, logChi1, spreadPerLayer].allSatisfy { $0.count == columns })
    ]
  }
}

extension EstimateResult: RecordedResult {
  /// Nothing: no arrays belong together.
  public var shape: [(name: String, isWhole: Bool)] { [] }
}

extension BottleneckResult: RecordedResult {
  /// `check`; nil unless it was asked for.
  public var networkCheck: CheckResult? { check }

  /// Whole if both coordinates of the curve have one length.
  public var shape: [(name: String, isWhole: Bool)] {
    [("bottleneck curve", curveX.count == curveY.count)]
  }
}

extension CheckResult {
  fileprivate var shape: [(name: String, isWhole: Bool)] {
    series.map { series in
      let others = [
        series.theory, series.corrected, series.allowance, series.measured, series.standardError,
        series.z,
      ]
      return (series.quantity, others.allSatisfy { $0.count == series.layers.count })
    }
  }
}
