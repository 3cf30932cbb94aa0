import Testing
import _TestSupport

@testable import Results

/// Reading the values of `rounds.csv`.
@Suite struct RoundsReaderTests {
  private let folder: TemporaryFolder
  private let trials = [1, 2].map { Fixtures.trial($0) }

  init() throws { folder = try TemporaryFolder() }

  private struct Row: Equatable {
    var trial: Int
    var round: Int
    var values: [Double?]

    init(_ trial: Int, _ round: Int, _ values: [Double?]) {
      self.trial = trial
      self.round = round
      self.values = values
    }
  }

  private func read(
    _ text: String, _ records: [TrialRecordV1]? = nil, _ series: [String] = ["accuracy", "loss"]
  ) throws -> (rows: [Row], absence: RoundsReader.Absence?) {
    try folder.write(text, to: "rounds.csv")
    var rows: [Row] = []
    let absence = try RoundsReader(folder: folder.path).read(records ?? trials, series: series) {
      trial, round, values throws(ResultError) in
      rows.append(Row(trial, round, values.map { $0.isNaN ? nil : $0 }))
    }
    return (rows, absence)
  }

  private func start(_ trial: TrialRecordV1, _ layout: RoundsLayout = Fixtures.layout) -> String {
    layout.start(of: trial)
  }

  @Test func numbersOfAnyFormComeBack() throws {
    let start = start(trials[0])
    let (rows, absence) = try read(
      Fixtures.layout.header
        + "\(start)0,0.25,-1\n\(start)3,1e-7,\n\(start)12,,1.5e+39\n\(start)13,0.22005571,16777216\n"
    )
    #expect(absence == nil)
    #expect(
      rows == [
        Row(0, 0, [0.25, -1]), Row(0, 3, [1e-7, nil]), Row(0, 12, [nil, 1.5e39]),
        Row(0, 13, [0.22005571, 16_777_216]),
      ])
  }

  @Test func columnsComeInTheOrderThatIsAsked() throws {
    let text = Fixtures.layout.header + "\(start(trials[1]))0,1,2\n"
    #expect(
      try read(text, nil, ["loss", "none", "accuracy", "loss"]).rows == [Row(1, 0, [2, nil, 1, 2])])
    #expect(try read(text, nil, []).rows == [Row(1, 0, [])])
  }

  @Test func aWriterIsReadBack() throws {
    let series = ["accuracy", "a,b", "\"", "c\nd"]
    let layout = RoundsLayout(axes: ["threat.a,\"b\"", "x\ny"], series: series)
    let names = ["plain", "a,b", "\"", "a\r\nb", "=cmd()", "", "<b>\u{202e}é"]
    let records = names.enumerated().map { place, name in
      Fixtures.record(
        key: Fixtures.key(place), attack: name, defense: names[names.count - 1 - place],
        axes: ["x\ny": name, "threat.a,\"b\"": "1"])
    }
    let rounds = (0..<2).map { round in
      RoundRecordV1(round: round, values: ["accuracy": 0.5, "c\nd": Double(round)])
    }
    let text = layout.header + records.map { layout.lines(rounds, of: $0) }.joined()
    let (rows, absence) = try read(text, records.reversed(), series)
    #expect(absence == nil)
    #expect(
      rows
        == records.indices.flatMap { trial in
          (0..<2).map { Row(names.count - 1 - trial, $0, [0.5, nil, nil, Double($0)]) }
        })
  }

  @Test func rowsOfOtherTrialsArePassedOver() throws {
    let text =
      Fixtures.layout.header + "something else\n" + Fixtures.lines([trials[1]])
      + "\(start(trials[0]))x\n"
    #expect(try read(text, [trials[1]]).rows.map(\.round) == [0, 1])
    let failed = Fixtures.trial(2, status: .error)
    #expect(try read(Fixtures.layout.header + Fixtures.lines([trials[1]]), [failed]).rows.isEmpty)
  }

  @Test func aRowThatBreaksOffIsPassedOver() throws {
    let text = Fixtures.layout.header + Fixtures.lines(trials)
    for count in 1...10 {
      #expect(try read(String(text.dropLast(count))).rows.count == 3)
    }
    #expect(try read(String(Fixtures.layout.header.dropLast())).absence == .missing)
  }

  @Test func anotherFormIsToldApart() throws {
    let reader = RoundsReader(folder: folder.path)
    #expect(try reader.read(trials, series: []) { _, _, _ throws(ResultError) in } == .missing)
    #expect(try read("").absence == .missing)
    #expect(try read("key,cell,seed,round,metric,value\nx\n").absence == .long)
    #expect(try read("a,b\n1,2\n").absence == .foreign)
    #expect(try read("\"\n" + Fixtures.layout.header).absence == .missing)
    #expect(RoundsReader.Absence.missing.description == "there is no rounds.csv")
  }

  private static let problems: [(String, Int, String)] = [
    ("0,1\n", 2, "has 6 fields, and the first line 7"),
    ("0,1,2,3\n", 2, "has 8 fields, and the first line 7"),
    ("x,1,2\n", 2, "a number is needed, not 'x'"),
    ("0.5,1,2\n", 2, "'0.5' is not a whole number"),
    ("-1,1,2\n", 2, "the round is -1"),
    ("0,nan,2\n", 2, "a number is needed, not 'nan'"),
    ("0,1e999,2\n", 2, "the number '1e999' is too large"),
    ("0,1 2,2\n", 2, "something follows the end"),
    ("0,1,2\n!0,1,2\n", 3, "round 0 of a trial comes after its round 0"),
    ("3,1,2\n!2,1,2\n", 3, "round 2 of a trial comes after its round 3"),
  ]

  @Test(arguments: problems) func whatIsNoRowIsRefused(
    _ rows: String, _ line: Int, _ reason: String
  ) throws {
    let start = start(trials[0])
    let text = Fixtures.layout.header + start + rows.replacing("!", with: start)
    #expect(
      throws: ResultError.malformed(
        path: folder.path + "/rounds.csv", line: line, reason: reason)
    ) { try read(text) }
  }

  @Test func linesAreThoseOfTheFile() throws {
    let layout = RoundsLayout(axes: ["x"], series: ["accuracy"])
    let record = Fixtures.record(axes: ["x": "a\nb\nc"])
    let start = layout.start(of: record)
    #expect(
      throws: ResultError.malformed(
        path: folder.path + "/rounds.csv", line: 5, reason: "a number is needed, not '?'")
    ) { try read(layout.header + start + "0,1\n" + start + "1,?\n", [record], ["accuracy"]) }
  }

  @Test func rowsAcrossPiecesOfTheFileAreWhole() throws {
    // 100,000 rows of about 30 bytes are three pieces.
    let start = start(trials[0])
    var text = Fixtures.layout.header
    for round in 0..<100_000 { text += "\(start)\(round),\(round),\n" }
    let rows = try read(text).rows
    #expect(rows.count == 100_000)
    #expect(rows.indices.allSatisfy { rows[$0] == Row(0, $0, [Double($0), nil]) })
  }

  @Test func aRowWithoutEndIsRefused() throws {
    let text = Fixtures.layout.header + "\"" + String(repeating: "a\n", count: 9 << 20)
    #expect(throws: ResultError.self) { try read(text) }
  }
}
