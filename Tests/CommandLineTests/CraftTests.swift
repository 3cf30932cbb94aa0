import Foundation
import Testing
import _TestSupport

@Suite struct CraftTests {
  static let honest: [[Double]] = [[1, -2], [3, 4], [5, 6]]

  private func craft(_ attack: String, _ bytes: [UInt8]? = nil) throws -> Program.Outcome {
    let folder = try TemporaryFolder()
    try FileManager.default.write(
      bytes ?? NumPyFile.floats(Self.honest), to: "h.npy", in: folder.path)
    return try Program.run(["craft", "--attack", attack, "h.npy"], in: folder.path)
  }

  @Test func signFlip() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.floats(Self.honest), to: "h.npy", in: folder.path)
    let outcome = try Program.run(
      ["craft", "--attack", "sign-flip:f=2,scale=4", "h.npy", "-o", "out.npy"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let rows = try NumPyFile.read(folder.path + "/out.npy")
    #expect(rows.shape == "(2, 2)" && rows.type == "float32")
    #expect(rows.values == [-4, 8, -12, -16])
    #expect(try craft("sign-flip:f=2,scale=4").output == "-4.0 8.0\n-12.0 -16.0\n")
  }

  @Test func moreAttackersThanHonestRows() throws {
    let outcome = try craft("zero-update:f=5")
    #expect(outcome.outputLines == Array(repeating: "0.0 0.0", count: 5))
  }

  @Test func noiseDependsOnTheSeedAlone() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.floats(Self.honest), to: "h.npy", in: folder.path)
    let texts = try ["1", "1", "2"].map { seed in
      try Program.run(
        ["craft", "--attack", "gaussian-noise:f=1", "--seed", seed, "h.npy"], in: folder.path
      ).output
    }
    #expect(texts[0] == texts[1] && texts[1] != texts[2])
  }

  @Test(arguments: [
    "backdoor", "label-flip", "model-replacement", "gradient-ascent", "dba", "edge-case",
    "neurotoxin",
  ])
  func attacksThatTrainAreRefused(id: String) throws {
    let outcome = try craft("\(id):f=1")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "gauntlet: \(id): poisons data or trains, so it cannot be crafted from a matrix of updates\n"
    )
  }

  @Test(arguments: [
    ("opt-ipm:f=1", "opt-ipm: rehearses the defense; name it with --defense"),
    ("sign-flip", "sign-flip: give the number of attackers, such as sign-flip:f=2"),
    ("sign-flip:f=0", "sign-flip: f is 0; it has to be a number of attackers from 1 to 1000000"),
    (
      "sign-flip:f=1000000000",
      "sign-flip: f is 1000000000; it has to be a number of attackers from 1 to 1000000"
    ),
    (
      "sign-flip:f=two",
      "sign-flip: f is two; it has to be a number of attackers from 1 to 1000000"
    ),
    ("signflip:f=1", "unknown attack 'signflip'; did you mean 'sign-flip'?"),
    ("sign-flip:f=1,scal=2", "sign-flip: unknown parameter 'scal'; did you mean 'scale'?"),
  ])
  func wrongAttacks(attack: String, message: String) throws {
    let outcome = try craft(attack)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors == "gauntlet: \(message)\n")
  }

  @Test func inputsThatAreNotHonestFloats() throws {
    let doubles = try craft("sign-flip:f=1", NumPyFile.doubles(Self.honest))
    #expect(doubles.status == 0 && doubles.output == "-1.0 2.0\n")
    #expect(doubles.errors.isEmpty)
    let large = try craft("sign-flip:f=1", NumPyFile.doubles([[1, 1e39]]))
    #expect(large.status == 1 && large.errors.contains("row 0, column 1 is 1e+39, outside single"))
    let bad = try craft("sign-flip:f=1", NumPyFile.floats([[1], [.nan]]))
    #expect(bad.status == 1 && bad.output.isEmpty)
    #expect(bad.errors.contains("h.npy: row 1 has values that are not finite"))
  }
}
