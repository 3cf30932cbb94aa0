import Kernels
import Results
import Tensors
import Workers

extension PluginCheck {
  static let trainerTrials: [Trial] = [
    Trial(
      "facts", "hello() has to say layers, clients, classes and the examples of each client", facts),
    Trial("first parameters", "draw them from the seed of initialize alone", firstParameters),
    Trial(
      "training", "write local minus global parameters into a row for each client, all finite",
      training),
    Trial(
      "determinism", "draw from the seeds that are given alone; or say deterministic=False",
      trainerDeterminism),
    Trial(
      "client by client",
      "a client's row depends on its own data and seed, not on who trains in the same call",
      clientByClient),
    Trial("poison", "train the clients whose poison is given on poisoned data", poison),
    Trial(
      "evaluation", "count hits and examples of each class, over all test examples", evaluation),
    Trial(
      "another trial", "deal the data anew when hello() is called again, or say reusable=False",
      trainerAnotherTrial),
    Trial(
      "timing", "a call has to end within its time limit, 60 s unless the scenario says more",
      trainerTiming),
  ]

  /// What a trainer said about itself.
  private struct Facts {
    let dimension: Int
    let clients: Int
    let classes: Int
    let testExamples: Int
    let poisons: [String]

    init(_ ready: WorkerReady?) throws(WorkerAnswer.Problem) {
      let answer = WorkerAnswer(ready?.members ?? [:])
      dimension = try answer.integer("dimension")
      clients = try answer.integer("clients")
      classes = try answer.integer("classes")
      testExamples = try answer.integer("test_examples")
      poisons = try answer.texts("poisons")
      for (name, value, least) in [
        ("dimension", dimension, 1), ("clients", clients, 1), ("classes", classes, 2),
        ("test_examples", testExamples, 1),
      ] where value < least || value > 1_000_000_000 {
        throw WorkerAnswer.Problem("says \(value) for '\(name)'")
      }
      guard let examples = try answer.numbers("examples", count: clients) else {
        throw WorkerAnswer.Problem("does not say 'examples'")
      }
      guard examples.allSatisfy({ ($0 ?? 0) >= 1 }) else {
        throw WorkerAnswer.Problem("says that a client has no examples")
      }
    }

    /// Clients for a small round.
    var some: [Int] { Array(0..<min(clients, 5)) }
  }

  private static func facts(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    do throws(WorkerAnswer.Problem) {
      let facts = try Facts(check.ready)
      var size = 0
      if case .array(let layers)? = check.ready?.members["layers"] {
        for case .object(let layer) in layers {
          guard case .array(let shape)? = layer["shape"] else { continue }
          var product = 1
          for case .integer(let side) in shape {
            product = product.multipliedReportingOverflow(by: side).partialValue
          }
          size = size.addingReportingOverflow(product).partialValue
        }
      }
      guard size == facts.dimension else {
        return .fail("the layers have \(size) values, and the dimension is \(facts.dimension)")
      }
      return .pass(
        "\(facts.dimension) parameters, \(facts.clients) clients, \(facts.classes) classes, "
          + "\(facts.testExamples) test examples")
    } catch {
      return .fail("it " + error.reason)
    }
  }

  /// A trial of a trainer with its first parameters.
  private static func with(
    _ check: PluginCheck,
    _ body: (PluginTrial, [Float], Facts) throws -> PluginFinding.Outcome
  ) throws -> PluginFinding.Outcome {
    let facts: Facts
    do throws(WorkerAnswer.Problem) { facts = try Facts(check.ready) } catch {
      return .notApplicable("the facts are wrong")
    }
    let trial = try check.begin(rows: min(facts.clients, 50), columns: facts.dimension)
    defer { trial.channel.close() }
    return try body(trial, try trial.initialize(seed: 3), facts)
  }

  private static func firstParameters(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, _ in
      if let problem = notFinite(parameters) { return .fail(problem) }
      let again = try trial.initialize(seed: 3)
      guard bits(again) == bits(parameters) || check.ready?.isDeterministic == false else {
        return .fail("other parameters for the same seed")
      }
      let other = try trial.initialize(seed: 4)
      return .pass(
        bits(other) == bits(parameters)
          ? "finite; the same for every seed" : "finite; others for another seed")
    }
  }

  private static func training(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, facts in
      let updates = try trial.train(parameters, clients: facts.some)
      for row in 0..<updates.rowCount {
        if let problem = notFinite(updates.row(row)) {
          return .fail("client \(facts.some[row]): \(problem); was its row written?")
        }
      }
      guard updates.values.contains(where: { $0 != 0 }) else { return .fail("no parameter moved") }
      return .pass("a finite row for each of \(facts.some.count) clients")
    }
  }

  private static func clientByClient(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, facts in
      guard facts.clients > 1 else { return .notApplicable("it has one client") }
      if let reason = check.incomparable { return .notApplicable(reason) }
      let together = try trial.train(parameters, clients: facts.some)
      guard let last = facts.some.last else { return .notApplicable("it has no client") }
      let alone = try trial.train(parameters, clients: [last])
      return areClose(together.row(together.rowCount - 1), alone.row(0))
        ? .pass("a client trains the same alone and among \(facts.some.count)")
        : .fail("client \(last) trains otherwise alone than among \(facts.some.count)")
    }
  }

  private static func poison(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, facts in
      let known = ["backdoor", "label-flip"]
      if let odd = facts.poisons.first(where: { !known.contains($0) }) {
        return .fail("declares the poison '\(odd)'; there are: \(known.joined(separator: ", "))")
      }
      guard !facts.poisons.isEmpty else { return .notApplicable("declares none") }
      let honest = try trial.train(parameters, clients: facts.some)
      for kind in facts.poisons {
        let request: JSONValue =
          kind == "label-flip"
          ? ["kind": "label-flip", "rule": "next", "seed": 11]
          : [
            "kind": "backdoor", "ratio": 1, "target": 0, "source": .null, "positions": [0],
            "values": [3], "blend": 1, "seed": 11,
          ]
        let updates = try trial.train(parameters, clients: facts.some, poison: request)
        if let problem = notFinite(updates.values) { return .fail("\(kind): \(problem)") }
        guard bits(updates.values) != bits(honest.values) else {
          return .fail("\(kind) changes nothing")
        }
      }
      return .pass(facts.poisons.joined(separator: ", "))
    }
  }

  private static func evaluation(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, facts in
      let counts = try trial.evaluate(parameters, classCount: facts.classes)
      let examples = counts.reduce(0) { $0 + $1[1] }
      guard examples == facts.testExamples else {
        return .fail("counts \(examples) examples, and has \(facts.testExamples)")
      }
      return .pass("\(counts.reduce(0) { $0 + $1[0] }) of \(examples) at the start")
    }
  }

  private static func trainerDeterminism(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    if let reason = check.incomparable { return .notApplicable(reason) }
    var found: [[UInt32]] = []
    func note(_ trial: PluginTrial, _ parameters: [Float], _ facts: Facts) throws
      -> PluginFinding.Outcome
    {
      found.append(bits(try trial.train(parameters, clients: facts.some).values))
      return .pass("the same bits in another process")
    }
    _ = try with(check, note)
    let last = try with(check, note)
    guard found.count == 2, found[0] != found[1] else { return last }
    return .fail("other rows in another process")
  }

  private static func trainerAnotherTrial(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    guard check.ready?.isReusable == true else {
      return .notApplicable("each trial gets a process of its own")
    }
    return try with(check) { trial, parameters, facts in
      let first = try trial.train(parameters, clients: facts.some)
      let next = try PluginTrial(
        again: trial, .trainer, rowCount: min(facts.clients, 50), params: check.params)
      let second = try next.train(try next.initialize(seed: 3), clients: facts.some)
      if let reason = check.incomparable {
        return .notApplicable("can be greeted twice, and not be compared: \(reason)")
      }
      return bits(first.values) == bits(second.values)
        ? .pass("the same bits when greeted again") : .fail("other rows when greeted again")
    }
  }

  private static func trainerTiming(_ check: PluginCheck) throws -> PluginFinding.Outcome {
    try with(check) { trial, parameters, facts in
      let clients = Array(0..<min(facts.clients, 50))
      let training = try timed { try trial.train(parameters, clients: clients) }.1
      let evaluation = try timed {
        try trial.evaluate(parameters, classCount: facts.classes)
      }.1
      return .pass(
        "an epoch of \(clients.count) clients in \(text(training)), an evaluation in "
          + "\(text(evaluation))")
    }
  }
}
