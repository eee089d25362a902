/// The same work done by another program.
struct Peer: Codable {
  /// Which.
  var name: String
  /// Processor seconds (nanoseconds for a figure per element).
  var seconds: Double
  /// Largest error against Poise, in the measure of the benchmark.
  var error: Double?
}

/// What one benchmark found.
struct Outcome: Codable {
  /// Unit of all its times.
  enum Unit: String, Codable { case seconds = "s", microseconds = "µs", nanoseconds = "ns" }

  /// Name, as in the threshold file.
  var name: String
  /// Unit of `timing` and of the peers.
  var unit = Unit.seconds
  /// Processor time, or wall time where the name says so.
  var timing: Timing
  /// Largest error, where one was measured.
  var error: Double?
  /// Others that did the same work in this run.
  var peers: [Peer] = []

  /// The fastest peer.
  var bestPeer: Peer? { peers.min { $0.seconds < $1.seconds } }
  /// How many times longer the fastest peer takes.
  var ratio: Double? { bestPeer.map { $0.seconds / timing.best } }
}
