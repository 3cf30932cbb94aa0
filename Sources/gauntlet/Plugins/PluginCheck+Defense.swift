import Kernels
import Tensors
import Workers

extension PluginCheck {
  static let defenseTrials: [Trial] = [
    Trial(
      "shapes",
      "return one vector of as many values as a row has, for any number of rows: rounds differ",
      shapes),
    PluginMethod.defense.determinism,
    PluginMethod.defense.transports,
    Trial(
      "non-finite rows",
      "leave such rows out (np.isfinite(updates).all(axis=1)), or raise an error that says so",
      notFiniteRows),
    Trial(
      "one row", "return the row, or raise an error that says how many rows are needed", oneRow),
    Trial("identical rows", "guard divisions by a distance or spread of zero", identicalRows),
    PluginMethod.defense.anotherTrial,
    Trial(
      "permutation",
      "the order of rows is drawn anew each round and means nothing: follow clients by ctx.ids, "
        + "break ties by values", permutation),
    PluginMethod.defense.timing,
  ]

  private static func shapes(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    let counts = [rowCount, 13, rowCount - 1]
    for (round, count) in counts.enumerated() {
      let response = try trial.aggregate(rows(count), round: round)
      if let problem = notFinite(response.update) { return .fail("\(count) rows: \(problem)") }
    }
    let told = try trial.aggregate(rows(), round: counts.count)
    let more = [told.kept == nil ? nil : "kept", told.suspicion == nil ? nil : "suspicion"]
      .compactMap { $0 }
    return .pass(
      "a vector from \(counts.map(String.init).joined(separator: ", ")) rows"
        + (more.isEmpty ? "; no verdicts" : "; says \(more.joined(separator: " and "))"))
  }

  /// The server drops such rows before a rule sees them, so whatever a rule makes of them is right
  /// but to fail.
  private static func notFiniteRows(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var updates = rows()
    updates.fillRow(3, with: .nan)
    updates.fillRow(7, with: .infinity)
    return try tolerant(check, updates, "rows of nan and infinity") { response in
      notFinite(response.update).map {
        .notApplicable("passes them on (\($0)); the server drops such rows before a rule sees them")
      } ?? .pass("a finite result all the same")
    }
  }

  private static func oneRow(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let updates = rows(1)
    return try tolerant(check, updates, "one row") { response in
      if let problem = notFinite(response.update) { return .fail(problem) }
      return .pass(
        areClose(response.update, updates.row(0)) ? "returns it" : "returns something else, finite")
    }
  }

  private static func identicalRows(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    let updates = sameRows()
    let trial = try check.begin()
    defer { trial.channel.close() }
    let response = try trial.aggregate(updates)
    if let problem = notFinite(response.update) { return .fail(problem) }
    return .pass(
      areClose(response.update, updates.row(0))
        ? "returns the row"
        : "returns something else, finite, as rules do that clip or add noise")
  }

  /// Asks with rows that a rule may refuse, in words.
  private static func tolerant(
    _ check: PluginCheck, _ updates: Matrix<Float>, _ what: String,
    _ judge: (PluginTrial.Response) -> PluginFinding.Outcome
  ) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    do {
      return judge(try trial.aggregate(updates))
    } catch WorkerError.declined(let reason) {
      return .pass("refuses \(what): \(reason)")
    }
  }

  private static func permutation(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    if let reason = check.incomparable { return .notApplicable(reason) }
    let order = (0..<rowCount).map { (7 * $0 + 3) % rowCount }
    func response(
      _ updates: Matrix<Float>, ids: [Int], seed: Int = 5
    ) throws -> PluginTrial.Response {
      let trial = try check.begin()
      defer { trial.channel.close() }
      return try trial.aggregate(updates, ids: ids, seed: seed)
    }
    let ids = Array(0..<rowCount)
    let straight = try response(rows(), ids: ids)
    if bits(straight.update) != bits(try response(rows(), ids: ids, seed: 99).update) {
      return .notApplicable("it draws: another seed gives other values")
    }
    let mixed = try response(rows().selecting(order), ids: order)
    guard areClose(straight.update, mixed.update) else {
      return .fail("rows in another order give another result")
    }
    if let kept = straight.kept, order.map({ kept[$0] }) != mixed.kept {
      return .fail("rows in another order are kept and rejected otherwise")
    }
    return .pass("rows in another order give the same")
  }
}
