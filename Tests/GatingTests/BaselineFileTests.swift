import Diagnostics
import Foundation
import Results
import Testing
import _TestSupport

@testable import Gating

@Suite struct BaselineFileTests {
  /// A baseline with every kind of member.
  static func full() throws -> BaselineV1 {
    let axes = ["threat.malicious": "0.2", "clients": "20"]
    var records =
      Sample.trials("ipm/krum", ["accuracy": [0.1, 1e-7, 1], "asr": [0.25, nil, 0.75]])
      + Sample.trials("none/mean", ["accuracy": [1, 0.5]], seeds: [-3, 12], axes: axes)
    records[0].censored = ["asr"]
    var policy = Policy(
      alpha: 0.01, minSeeds: 2,
      reactions: .init(missing: .warn, extra: .ignore, inconclusive: .fail),
      metrics: [
        "accuracy": .init(better: .higher, abs: 0.01),
        "asr": .init(better: .lower, rel: 0.5, gate: false),
      ])
    policy.overrides = [
      .init(
        cells: CellFilter([
          "attack": .oneOf(["ipm", "a*"]), "defense": .oneOf(["krum"]),
          "threat.malicious": .between(min: 0.1, max: nil),
        ]), metrics: ["accuracy": .init(abs: 0.5, rel: 0.25, gate: true)],
        why: "ties \"between\" rows", until: "2026-12-31"),
      .init(
        cells: CellFilter(["clients": .oneOf(["20"])]), metrics: ["asr": .init(abs: 1)], why: "é"),
    ]
    let combinations: JSONValue = [
      ["axes": [:], "rounds": 60, "attacks": [["id": "ipm", "use": ["epsilon": 0.5]]]],
      [
        "axes": JSONValue(axes), "rounds": 60, "defenses": [["id": "mean", "use": ["id": "mean"]]],
      ],
    ]
    var baseline = try BaselineV1(
      recording: Sample.results(records, resolved: combinations), policy: policy,
      tool: "gauntlet 0.1.0", now: "2026-01-01T00:00:00Z", why: "first")
    baseline.history.append(.init(at: "2026-02-01T00:00:00Z", by: "ci", why: "second", cells: 1))
    return baseline
  }

  private static func lineless(_ baseline: BaselineV1) -> BaselineV1 {
    var baseline = baseline
    for index in baseline.cells.indices { baseline.cells[index].line = nil }
    return baseline
  }

  @Test func theTextReadsBackAsTheSameValue() throws {
    let baseline = try Self.full()
    let read = try BaselineV1(text: baseline.text, path: "b.json")
    #expect(Self.lineless(read) == baseline)
    #expect(read.text == baseline.text)
  }

  @Test(arguments: 1...10) func anyNumbersSurvive(number: UInt64) throws {
    var random = SeededGenerator(number)
    let records = (0..<4).flatMap { cell in
      Sample.trials(
        "a\(cell)/d",
        [
          "accuracy": (0..<5).map { _ in
            let value = Double(bitPattern: random.next())
            return value.isFinite && value != 0 ? value : nil
          }
        ])
    }
    let baseline = try Sample.baseline(records)
    let read = try BaselineV1(text: baseline.text, path: "b.json")
    #expect(read.cells.map(\.metrics) == baseline.cells.map(\.metrics))
    #expect(read.text == baseline.text)
  }

  @Test func theTextIsTheGolden() throws {
    let difference = Goldens.difference(try Self.full().text, from: "baseline.json")
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func everyCellHasItsLine() throws {
    let text = try Self.full().text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let read = try BaselineV1(text: text, path: "b.json")
    #expect(read.cells.count == 2)
    for cell in read.cells {
      let line = try #require(cell.line)
      #expect(lines[line - 1].hasPrefix("    \"\(cell.name)\": {\"seeds\": ["))
      #expect(lines.count { $0.contains("\"\(cell.name)\":") } == 1)
    }
    #expect(text.hasSuffix("}\n"))
  }

  @Test func anyLayoutIsRead() throws {
    let baseline = try Self.full()
    let data = try JSONSerialization.data(
      withJSONObject: JSONSerialization.jsonObject(with: Data(baseline.text.utf8)),
      options: [.prettyPrinted])
    let read = try BaselineV1(text: String(decoding: data, as: UTF8.self), path: "b.json")
    #expect(Self.lineless(read) == baseline)
  }

  @Test func filesAreRead() throws {
    let folder = try TemporaryFolder()
    let baseline = try Self.full()
    try folder.write(baseline.text, to: "b.json")
    #expect(Self.lineless(try BaselineV1(path: folder.path + "/b.json")) == baseline)
    try folder.write("", to: "empty.json")
    for (name, message) in [
      ("none.json", "no such file"), ("empty.json", "the file is empty"),
      ("", "is a folder, and a file is needed"),
    ] {
      let path = folder.path + "/" + name
      let error = #expect(throws: DocumentError.self) { try BaselineV1(path: path) }
      #expect(error?.description == "\(path): \(message)")
    }
  }
}
