import Diagnostics
import Leaderboards
import Testing

@Suite struct EntryTests {
  private static let plain = Entry(
    name: "Krum", submitter: "A. Author", paper: "Blanchard 2017", licence: "MIT",
    defense: "krum", version: "1")

  @Test(arguments: Sample.hostile) func everyTextComesBack(text: String) throws {
    var entry = Self.plain
    entry.name = text
    entry.submitter = text
    entry.paper = text
    entry.note = text
    entry.links = [text]
    entry.content = [text]
    entry.flags = [text, "b"]
    entry.isPreliminary = true
    entry.results = "../common/full"
    entry.recomputed = [
      .init(
        date: text, tool: text, engine: 3, sampled: 2, total: 9, agreed: 1, seed: 4,
        trialsSHA256: text)
    ]
    #expect(try Entry(text: entry.yaml, path: "e") == entry)
  }

  @Test func everyMistakeIsToldWithItsPlace() throws {
    let text = """
      schema: gauntlet/entry/1
      nam: Krum
      submitter: [a]
      licence: MIT
      defense: krum
      version: 1
      results: ../../etc
      preliminary: perhaps
      links: here
      recomputed:
        - {date: 2026-01-01, tool: t, engine: 3, sampled: 5, of: 4, agreed: 6, seed: 1}
      """
    let error = #expect(throws: DocumentError.self) { try Entry(text: text, path: "e.yaml") }
    let lines = try #require(error).description.split(separator: "\n").map(String.init)
    for part in [
      "e.yaml:2:1: unknown key 'nam'; did you mean 'name'?", "submitter has to be a text",
      "paper is missing", "e.yaml:7:10: results has to be a folder in the entry",
      "preliminary has to be true or false", "links has to be a list",
      "agreed is at most sampled", "recomputed[0].trials-sha256 is missing",
    ] {
      #expect(lines.contains { $0.contains(part) }, "\(part) in \(lines)")
    }
  }

  @Test(arguments: ["/etc", "..", "a/../b", "../..", "./a", "a//b", "../a/.."])
  func resultsLieInOrBesideTheEntry(path: String) throws {
    let yaml = Self.plain.yaml + "results: \"\(path)\"\n"
    #expect(throws: DocumentError.self) { try Entry(text: yaml, path: "e") }
  }

  @Test func anotherFormatIsRefusedAtOnce() throws {
    let error = #expect(throws: DocumentError.self) {
      try Entry(text: "schema: gauntlet/entry/2\nx: 1\n", path: "e")
    }
    #expect(try #require(error).problems.count == 1)
  }
}
