import Diagnostics
import Foundation

/// How much memory the process may still take, and what says so.
public struct MemoryLimit: Sendable, Equatable {
  public let byteCount: Double
  /// What sets the figure, such as `free on this machine`.
  public let origin: String

  public init(byteCount: Double, origin: String) {
    self.byteCount = byteCount
    self.origin = origin
  }

  /// The variable that replaces what is measured.
  public static let variable = "GAUNTLET_MEMORY"

  /// What holds where nobody measured: more than any scenario may take.
  static let largest = MemoryLimit(byteCount: 256 * 0x1p30, origin: "the most that a run may take")

  struct Unreadable: Error, CustomStringConvertible {
    let text: String
    var description: String {
      "\(MemoryLimit.variable) is '\(text)'; give an amount of memory, such as 8GiB or 500MB"
    }
  }

  /// What `GAUNTLET_MEMORY` says, else the least of the memory that is free on the machine, what its
  /// control groups leave, and what the limits of the process leave.
  ///
  /// - Throws: Where the variable is no amount.
  public static func current(environment: [String: String]) throws -> MemoryLimit {
    if let text = environment[variable], !text.isEmpty {
      guard let bytes = MemoryAmount.bytes(text), bytes > 0, bytes.isFinite else {
        throw Unreadable(text: text)
      }
      return MemoryLimit(byteCount: bytes, origin: variable)
    }
    let measured = measured { path in
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
    #if os(Linux)
    return measured ?? largest
    #else
    return measured
      ?? MemoryLimit(
        byteCount: Double(ProcessInfo.processInfo.physicalMemory), origin: "in this machine")
    #endif
  }

  /// What a shortage says: the need, what there is, and the way on.
  public func refusal(of what: String, needing bytes: Double, instead: String) -> String {
    "\(what) about \(MemoryAmount.text(bytes)) of memory, and \(MemoryAmount.text(byteCount)) "
      + "\(byteCount < 0x1p31 ? "is" : "are") there (\(origin)): \(instead), or set "
      + "\(Self.variable) if that figure is wrong"
  }
}
