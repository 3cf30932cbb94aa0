import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Workers
import _TestSupport

/// Attacks in another process.
@Suite struct ExternalAttackTests {
  private static let text = """
    hello = read()
    knowledge = hello["params"].get("knowledge")
    ready(kind="attack", knowledge=knowledge, stateful=hello["params"].get("stateful", False))
    message = read()
    while message["type"] == "craft":
        if hello["params"].get("fails"): sys.exit(4)
        assert ("honest" in message["arrays"]) == (knowledge == "honest-updates"), message
        own = load(hello, message, "own")
        shift = sum(load(hello, message, "honest")) if knowledge == "honest-updates" else 0
        result = [shift - x for x in own]
        save(hello, "result", result)
        say(type="crafted", call=message["call"], arrays={"result": message["arrays"]["own"]},
            figures={"shift": shift, "rounds": hello["rounds"], "none": None})
        put(hello, result)
        message = read()

    """

  private func describe(
    _ params: String, in folder: TemporaryFolder
  ) throws -> (entry: AttackEntry, arguments: Arguments) {
    let words = try WorkerScript.python(Self.text, in: folder)
    let entry = AttackEntry.external()
    let arguments = try Arguments(
      ["exec": .list(words.map { .text($0) }), "params": .text(params), "timeout": .real(30)],
      for: entry.manifest)
    let described = try #require(try entry.described(by: arguments, in: folder.path))
    return (described.entry, arguments)
  }

  private var setup: AttackSetup {
    AttackSetup(
      participantCount: 4, classCount: 2, shape: .vector(2), layout: ParameterLayout([]),
      serverRate: 1, schedule: nil, seed: SeedPath(root: 1))
  }

  private func craft(
    _ attack: inout any Attack
  ) -> (rows: Matrix<Float>, figures: [String: Double]) {
    var rows = Matrix<Float>(rows: [[1, 2], [3, 4]])
    // Row 1 is of a controlled client: nobody is told of it.
    let all = Matrix<Float>(rows: [[1, 1], [100, 100], [2, 2]])
    let view = AttackerView(
      round: 3, global: [], clients: [ClientID(1), ClientID(5)], participantCount: 4,
      weightShare: 0.5,
      honest: HonestUpdates(all: all, rows: [0, 2], clients: [ClientID(0), ClientID(2)]))
    var random = SeedPath(root: 2).stream()
    let figures = attack.craft(&rows, view, random: &random)
    return (rows, figures)
  }

  @Test func itSeesItsOwnClientsAlone() throws {
    let folder = try TemporaryFolder()
    let (entry, arguments) = try describe("{}", in: folder)
    #expect(entry.tier == .ownKnowledge)
    var attack = try entry.make(arguments, setup)
    #expect(attack.threatModel == ThreatModel(surface: .update))
    let (rows, figures) = craft(&attack)
    #expect(rows == Matrix(rows: [[-1, -2], [-3, -4]]))
    #expect(figures == ["shift": 0, "rounds": 1] && attack.failure == nil)
  }

  @Test func itSeesHonestUpdatesIfItSaysSo() throws {
    let folder = try TemporaryFolder()
    let (entry, arguments) = try describe("{\"knowledge\":\"honest-updates\"}", in: folder)
    #expect(entry.tier == .omniscient)
    var attack = try entry.make(arguments, setup)
    #expect(attack.threatModel.knowledge == .honestUpdates)
    for _ in 0..<2 { #expect(craft(&attack).rows == Matrix(rows: [[5, 4], [3, 2]])) }
  }

  @Test(arguments: [true, false]) func aLostWorkerIsAFailure(isStateful: Bool) throws {
    let folder = try TemporaryFolder()
    let (entry, arguments) = try describe(
      "{\"fails\":true,\"stateful\":\(isStateful)}", in: folder)
    var attack = try entry.make(arguments, setup)
    #expect(craft(&attack).rows == Matrix(rows: [[1, 2], [3, 4]]))
    #expect(
      attack.failure
        == AttackFailure(
          reason: "external: python3 worker.py: ended with status 4 instead of answering 'craft'",
          isInterruption: isStateful))
  }

  @Test func knowledgeOfTheDefenseIsNotToBeHad() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ConfigurationError.self) {
      try describe("{\"knowledge\":\"defense\"}", in: folder)
    }
    #expect(error?.description.contains("known: honest-updates, own-clients") == true)
  }
}
