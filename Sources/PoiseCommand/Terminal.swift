import Foundation
import Poise
import PoiseReports
import Synchronization

/// Standard output for answers, standard error for everything else.
enum Terminal {
  /// Prints an answer.
  static func print(_ text: String) {
    let text = TextLayout.visible(text)
    FileHandle.standardOutput.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  /// Prints to standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((TextLayout.visible(text) + "\n").utf8))
  }

  /// A refusal in three parts: what was wrong, what is allowed, what to try.
  static func complain(_ error: PoiseError) {
    let fault = TextLayout.visible("\(error.quantity): \(error.value)")
    var lines = [TextLayout.wrapped(fault, first: "poise: ")]
    if !error.allowed.isEmpty {
      lines.append(TextLayout.wrapped(error.allowed, first: "  allowed: "))
    }
    if !error.suggestion.isEmpty {
      lines.append(TextLayout.wrapped(error.suggestion, first: "  try: "))
    }
    note(lines.joined(separator: "\n"))
  }

  /// Colour only on a terminal, and not if NO_COLOR asks for none.
  static var style: TextStyle {
    let wanted = ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty ?? true
    return TextStyle(isEnabled: wanted && isatty(1) == 1)
  }
}

/// A progress line on standard error: what is being done, done of all, rate, time left.
final class ProgressLine: Sendable {
  private struct State {
    var stage = ""
    var started = ContinuousClock.now
    var shown: ContinuousClock.Instant?
  }
  private let state = Mutex(State())
  private let isEnabled: Bool

  /// Silent when standard error is not a terminal, or when asked to be.
  init(quiet: Bool) { isEnabled = !quiet && isatty(2) == 1 }

  /// Reports progress; may be called from any thread.
  func report(_ stage: String, _ done: Int, _ total: Int) {
    guard isEnabled else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if stage != state.stage {
        state.stage = stage
        state.started = now
        state.shown = nil
      }
      if let shown = state.shown, now - shown < .milliseconds(100), done < total { return }
      state.shown = now
      let elapsed = (now - state.started) / .seconds(1)
      var line = "\r\u{1B}[K\(stage)"
      if total > 1 {
        let filled = total > 0 ? 24 * done / total : 0
        line += " [" + String(repeating: "#", count: filled)
        line += String(repeating: "·", count: 24 - filled) + "] \(done)/\(total)"
        if done > 0, elapsed > 0.2 {
          let rate = Double(done) / elapsed
          line += String(format: "  %.1f/s  %.0f s left", rate, Double(total - done) / rate)
        }
      } else {
        line += " …"
      }
      FileHandle.standardError.write(Data(line.utf8))
    }
  }

  /// Clears the line.
  func finish() {
    guard isEnabled else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }
}
