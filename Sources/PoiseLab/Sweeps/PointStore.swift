import Foundation
public import PoiseNumerics
import Synchronization

/// Keeps the finished points of one long answer in a folder until the answer is whole, so that a map
/// which was interrupted continues.
///
/// A journal holds the points: what was finished is found again under its name, whatever killed the
/// process. The caller removes the store once its answer is written.
public final class PointStore: Sendable {
  private let folder: String
  private let subject: String
  private let known: [PointIdentity: [UInt8]]
  /// Made with the first new point.
  private let writer = Mutex<JournalWriter?>(nil)
  private let resumedCount = Mutex(0)

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - folder: a folder for it alone; it need not exist yet.
  ///   - subject: everything that decides about the points, as the command line does.
  /// - Throws: `unreadable` for journals of a newer version of Poise. A store of another subject is
  ///   of no use and gives way.
  public init(folder: String, subject: String) throws(PoiseError) {
    self.folder = folder
    self.subject = "\(PoiseVersion.current), \(BLAS.coreName): \(subject)"
    do throws(PoiseError) {
      known = try JournalReader(folder: folder, subject: self.subject).entries().entries
    } catch {
      guard error.value.hasPrefix("belongs to") else { throw error }
      known = [:]
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  /// Points that an earlier run had finished and that were asked for.
  public var resumed: Int { resumedCount.withLock { $0 } }

  /// The point of this name: from the store, or computed and kept.
  ///
  /// - Parameter points: how many it counts for, where cheap ones are kept together.
  public func value<Value: Codable>(
    _ name: String, counting points: Int = 1, _ compute: () throws(PoiseError) -> Value
  ) throws(PoiseError) -> Value {
    let identity = PointIdentity(of: name)
    if let bytes = known[identity],
      let value = try? JSONDecoder().decode(Value.self, from: Data(bytes))
    {
      resumedCount.withLock { $0 += points }
      return value
    }
    let value = try compute()
    guard let bytes = try? JSONEncoder().encode(value) else { return value }
    try journal().append(identity, Array(bytes))
    return value
  }

  private func journal() throws(PoiseError) -> JournalWriter {
    var fault: PoiseError?
    let journal = writer.withLock { writer -> JournalWriter? in
      if let writer { return writer }
      do throws(PoiseError) {
        writer = try JournalWriter(folder: folder, subject: subject)
      } catch {
        // The store lies in the folder of the answer: that is the one to change.
        fault = PoiseError(
          error.code, quantity: error.quantity, value: error.value, allowed: error.allowed,
          suggestion: "--output with another folder")
      }
      return writer
    }
    guard let journal else {
      throw fault ?? PoiseError(.unwritable, quantity: folder, value: "closed", allowed: "")
    }
    return journal
  }

  /// Removes the store; its answer is whole and written.
  public func remove() {
    writer.withLock { writer in
      writer?.close()
      writer = nil
    }
    try? FileManager.default.removeItem(atPath: folder)
  }
}

extension Optional where Wrapped == PointStore {
  /// The point of this name, from the store if there is one and it knows it.
  public func value<Value: Codable>(
    _ name: String, counting points: Int = 1, _ compute: () throws(PoiseError) -> Value
  ) throws(PoiseError) -> Value {
    guard let store = self else { return try compute() }
    return try store.value(name, counting: points, compute)
  }
}
