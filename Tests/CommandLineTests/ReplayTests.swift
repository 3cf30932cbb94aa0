import Foundation
import Testing
import _TestSupport

/// Rules on rounds that a run recorded, and on rounds of somebody else's run.
@Suite struct ReplayTests {
  /// The defenses of ``DumpTests/scenario`` as command lines write them; f is that of the scenario.
  private static let expressions = [
    "mean": "mean", "krum": "krum", "fltrust": "fltrust", "flame": "flame",
    "mixed": "nnm + trimmed-mean", "bucketed": "bucketing + geometric-median",
  ]

  func replay(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> [[String: Any]] {
    let outcome = try Program.run(
      ["replay"] + arguments + ["--format", "json"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require((object as? [String: Any])?["dumps"] as? [[String: Any]])
  }

  /// Every rule gives the aggregates that the run recorded, bit for bit, and every figure is the run's,
  /// whatever format the rounds were written in.
  @Test(arguments: ["npy", "npz", "safetensors"])
  func everyFigureIsThatOfTheRun(format: String) throws {
    let folder = try TemporaryFolder()
    let results = try DumpTests.run(
      folder, ["--dump-updates", "all", "--dump-format", format, "--skip", "attack=none"])
    let lines = try results.lines("rounds.csv").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var compared = 0
    for trial in try results.trials() where trial["attack"] as? String != "none" {
      let key = try #require(trial["key"] as? String)
      let defense = try #require(trial["defense"] as? String)
      let dumps = try replay(
        ["results/dumps/\(key)", "--defense", #require(Self.expressions[defense])], in: folder)
      #expect(dumps.count == 1 && dumps[0]["cell"] as? String == trial["cell"] as? String)
      let score = try #require((dumps[0]["defenses"] as? [[String: Any]])?.first)
      let rounds = try #require(score["rounds"] as? [[String: Any]])
      #expect(rounds.map { $0["round"] as? Int } == [0, 1, 2, 3])
      #expect(rounds.allSatisfy { $0["as_recorded"] as? Bool == true }, "\(trial["cell"] ?? "")")
      for round in rounds {
        let figures = try #require(round["figures"] as? [String: Double])
        let number = try #require(round["round"] as? Int)
        let line = try #require(
          lines.first {
            key.hasPrefix($0[0]) && $0[1] == trial["attack"] as? String && $0[2] == defense
              && $0[4] == "\(number)"
          })
        for (column, id) in lines[0].enumerated()
        where id.hasPrefix("detection.") || id.hasPrefix("influence.") || id == "threat.attackers" {
          let recorded = Double(line[column]).map { Float($0) }
          #expect(figures[id].map { Float($0) } == recorded, "\(id) in round \(number)")
          compared += recorded == nil ? 0 : 1
        }
      }
      let recorded = try #require(trial["metrics"] as? [String: Any])
      let metrics = try (#require(score["metrics"] as? [String: Any]))
        .merging(#require(dumps[0]["metrics"] as? [String: Any])) { first, _ in first }
      for (id, value) in metrics where !id.hasPrefix("replay.") {
        #expect(recorded[id] as? Double == value as? Double, "\(trial["cell"] ?? ""): \(id)")
      }
      #expect(metrics.keys.contains("stealth.ks") && metrics.keys.contains("influence.kappa"))
    }
    #expect(compared > 200)
  }

  /// A rule that another run recorded, and one that needs what the dump does not have.
  @Test func otherRulesAreScoredToo() throws {
    let folder = try TemporaryFolder()
    _ = try DumpTests.run(
      folder, ["--dump-updates", "1,3", "--only", "attack=sign-flip defense=mean"])
    let dumps = try replay(
      [
        "results", "--defense", "krum:f=1", "--defense", "foolsgold", "--defense", "flanders",
        "--defense", "krum:f=3", "--attack-free",
      ], in: folder)
    // The trial and its clean twin.
    #expect(
      dumps.map { $0["cell"] as? String }.sorted { $0! < $1! } == ["none/mean", "sign-flip/mean"])
    let dump = try #require(dumps.first { $0["cell"] as? String == "sign-flip/mean" })
    #expect(dump["rounds"] as? [Int] == [1, 3] && dump["malicious"] as? Int == 2)
    let scores = try #require(dump["defenses"] as? [[String: Any]])
    #expect(
      scores.map { $0["status"] as? String } == ["ok", "ok", "not-applicable", "not-applicable"])
    #expect(
      (scores[2]["message"] as? String)?.contains("needs every client in every round") == true)
    #expect((scores[3]["message"] as? String)?.hasPrefix("krum: ") == true)
    let krum = try #require(scores[0]["metrics"] as? [String: Any])
    // One row of eight is kept, in both rounds.
    #expect(krum["replay.kept"] as? Double == 0.125)
    #expect(krum["detection.clean-fpr"] is NSNull)
    let absent = try #require(scores[0]["absent"] as? [String: String])
    #expect(absent["detection.clean-fpr"] == "the rule declares nobody malicious")
    #expect(
      (dump["notes"] as? [String])
        == ["foolsgold remembers earlier rounds, and saw only those of the dump"])
  }

  // MARK: - Somebody else's run

  /// Honest rows near (1, 1, 1), malicious ones far away.
  static let rows: [[Double]] = [
    [9, 9, 9], [1, 1, 1.5], [1, 1.25, 1], [1.5, 1, 1], [1.25, 1, 1], [1, 1, 1],
  ]

  /// Median of the six rows by coordinate: the mean of the third and fourth values in order.
  @Test func threeLinesAndAMatrixAreEnough() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.doubles(Self.rows), to: "run/5/u.npy", in: folder.path)
    try FileManager.default.write(
      Array("{\"malicious\": [0],\n\"round\": 5,\n\"seed\": 1}".utf8), to: "run/5/meta.json",
      in: folder.path)
    let text = try Program.run(
      ["replay", "run", "--defense", "median", "--defense", "krum:f=1"], in: folder.path)
    #expect(text.status == 0 && text.errors.isEmpty)
    #expect(
      text.output.hasPrefix(
        "run/5: 1 round (5), 6 rows of 3 values, 1 malicious\ndefense   TPR  FPR"), "\(text.output)"
    )
    let score = try #require(
      (try replay(["run", "--defense", "krum:f=1"], in: folder)[0]["defenses"] as? [[String: Any]])?
        .first)
    let metrics = try #require(score["metrics"] as? [String: Any])
    // Row 4 or 5 is chosen: the honest five have weight 0 but for one.
    #expect(metrics["detection.excluded.tpr"] as? Double == 1)
    #expect(metrics["detection.excluded.fpr"] as? Double == 0.8)
    #expect(metrics["detection.auc"] as? Double == 1)
    #expect(metrics["detection.weight-share"] as? Double == 0)
  }

  /// Rounds that NumPy and `safetensors` wrote, and what a script of the definitions finds in them; see
  /// `Tests/Reference/replay.py`.
  @Test(arguments: ["npz", "npy", "safetensors"])
  func figuresAreThoseOfTheDefinitions(form: String) throws {
    struct Answers: Decodable { let rounds: [String: [[String: Double]]] }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/replay")
    let answers = try JSONDecoder().decode(
      Answers.self, from: Data(contentsOf: folder.appendingPathComponent("answers.json")))
    let scratch = try TemporaryFolder()
    let rules = answers.rounds.keys.sorted()
    let dump = try replay(
      [folder.path + "/" + form] + rules.flatMap { ["--defense", $0] }, in: scratch)[0]
    #expect(dump["rounds"] as? [Int] == [0, 1, 2] && dump["values"] as? Int == 8)
    for (rule, score) in zip(rules, try #require(dump["defenses"] as? [[String: Any]])) {
      #expect(score["defense"] as? String == rule)
      let rounds = try #require(score["rounds"] as? [[String: Any]])
      for (expected, round) in zip(try #require(answers.rounds[rule]), rounds) {
        let figures = try #require(round["figures"] as? [String: Double])
        for (id, value) in expected {
          // Aggregates are rounded to single precision, and so is the honest mean.
          #expect(abs((figures[id] ?? .nan) - value) < 1e-6 * max(1, value), "\(rule) \(id)")
        }
      }
      #expect(rounds.count == 3)
    }
  }

  @Test func withoutAMaskWhatCanBeSaidIsSaid() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.floats(Self.rows), to: "u.npy", in: folder.path)
    let text = try Program.run(["replay", "u.npy", "--defense", "krum:f=1"], in: folder.path)
    #expect(text.status == 0)
    #expect(text.output.contains("kept") && text.output.contains("0.167"))
    let caption = text.output.replacing("\n", with: " ")
    #expect(
      caption.contains(
        "detection, stealth, influence and kappa: no round says who is malicious: meta.json has no "
          + "list of malicious rows."), "\(text.output)")
    let dump = try replay(["u.npy", "--defense", "krum:f=1"], in: folder)[0]
    #expect(dump["malicious"] is NSNull)
    #expect(
      (dump["absent"] as? [String: String])?["stealth.detectability"]?.hasPrefix("no round says")
        == true)
  }

  /// An archive with an array per tensor, joined in the order of `layers`.
  @Test func tensorsAreJoinedInOrder() throws {
    let folder = try TemporaryFolder()
    // As the library sorts names: b before w.
    let header =
      "{\"b\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[0,12]},"
      + "\"w\":{\"dtype\":\"F32\",\"shape\":[3,2,1],\"data_offsets\":[12,36]}}"
    let values: [Float] = [1, 2, 3, 10, 11, 20, 21, 30, 31]
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    try FileManager.default.write(
      length + Array(header.utf8) + values.flatMap(NumPyFile.littleEndian),
      to: "d/x.safetensors", in: folder.path)
    // The same rows with the weights first: (10, 11, 1), (20, 21, 2), (30, 31, 3).
    try FileManager.default.write(
      NumPyFile.floats([[10, 11, 1], [20, 21, 2], [30, 31, 3]]), to: "e/x.npy", in: folder.path)
    let layers =
      "\"layers\": [{\"name\": \"w\", \"shape\": [2, 1]}, {\"name\": \"b\", \"shape\": [1]}]"
    func digest(_ name: String, _ meta: String) throws -> String {
      try FileManager.default.write(
        Array("{\(meta)}".utf8), to: name + "/meta.json", in: folder.path)
      let scores = try replay([name, "--defense", "median"], in: folder)[0]["defenses"]
      let rounds = (scores as? [[String: Any]])?[0]["rounds"] as? [[String: Any]]
      return try #require(rounds?[0]["aggregate_sha256"] as? String)
    }
    let joined = try digest("d", layers)
    #expect(try joined == digest("e", ""))
    #expect(try joined != digest("d", ""))
    // A name that the file does not have.
    try FileManager.default.write(
      Array("{\(layers.replacing("\"w\"", with: "\"ww\""))}".utf8), to: "d/meta.json",
      in: folder.path)
    let outcome = try Program.run(["replay", "d", "--defense", "median"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "gauntlet: d/x.safetensors: has no array 'ww', which layers in meta.json names; did you "
        + "mean 'w'?\n")
  }

  @Test func roundsAreReadInTheOrderOfTheirNumbers() throws {
    let folder = try TemporaryFolder()
    for (name, round) in [("r9", 9), ("r10", 10)] {
      try FileManager.default.write(
        NumPyFile.floats(Self.rows), to: "\(name)/u.npy", in: folder.path)
      try FileManager.default.write(
        Array("{\"round\": \(round), \"malicious\": [0]}".utf8), to: "\(name)/meta.json",
        in: folder.path)
    }
    #expect(
      try replay([".", "--defense", "mean"], in: folder)[0]["rounds"] as? [Int] == [9, 10])
    // Several files beside one meta.json.
    for index in 0..<12 {
      try FileManager.default.write(
        NumPyFile.floats(Self.rows), to: "flat/u\(index).npy", in: folder.path)
    }
    try FileManager.default.write(
      Array("{\"round\": 3, \"malicious\": [0]}".utf8), to: "flat/meta.json", in: folder.path)
    #expect(
      try replay(["flat", "--defense", "mean"], in: folder)[0]["rounds"] as? [Int]
        == Array(3..<15))
  }

  /// `nnm+krum` is `nnm + krum`; the plus of a number is its own.
  @Test(arguments: ["nnm:f=1+krum:f=1", "nnm:f=1 +krum:f=1", " nnm:f=1+ krum:f=1 "])
  func aPlusNeedsNoSpaces(expression: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.floats(Self.rows), to: "u.npy", in: folder.path)
    func scores(_ arguments: [String]) throws -> [[String: Any]] {
      try #require(try replay(["u.npy"] + arguments, in: folder)[0]["defenses"] as? [[String: Any]])
    }
    let spaced = try scores(["--defense", "nnm:f=1 + krum:f=1"])
    let tight = try scores(["--defense", expression])
    #expect(tight[0]["defense"] as? String == "nnm:f=1 + krum:f=1")
    #expect((tight as NSArray).isEqual(to: spaced))
    let number = try scores(["--defense", "norm-clipping:bound=1e+3"])
    #expect(number[0]["defense"] as? String == "norm-clipping:bound=1e+3")
  }

  // MARK: - What cannot be replayed

  @Test func whatIsWrongIsSaid() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.write(NumPyFile.floats(Self.rows), to: "a/u.npy", in: folder.path)
    try files.write(
      Array("{\"malicious\": [6], \"rond\": 1}".utf8), to: "a/meta.json", in: folder.path)
    try files.write(Array("{}".utf8), to: "b/meta.json", in: folder.path)
    try files.write(Array(NumPyFile.floats(Self.rows).dropLast()), to: "c/u.npy", in: folder.path)
    try files.write(
      NumPyFile.bytes("|O", shape: "(2, 2)", [UInt8](repeating: 0, count: 32)), to: "d/u.npy",
      in: folder.path)
    try files.write(NumPyFile.floats(Self.rows), to: "e/r1/u.npy", in: folder.path)
    try files.write(NumPyFile.floats([[1, 2]]), to: "e/r2/u.npy", in: folder.path)
    for name in ["r1", "r2"] {
      try files.write(Array("{}".utf8), to: "e/\(name)/meta.json", in: folder.path)
    }
    try files.write(Array("x".utf8), to: "f/notes.txt", in: folder.path)
    #expect(unsafe mkfifo(folder.path + "/f/u.npy", 0o600) == 0)
    try files.write(NumPyFile.floats(Self.rows), to: "g/u.npy", in: folder.path)
    try files.write(NumPyFile.floats([[1, 2]]), to: "g/global.npy", in: folder.path)
    for (path, message) in [
      (
        "a",
        "a/meta.json:1:16: malicious has '6'; it has to name rows from 0 to 5, or to have true or "
          + "false for each\ngauntlet: a/meta.json:1:20: unknown key 'rond'; did you mean 'round'?"
      ),
      ("b", "b: has meta.json and no updates beside it: .npy, .npz or .safetensors"),
      (
        "c",
        "c/u.npy: short file: 6 x 3 elements of 4 bytes expect 72 bytes, found 71"
      ),
      (
        "d",
        "d/u.npy: holds pickled Python objects ('|O'), which are never read; accepted are float32 "
          + "and float64"
      ),
      (
        "e", "e/r2/u.npy: rows of 2 values; those of the rounds before it have 3"
      ),
      ("f", "f/u.npy: cannot be read: it is a pipe, and a regular file is needed"),
      ("g", "g/global.npy: has to be one vector of 3 values"),
      ("none", "none: there is no such file or folder"),
      (
        "a/meta.json",
        "a/meta.json: is no file of arrays; their names end in .npy, .npz, .safetensors"
      ),
    ] {
      let outcome = try Program.run(["replay", path, "--defense", "mean"], in: folder.path)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "gauntlet: \(message)\n")
    }
  }

  @Test func mistakesInRulesComeBeforeFiles() throws {
    let folder = try TemporaryFolder()
    for (rule, message) in [
      ("krun", "unknown defense 'krun'; did you mean 'krum'?"),
      ("krum:g=1", "krum: unknown parameter 'g'"),
      ("nnn + krum:f=1", "unknown"),
    ] {
      try FileManager.default.write(NumPyFile.floats(Self.rows), to: "u.npy", in: folder.path)
      let outcome = try Program.run(["replay", "u.npy", "--defense", rule], in: folder.path)
      #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
    }
    // Without a run that declares f it has to be given.
    let outcome = try Program.run(["replay", "u.npy", "--defense", "krum"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("krum: parameter 'f' has to be given here (krum:f=…)"))
    #expect(try Program.run(["replay", "u.npy"], in: folder.path).status == 64)
  }

  @Test func whatDoesNotFitInMemoryIsRefusedBeforeItIsRead() throws {
    let folder = try TemporaryFolder()
    // A header that promises much, and a file with holes that has so many bytes.
    let header = NumPyFile.bytes("<f4", shape: "(1000, 1000000)", [])
    try FileManager.default.write(header, to: "u.npy", in: folder.path)
    #expect(unsafe truncate(folder.path + "/u.npy", off_t(header.count + 4_000_000_000)) == 0)
    let outcome = try Program.run(
      ["replay", "u.npy", "--defense", "mean"], in: folder.path,
      environment: ["GAUNTLET_MEMORY": "64MiB"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "gauntlet: u.npy: has 1000 x 1000000 values, and the memory is enough for 8388608\n")
  }

  @Test func scoresAreWrittenAsTables() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write(NumPyFile.floats(Self.rows), to: "r/u.npy", in: folder.path)
    try FileManager.default.write(
      Array("{\"malicious\": [0], \"cell\": \"=1+1\"}".utf8), to: "r/meta.json", in: folder.path)
    let outcome = try Program.run(
      ["replay", "r", "--defense", "mean", "--format", "csv", "-o", "s.csv"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    let lines = try folder.text("s.csv").split(separator: "\n")
    #expect(lines[0] == "dump,cell,seed,defense,metric,value,absent")
    #expect(lines.contains { $0.hasPrefix("r,'=1+1,,,stealth.norm-ratio,") })
    #expect(lines.contains("r,'=1+1,,mean,replay.kept,1,"))
    #expect(
      lines.contains(
        "r,'=1+1,,mean,detection.flagged.tpr,,the rule declares nobody malicious"))
  }
}
