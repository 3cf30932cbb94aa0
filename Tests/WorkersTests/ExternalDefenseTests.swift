import Components
import Determinism
import Federation
import Foundation
import Kernels
import Tensors
import Testing
import Workers
import _TestSupport

/// Rules in another process, as a trial uses them.
@Suite struct ExternalDefenseTests {
  private static let rows = Matrix<Float>(rows: [[1, 2, 3], [3, 4, 8]])

  /// An entry that was asked who it is.
  private func describe(
    _ text: String, in folder: TemporaryFolder, _ more: [String: ArgumentValue] = [:]
  ) throws -> (entry: AggregatorEntry, arguments: Arguments, identity: ComponentIdentity) {
    let words = try WorkerScript.python(text, in: folder)
    let entry = AggregatorEntry.external()
    let given = ["exec": .list(words.map { .text($0) }), "timeout": .real(30)].merging(more) { $1 }
    let arguments = try Arguments(given, for: entry.manifest)
    let described = try #require(try entry.described(by: arguments, in: folder.path))
    return (described.entry, arguments, described.identity)
  }

  private func aggregate(
    _ rule: inout any Aggregator, _ rows: Matrix<Float> = rows, round: Int = 0
  ) throws -> Aggregation {
    try rule.aggregate(
      UpdateMatrix(rows),
      in: RoundContext(
        round: round, global: [], seed: SeedPath(root: 1).child(round), pool: WorkPool(width: 1)))
  }

  /// A worker that answers with what a test says.
  private func answering(_ more: String, ready: String = "", before: String = "") -> String {
    """
    hello = read()
    while hello["type"] == "hello":
        ready(\(ready))
        message = read()
        while message["type"] == "aggregate":
            n, d = message["arrays"]["updates"]
            \(before)
            save(hello, "result", [1] * d)
            say(type="aggregated", call=message["call"], arrays={"result": [d]}, \(more))
            message = read()
        hello = message

    """
  }

  @Test(arguments: ["mapped", "inline"]) func theMeanOfTheRows(transport: String) throws {
    let folder = try TemporaryFolder()
    let (entry, arguments, _) = try describe(
      WorkerScript.mean, in: folder, ["transport": .text(transport)])
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    #expect(!rule.isCopyable)
    for round in 0..<3 {
      let result = try aggregate(&rule, round: round)
      #expect(result.update == [2, 3, 5.5])
      #expect(result.verdicts == [Verdict](repeating: Verdict(.notJudged, weight: 0.5), count: 2))
    }
    // More rows than were announced.
    let more = try aggregate(&rule, Matrix(rows: [[0, 0, 0], [3, 3, 3], [6, 6, 6]]))
    #expect(more.update == [3, 3, 3])
  }

  @Test func verdictsAreReadAsTheyAreMeant() throws {
    let folder = try TemporaryFolder()
    let text = answering(
      "kept=[True, False, True], suspicion=[0.5, None, 2], weights=[0.2, 0.3, 0.5], "
        + "report={\"rounds\": 3, \"why\": \"so\", \"none\": None}")
    let (entry, arguments, _) = try describe(text, in: folder)
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 3))
    let result = try aggregate(&rule, Matrix(rows: [[1], [2], [3]]))
    #expect(
      result.verdicts == [
        Verdict(.downweighted, weight: 0.2, suspicion: 0.5),
        Verdict(.rejected, weight: 0), Verdict(.accepted, weight: 0.5, suspicion: 2),
      ])
    #expect(result.report == ["rounds": .number(3), "why": .text("so")])
  }

  @Test(arguments: [
    ("kept=[True]", "has 'kept' that are no list of 2 of true and false"),
    ("weights=[0.9, 0.9]", "has 'weights' that are below 0 or sum to more than 1"),
    ("suspicion=\"high\"", "has 'suspicion' that are no list of 2 numbers"),
    ("report=[1]", "has a 'report' that is no mapping of at most 100 values"),
  ])
  func verdictsThatMakeNoSenseAreAFault(more: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let (entry, arguments, _) = try describe(answering(more), in: folder)
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) { try aggregate(&rule) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func whatItIsTold() throws {
    let folder = try TemporaryFolder()
    // Anything that is not as it should be is an error of the worker.
    let text = answering(
      "",
      before: """
        assert hello["params"] == {"k": 3, "deep": {"a": [1, None]}}, hello
                assert hello["f"] == 1 and hello["rounds"] == 9 and hello["clients"] == 7, hello
                assert hello["dimension"] == 3 and hello["layers"] is None, hello
                assert message["ids"] == ["c0", "c1"], message
                assert message["weights"] == [0.5, 0.5] and message["round"] == 0, message
                assert 0 <= message["seed"] < 2**63 and message["seed"] != hello["seed"]
        """)
    let (entry, arguments, _) = try describe(
      text, in: folder, ["params": .text("{\"deep\":{\"a\":[1,null]},\"k\":3}"), "f": .integer(1)])
    var rule = try entry.make(
      arguments, DefenseSetup(participantCount: 2, clientCount: 7, roundCount: 9))
    #expect(try aggregate(&rule).update == [1, 1, 1])
  }

  @Test func aValueThatIsNotFiniteEndsTheTrial() throws {
    let folder = try TemporaryFolder()
    let text = WorkerScript.mean.replacingOccurrences(
      of: "save(", with: "result[1] = float('nan')\n        save(")
    let (entry, arguments, _) = try describe(text, in: folder)
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) { try aggregate(&rule) }
    #expect(error?.description == "external: result has a value that is not finite: nan at 1")
  }

  // MARK: - Lost workers

  @Test func aLostWorkerIsReplacedOnce() throws {
    let folder = try TemporaryFolder()
    // Ends in its second round, whenever it is started.
    let text = answering(
      "report={\"pid\": os.getpid()}", before: "if message[\"call\"] == 2: sys.exit(5)")
    let (entry, arguments, _) = try describe(text, in: folder)
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let first = try aggregate(&rule)
    let second = try aggregate(&rule, round: 1)
    #expect(first.update == second.update && first.report != second.report)
    let error = #expect(throws: DefenseError.self) { try aggregate(&rule, round: 2) }
    #expect(
      error?.description
        == "external: python3 worker.py: ended with status 5 instead of answering 'aggregate'")
  }

  @Test func aLostWorkerWithAMemoryInterruptsTheTrial() throws {
    let folder = try TemporaryFolder()
    let text = answering("", ready: "stateful=True", before: "sys.exit(5)")
    let (entry, arguments, _) = try describe(text, in: folder)
    #expect(entry.traits.contains(.stateful))
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) { try aggregate(&rule) }
    guard case .interrupted? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func anotherVersionThanPlannedIsAFault() throws {
    let folder = try TemporaryFolder()
    try folder.write("0", to: "count")
    let text = """
      count = int(open("count").read()) + 1
      open("count", "w").write(str(count))
      read()
      ready(version=str(count))
      read()
      """
    let (entry, arguments, _) = try describe(text, in: folder)
    var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) { try aggregate(&rule) }
    #expect(
      error?.description.contains("when the trial was planned: 'test', version '1'") == true)
  }

  // MARK: - Trials

  @Test(arguments: [true, false]) func aReusableWorkerIsKeptForTheNextTrial(isKept: Bool) throws {
    let folder = try TemporaryFolder()
    let text = answering(
      "report={\"pid\": os.getpid()}", ready: "reusable=\(isKept ? "True" : "False")")
    let (entry, arguments, _) = try describe(text, in: folder)
    var reports: [[String: ReportValue]] = []
    for _ in 0..<3 {
      var rule = try entry.make(arguments, DefenseSetup(participantCount: 2))
      reports.append(try aggregate(&rule).report)
    }
    #expect((reports[0] == reports[1]) == isKept && (reports[1] == reports[2]) == isKept)
  }

  @Test func twoTrialsAtOnceHaveAWorkerEach() throws {
    let folder = try TemporaryFolder()
    let (entry, arguments, _) = try describe(
      answering("report={\"pid\": os.getpid()}", ready: "reusable=True"), in: folder)
    var one = try entry.make(arguments, DefenseSetup(participantCount: 2))
    var other = try entry.make(arguments, DefenseSetup(participantCount: 2))
    let report = try aggregate(&one).report
    #expect(try aggregate(&other).report != report)
    #expect(try aggregate(&one, round: 1).report == report)
  }

  // MARK: - Who it is

  @Test func theFilesAreItsIdentity() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "data.txt")
    let files: [String: ArgumentValue] = ["files": .list([.text("data.txt")])]
    let first = try describe(answering(""), in: folder, files).identity
    #expect(first.values.keys.sorted() == ["exec", "files", "name", "version"])
    #expect(first.values["exec"]?.contains("\"python3\",\"sha256:") == true)
    let slower = files.merging(["timeout": .real(31)]) { $1 }
    #expect(try describe(answering(""), in: folder, slower).identity == first)
    #expect(try describe(answering("report={}"), in: folder, files).identity != first)
    try folder.write("2", to: "data.txt")
    #expect(try describe(answering(""), in: folder, files).identity != first)
    #expect(throws: ConfigurationError.self) {
      try describe(answering(""), in: folder, ["files": .list([.text("none.txt")])])
    }
  }

  @Test func whatCannotBeHadIsRefusedWhenItIsPlanned() throws {
    let folder = try TemporaryFolder()
    func reason(_ text: String, _ more: [String: ArgumentValue] = [:]) throws -> String {
      let error = #expect(throws: ConfigurationError.self) {
        try describe(text, in: folder, more)
      }
      return error?.description ?? ""
    }
    #expect(
      try reason(answering("", ready: "needs=[\"root-updates\"]"))
        == "external: python3 worker.py: needs 'root-updates'; did you mean 'root-update'?")
    #expect(try reason("sys.exit(1)").contains("ended with status 1 instead of answering 'hello'"))
    #expect(
      try reason(answering(""), ["memory": .text("much")])
        == "external: memory is 'much'; it has to be an amount of at least 1 MiB, such as 4GiB, "
        + "or none")
    let needs = try describe(
      answering("", ready: "needs=[\"root-update\", \"global-model\"]"), in: folder
    ).entry.needs
    #expect(needs == [.rootData, .rootUpdate, .model])
  }
}
