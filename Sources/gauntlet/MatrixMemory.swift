import Foundation
import Simulation

/// Whether what a command makes of a matrix fits in memory.
struct MatrixMemory {
  private let limit: MemoryLimit

  /// - Throws: Where `GAUNTLET_MEMORY` is no amount.
  init() throws {
    limit = try MemoryLimit.current(environment: ProcessInfo.processInfo.environment)
  }

  /// Why a matrix is refused; `nil` if it is not.
  ///
  /// - Parameters:
  ///   - rows: Its rows.
  ///   - columns: Its columns.
  ///   - bytes: What is made of it, besides the matrix itself.
  ///   - what: What takes the memory, for the message.
  /// - Returns: The reason, with both figures and the way on.
  func objection(rows: Int, columns: Int, and bytes: Double, for what: String) -> String? {
    // Clients, verdicts and their text per row.
    let needed = 4 * Double(rows) * Double(columns) + 500 * Double(rows) + bytes
    guard needed > limit.byteCount else { return nil }
    return limit.refusal(
      of: "\(rows) x \(columns) values and \(what) need", needing: needed,
      instead: "take fewer rows or columns")
  }

  /// What numbers take that are printed instead of written to a file.
  static func text(of count: Double) -> Double { 64 * count }
}
