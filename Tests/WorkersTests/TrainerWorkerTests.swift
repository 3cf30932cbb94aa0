import Federation
import Foundation
import Tensors
import Testing
import Training
import _TestSupport

@testable import Workers

/// Trainers as worker processes, in Python without anything to install.
@Suite struct TrainerWorkerTests {
  /// Sends rows made of what it is told, and scores by the first parameter.
  static let trainer = """
    facts = dict(
        kind="trainer", dimension=3, clients=4, classes=2, examples=[5, 6, 7, 8], test_examples=10,
        layers=[{"name": "w", "shape": [2, 1], "offset": 0}, {"name": "b", "shape": [1], "offset": 2}],
        shape=[2, 3, 4], poisons=["label-flip", "backdoor"], device="none", reusable=True)
    hello = read()
    while hello["type"] == "hello":
        ready(**facts)
        message = read()
        while message["type"] not in ("hello", "bye"):
            call = message["call"]
            print(json.dumps(message), file=sys.stderr)
            if message["type"] == "initialize":
                values = [1, 2, message["seed"] % 97]
                save(hello, "result", values)
                say(type="initialized", call=call, arrays={"result": [3]})
                put(hello, values)
            elif message["type"] == "train":
                model = load(hello, message, "global")
                values = []
                for client, seed, poison in zip(
                        message["clients"], message["seeds"], message["poison"]):
                    values += [model[0] + client, seed % 97, 0 if poison is None else 1]
                save(hello, "updates", values)
                say(type="trained", call=call, examples=[2 * c for c in message["clients"]],
                    arrays={"updates": [len(message["clients"]), 3]})
                put(hello, values)
            else:
                model = load(hello, message, "global")
                say(type="evaluated", call=call, classes=[[int(model[0]), 5], [2, 5]], loss=None,
                    backdoors=[{"hits": 1, "examples": 3, "robust": b["positions"][0] % 3}
                               for b in message["backdoors"]])
            message = read()
        hello = message
    """

  private static let setup = TrainerSetup(
    clientCount: 4, participantCount: 2, roundCount: 9, seed: 1 << 62 + 12_345)

  private func command(
    _ text: String = trainer, in folder: TemporaryFolder, transport: String = "mapped"
  ) throws -> TrainerCommand {
    TrainerCommand(
      words: try WorkerScript.python(text, in: folder), timeout: 20, transport: transport,
      folder: folder.path)
  }

  private func start(_ command: TrainerCommand) throws -> any TrainerProcess {
    try TrainerWorkers().start(command, dimension: 3, rowCount: 2)
  }

  private static func round(_ poisons: [TrainerPoison?] = [nil, nil]) -> TrainerRound {
    TrainerRound(
      round: 3, clients: [2, 0], seeds: [1 << 62 + 5, 7], poisons: poisons,
      schedule: LocalSchedule(length: .epochs(2), batchSize: 8, learningRate: 0.1),
      global: [10, 20, 30])
  }

  @Test(arguments: ["mapped", "inline"])
  func oneProcessServesTrialAfterTrial(transport: String) throws {
    let folder = try TemporaryFolder()
    let process = try start(try command(in: folder, transport: transport))
    defer { process.end() }
    for _ in 0..<2 {
      let facts = try process.begin(Self.setup)
      #expect(facts.name == "test" && facts.isReusable && facts.exampleCounts == [5, 6, 7, 8])
      #expect(facts.layout.segments.map(\.role) == [.outputWeight, .outputBias])
      #expect(facts.shape == .image(height: 3, width: 4, channels: 2))
      let seed: UInt64 = 1 << 62 + 1
      #expect(try process.initialParameters(seed: seed) == [1, 2, Float(seed % 97)])
      var updates = Matrix<Float>(rowCount: 2, columnCount: 3)
      let poison = TrainerPoison(.labelFlip(.pairs([.init(from: 1, to: 0)])), seed: 4)
      #expect(try process.train(Self.round([nil, poison]), into: &updates) == [4, 0])
      let first: UInt64 = 1 << 62 + 5
      #expect(updates == Matrix(rows: [[12, Float(first % 97), 0], [10, 7, 1]]))
      // Channel 1 of the pixel 0 is the feature 12 where channels come first.
      let trigger = Trigger(positions: [1, 4], values: [1, 2])
      let scores = try process.evaluate(
        [4, 0, 0], round: 3, backdoors: [TrainerBackdoor(trigger, target: 1)])
      #expect(scores.exampleCounts == [5, 5] && scores.hitCounts == [4, 2])
      #expect(scores.triggered == [.init(exampleCount: 3, hitCount: 1, robustCount: 2)])
    }
  }

  @Test func aDescriptionIdentifiesTheProgram() throws {
    let folder = try TemporaryFolder()
    let host = TrainerWorkers()
    try folder.write("1", to: "part.txt")
    var command = try command(in: folder)
    let plain = try host.describe(command, Self.setup)
    #expect(plain.identity.count == 64)
    command.files = ["part.txt"]
    let one = try host.describe(command, Self.setup).identity
    try folder.write("2", to: "part.txt")
    let two = try host.describe(command, Self.setup).identity
    #expect(Set([plain.identity, one, two]).count == 3)
    command.files = ["none.txt"]
    #expect(throws: TrainerError.self) { _ = try host.describe(command, Self.setup) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    /// What the error has to say.
    let reason: String
    var testDescription: String { new }
  }

  static let facts = [
    Case(old: "dimension=3", new: "dimension=4", reason: "has layers of 3 parameters together"),
    Case(old: "dimension=3", new: "dimension=0", reason: "'dimension' is 0; it has to be from 1"),
    Case(old: "dimension=3", new: "dimension=1e300", reason: "'dimension' that is no whole number"),
    Case(old: "\"offset\": 2", new: "\"offset\": 1", reason: "does not follow the one before it"),
    Case(old: "[2, 1]", new: "[2**40, 2**40]", reason: "'shape' that is no list of sizes"),
    Case(old: "[2, 1]", new: "[2**30, 2**30, 2**30]", reason: "does not follow the one before it"),
    Case(old: "[5, 6, 7, 8]", new: "[5, 6]", reason: "'examples' that are no list of 4"),
    Case(old: "[5, 6, 7, 8]", new: "[5, 6, -7, 8]", reason: "'examples' that are no list of 4"),
    Case(old: "clients=4", new: "clients=10**12", reason: "'clients' is 1000000000000"),
    Case(old: "shape=[2, 3, 4]", new: "shape=[0, 3]", reason: "'shape' that is no list of sizes"),
    Case(old: "shape=[2, 3, 4]", new: "shape=[9999, 9999, 9999]", reason: "not one to three sizes"),
    Case(old: "kind=\"trainer\"", new: "kind=\"attack\"", reason: "of kind 'attack'"),
  ]

  @Test(arguments: facts) func factsThatCannotBeAreRefused(item: Case) throws {
    let folder = try TemporaryFolder()
    let command = try command(Self.trainer.replacing(item.old, with: item.new), in: folder)
    let error = #expect(throws: TrainerError.self) {
      _ = try TrainerWorkers().describe(command, Self.setup)
    }
    #expect(error?.description.contains(item.reason) == true, "\(String(describing: error))")
  }

  static let answers = [
    Case(old: "[len(message[\"clients\"]), 3]", new: "[1, 3]", reason: "of shape [1, 3]"),
    Case(old: "2 * c for", new: "-1 for", reason: "'examples' that are no list of 2"),
    // Sums of what is taken have to fit.
    Case(old: "2 * c for", new: "2**53 for", reason: "'examples' that are no list of 2"),
    Case(old: "[2, 5]]", new: "[2**53, 2**53]]", reason: "'classes' whose entry 1 is no pair"),
    Case(old: "call=call, examples", new: "call=9, examples", reason: "answers call '9'"),
    Case(old: "[int(model[0]), 5]", new: "[9, 5]", reason: "'classes' whose entry 0 is no pair"),
    Case(old: "[[int(model[0]), 5], [2, 5]]", new: "[[1, 5]]", reason: "no list of 2 pairs"),
    Case(old: "\"hits\": 1", new: "\"hits\": 4", reason: "counts that cannot be"),
    Case(old: "in message[\"backdoors\"]]", new: "in []]", reason: "scores 0 backdoors"),
    Case(old: "values += [model", new: "values = [][model", reason: "ended with status 1"),
  ]

  @Test(arguments: answers) func answersThatCannotBeAreFaults(item: Case) throws {
    let folder = try TemporaryFolder()
    let text = Self.trainer.replacing(item.old, with: item.new)
    #expect(text != Self.trainer)
    let process = try start(try command(text, in: folder))
    defer { process.end() }
    _ = try process.begin(Self.setup)
    let error = #expect(throws: TrainerError.self) {
      var updates = Matrix<Float>(rowCount: 2, columnCount: 3)
      _ = try process.train(Self.round(), into: &updates)
      let trigger = Trigger(positions: [1], values: [1])
      _ = try process.evaluate(
        [4, 0, 0], round: 3, backdoors: [TrainerBackdoor(trigger, target: 1)])
    }
    guard case .fault(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains(item.reason), "\(reason)")
  }

  @Test func aProgramSaysItselfThatItCannot() throws {
    let folder = try TemporaryFolder()
    let text = Self.trainer.replacing(
      "say(type=\"trained\"", with: "say(type=\"error\", message=\"no room\"")
    let process = try start(try command(text, in: folder))
    defer { process.end() }
    _ = try process.begin(Self.setup)
    var updates = Matrix<Float>(rowCount: 2, columnCount: 3)
    let error = #expect(throws: TrainerError.self) {
      _ = try process.train(Self.round(), into: &updates)
    }
    guard case .refused(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("no room"))
    // What was lent comes back.
    #expect(updates.rowCount == 2)
  }

  @Test func anAbortEndsACallFromAnotherThread() throws {
    let folder = try TemporaryFolder()
    let text = Self.trainer.replacing("values = []\n", with: "time.sleep(600)\n")
    #expect(text != Self.trainer)
    let process = try start(try command(text, in: folder))
    _ = try process.begin(Self.setup)
    let timer = Thread {
      Thread.sleep(forTimeInterval: 0.2)
      process.abort()
    }
    timer.start()
    let error = #expect(throws: TrainerError.self) {
      var updates = Matrix<Float>(rowCount: 2, columnCount: 3)
      _ = try process.train(Self.round(), into: &updates)
    }
    #expect(error?.description.contains("was ended by signal 9") == true)
    process.end()
  }
}
