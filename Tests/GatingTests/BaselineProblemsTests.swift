import Diagnostics
import Foundation
import Results
import Testing
import _TestSupport

@testable import Gating

/// Everything that can be wrong with a baseline file, with the line that the user is told.
@Suite struct BaselineProblemsTests {
  /// A good file; each case replaces one part of it.
  static let good = """
    {
      "schema": "gauntlet/baseline/1",
      "made": {
        "tool": "gauntlet 0.1.0",
        "at": "2026-01-01T00:00:00Z",
        "engine": 1,
        "scenario": "core",
        "data": [{"name":"digits","sha256":"d1","rows":1797}],
        "settings": [{"axes":{},"scenario":{"rounds":60},"attacks":{},"defenses":{}}]
      },
      "policy": {
        "alpha": 0.05,
        "min_seeds": 3,
        "missing": "fail",
        "extra": "warn",
        "inconclusive": "warn",
        "metrics": {
          "accuracy.final": {"better": "higher", "abs": 0.01},
          "asr.final": {"better": "lower", "abs": 0.02, "rel": 0.1, "gate": true}
        },
        "overrides": [
          {"where":{"attack":"alie"},"metrics":{"asr.final":{"abs":0.1}},"why":"ties","until":"2026-12-31"}
        ]
      },
      "history": [{"at":"2026-01-01T00:00:00Z","by":null,"why":"first","cells":2}],
      "cells": {
        "alie/krum": {"seeds": [1,2,3], "accuracy.final": [0.5,0.6,null], "asr.final": [0.1,0.2,0.3], "parameters": ["ab","cd","ef"]},
        "none/mean": {"seeds": [1,2,3], "accuracy.final": [0.9,0.9,0.9]}
      }
    }
    """

  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var messages: [String]
    var testDescription: String { messages.joined(separator: "; ") }

    init(_ old: String, _ new: String, _ messages: String...) {
      (self.old, self.new, self.messages) = (old, new, messages)
    }
  }

  static let cases: [Case] = [
    // Numbers that are none.
    .init("[0.5,0.6,null]", "[0.5,NaN,null]", "27: a number is needed, not 'NaN,null], \"'"),
    .init(
      "[0.5,0.6,null]", "[0.5,-Infinity,1]", "27: a number is needed, not '-Infinity,1]'"),
    .init("[0.5,0.6,null]", "[0.5,1e999,1]", "27: the number '1e999' is too large"),
    .init("[0.5,0.6,null]", "[0.5,\"x\",1]", "27: a number is needed, not '\"x\",1], \"asr'"),
    .init("\"engine\": 1,", "\"engine\": 1.5,", "6: '1.5' is not a whole number"),
    // Twice.
    .init("\"none/mean\"", "\"alie/krum\"", "28: the key 'alie/krum' is given twice"),
    .init("\"alpha\": 0.05,", "\"min_seeds\": 3,", "13: the key 'min_seeds' is given twice"),
    .init(
      "\"asr.final\": [0.1", "\"seeds\": [0.1", "27: the key 'seeds' is given twice"),
    // Unknown.
    .init(
      "\"min_seeds\": 3", "\"min_seed\": 3",
      "13: unknown key 'policy.min_seed'; did you mean 'min_seeds'?"),
    .init("\"history\"", "\"histroy\"", "25: unknown key 'histroy'; did you mean 'history'?"),
    .init(
      "\"tool\": \"gauntlet 0.1.0\",", "\"tool\": \"x\", \"tol\": [1, {\"a\": 2}],",
      "4: unknown key 'made.tol'; did you mean 'tool'?"),
    .init(
      "\"abs\": 0.01}", "\"abs\": 0.01, \"gated\": true}",
      "18: unknown key 'policy.metrics.accuracy.final.gated'; did you mean 'gate'?"),
    .init(
      "\"until\":", "\"untill\":", "22: unknown key 'overrides.untill'; did you mean 'until'?"),
    .init(
      "{\"abs\":0.1}", "{\"abss\":0.1}",
      "22: unknown key 'overrides.metrics.asr.final.abss'; did you mean 'abs'?"),
    .init("\"rows\":", "\"row\":", "8: unknown key 'made.data.row'; did you mean 'rows'?"),
    .init(
      "\"axes\":{},", "\"axis\":{},",
      "9: unknown key 'made.settings.axis'; did you mean 'axes'?"),
    .init(
      "\"asr.final\": [0.1", "\"asr.fnal\": [0.1",
      "27: 'asr.fnal' is not among policy.metrics; did you mean 'asr.final'?"),
    .init(
      "{\"asr.final\":{\"abs\":0.1}}", "{\"asr\":{\"abs\":0.1}}",
      "an override names 'asr', which is not among policy.metrics; known: accuracy.final, asr.final"
    ),
    // Another version is told at once, whatever follows.
    .init(
      "gauntlet/baseline/1\",", "gauntlet/baseline/2\", \"what\": 1,",
      "2: has the format 'gauntlet/baseline/2'; this version reads 'gauntlet/baseline/1'"),
    // Missing.
    .init("\"schema\": \"gauntlet/baseline/1\",", "", "'schema' is missing"),
    .init("\"engine\": 1,", "", "3: 'made.engine' is missing"),
    .init("\"sha256\":\"d1\",", "", "8: 'made.data.sha256' is missing"),
    .init(
      "{\"better\": \"higher\", \"abs\"", "{\"abs\"",
      "18: 'policy.metrics.accuracy.final.better' is missing: higher, lower or none"),
    .init("\"where\":{\"attack\":\"alie\"},", "", "22: an override without 'where'"),
    .init("\"metrics\":{\"asr.final\":{\"abs\":0.1}},", "", "22: an override without 'metrics'"),
    .init("\"why\":\"ties\",", "", "22: an override without 'why': give the reason"),
    // Illegal.
    .init("0.05", "0", "12: policy.alpha has to be a number above 0 and at most 0.5"),
    .init("0.05", "0.6", "12: policy.alpha has to be a number above 0 and at most 0.5"),
    .init("\"min_seeds\": 3", "\"min_seeds\": 1", "13: policy.min_seeds has to be at least 2"),
    .init(
      "\"missing\": \"fail\"", "\"missing\": \"ignore\"",
      "14: policy.missing is 'ignore'; it has to be one of 'fail', 'warn'"),
    .init(
      "\"extra\": \"warn\"", "\"extra\": \"wran\"",
      "15: policy.extra is 'wran'; it has to be one of 'fail', 'warn', 'ignore'"),
    .init(
      "\"better\": \"higher\"", "\"better\": \"up\"",
      "18: policy.metrics.accuracy.final.better is 'up'; it has to be higher, lower or none"),
    .init(
      "\"abs\": 0.01", "\"abs\": -0.01",
      "18: policy.metrics.accuracy.final.abs has to be a number of at least 0"),
    .init("\"gate\": true", "\"gate\": 1", "19: true or false is needed, not '1}'"),
    .init(
      "2026-12-31", "31.12.2026",
      "22: overrides.until is '31.12.2026'; it has to be a day such as 2026-12-31"),
    .init(
      "2026-12-31", "2026-13-01",
      "22: overrides.until is '2026-13-01'; it has to be a day such as 2026-12-31"),
    .init(
      "{\"attack\":\"alie\"}", "{\"attack\":{\"mn\":1}}",
      "22: overrides.where: 'mn' is not min or max with a number"),
    .init(
      "{\"attack\":\"alie\"}", "{\"attack\":[]}", "22: overrides.where: a list of texts is needed"),
    .init(
      "{\"attack\":\"alie\"}", "{\"attack\":null}",
      "22: overrides.where: a text, a list of texts or {min, max} is needed"),
    // Cells.
    .init(
      "\"seeds\": [1,2,3], \"accuracy.final\": [0.9", "\"seeds\": [1,2], \"accuracy.final\": [0.9",
      "28: the cell 'none/mean': accuracy.final has 3 values for 2 seeds"),
    .init(
      "\"seeds\": [1,2,3], \"accuracy.final\": [0.9",
      "\"seeds\": [3,2,1], \"accuracy.final\": [0.9",
      "28: the cell 'none/mean': the seeds have to ascend, each once"),
    .init(
      "\"seeds\": [1,2,3], \"accuracy.final\": [0.9",
      "\"seeds\": [1,2,2], \"accuracy.final\": [0.9",
      "28: the cell 'none/mean': the seeds have to ascend, each once"),
    .init(
      "\"seeds\": [1,2,3], \"accuracy.final\": [0.9,0.9,0.9]", "\"accuracy.final\": []",
      "28: the cell 'none/mean' has no seeds"),
    .init(
      "\"ab\",\"cd\",\"ef\"", "\"ab\"",
      "27: the cell 'alie/krum': parameters has another number of entries than seeds"),
    .init(
      "\"none/mean\"", "\"none\"",
      "28: the cell 'none' has to be named attack/defense, with its axes behind it"),
    .init(
      "\"none/mean\"", "\"none/mean clients=20\"",
      "28: the cell 'none/mean clients=20' has to be named attack/defense, with its axes behind it"),
    // Not JSON.
    .init("\"core\",", "\"core\"", "8: ',' or '}' is needed, not '\"data\": [{\"n'"),
    .init("[1,2,3], \"acc", "[1,2,3,], \"acc", "27: a number is needed, not '], \"accuracy'"),
    .init("\"core\"", "\"co\tre\"", "7: a control character inside a text"),
    .init("\"core\"", "core", "7: a text is needed, not 'core,'"),
    .init("0.9,0.9]}\n  }\n}", "0.9,0.9]}\n  }\n}\n}", "31: something follows the end"),
    .init(
      "\"rounds\":60", "\"rounds\":\(String(repeating: "[", count: 600))",
      "9: is nested too deeply"),
    // Several at once.
    .init(
      "\"min_seeds\": 3,\n    \"missing\": \"fail\"",
      "\"min_seeds\": 0,\n    \"missing\": \"pass\"",
      "13: policy.min_seeds has to be at least 2",
      "14: policy.missing is 'pass'; it has to be one of 'fail', 'warn'"),
  ]

  private static func messages(_ text: String) -> [String]? {
    do {
      _ = try BaselineV1(text: text, path: "b.json")
      return nil
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test func theGoodFileIsGood() throws {
    #expect(Self.messages(Self.good) == nil)
    #expect(try BaselineV1(text: Self.good, path: "b").cells.map(\.line) == [27, 28])
  }

  @Test(arguments: cases) func everyProblemHasItsLine(_ problem: Case) throws {
    let parts = Self.good.components(separatedBy: problem.old)
    try #require(parts.count > 1, "the case replaces nothing")
    let text = parts[0] + problem.new + parts.dropFirst().joined(separator: problem.old)
    let expected = problem.messages.map { message in
      message.first?.isNumber == true ? "b.json:\(message)" : "b.json: \(message)"
    }
    #expect(Self.messages(text) == expected)
  }

  @Test(arguments: ["null", "[]", "3", "x", "{", "{\"schema\"", "\u{FEFF}{}"])
  func whatIsNoBaselineIsRefused(text: String) {
    #expect(Self.messages(text)?.isEmpty == false)
  }

  @Test func anEmptyFileIsToldSo() {
    #expect(Self.messages("") == ["b.json: the file is empty"])
    #expect(
      Self.messages("{}") == [
        "b.json: 'schema' is missing", "b.json: 'made' is missing", "b.json: 'policy' is missing",
        "b.json: 'cells' is missing",
      ])
  }

  @Test func noTruncationIsRead() {
    let bytes = Array(Self.good.utf8)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let text = String(decoding: bytes.prefix(count), as: UTF8.self)
      #expect(Self.messages(text)?.isEmpty == false, "cut after \(count) bytes")
    }
  }

  @Test func noMutationTraps() {
    var random = SeededGenerator(5)
    let bytes = Array(Self.good.utf8)
    for _ in 0..<1000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<changed.count, using: &random)
        changed[place] = bytes.randomElement(using: &random) ?? 0
      }
      _ = Self.messages(String(decoding: changed, as: UTF8.self))
    }
  }
}
