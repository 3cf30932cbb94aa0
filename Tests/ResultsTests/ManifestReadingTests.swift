import Foundation
import Testing

@testable import Results

@Suite struct ManifestReadingTests {
  private func slowly(_ text: String) throws -> RunManifestV1 {
    try JSONDecoder().decode(RunManifestV1.self, from: Data(text.utf8))
  }

  @Test func theQuickWayReadsWhatTheSlowOneDoes() throws {
    var manifest = Fixtures.manifest(axes: ["a": "1"])
    manifest.shard = .init(number: 2, count: 3, first: 4, trials: 4, planned: 12)
    manifest.withoutRounds = true
    manifest.altered = ["rounds.csv"]
    manifest.finished = manifest.started
    manifest.scenario.resolved = [
      ["axes": [:], "x": [1, 0.5, 1e300, -3], "text": "é \" \\ \u{1}", "none": nil, "yes": true]
    ]
    let text = try manifest.text()
    #expect(RunManifestV1(quickly: Array(text.utf8)) == manifest)
    #expect(try slowly(text) == manifest)
    // However a whole number is written.
    for number in ["2", "2.0", "2e0", "20e-1", "9007199254740993", "1e19", "-0.0"] {
      let odd = text.replacing("0.5", with: number)
      #expect(try RunManifestV1(quickly: Array(odd.utf8)) == slowly(odd), "\(number)")
    }
  }

  @Test func whatIsWrongIsLeftToTheSlowOne() throws {
    let text = try Fixtures.manifest.text()
    for (old, new) in [
      ("\"engine\" : ", "\"engine\" : \"\","), ("gauntlet/results/1", "gauntlet/results/2"),
      ("\"resolved\"", "\"unresolved\""), ("\"started\"", "\"begun\""), ("}\n", ""),
    ] {
      let broken = text.replacing(old, with: new)
      #expect(broken != text, "\(old)")
      #expect(RunManifestV1(quickly: Array(broken.utf8)) == nil, "\(new)")
    }
  }
}
