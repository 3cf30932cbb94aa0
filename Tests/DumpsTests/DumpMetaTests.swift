import Diagnostics
import Dumps
import Foundation
import Tensors
import Testing
import _TestSupport

/// `meta.json`, as hands write it.
@Suite struct DumpMetaTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func meta(_ text: String, rows: Int = 4, columns: Int = 6) throws -> DumpMeta {
    try folder.write(text, to: "meta.json")
    return try DumpMeta(
      path: folder.path + "/meta.json", rowCount: rows, columnCount: columns)
  }

  private func problems(_ text: String, rows: Int = 4, columns: Int = 6) throws -> [String] {
    let error = #expect(throws: DocumentError.self) {
      try meta(text, rows: rows, columns: columns)
    }
    return try #require(error).description.replacing(folder.path + "/", with: "")
      .split(separator: "\n").map(String.init)
  }

  @Test func threeLinesAreEnough() throws {
    let meta = try meta(
      """
      {"malicious": [2, 0],
       "round": 5,
       "seed": 7}
      """)
    #expect(meta.malicious == [0, 2] && meta.round == 5 && meta.seed == 7)
    #expect(meta.isInWindow && meta.acting == nil && meta.weights == nil && meta.layout == nil)
    #expect(try self.meta("{}").malicious == nil)
  }

  @Test func masksAreReadAsRows() throws {
    #expect(try meta("{\"malicious\": [false, true, false, true]}").malicious == [1, 3])
    #expect(try meta("{\"malicious\": []}").malicious == [])
    #expect(
      try meta("{\"malicious\": [1, 3], \"acting\": [false, false, false, true]}").acting == [3])
  }

  @Test func everythingIsRead() throws {
    let meta = try meta(
      """
      {"schema": "gauntlet/dump/1", "ids": ["a", 7, "c", "d"], "clients": [3, 1, 4, 0],
       "client_count": 9, "participants": 6, "samples": [1, 2, 3, 4], "weights": [0, 0.5, 1e-3, 2],
       "rounds": 8, "f": 1,
       "window": false, "cell": "x/y", "trial": "t", "engine": 3, "seed": "18446744073709551615",
       "aggregate_sha256": "ab", "note": "by hand",
       "layers": [{"name": "w", "shape": [2, 2]}, {"name": "b", "shape": [2], "role": "output-bias"}]}
      """)
    #expect(meta.ids == ["a", "7", "c", "d"] && meta.clients == [3, 1, 4, 0])
    #expect(meta.participantCount == 6)
    #expect(meta.clientCount == 9 && meta.samples == [1, 2, 3, 4])
    #expect(meta.weights == [0, 0.5, 1e-3, 2] && meta.rounds == 8 && meta.declaredByzantine == 1)
    #expect(!meta.isInWindow && meta.cell == "x/y" && meta.trial == "t" && meta.engine == 3)
    #expect(meta.seed == .max && meta.aggregateSHA256 == "ab")
    #expect(
      meta.layout?.segments == [
        .init(name: "w", role: .weight, shape: [2, 2], range: 0..<4),
        .init(name: "b", role: .outputBias, shape: [2], range: 4..<6),
      ])
  }

  /// One error names all that is wrong, each with its place.
  @Test func allMistakesAreToldAtOnce() throws {
    let problems = try problems(
      """
      {"malicous": [0],
       "acting": [9],
       "ids": ["a", "a", "b", "c"],
       "weights": [1, 1, 1],
       "samples": [1, 2, -3, 4],
       "round": 8, "rounds": 8,
       "window": "yes",
       "seed": -1,
       "f": 1.5,
       "layers": [{"name": "w", "shape": [2, 3]}, {"name": "b", "shap": [2]}]}
      """)
    #expect(
      problems == [
        "meta.json:1:2: unknown key 'malicous'; did you mean 'malicious'?",
        "meta.json:2:13: acting has '9'; it has to name rows from 0 to 3, or to have true or false "
          + "for each",
        "meta.json:3:15: ids has 'a' twice",
        "meta.json:4:13: weights has 3 entries, and there are 4 rows",
        "meta.json:5:20: samples has '-3', which is not a whole number from 0 on",
        "meta.json:6:11: round is 8, and the run has 8, from 0",
        "meta.json:7:12: window has to be true or false, not the text 'yes'",
        "meta.json:8:10: seed has to be a whole number from 0 on, not '-1'",
        "meta.json:9:7: f has to be a whole number from 0 to 1000000, not '1.5'",
        "meta.json:10:59: unknown key 'layers[1].shap'; did you mean 'shape'?",
      ], "\(problems.joined(separator: "\n"))")
  }

  @Test func mistakesInListsAreTold() throws {
    for (text, message) in [
      ("{\"malicious\": [1, 1]}", "malicious names row 1 twice"),
      ("{\"malicious\": [true, false]}", "malicious has 2 entries, and there are 4 rows"),
      ("{\"malicious\": {\"a\": 1}}", "malicious has to be a list, not a mapping"),
      ("{\"malicious\": [0], \"acting\": [1]}", "acting names a row that malicious does not name"),
      ("{\"weights\": [0, 0, 0, 0]}", "weights are all 0"),
      ("{\"weights\": [1, 1, 1, .inf]}", "weights has '.inf', which is not a number from 0"),
      ("{\"weights\": [1, 1, 1, -1]}", "weights has '-1', which is not a number from 0"),
      ("{\"clients\": [0, 1, 2, 99999999999]}", "clients has '99999999999'"),
      ("{\"participants\": 3}", "participants has to be a whole number from 4"),
      (
        "{\"participants\": 9, \"client_count\": 8}", "participants is 9, and client_count is 8"
      ),
      ("{\"client_count\": 3}", "client_count has to be a whole number from 4"),
      ("{\"layers\": [{\"name\": \"w\", \"shape\": [7]}]}", "layers do not take the 6 values"),
      (
        "{\"layers\": [{\"name\": \"w\", \"shape\": [4611686018427387904, 4, 6]}]}",
        "layers do not take the 6 values"
      ),
      (
        "{\"layers\": [{\"name\": \"w\", \"shape\": [3]}, {\"name\": \"w\", \"shape\": [3]}]}",
        "layers has a name twice"
      ),
      (
        "{\"layers\": [{\"name\": \"w\", \"shape\": [6], \"role\": \"wieght\"}]}",
        "layers[0].role is the text 'wieght'; did you mean 'weight'?"
      ),
      ("{\"schema\": \"gauntlet/dump/2\"}", "this version reads 'gauntlet/dump/1'"),
      ("[1]", "the file has to be a mapping, not a list"),
      ("{\"round\": 1, \"round\": 2}", "given twice"),
      ("{\"clients\": [0, 4, 1, 5], \"client_count\": 5}", "clients has 5, and client_count is 5"),
      ("{\"round\": [", "is not JSON: while parsing"),
      (String(repeating: "[", count: 5_000), "meta.json: is not JSON: nested too deeply"),
      ("", "the file is empty"),
    ] {
      let problems = try problems(text)
      #expect(problems.count == 1 && problems[0].contains(message), "\(problems)")
    }
  }

  @Test func filesThatAreNoneAreRefused() throws {
    let path = folder.path + "/meta.json"
    try Data([0x7b, 0xff, 0x7d]).write(to: URL(fileURLWithPath: path))
    func message() throws -> String {
      let error = #expect(throws: DocumentError.self) {
        try DumpMeta(path: path, rowCount: 1, columnCount: 1)
      }
      return try #require(error).description
    }
    #expect(try message() == "\(path): is not UTF-8 text")
    try Data(repeating: 0x20, count: 1 << 20 + 1).write(to: URL(fileURLWithPath: path))
    #expect(try message() == "\(path): cannot be read: is larger than 1 MiB")
    try FileManager.default.removeItem(atPath: path)
    // A pipe would be waited for without an end.
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(try message() == "\(path): cannot be read: is a pipe, and a regular file is needed")
  }
}
