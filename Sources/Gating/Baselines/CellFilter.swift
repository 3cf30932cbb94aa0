import Diagnostics
import Results

/// Which cells an override or a claim is about.
///
/// Every condition has to hold. Keys are `attack`, `defense` and the dotted keys of matrix axes.
public struct CellFilter: Hashable, Sendable {
  public enum Condition: Hashable, Sendable {
    /// One of these texts; `*` stands for any text, and numbers compare by value.
    case oneOf([String])
    /// A number within bounds, both included.
    case between(min: Double?, max: Double?)
  }

  public var conditions: [String: Condition]

  public init(_ conditions: [String: Condition]) {
    self.conditions = conditions
  }

  /// Whether a cell with these values by key is meant; a key that the cell lacks never matches.
  public func matches(_ cell: [String: String]) -> Bool {
    conditions.allSatisfy { key, condition in
      cell[key].map { Self.holds(condition, for: $0) } ?? false
    }
  }

  private static func holds(_ condition: Condition, for value: String) -> Bool {
    switch condition {
    case .oneOf(let patterns):
      return patterns.contains { CellPattern.matches(value, $0) }
    case .between(let min, let max):
      guard let number = Double(value) else { return false }
      return number >= min ?? -.infinity && number <= max ?? .infinity
    }
  }

  /// Why no cell is meant: the first condition that no cell meets, with a suggestion; `nil` if each
  /// is met by some cell.
  func problem(among cells: [[String: String]]) -> String? {
    for (key, condition) in conditions.sorted(by: { $0.key < $1.key }) {
      let values = Set(cells.compactMap { $0[key] })
      if values.isEmpty {
        return "no cell has '\(key)'"
          + suggestion(for: key, among: Set(cells.flatMap(\.keys)).sorted())
      }
      if values.contains(where: { Self.holds(condition, for: $0) }) { continue }
      guard case .oneOf(let patterns) = condition, let pattern = patterns.first else {
        return "no \(key) lies within the bounds"
      }
      return "no \(key) is '\(pattern)'" + suggestion(for: pattern, among: values.sorted())
    }
    return nil
  }
}
