import Foundation
import Testing
import _TestSupport

/// `baseline review` at a terminal that `script` provides.
@Suite(.recordedResults) struct BaselineReviewTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try RecordedResults.copy()
    let results = ResultFiles(path: folder.path + "/results")
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
    try results.add([0.1], to: "asr.final", of: "none/krum")
  }

  /// The `script` of util-linux; that of other systems has other options.
  static let hasTerminal: Bool = {
    #if os(Linux)
    FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
    #else
    false
    #endif
  }()

  private func review(answers: String) throws -> Program.Outcome {
    try Program.shell(
      #"printf '\#(answers)' | script -qec '"$GAUNTLET" baseline review --from results "#
        + #"--baseline baseline.json --reason looked' /dev/null"#, in: folder.path)
  }

  @Test(.enabled(if: hasTerminal, "needs script of util-linux"))
  func answersDecide() throws {
    let before = try folder.text("baseline.json")
    let quit = try review(answers: #"q\n"#)
    #expect(quit.status == 0)
    #expect(quit.output.contains("0 accepted, 0 rejected, 2 left of 2 changed cells"))
    #expect(try folder.text("baseline.json") == before)

    let mixed = try review(answers: #"what\nr\na\n"#)
    #expect(mixed.status == 2)
    #expect(mixed.output.contains("[1/2] backdoor/krum"))
    #expect(mixed.output.contains("accuracy.final: regression: 0.267 after 0.467, worse by 0.2"))
    #expect(mixed.output.contains("1 accepted, 1 rejected, 0 left of 2 changed cells"))
    let after = try folder.text("baseline.json")
    #expect(after.contains(#""cells":1,"why":"looked"}"#))
    func line(_ cell: String, _ text: String) -> Substring? {
      text.split(separator: "\n").first { $0.hasPrefix("    \"\(cell)\": ") }
    }
    #expect(line("backdoor/krum", after) == line("backdoor/krum", before))
    #expect(line("none/krum", after) != line("none/krum", before))

    let last = try review(answers: #"A\n"#)
    #expect(last.status == 0 && last.output.contains("1 accepted, 0 rejected, 0 left of 1 ch"))
    let nothing = try review(answers: "")
    #expect(nothing.status == 0 && nothing.output.contains("nothing to review: no cell differs"))
  }

  @Test func withoutATerminalNothingIsAsked() throws {
    let before = try folder.text("baseline.json")
    let outcome = try Program.run(
      ["baseline", "review", "--from", "results", "--baseline", "baseline.json"], in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("standard input is no terminal; 'baseline accept' takes"))
    #expect(try folder.text("baseline.json") == before)
  }
}
