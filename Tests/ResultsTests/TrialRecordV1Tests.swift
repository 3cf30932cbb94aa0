import Foundation
import Results
import Testing

@Suite struct TrialRecordV1Tests {
  @Test func lineHasEveryMemberInOrder() {
    let record = Fixtures.record(
      axes: ["threat.malicious": "0.2", "partition.alpha": "0.5"], resolved: ["gamma": 5])
    #expect(
      record.line == """
        {"absent":{"detection.auc":"the rule scores nobody"},"attack":"backdoor",\
        "axes":{"partition.alpha":"0.5","threat.malicious":"0.2"},\
        "cell":"backdoor/krum partition.alpha=0.5 threat.malicious=0.2","censored":[],\
        "defense":"krum","engine":1,"flags":[],"key":"\(Fixtures.key)",\
        "metrics":{"accuracy.final":0.875,"detection.auc":null},\
        "parameters_sha256":"\(String(Fixtures.key.reversed()))","resolved":{"gamma":5},\
        "rounds":60,"seed":1,"status":"ok","type":"trial"}
        """)
  }

  @Test func impliedAndMessageAreWrittenOnlyWhenTheySaySomething() {
    let plain = Fixtures.record().line
    #expect(!plain.contains("implied") && !plain.contains("message"))
    let record = Fixtures.record(status: .notApplicable, isImplied: true, message: "n < 2f + 3")
    #expect(record.line.contains(#""implied":true"#))
    #expect(record.line.contains(#""message":"n < 2f + 3""#))
    #expect(record.line.contains(#""status":"not-applicable""#))
    #expect(record.line.contains(#""parameters_sha256":null"#))
  }

  @Test(arguments: TrialStatus.allCases) func survivesARoundTrip(status: TrialStatus) throws {
    var record = Fixtures.record(
      axes: ["a": "b"], seed: -7, status: status, flags: ["oracle-f"], resolved: ["gamma": 0.1],
      isImplied: true, message: "line\nbreak")
    record.censored = ["persistence.lifespan"]
    let decoded = try #require(try TrialRecordV1(line: record.line))
    #expect(decoded == record)
    #expect(decoded.metrics["detection.auc"] == .some(nil), "a null is a value, not a gap")
    let encoded = try JSONEncoder().encode(record)
    #expect(try TrialRecordV1(line: String(decoding: encoded, as: UTF8.self)) == record)
  }

  @Test func unknownKeysAreIgnored() throws {
    let line = Fixtures.record().line.dropLast() + #","later":{"x":[1]}}"#
    let decoded = try TrialRecordV1(line: String(line))
    #expect(decoded == Fixtures.record())
  }

  @Test func aShortKeyDoesNotDecode() {
    let line = Fixtures.record().line.replacing(Fixtures.key, with: "abc")
    #expect(throws: JSONScanner.Problem.self) {
      try TrialRecordV1(line: String(line))
    }
  }

  @Test func whatNoFileCanHoldTraps() async {
    await #expect(processExitsWith: .failure) { _ = Fixtures.record(metrics: ["x": .nan]) }
    await #expect(processExitsWith: .failure) {
      _ = Fixtures.record(resolved: ["gamma": .infinity])
    }
    await #expect(processExitsWith: .failure) {
      _ = TrialRecordV1(
        key: "ABC", attack: "a", defense: "d", seed: 1, engine: 1, status: .ok)
    }
  }

  @Test func cellsNameEveryAxis() {
    #expect(TrialRecordV1.cellName(attack: "a", defense: "d") == "a/d")
    #expect(
      TrialRecordV1.cellName(attack: "a", defense: "d", axes: ["y": "2", "x": "1"])
        == "a/d x=1 y=2")
  }
}
