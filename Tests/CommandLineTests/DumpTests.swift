import Foundation
import Testing
import _TestSupport

/// What `run` writes besides results, and that it changes none of them.
@Suite struct DumpTests {
  /// Sampling, weights, dropped updates, a trigger and data of the server.
  static let scenario = """
    schema: gauntlet/scenario/1
    name: dumps
    seeds: [1]
    rounds: 4
    task:
      dataset: {use: gaussian-classes, features: 6, classes: 3, train: 160, test: 60}
      model: {kind: mlp, hidden: [4]}
      local: {batch: 10, lr: 0.1}
    clients: {count: 10, participation: 0.8, partition: {kind: dirichlet, alpha: 1}}
    server: {weighting: samples}
    threat:
      malicious: {count: 2}
      participation: always
      window: {start: 1}
      schedule: {kind: every, k: 2}
      backdoor: {trigger: square, size: 2, target: 0}
    defense-knows: {root-samples: 10}
    attacks:
      - none
      - backdoor
      - sign-flip
      - nan-update
    defenses:
      - mean
      - krum
      - fltrust
      - flame
      - {id: mixed, use: trimmed-mean, stages: [nnm]}
      - {id: bucketed, use: geometric-median, stages: [bucketing]}

    """

  static func run(
    _ folder: TemporaryFolder, _ options: [String], into name: String = "results",
    text: String = scenario
  ) throws -> ResultFiles {
    try folder.write(text, to: "dumps.yaml")
    let outcome = try Program.run(
      ["run", "dumps.yaml", "-o", name, "--progress", "none", "-q"] + options, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return ResultFiles(path: folder.path + "/" + name)
  }

  @Test func resultsAreThoseWithoutDumps() throws {
    let folder = try TemporaryFolder()
    let plain = try Self.run(folder, [], into: "plain").essence()
    let kept = try Self.run(
      folder,
      ["--dump-updates", "0,2,last", "--save-models", "npz", "--verdicts", "-j", "2"], into: "kept")
    #expect(try kept.essence() == plain)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: kept.path).sorted()
        == [
          "dumps", "models", "rounds.csv", "run.json", "trials.csv", "trials.jsonl", "verdicts.csv",
        ])
  }

  @Test func eachRoundHasAFolder() throws {
    let folder = try TemporaryFolder()
    let results = try Self.run(
      folder,
      ["--dump-updates", "0,last", "--dump-dir", "elsewhere", "--only", "attack=nan-update"])
    let keys = try results.trials().compactMap { $0["key"] as? String }
    let dumps = folder.path + "/elsewhere"
    #expect(try FileManager.default.contentsOfDirectory(atPath: dumps).sorted() == keys.sorted())
    let trial = try #require(
      try results.trials().first { $0["cell"] as? String == "nan-update/krum" })
    let own = try dumps + "/" + #require(trial["key"] as? String)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: own).sorted()
        == ["round-0000", "round-0003"])
    let round = own + "/round-0003"
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: round).sorted()
        == ["global.npy", "meta.json", "root.npy", "updates.npy"])
    // What the server received, before it dropped anything.
    let updates = try NumPyFile.read(round + "/updates.npy")
    #expect(updates.shape == "(8, 43)" && updates.type == "float32")
    #expect(try NumPyFile.read(round + "/global.npy").shape == "(43,)")
    #expect(try NumPyFile.read(round + "/root.npy").shape == "(43,)")
    let text = try String(
      decoding: Data(contentsOf: URL(fileURLWithPath: round + "/meta.json")), as: UTF8.self)
    let meta = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(meta["schema"] as? String == "gauntlet/dump/1")
    #expect(meta["round"] as? Int == 3 && meta["rounds"] as? Int == 4)
    #expect(meta["trial"] as? String == trial["key"] as? String)
    #expect(meta["cell"] as? String == "nan-update/krum" && meta["seed"] as? String == "1")
    #expect(meta["client_count"] as? Int == 10 && meta["f"] as? Int == 2)
    #expect((meta["ids"] as? [Int]).map { $0 == $0.sorted() && $0.count == 8 } == true)
    #expect((meta["samples"] as? [Int])?.count == 8 && (meta["clients"] as? [Int])?.count == 8)
    let malicious = try #require(meta["malicious"] as? [Int])
    #expect(malicious.count == 2 && meta["acting"] as? [Int] == malicious)
    for row in 0..<8 {
      let values = updates.values[row * 43..<(row + 1) * 43]
      #expect(values.allSatisfy(\.isNaN) == malicious.contains(row))
    }
    let layers = try #require(meta["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["shape"] as? [Int] } == [[6, 4], [4], [4, 3], [3]])
    #expect(layers.last?["role"] as? String == "output-bias")
  }

  @Test func modelsAndTriggersAreNamedArrays() throws {
    let folder = try TemporaryFolder()
    let results = try Self.run(
      folder, ["--save-models", "safetensors", "--only", "attack=backdoor defense=mean"])
    let trial = try #require(
      try results.trials().first { $0["cell"] as? String == "backdoor/mean" })
    let own = try results.path + "/models/" + #require(trial["key"] as? String)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: own).sorted()
        == ["model.json", "model.safetensors", "trigger.safetensors"])
    func header(_ name: String) throws -> [String: [Int]] {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: own + "/" + name)))
      let length = Int(bytes[0]) | Int(bytes[1]) << 8
      let object = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
      return (object as? [String: [String: Any]])?.compactMapValues { $0["shape"] as? [Int] } ?? [:]
    }
    let model = try header("model.safetensors")
    #expect(model.values.map { $0.reduce(1, *) }.reduce(0, +) == 43 && model.count == 4)
    let trigger = try header("trigger.safetensors")
    let count = try #require(trigger["y"]?.first)
    #expect(
      trigger == ["x": [count, 6], "clean": [count, 6], "y": [count], "target": []] && count > 0)
    let facts = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: own + "/model.json")))
    #expect(
      (facts as? [String: Any])?["parameters_sha256"] as? String
        == trial["parameters_sha256"] as? String)
  }

  @Test func verdictsHaveALineForEachClientAndRound() throws {
    let folder = try TemporaryFolder()
    let results = try Self.run(folder, ["--verdicts", "--only", "attack=nan-update defense=krum"])
    let lines = try results.lines("verdicts.csv")
    #expect(
      lines[0]
        == "key,attack,defense,seed,round,client,malicious,acting,verdict,kept,weight,suspicion")
    let rows = lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    // Krum with its twins: (none, mean), (none, krum), (nan-update, mean).
    #expect(rows.count == 4 * 4 * 8)
    let attacked = rows.filter { $0[1] == "nan-update" && $0[2] == "krum" }
    #expect(attacked.count == 32)
    // Krum keeps one row of each round.
    #expect(attacked.filter { $0[9] == "1" }.map { $0[10] } == ["1", "1", "1", "1"])
    // Attackers act in rounds 1 and 3, and what is not finite is dropped.
    let acting = attacked.filter { $0[7] == "1" }
    #expect(acting.map { $0[4] } == ["1", "1", "3", "3"])
    #expect(acting.allSatisfy { $0[6] == "1" && $0[8...] == ["dropped", "0", "0", ""] })
    // In the window both always take part.
    #expect(attacked.filter { $0[6] == "1" && $0[4] != "0" }.count == 6)
  }

  /// What a run that goes on adds is what one without a stop writes.
  @Test func verdictsGoOnWhereARunEnded() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.run(folder, ["--verdicts"], into: "whole").lines("verdicts.csv")
    let parts = try Self.run(
      folder, ["--verdicts", "--only", "attack=sign-flip"], into: "parts")
    // Half a line of a trial that was killed before its line in the log.
    let path = parts.path + "/verdicts.csv"
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("0123456789ab,backdoor,krum,1,0,3,".utf8))
    try handle.close()
    _ = try Self.run(folder, ["--verdicts"], into: "parts")
    #expect(try parts.lines("verdicts.csv").sorted() == whole.sorted())
    _ = try Self.run(folder, ["--fresh", "--only", "attack=none"], into: "parts")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func wrongOptionsAreErrorsBeforeAnything() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "dumps.yaml")
    for (options, status, message) in [
      (
        ["--dump-updates", "first"], 64,
        "--dump-updates takes rounds such as 0,10,last, 0..9 or all"
      ),
      (["--dump-updates", "4"], 1, "--dump-updates: there is no round 4: a trial has 4"),
      (["--dump-updates", "0", "--dump-format", "npx"], 64, "Did you mean 'npy'?"),
      (["--dump-dir", "x"], 64, "--dump-dir says where, and --dump-updates which rounds"),
      (["--save-models", "npy"], 64, "The value 'npy' is invalid for '--save-models"),
    ] {
      let outcome = try Program.run(
        ["run", "dumps.yaml", "-o", "results"] + options, in: folder.path)
      #expect(outcome.status == Int32(status), "\(options)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(try folder.names() == ["dumps.yaml"])
    }
  }

  @Test func aFolderThatCannotBeMadeEndsTheRun() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "dumps.yaml")
    try folder.write("", to: "file")
    let outcome = try Program.run(
      ["run", "dumps.yaml", "-o", "results", "--dump-updates", "0", "--dump-dir", "file/x"],
      in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("file: is a file, and a folder is needed"))
  }
}
