public import PoiseData
public import PoiseMeanField
public import PoiseNumerics

/// What `poise kernel` asks of a kernel: a summary, regression of labels, networks.
public enum KernelSurvey {
  /// Mean of the diagonal, and over pairs among the first 256 rows (or of a cross kernel's first
  /// tile).
  public static func summary(
    _ plan: KernelPlan, kind: KernelFile.Kind
  ) -> (diagonal: Double, offDiagonal: Double?) {
    let diagonal = kind == .nngp ? plan.nngpDiagonal : plan.ntkDiagonal
    let tile = plan.tiles[0]
    let (height, width) = (tile.rows.count, tile.columns.count)
    var nngp = [Double](repeating: 0, count: height * width)
    var ntk = nngp
    plan.fill(tile, nngp: &nngp, ntk: &ntk, stride: width)
    let entries = kind == .nngp ? nngp : ntk
    var moments = RunningMoments()
    for row in 0..<height {
      for column in 0..<width where !plan.isSymmetric || column > row {
        moments.add(entries[row * width + column])
      }
    }
    return (
      diagonal.reduce(0, +) / Double(diagonal.count), moments.count > 0 ? moments.mean : nil
    )
  }

  /// Cosines between the first rows, sorted by label.
  public static func map(
    _ kernel: NetworkKernel, kind: KernelFile.Kind, data: PreparedData, jobs: Int
  ) throws(PoiseError) -> KernelResult.Map {
    let count = min(data.inputs.rows, 120)
    let order = data.labels.map { labels in
      (0..<count).sorted { (labels[$0], $0) < (labels[$1], $1) }
    }
    let rows = order ?? Array(0..<count)
    let both = try kernel.matrices(data.inputs.selecting(rows: rows), jobs: jobs)
    let matrix = kind == .nngp ? both.nngp : both.ntk
    var cosines: [Double] = []
    for a in 0..<count {
      for b in 0..<count {
        let scale = (matrix[a, a] * matrix[b, b]).squareRoot()
        cosines.append(scale > 0 ? (1e4 * matrix[a, b] / scale).rounded() / 1e4 : 0)
      }
    }
    return KernelResult.Map(
      labels: data.labels.map { labels in rows.map { labels[$0] } }, cosines: cosines, rows: count)
  }

  /// Learns one-hot labels on some rows and predicts the others.
  ///
  /// - Parameters:
  ///   - data: labelled.
  ///   - trainRows: rows to learn from, drawn by `seed`; the rest is predicted.
  /// - Throws: `outOfRange` without labels or rows to predict; `noAnswer` where the kernel is not
  ///   positive definite.
  public static func regression(
    _ kernel: NetworkKernel, kind: KernelFile.Kind, data: Dataset, trainRows: Int,
    noiseVariance: Double, seed: UInt64, jobs: Int
  ) throws(PoiseError) -> KernelResult.Regression {
    guard data.labels != nil, let classes = data.classes else {
      throw PoiseError(
        .outOfRange, quantity: "--regress", value: "\(data.name) without labels",
        allowed: "labelled data", suggestion: "--data digits")
    }
    let (train, test) = try data.split(trainCount: trainRows, seed: seed)
    let own = try kernel.matrices(train.inputs, jobs: jobs)
    let plan = try KernelPlan(kernel, rows: test.inputs, columns: train.inputs, jobs: jobs)
    let other = plan.matrices(jobs: jobs)
    var targets = Matrix<Double>(rows: train.count, columns: classes)
    for (row, label) in train.labels!.enumerated() { targets[row, label] = 1 }
    let regression = try KernelRegression(
      kernel: kind == .nngp ? own.nngp : own.ntk, targets: targets, noiseVariance: noiseVariance)
    let answer = try regression.predict(
      cross: kind == .nngp ? other.nngp : other.ntk,
      diagonal: kind == .nngp ? plan.nngpDiagonal : nil)
    var (right, squares) = (0, 0.0)
    for (row, label) in test.labels!.enumerated() {
      let line = answer.mean.row(row)
      if line.indices.max(by: { line[$0] < line[$1] }) == label { right += 1 }
      for (column, value) in line.enumerated() {
        let error = value - (column == label ? 1 : 0)
        squares += error * error
      }
    }
    return KernelResult.Regression(
      trainRows: train.count, testRows: test.count, noiseVariance: noiseVariance,
      jitter: regression.jitter, accuracy: Double(right) / Double(test.count),
      meanSquaredError: squares / Double(test.count * classes),
      meanVariance: answer.variance.map { $0.reduce(0, +) / Double($0.count) })
  }
}
