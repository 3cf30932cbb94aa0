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
      """
    let error = #expect(throws: DocumentError.self) { try Entry(text: text, path: "e.yaml") }
    let lines = try #require(error).description.split(separator: "\n").map(String.init)
    for part in [
      "e.yaml:2:1: unknown key 'nam'; did you mean 'name'?", "submitter has to be a text",
      "paper is missing", "e.yaml:7:10: results has to be a folder in the entry",
      "preliminary has to be true or false", "links has to be a list",
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
