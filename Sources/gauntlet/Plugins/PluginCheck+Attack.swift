import Kernels
import Tensors
import Workers

extension PluginCheck {
  static let attackTrials: [Trial] = [
    Trial("shapes", "return as many rows as 'own' has, for any number of them", attackShapes),
    Trial(
      "transports", "read the shape of each call from its message, not from hello",
      attackTransports),
    Trial(
      "finite rows", "keep values in the range of float32: rows that are not finite are left out",
      attackFinite),
    Trial("identical rows", "guard divisions by a distance or spread of zero", attackIdentical),
    Trial(
      "determinism",
      "draw from ctx.rng alone and go through nothing unordered; or say deterministic=False",
      attackDeterminism),
    Trial(
      "another trial", "keep nothing from trial to trial, or say reusable=False",
      attackAnotherTrial),
    Trial(
      "timing", "a call has to end within its time limit, 60 s unless the scenario says more",
      attackTiming),
  ]

  private static let ownCount = 4

  private static func craft(
    _ trial: PluginTrial, own: Int = ownCount, round: Int = 0, _ all: Matrix<Float>? = nil
  ) throws -> Matrix<Float> {
    let all = all ?? rows()
    return try trial.craft(
      own: all.selecting(Array(0..<own)), honest: all.selecting(Array(own..<all.rowCount)),
      round: round, seed: 5 + round)
  }

  private static func once(
    _ check: PluginCheck, _ body: (PluginTrial) throws -> PluginFinding.Outcome
  ) throws -> PluginFinding.Outcome {
    let trial = try check.begin()
    defer { trial.channel.close() }
    return try body(trial)
  }

  private static func attackShapes(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try once(check) { trial in
      for own in [ownCount, 1, 9] { _ = try craft(trial, own: own) }
      return .pass("as many rows as it owns: \(ownCount), 1, 9")
    }
  }

  private static func attackTransports(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var found: [[UInt32]] = []
    for transport in [WorkerCommand.Transport.mapped, .inline] {
      let trial = try check.begin(transport: transport)
      defer { trial.channel.close() }
      found.append(bits(try craft(trial).values))
    }
    guard check.ready?.isDeterministic == true else { return .pass("mapped and inline") }
    return found[0] == found[1]
      ? .pass("the same bits mapped and inline")
      : .fail("other values inline than mapped")
  }

  /// An attacker may send anything; what is not finite is more often a slip than meant.
  private static func attackFinite(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try once(check) { trial in
      .pass(
        notFinite(try craft(trial).values).map { "\($0): the server drops such a row" }
          ?? "all values are finite")
    }
  }

  private static func attackIdentical(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try once(check) { trial in
      var all = rows()
      for row in 1..<all.rowCount { all.setRow(row, toRow: 0, of: all) }
      return notFinite(try craft(trial, all).values).map { .fail($0) } ?? .pass("finite rows")
    }
  }

  private static func rounds(_ trial: PluginTrial) throws -> [[UInt32]] {
    try (0..<3).map { bits(try craft(trial, round: $0).values) }
  }

  private static func attackDeterminism(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isDeterministic == true else {
      return .notApplicable("it says that it is not deterministic")
    }
    var found: [[[UInt32]]] = []
    for _ in 0..<2 {
      let trial = try check.begin()
      defer { trial.channel.close() }
      found.append(try rounds(trial))
      if check.ready?.isStateful == false, try rounds(trial) != found[0] {
        return .fail("other rows when the same round is asked for again; is it stateful?")
      }
    }
    return found[0] == found[1]
      ? .pass("the same bits in another process") : .fail("other rows in another process")
  }

  private static func attackAnotherTrial(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isReusable == true else {
      return .notApplicable("each trial gets a process of its own")
    }
    return try once(check) { trial in
      let first = try rounds(trial)
      let next = try PluginTrial(again: trial, .attack, rowCount: rowCount, params: check.params)
      let second = try rounds(next)
      guard check.ready?.isDeterministic == true else { return .pass("greeted twice") }
      return first == second
        ? .pass("the same bits when greeted again") : .fail("other rows when greeted again")
    }
  }

  private static func attackTiming(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var parts: [String] = []
    for columns in [7_850, 61_706] {
      let trial = try check.begin(rows: 50, columns: columns)
      defer { trial.channel.close() }
      let all = rows(50, columns)
      var round = 0
      let time = try median {
        _ = try craft(trial, own: 10, round: round, all)
        round += 1
      }
      parts.append("\(text(time)) at 10 of 50 x \(columns)")
    }
    return .pass("median of a call: " + parts.joined(separator: ", "))
  }
}
