import Kernels
import Tensors
import Workers

/// What defenses and attacks have in common for `plugin check`: rows go in, values come out.
struct PluginMethod: Sendable {
  let kind: WorkerReady.Kind
  /// What it returns.
  let noun: String
  /// What a timed call gets, of 50 rows.
  let size: String
  /// Asks for a round; seeds differ from round to round.
  let ask: @Sendable (_ trial: PluginTrial, _ rows: Matrix<Float>, _ round: Int) throws -> [Float]

  static let defense = PluginMethod(kind: .defense, noun: "values", size: "50") {
    try $0.aggregate($1, round: $2, seed: 5 + $2).update
  }

  /// A fifth of the rows is its own.
  static let attack = PluginMethod(kind: .attack, noun: "rows", size: "10 of 50") {
    let own = $1.rowCount / 5
    return try $0.craft(
      own: $1.selecting(Array(0..<own)), honest: $1.selecting(Array(own..<$1.rowCount)), round: $2,
      seed: 5 + $2
    ).values
  }

  // MARK: - Trials of both

  var determinism: PluginCheck.Trial {
    PluginCheck.Trial(
      "determinism",
      "draw from ctx.rng alone and go through nothing unordered; or say deterministic=False",
      checkDeterminism)
  }

  var transports: PluginCheck.Trial {
    PluginCheck.Trial(
      "transports", "read the shape of each call from its message, not from hello",
      checkTransports)
  }

  var anotherTrial: PluginCheck.Trial {
    PluginCheck.Trial(
      "another trial", "keep nothing from trial to trial, or say reusable=False",
      checkAnotherTrial)
  }

  var timing: PluginCheck.Trial {
    PluginCheck.Trial(
      "timing", "a call has to end within its time limit, 60 s unless the scenario says more",
      checkTiming)
  }

  /// The results of a few rounds of a trial.
  private func rounds(_ trial: PluginTrial) throws -> [[UInt32]] {
    try (0..<3).map { round in
      PluginCheck.bits(try ask(trial, PluginCheck.rows(PluginCheck.rowCount - round), round))
    }
  }

  private func checkDeterminism(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    if let reason = check.incomparable { return .notApplicable(reason) }
    var found: [[[UInt32]]] = []
    for _ in 0..<2 {
      let trial = try check.begin()
      defer { trial.channel.close() }
      found.append(try rounds(trial))
      if check.ready?.isStateful == false, try rounds(trial) != found[0] {
        return .fail("other \(noun) when the same round is asked for again; is it stateful?")
      }
    }
    return found[0] == found[1]
      ? .pass("the same bits in another process") : .fail("other \(noun) in another process")
  }

  private func checkTransports(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var found: [[UInt32]] = []
    for transport in [WorkerCommand.Transport.mapped, .inline] {
      let trial = try check.begin(transport: transport)
      defer { trial.channel.close() }
      found.append(PluginCheck.bits(try ask(trial, PluginCheck.rows(), 0)))
    }
    if let reason = check.incomparable {
      return .notApplicable("both work, and cannot be compared: \(reason)")
    }
    return found[0] == found[1]
      ? .pass("the same bits mapped and inline") : .fail("other \(noun) inline than mapped")
  }

  private func checkAnotherTrial(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isReusable == true else {
      return .notApplicable("each trial gets a process of its own")
    }
    let trial = try check.begin()
    defer { trial.channel.close() }
    let first = try rounds(trial)
    let next = try PluginTrial(
      again: trial, kind, rowCount: PluginCheck.rowCount, params: check.params)
    let second = try rounds(next)
    if let reason = check.incomparable {
      return .notApplicable("can be greeted twice, and not be compared: \(reason)")
    }
    return first == second
      ? .pass("the same bits when greeted again") : .fail("other \(noun) when greeted again")
  }

  private func checkTiming(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    var parts: [String] = []
    for columns in [7_850, 61_706] {
      let trial = try check.begin(rows: 50, columns: columns)
      defer { trial.channel.close() }
      let rows = PluginCheck.rows(50, columns)
      var round = 0
      let time = try PluginCheck.median {
        _ = try ask(trial, rows, round)
        round += 1
      }
      parts.append("\(PluginCheck.text(time)) at \(size) x \(columns)")
    }
    return .pass("median of a call: " + parts.joined(separator: ", "))
  }
}
