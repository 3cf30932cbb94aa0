import Kernels
import Tensors
import Workers

extension PluginCheck {
  static let defenseTrials: [Trial] = [
    Trial(
      "shapes",
      "return one vector of as many values as a row has, for any number of rows: rounds differ",
      shapes),
    Trial("transports", "read the shape of each call from its message, not from hello", transports),
    Trial(
      "non-finite rows",
      "leave such rows out (np.isfinite(updates).all(axis=1)), or raise an error that says so",
      notFiniteRows),
    Trial(
      "one row", "return the row, or raise an error that says how many rows are needed", oneRow),
    Trial("identical rows", "guard divisions by a distance or spread of zero", identicalRows),
    Trial(
      "determinism",
      "draw from ctx.rng alone and go through nothing unordered; or say deterministic=False",
      determinism),
    Trial(
      "another trial", "keep nothing from trial to trial, or say reusable=False", anotherTrial),
    Trial(
      "permutation",
      "the order of rows is drawn anew each round and means nothing: follow clients by ctx.ids, "
        + "break ties by values", permutation),
    Trial(
      "timing", "a call has to end within its time limit, 60 s unless the scenario says more",
      timing),
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

  private static func transports(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var found: [[UInt32]] = []
    for transport in [WorkerCommand.Transport.mapped, .inline] {
      let trial = try check.begin(transport: transport)
      defer { trial.channel.close() }
      found.append(bits(try trial.aggregate(rows()).update))
    }
    guard check.ready?.isDeterministic == true else { return .pass("mapped and inline") }
    return found[0] == found[1]
      ? .pass("the same bits mapped and inline")
      : .fail("other values inline than mapped")
  }

  private static func notFiniteRows(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var updates = rows()
    updates.fillRow(3, with: .nan)
    updates.fillRow(7, with: .infinity)
    return try tolerant(check, updates, "rows of nan and infinity") { response in
      notFinite(response.update).map { .fail("\($0), with two rows that are not finite") }
        ?? .pass("a finite result all the same")
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
    var updates = rows()
    for row in 1..<updates.rowCount { updates.setRow(row, toRow: 0, of: updates) }
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

  /// The results of a few rounds of a trial.
  private static func rounds(_ trial: PluginTrial, seed: Int = 5) throws -> [[UInt32]] {
    try (0..<3).map { round in
      bits(try trial.aggregate(rows(rowCount - round), round: round, seed: seed + round).update)
    }
  }

  private static func determinism(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isDeterministic == true else {
      return .notApplicable("it says that it is not deterministic")
    }
    var found: [[[UInt32]]] = []
    for _ in 0..<2 {
      let trial = try check.begin()
      defer { trial.channel.close() }
      found.append(try rounds(trial))
      if check.ready?.isStateful == false, try rounds(trial) != found[0] {
        return .fail("other values when the same round is asked for again; is it stateful?")
      }
    }
    return found[0] == found[1]
      ? .pass("the same bits in another process") : .fail("other values in another process")
  }

  private static func anotherTrial(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isReusable == true else {
      return .notApplicable("each trial gets a process of its own")
    }
    let trial = try check.begin()
    defer { trial.channel.close() }
    let first = try rounds(trial)
    let next = try PluginTrial(again: trial, .defense, rowCount: rowCount, params: check.params)
    let second = try rounds(next)
    guard check.ready?.isDeterministic == true else { return .pass("greeted twice") }
    return first == second
      ? .pass("the same bits when greeted again") : .fail("other values when greeted again")
  }

  private static func permutation(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isDeterministic == true else {
      return .notApplicable("it says that it is not deterministic")
    }
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

  private static func timing(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var parts: [String] = []
    for columns in [7_850, 61_706] {
      let trial = try check.begin(rows: 50, columns: columns)
      defer { trial.channel.close() }
      let updates = rows(50, columns)
      var round = 0
      let time = try median {
        _ = try trial.aggregate(updates, round: round)
        round += 1
      }
      parts.append("\(text(time)) at 50 x \(columns)")
    }
    return .pass("median of a call: " + parts.joined(separator: ", "))
  }
}
