import PoiseNumerics

/// The results of a sweep as columns over its grid.
struct SweepTable: Sendable {
  /// One number of every point; not-a-number where it does not exist.
  struct Column: Sendable {
    var name: String
    var values: [Double]
    /// Where it stands among the columns: in the first point that has it, and there the how-manieth.
    var order: (point: Int, place: Int)
  }
  /// One word of every point as an index into `legend`, -1 where there is none.
  struct Words: Sendable {
    var name: String
    var codes: [Int32]
    var legend: [String]
    var known: [String: Int32] = [:]
    var order: (point: Int, place: Int)
  }
  /// As many numbers of every point.
  struct Series: Sendable {
    var name: String
    var length: Int
    var values: [Double]
    var order: (point: Int, place: Int)
    /// Whether two points disagree on the length, or there are too many numbers.
    var isLeftOut = false
  }

  /// Columns come in the same order in nearly every point: the next one is tried first.
  private struct Cursor {
    var column = 0
    /// How many the point has had.
    var position = 0

    mutating func pass(_ column: Int) {
      self.column = column + 1
      position += 1
    }
  }

  let count: Int
  private(set) var status: [PointStatus]
  private(set) var seconds: [Double]
  /// Reasons of the points that have no result.
  private(set) var reasons: [Int: String] = [:]
  private(set) var columns: [Column] = []
  private(set) var words: [Words] = []
  private(set) var series: [Series] = []

  /// Most numbers of one series over the whole grid.
  static let seriesLimit = 1 << 28

  init(count: Int) {
    self.count = count
    status = [PointStatus](repeating: .missing, count: count)
    seconds = [Double](repeating: 0, count: count)
  }

  /// Takes an entry for a point. A result stays; anything else gives way to what comes later.
  mutating func take(_ index: Int, _ entry: UnsafeBufferPointer<UInt8>) {
    guard status[index] != .done else { return }
    var reader = SweepPointReader(entry)
    guard let head = reader.head() else { return }
    guard head.status == .done else {
      (status[index], seconds[index]) = (head.status, head.seconds)
      reasons[index] = head.reason
      return
    }
    var (numbers, texts, rows) = (Cursor(), Cursor(), Cursor())
    let isWhole = reader.result(
      number: { name, value in put(value, name, index, &numbers) },
      word: { name, value in put(value, name, index, &texts) },
      series: { name, value in put(value, name, index, &rows) })
    guard isWhole else { return }
    (status[index], seconds[index]) = (.done, head.seconds)
    reasons[index] = nil
  }

  /// Sorts columns into the order of the results, whatever the order of the journals was, and gives
  /// points that stand twice in the grid their values.
  mutating func finish(copies: [(index: Int, of: Int)]) {
    for copy in copies {
      status[copy.index] = status[copy.of]
      reasons[copy.index] = reasons[copy.of]
      for place in columns.indices {
        columns[place].values[copy.index] = columns[place].values[copy.of]
      }
      for place in words.indices { words[place].codes[copy.index] = words[place].codes[copy.of] }
      for place in series.indices where !series[place].isLeftOut {
        for offset in 0..<series[place].length {
          let (from, to) = (copy.of * series[place].length, copy.index * series[place].length)
          series[place].values[to + offset] = series[place].values[from + offset]
        }
      }
    }
    columns.sort { $0.order < $1.order }
    words.sort { $0.order < $1.order }
    series.sort { $0.order < $1.order }
    for index in words.indices { words[index].sortLegend() }
  }

  private mutating func put(
    _ value: Double, _ name: UnsafeBufferPointer<UInt8>, _ index: Int, _ next: inout Cursor
  ) {
    var place = next.column
    if !(place < columns.count && columns[place].name.isEqual(name)) {
      place = columns.firstIndex { $0.name.isEqual(name) } ?? columns.count
    }
    if place == columns.count {
      columns.append(
        Column(
          name: String(decoding: name, as: UTF8.self),
          values: [Double](repeating: .nan, count: count), order: (index, next.position)))
    }
    columns[place].values[index] = value
    if (index, next.position) < columns[place].order {
      columns[place].order = (index, next.position)
    }
    next.pass(place)
  }

  private mutating func put(
    _ value: String, _ name: UnsafeBufferPointer<UInt8>, _ index: Int, _ next: inout Cursor
  ) {
    var place = next.column
    if !(place < words.count && words[place].name.isEqual(name)) {
      place = words.firstIndex { $0.name.isEqual(name) } ?? words.count
    }
    if place == words.count {
      words.append(
        Words(
          name: String(decoding: name, as: UTF8.self),
          codes: [Int32](repeating: -1, count: count), legend: [], order: (index, next.position)))
    }
    words[place].put(value, index)
    if (index, next.position) < words[place].order { words[place].order = (index, next.position) }
    next.pass(place)
  }

  private mutating func put(
    _ row: [Double], _ name: UnsafeBufferPointer<UInt8>, _ index: Int, _ next: inout Cursor
  ) {
    var place = next.column
    if !(place < series.count && series[place].name.isEqual(name)) {
      place = series.firstIndex { $0.name.isEqual(name) } ?? series.count
    }
    if place == series.count {
      let isTooMuch = count > Self.seriesLimit / row.count
      series.append(
        Series(
          name: String(decoding: name, as: UTF8.self), length: row.count,
          values: isTooMuch ? [] : [Double](repeating: .nan, count: count * row.count),
          order: (index, next.position), isLeftOut: isTooMuch))
    }
    if (index, next.position) < series[place].order { series[place].order = (index, next.position) }
    series[place].put(row, index)
    next.pass(place)
  }
}

extension SweepTable.Words {
  fileprivate mutating func put(_ value: String, _ index: Int) {
    let code = known[value] ?? Int32(legend.count)
    if Int(code) == legend.count {
      legend.append(value)
      known[value] = code
    }
    codes[index] = code
  }

  /// Words in alphabetical order, so that codes do not depend on which point came first.
  fileprivate mutating func sortLegend() {
    let order = legend.indices.sorted { legend[$0] < legend[$1] }
    var new = [Int32](repeating: 0, count: legend.count)
    for (place, code) in order.enumerated() { new[code] = Int32(place) }
    codes = codes.map { $0 < 0 ? -1 : new[Int($0)] }
    legend.sort()
    known = [:]
  }
}

extension SweepTable.Series {
  fileprivate mutating func put(_ row: [Double], _ index: Int) {
    guard !isLeftOut else { return }
    guard row.count == length else {
      isLeftOut = true
      values = []
      return
    }
    for (place, value) in row.enumerated() { values[index * length + place] = value }
  }
}

extension String {
  /// Whether the text has exactly these bytes, without making another.
  fileprivate func isEqual(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    utf8.count == bytes.count && utf8.elementsEqual(bytes)
  }
}
