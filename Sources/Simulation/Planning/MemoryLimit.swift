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
      guard let bytes = byteCount(text), bytes > 0, bytes.isFinite else {
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
    "\(what) about \(Self.text(bytes)) of memory, and \(Self.text(byteCount)) "
      + "\(byteCount < 0x1p31 ? "is" : "are") there (\(origin)): \(instead), or set "
      + "\(Self.variable) if that figure is wrong"
  }

  /// A number of bytes for readers: three digits and a binary unit.
  public static func text(_ bytes: Double) -> String {
    var (value, unit) = (bytes / 0x1p20, "MiB")
    for next in ["GiB", "TiB", "PiB", "EiB"] where value >= 1000 {
      (value, unit) = (value / 1024, next)
    }
    let tenths = (value * 10).rounded()
    guard tenths < 1e15 else { return "\(value) \(unit)" }
    let whole = Int(tenths)
    return whole >= 1000 || whole % 10 == 0
      ? "\(Int(value.rounded())) \(unit)" : "\(whole / 10).\(whole % 10) \(unit)"
  }

  /// Reads `8GiB`, `8G`, `500 MB` or a number of bytes.
  static func byteCount(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /\s*([0-9]+(?:\.[0-9]+)?)\s*([kKMGTPE]?)(i?)B?\s*/),
      let number = Double(match.1),
      match.3.isEmpty || !match.2.isEmpty
    else { return nil }
    let power = Double(
      " KMGTPE".firstIndex(of: match.2.uppercased().first ?? " ").map {
        " KMGTPE".distance(from: " KMGTPE".startIndex, to: $0)
      } ?? 0)
    var bytes = number
    for _ in 0..<Int(power) { bytes *= match.3.isEmpty ? 1000 : 1024 }
    return bytes
  }
}
