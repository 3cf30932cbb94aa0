import Components
import Foundation
import Hashing
import Leaderboards
import Results
import Studies
import _TestSupport

/// A small study of two attacks and two defenses, as a run would leave it.
enum Sample {
  static let hostile = [
    "<script>alert(1)</script>", "a|b`c`", "$&%_#{}~^\\", "=cmd()", "\u{1B}[31mred",
    "\u{202E}abc", "\"quoted\" 'too'", "two\nlines", String(repeating: "x", count: 10_000),
    "</style>", "nel\u{85}ls\u{2028}del\u{7F}bom\u{FEFF}", ": - # yaml", "@mention",
    "a <b>www.example.org</b> https://example.org",
  ]

  /// A defense's accuracy under each attack, by seed.
  typealias Figures = [String: [Double]]

  static func digest(_ text: String) -> String {
    Hexadecimal.string(SHA256.hash(Array(text.utf8)))
  }

  static func key(_ cell: String, _ seed: Int) -> String { digest("\(cell) \(seed)") }

  static func trial(
    _ attack: String, _ defense: String, seed: Int, accuracy: Double, success: Double = 0.1,
    axes: [String: String] = [:], flags: [String] = [], resolved: [String: Double] = [:],
    metrics: [String: Double?] = [:]
  ) -> TrialRecordV1 {
    let cell = TrialRecordV1.cellName(attack: attack, defense: defense, axes: axes)
    var values: [String: Double?] = [
      "accuracy.stop": accuracy, "accuracy.final": accuracy, "accuracy.chance": 0.1,
      "accuracy.drop": attack == "none" ? 0 : 0.1, "asr.stop": success, "asr.final": success,
      "asr.excess": success, "cost.seconds": 0.25, "stealth.score": 0.5,
    ]
    values.merge(metrics) { $1 }
    return TrialRecordV1(
      key: key(cell, seed), attack: attack, defense: defense, axes: axes, seed: seed, engine: 3,
      status: .ok, metrics: values, flags: flags, parametersSHA256: digest("p \(cell) \(seed)"),
      resolved: resolved, rounds: 10)
  }

  static func combination(
    attacks: [String] = ["none", "alie", "flip"], defenses: [String: JSONValue],
    axes: [String: String] = [:], malicious: Int = 2
  ) -> JSONValue {
    [
      "attacks": .array(
        attacks.map {
          ["id": .string($0), "use": ["id": .string($0), "parameters": [:]], "cite": nil]
        }),
      "defenses": .array(
        defenses.sorted { $0.key < $1.key }.map {
          ["id": .string($0.key), "use": $0.value, "cite": nil]
        }),
      "axes": JSONValue(axes), "rounds": 10,
      "clients": [
        "count": 10, "partition": ["id": "dirichlet", "parameters": ["alpha": 0.3]],
      ],
      "task": ["dataset": ["id": "digits", "parameters": [:]]],
      "threat": [
        "malicious": .integer(malicious), "knowledge": "full",
        "window": ["start": 2, "stop": 8], "backdoor": ["target": 0],
      ],
    ]
  }

  static func rule(_ id: String, f: Int = 2) -> JSONValue {
    ["rule": ["id": .string(id), "parameters": ["f": .integer(f)]], "stages": []]
  }

  static func manifest(_ resolved: JSONValue) -> RunManifestV1 {
    RunManifestV1(
      tool: .init(version: "0.5.0", swift: "6.3", build: "release"), engine: 3,
      scenario: .init(name: "sample", sha256: digest("scenario"), resolved: resolved), data: [],
      machine: .init(cores: 1, arch: "x86_64", os: "Linux"), invocation: ["gauntlet"],
      started: "2026-01-01T00:00:00Z", finished: "2026-01-01T01:00:00Z")
  }

  /// Five seeds of three attacks, one of them none, on krum and mean.
  static var records: [TrialRecordV1] {
    var records: [TrialRecordV1] = []
    for seed in 1...5 {
      let wobble = Double(seed - 3) * 0.01
      for (attack, mean, krum) in [
        ("none", 0.95, 0.90), ("alie", 0.60, 0.70), ("flip", 0.40, 0.80),
      ] {
        records.append(trial(attack, "mean", seed: seed, accuracy: mean + wobble, success: 0.3))
        records.append(
          trial(
            attack, "krum", seed: seed, accuracy: krum + wobble,
            success: attack == "flip" ? 0.2 : 0.1, flags: ["oracle-f"],
            resolved: ["f": 2, "attackers": 2, "participants": 10]))
      }
    }
    return records
  }

  static let resolved: JSONValue = .array([
    combination(defenses: ["krum": rule("krum"), "mean": rule("mean")])
  ])

  static func study(
    _ records: [TrialRecordV1] = records, resolved: JSONValue = resolved,
    facts: MethodFacts = facts
  ) -> Study {
    let manifest = manifest(resolved)
    return Study(manifest, ResultSet(manifest, records), facts: facts)
  }

  static let facts = MethodFacts(
    methods: [
      .attack: [
        "alie": .init(ComponentManifest(id: "alie", summary: ""), tier: "omniscient"),
        "flip": .init(ComponentManifest(id: "flip", summary: ""), tier: "data-only"),
      ],
      .rule: [
        "krum": .init(
          ComponentManifest(
            id: "krum", summary: "", citations: [Citation(["Blanchard"], "Krum", "NIPS", 2017)])),
        "mean": .init(ComponentManifest(id: "mean", summary: "", origin: "Folklore.")),
      ],
    ],
    tiers: [.init("data-only", "own data"), .init("omniscient", "sees all")],
    flags: [(id: "oracle-f", text: "was told")])

  static let words = EntryPack.Words(submitter: "A. Author", licence: "Apache-2.0")

  /// Packs a study into a folder and returns its path.
  @discardableResult
  static func pack(
    _ study: Study = study(), _ defenses: [String] = ["krum"], words: EntryPack.Words = words,
    scenario: String? = "schema: x\n", names: [String: String] = [:], into folder: TemporaryFolder,
    name: String = "entry"
  ) throws -> String {
    let output = folder.path + "/" + name
    for file in try EntryPack(study, words: words, scenario: scenario)
      .files(defenses, names: names)
    {
      let path = output + "/" + file.path
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + parent, withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
    }
    return output
  }

  static func fileDigest(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return Hexadecimal.string(SHA256.hash([UInt8](data)))
  }

  static func loader(
    engine: Int = 3, facts: MethodFacts = facts,
    seeds: [Int] = [1], resolved: JSONValue = resolved, infeasible: Set<String> = [],
    standing: Set<String> = ["oracle-f"],
    plan: ((String, [Int]) throws -> EntryPlan)? = nil
  ) -> EntryLoader {
    EntryLoader(
      ranges: MetricRanges(["accuracy.stop": 0...1]), engine: engine, facts: facts,
      digest: fileDigest,
      plan: plan ?? { _, run in
        var planned = EntryPlan(keys: [:], seeds: seeds, resolved: resolved)
        for seed in run {
          for attack in ["none", "alie", "flip"] {
            for defense in ["krum", "mean"] {
              let cell = "\(attack)/\(defense)"
              let place = TrialPlace(cell: cell, seed: seed)
              planned.keys[place] = key(cell, seed)
              if infeasible.contains(cell) { planned.infeasible.insert(place) }
              if defense == "krum" { planned.standing[cell] = standing }
            }
          }
        }
        return planned
      })
  }

  /// Changes a file of an entry by text.
  static func edit(_ path: String, _ change: (String) -> String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = change(text)
    guard changed != text else { throw Unchanged() }
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// An edit found nothing to change: the test would test nothing.
  struct Unchanged: Error {}
}
