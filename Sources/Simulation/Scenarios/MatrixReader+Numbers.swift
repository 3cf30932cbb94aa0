import Components
import Diagnostics
import Documents
import Federation
import Yams

/// How much the matrix asks for, counted without expanding it.
extension MatrixReader {
  /// Whether all combinations can be looked at; reports their number if not.
  func isBearable(
    _ declared: [MatrixAxis], include: [MatrixFilter], at position: SourcePosition?
  ) -> Bool {
    let count = Self.product(declared.map(\.values.count))
    guard let count, count <= Self.combinationLimit else {
      let factors = declared.map { "\($0.values.count)" }
      sink.report(
        "matrix has \(Self.text(count)) combinations "
          + "(\(factors.prefix(20).joined(separator: " x "))\(factors.count > 20 ? " x …" : "")); "
          + "at most \(Self.combinationLimit) are taken", at: position)
      return false
    }
    let all = count + include.count { !$0.settings.isEmpty }
    let attackCount = entryCount(attacks, include)
    let defenseCount = entryCount(defenses, include)
    let entries = attackCount.flatMap { a in defenseCount.flatMap { Self.product([a + $0, all]) } }
    guard let entries, entries <= Self.entryLimit else {
      sink.report(
        "the scenario asks for \(Self.text(entries)) attacks and defenses over all combinations; "
          + "at most \(Self.entryLimit) are taken", at: position)
      return false
    }
    let cells = attackCount.flatMap { a in defenseCount.flatMap { Self.product([a, $0, all]) } }
    guard let cells, cells <= Self.cellLimit else {
      sink.report(
        "the scenario asks for \(Self.text(cells)) cells before any are excluded; at most "
          + "\(Self.cellLimit) are taken", at: position)
      return false
    }
    return true
  }

  private static func text(_ count: Int?) -> String {
    count.map { "\($0)" } ?? "more than 10^18"
  }

  /// The number of entries after expansion; `nil` if it is beyond all bounds.
  private func entryCount<Entry: SweptEntry>(
    _ entries: [Entry], _ include: [MatrixFilter]
  ) -> Int? {
    var counts: [String: Int?] = [:]
    for axis in axes {
      guard let parameter = axis.parameter, parameter.list == Entry.listKey else { continue }
      let known = counts[parameter.entry, default: 1]
      counts[parameter.entry] = .some(known.flatMap { Self.product([$0, axis.values.count]) })
    }
    var sum = include.count { $0.parameters.contains { $0.of.list == Entry.listKey } }
    for entry in entries {
      guard let count = counts[entry.id, default: 1], sum < Int.max / 4 else { return nil }
      sum += min(count, Int.max / 4)
    }
    return sum
  }

  private static func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, isOverflow) = product.multipliedReportingOverflow(by: factor)
      if isOverflow || next > 1_000_000_000_000_000_000 { return nil }
      product = next
    }
    return product
  }
}
