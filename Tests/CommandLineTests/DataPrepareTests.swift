import Foundation
import Testing
import _TestSupport

/// `data prepare`: what it prints.
@Suite struct DataPrepareTests {
  @Test func theLineForAScenarioWorks() throws {
    let folder = try TemporaryFolder()
    let speech = { (role: String) in
      "ACT I.\n\n" + ["a\nb", "c\nd", "e\nf"].map { "\(role).\n\($0)\n\n" }.joined()
    }
    try folder.write(speech("KING"), to: "henry_part_1_gut.txt")
    try folder.write(speech("KING"), to: "henry_part_2_gut.txt")
    // A name that a terminal and YAML would read otherwise.
    let outcome = try Program.run(
      ["data", "prepare", "shakespeare", ".", "-o", "a: \"b\"\u{1b}, c"], in: folder.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.output == #"""
        a: "b"\u{1b}, c: written
        plays              2
        roles              2
        training examples  16
        test examples      8
        in a scenario: dataset: {use: leaf, folder: "a: \"b\"\u001b, c"}
        beside it model: char-gru, and under clients partition: natural

        """#)
    try folder.write(
      #"""
      schema: gauntlet/scenario/1
      name: plays
      seeds: [1]
      rounds: 2
      task:
        dataset: {use: leaf, folder: "a: \"b\"\u001b, c"}
        model: char-gru
        local: {steps: 1, batch: 2, lr: 0.1}
      clients: {count: 2, partition: natural}
      threat:
        malicious: {count: 1}
      attacks: [none]
      defenses: [mean]

      """#, to: "s.yaml")
    let check = try Program.run(["validate", "s.yaml"], in: folder.path)
    #expect(check.status == 0, "\(check.errors)")
  }
}
