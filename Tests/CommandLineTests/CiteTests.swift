import Foundation
import Testing
import _TestSupport

@Suite(.recordedResults) struct CiteTests {
  private struct Listed: Decodable { let id: String }

  private func cite(_ line: String, in folder: TemporaryFolder) throws -> Program.Outcome {
    try Program.run(["cite"] + line.split(separator: " ").map(String.init), in: folder.path)
  }

  /// The entries of a bibliography by key: the type and what stands in the fields.
  private func entries(_ text: String) throws -> [String: (type: String, body: String)] {
    var found: [String: (type: String, body: String)] = [:]
    for match in text.matches(of: /(?ms)^@([a-z]+)\{([^,\n]+),\n(.*?)^\}$/) {
      let key = String(match.2)
      #expect(found[key] == nil, "\(key) twice")
      found[key] = (String(match.1), String(match.3))
    }
    return found
  }

  @Test func papersOfTheMethodsThatAreThere() throws {
    let folder = try RecordedResults.copy()
    let cited = try cite("results", in: folder)
    #expect(cited.status == 0 && cited.errors.isEmpty)
    #expect(
      try entries(cited.output).keys.sorted() == [
        "bagdasaryan2020backdoor", "blanchard2017machine", "gauntlet", "gu2017badnets",
        "mcmahan2017communication",
      ])
    #expect(cited.output.contains("% krum (defense)\n@inproceedings{blanchard2017machine,"))
    #expect(cited.output.contains("% none (attack): None: the base line of every comparison.\n"))
    #expect(cited.output.contains("% gaussian-classes (data set): "))
    #expect(!cited.output.contains("median"))
  }

  @Test func everythingHasAKeyOfItsOwn() throws {
    let folder = try TemporaryFolder()
    let cited = try cite("--all", in: folder)
    #expect(cited.status == 0 && cited.errors.isEmpty)
    let entries = try entries(cited.output)
    #expect(entries.count > 60 && entries.count == cited.outputLines.count { $0.hasPrefix("@") })
    for (key, entry) in entries {
      // A letter or number behind a key would depend on what else is cited.
      #expect(key.wholeMatch(of: /[a-z]+[0-9]{4}[a-z0-9]+|gauntlet/) != nil, "\(key)")
      #expect(entry.body.unicodeScalars.allSatisfy { $0.isASCII })
      #expect(entry.body.count { $0 == "{" } == entry.body.count { $0 == "}" }, "\(key)")
    }
    for (kind, name) in [
      ("attacks", "attack"), ("modifiers", "modifier"), ("defenses", "defense"),
      ("stages", "stage"), ("finishers", "finisher"), ("datasets", "data set"),
    ] {
      let list = try Program.run(["list", kind, "--format", "json"], in: folder.path)
      // A method of the user's own has no paper that we know.
      for listed in try JSONDecoder().decode([Listed].self, from: Data(list.output.utf8))
      where listed.id != "external" {
        #expect(cited.output.contains("\(listed.id) (\(name))"), "\(listed.id)")
      }
    }
  }

  @Test(arguments: [
    ("yin2018byzantine", "inproceedings", "booktitle = {ICML}"),
    ("pillutla2022robust", "article", "journal = {IEEE Transactions on Signal Processing}"),
    ("lecun1998gradient", "article", "journal = {Proceedings of the IEEE}"),
    ("gu2017badnets", "misc", "eprint = {1708.06733}"),
    ("alpaydin1998optical", "misc", "howpublished = {UCI Machine Learning Repository}"),
    ("nguyen2022flame", "inproceedings", "M{\\\"{o}}llering"),
  ])
  func entriesAreOfTheirVenue(key: String, type: String, part: String) throws {
    let folder = try TemporaryFolder()
    let entry = try entries(try cite("--all", in: folder).output)[key]
    #expect(entry?.type == type)
    #expect(entry?.body.contains(part) == true, "\(entry?.body ?? "")")
  }

  /// The file at the top of the repository says the same.
  @Test func theProgramIsCitedAsItsFileSays() throws {
    let path = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("CITATION.cff")
    let file = try String(contentsOf: path, encoding: .utf8)
    let lines = file.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    func value(_ key: String) throws -> String {
      let line = try #require(lines.first { $0.hasPrefix("\(key): ") })
      return String(line.dropFirst(key.count + 2))
    }
    let folder = try TemporaryFolder()
    let entry = try #require(try entries(try cite("--all", in: folder).output)["gauntlet"])
    for (key, start, end) in [
      ("- name", "author = {{", "}}"), ("title", "title = {{", "}}"), ("version", "version ", "}"),
    ] {
      let part = start + (try value(key)) + end
      #expect(entry.body.contains(part), "\(part)")
    }
    let abstract = try #require(lines.firstIndex(of: "abstract: >-"))
    #expect(entry.body.contains("note = {\(lines[abstract + 1])}"))
  }

  @Test func textHasOneLinePerPaper() throws {
    let folder = try RecordedResults.copy()
    let cited = try cite("results --format text", in: folder)
    #expect(cited.status == 0)
    #expect(cited.outputLines.count == 5 + 2)
    #expect(cited.output.contains("NeurIPS 2017. arXiv:1703.02757 [krum (defense)]\n"))
  }

  @Test func settingsSayWhereTheyComeFrom() throws {
    let folder = try TemporaryFolder()
    let scenario = TestScenario.tiny("  - backdoor", "  - {use: backdoor, id: b, cite: \"@x\\ny\"}")
    try folder.write(scenario, to: "tiny.yaml")
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "results", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let cited = try cite("results", in: folder)
    #expect(cited.output.contains("% Settings of 'b' in the scenario 'tiny': (at)x\\u{a}y\n"))
  }

  @Test(arguments: [("", 64), ("--all results", 64), ("nothing", 1), ("--format bib --all", 64)])
  func wrongUsage(line: String, status: Int) throws {
    let folder = try RecordedResults.copy()
    let cited = try cite(line, in: folder)
    #expect(cited.status == Int32(status) && cited.output.isEmpty && !cited.errors.isEmpty)
  }
}
