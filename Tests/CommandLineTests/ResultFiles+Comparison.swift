import Foundation

extension ResultFiles {
  /// What equal runs have in common, whatever interrupted them: all but times, and the order of
  /// what is appended.
  struct Essence: Equatable {
    /// Lines of `trials.jsonl` without the values of `cost.`, sorted.
    var trials: [String]
    /// Rows of `trials.csv` without the columns of `cost.`, in their order.
    var table: [String]
    /// Rows of `rounds.csv`, sorted.
    var rounds: [String]
    var counts: [String: Int]
  }

  func essence() throws -> Essence {
    let cost = /"cost\.[a-z]+":[^,}]+/
    _ = try trials()
    return Essence(
      trials: try lines("trials.jsonl").map { $0.replacing(cost, with: "") }.sorted(),
      table: try tableWithoutTimes(), rounds: try lines("rounds.csv").sorted(),
      counts: try manifest()["counts"] as? [String: Int] ?? [:])
  }

  private func tableWithoutTimes() throws -> [String] {
    let rows = try lines("trials.csv").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let kept = rows[0].indices.filter { !rows[0][$0].hasPrefix("cost.") }
    return rows.map { row in kept.map { String(row[$0]) }.joined(separator: ",") }
  }

  func lines(_ name: String) throws -> [String] {
    String(decoding: try contents(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// How many lines the log has now; 0 where there is none.
  var lineCount: Int { (try? lines("trials.jsonl").count) ?? 0 }
}
