import Foundation
import Reporting
import Results
import Studies
import Testing
import _TestSupport

@testable import Leaderboards

@Suite struct BoardTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func board(
    _ defenses: [String], of study: Study = Sample.study()
  ) throws -> Board {
    var words = Sample.words
    words.isPreliminary = true
    words.paper = "A paper"
    let path = try Sample.pack(study, defenses, words: words, into: folder, name: UUID().uuidString)
    var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    let checks = try defenses.map { try loader.check(path + (defenses.count > 1 ? "/" + $0 : "")) }
    return Board(checks, facts: Sample.facts)
  }

  @Test func theWorstAttackOfEachTierDecides() throws {
    let board = try board(["krum", "mean"])
    // krum: alie 0.70, flip 0.80; mean: alie 0.60, flip 0.40.
    #expect(board.rows.map(\.entry.name) == ["krum", "mean"])
    let all = board.rows.map { $0.worst(nil)?.accuracy?.attack }
    #expect(all == ["alie", "flip"])
    let weak = board.rows.map { $0.worst("data-only")?.accuracy?.attack }
    #expect(weak == ["flip", "flip"])
    #expect(abs((board.rows[0].worst("data-only")?.accuracy?.summary.mean ?? 0) - 0.8) < 1e-12)
    #expect(board.rows[0].worst(nil)?.success?.attack == "flip")
    #expect(board.tiers.map(\.id) == ["data-only", "omniscient"])
    #expect(board.rows.map(\.knowsCount) == [true, false])
    // 0.70 ± 0.0196 lies wholly above 0.40 ± 0.0196.
    #expect(board.ranks(nil) == [1, 2])
  }

  @Test func overlappingIntervalsShareARank() throws {
    // Means 0.90, 0.88 and 0.50 with the same deviation, sqrt(0.00025): half = 2.776 * 0.0158 / sqrt 5
    // = 0.0196. The first two overlap, the third does not.
    var records: [TrialRecordV1] = []
    for (name, mean) in [("a", 0.90), ("b", 0.88), ("c", 0.50)] {
      for seed in 1...5 {
        let wobble = Double(seed - 3) * 0.01
        for attack in ["none", "alie"] {
          records.append(Sample.trial(attack, name, seed: seed, accuracy: mean + wobble))
        }
      }
    }
    let resolved: JSONValue = .array([
      Sample.combination(
        attacks: ["none", "alie"],
        defenses: ["a": Sample.rule("a"), "b": Sample.rule("b"), "c": Sample.rule("c")])
    ])
    let board = try board(["a", "b", "c"], of: Sample.study(records, resolved: resolved))
    #expect(board.ranks(nil) == [1, 1, 3])
  }

  @Test func aNarrowIntervalRanksNoRowBehindOneThatKeepsLess() throws {
    // 0.90 +- 0.0196 lies above 0.85 +- 0.00196, and not above 0.80 +- 0.196.
    var records: [TrialRecordV1] = []
    for (name, mean, step) in [("a", 0.90, 0.01), ("b", 0.85, 0.001), ("c", 0.80, 0.1)] {
      for seed in 1...5 {
        let accuracy = mean + Double(seed - 3) * step
        for attack in ["none", "alie"] {
          records.append(Sample.trial(attack, name, seed: seed, accuracy: accuracy))
        }
      }
    }
    let resolved: JSONValue = .array([
      Sample.combination(
        attacks: ["none", "alie"],
        defenses: ["a": Sample.rule("a"), "b": Sample.rule("b"), "c": Sample.rule("c")])
    ])
    let board = try board(["a", "b", "c"], of: Sample.study(records, resolved: resolved))
    #expect(board.rows.map(\.entry.name) == ["a", "b", "c"])
    #expect(board.ranks(nil) == [1, 1, 1])
  }

  @Test func oneSeedHasNoRank() throws {
    let board = try board(
      ["krum", "mean"], of: Sample.study(Sample.records.filter { $0.seed == 1 }))
    #expect(board.ranks(nil) == [nil, nil])
    #expect(board.rows.map(\.entry.name) == ["krum", "mean"])
  }

  @Test func settingsAreRankedApart() throws {
    let one = try board(["krum", "mean"])
    let other = Sample.study(
      Sample.records,
      resolved: .array([
        Sample.combination(
          defenses: ["krum": Sample.rule("krum"), "mean": Sample.rule("mean")], malicious: 3)
      ]))
    let second = try board(["krum", "mean"], of: other)
    #expect(one.settings[0].digest != second.settings[0].digest)
    #expect(one.settings[0].fraction == "0.2" && second.settings[0].fraction == "0.3")
    #expect(one.settings[0].partition == "dirichlet(alpha=0.3)")
  }

  @Test func otherDefensesAndSeedsMakeNoOtherSetting() throws {
    let alone = Sample.study(
      Sample.records.filter { $0.defense == "krum" && $0.seed < 4 },
      resolved: .array([Sample.combination(defenses: ["krum": Sample.rule("krum")])]))
    let digest = try board(["krum", "mean"]).settings[0].digest
    #expect(try board(["krum"], of: alone).settings[0].digest == digest)
  }

  @Test func attacksAreRankedByWhatTheBestDefenseKeeps() throws {
    let board = try board(["krum", "mean"])
    // alie: best 0.70 (krum), worst 0.60; flip: best 0.80 (krum), worst 0.40.
    #expect(board.attacks.map(\.attack) == ["alie", "flip"])
    #expect(board.attacks.map { $0.best?.name } == ["krum", "krum"])
    #expect(board.attacks.map { $0.worst?.name } == ["mean", "mean"])
    // krum loses 0.20 and 0.10, mean 0.35 and 0.55.
    #expect(board.attacks.map(\.hurtCount) == [2, 2])
    #expect(board.attacks.map { $0.leastSuccess?.name } == ["krum", "krum"])
    #expect(board.attacks.map(\.tier) == ["omniscient", "data-only"])
  }

  /// Under alie, which krum stands worse than flip, it has no figure: it cannot run.
  private func withoutAlie(_ defenses: Set<String>) -> Study {
    Sample.study(
      Sample.records.map { record in
        guard record.attack == "alie", defenses.contains(record.defense) else { return record }
        return TrialRecordV1(
          key: record.key, attack: "alie", defense: record.defense, seed: record.seed, engine: 3,
          status: .notApplicable, message: "needs n >= 4f + 3")
      })
  }

  @Test func aRowWithAGapIsNotAboveOneWithout() throws {
    let board = try board(["krum", "mean"], of: withoutAlie(["krum"]))
    // What is left of krum is 0.80 under flip, and of mean 0.40.
    #expect(board.rows.map(\.entry.name) == ["mean", "krum"])
    #expect(board.ranks(nil) == [1, nil])
    #expect(board.gaps(1, nil) == ["alie"] && board.attackCount(1, nil) == 2)
    #expect(board.gaps(0, nil) == [] && board.gapText(0, nil) == "")
    // The weaker attacker has no alie, so there krum has every figure, and is better.
    #expect(board.ranks("data-only") == [2, 1])
    let table = board.table(tier: nil)
    let place = try #require(table.columns.firstIndex { $0.id == "missing" })
    #expect(table.rows.map { $0.values[place] } == [.integer(0), .integer(1)])
    #expect(TableRanking(table)[1, 2] == nil)
    let html = BoardPage(board, tool: "gauntlet").html
    #expect(html.contains("≤ 0.800") && html.contains("1 of 2 attacks without a figure"))
    #expect(html.contains("alie: needs n &gt;= 4f + 3"))
    #expect(board.narrowTable(tier: nil).markdown.contains("Attacks without a figure"))
  }

  @Test func whatNobodyHasIsNoGap() throws {
    let board = try board(["krum", "mean"], of: withoutAlie(["krum", "mean"]))
    #expect(board.rows.map(\.entry.name) == ["krum", "mean"])
    #expect(board.ranks(nil) == [1, 2] && board.gaps(0, nil) == [])
    #expect(!BoardPage(board, tool: "gauntlet").html.contains("without a figure</small>"))
  }

  @Test func attacksThatSeedsCannotTellApartShareARank() throws {
    let board = try board(["krum", "mean"])
    // 0.70 +- 0.0196 lies below 0.80 +- 0.0196.
    #expect(board.attackRanks() == [1, 2])
    #expect(board.attackTable.rows.map { $0.values[0] } == [.integer(1), .integer(2)])
    let close = Sample.records.map { record in
      guard record.attack == "flip", record.defense == "krum" else { return record }
      var copy = record
      copy.metrics["accuracy.stop"] = 0.72 + Double(record.seed - 3) * 0.01
      return copy
    }
    #expect(try self.board(["krum", "mean"], of: Sample.study(close)).attackRanks() == [1, 1])
    let single = Sample.study(Sample.records.filter { $0.seed == 1 })
    #expect(try self.board(["krum", "mean"], of: single).attackRanks() == [nil, nil])
  }

  @Test func whatColumnsSayStandsBelow() throws {
    let html = BoardPage(try board(["krum", "mean"]), tool: "gauntlet").html
    let legend = try #require(html.range(of: "id=\"columns\""))
    for text in ["a dead model has none", "the defense cannot run against it"] {
      #expect(html[legend.upperBound...].contains(text))
    }
    // Reasons of cells, too, are no titles alone.
    #expect(html.contains("aria-describedby=\"columns\""))
    for id in ["flags", "paper", "status", "name"] {
      #expect(html.contains("data-id=\"\(id)\" data-better=\"lower\""))
    }
  }

  @Test func refusedEntriesAreNamed() throws {
    let path = try Sample.pack(
      Sample.study(Sample.records.filter { $0.seed < 3 }), into: folder, name: "few")
    var loader = Sample.loader()
    let board = Board([try loader.check(path)], facts: Sample.facts)
    #expect(board.rows.isEmpty && board.refused.map(\.folder) == [path])
    let html = BoardPage(board, tool: "gauntlet").html
    #expect(html.contains("Not on the board") && html.contains("S009"))
  }

  /// Entries of the same results whose names are changed, in order.
  private func board(named names: [String], of study: Study = Sample.study()) throws -> Board {
    let defenses = ["krum", "mean"]
    let path = try Sample.pack(
      study, defenses, names: Dictionary(uniqueKeysWithValues: zip(defenses, names)),
      into: folder, name: UUID().uuidString)
    var loader = Sample.loader(plan: { _, _ in throw Sample.Unchanged() })
    return Board(try defenses.map { try loader.check(path + "/" + $0) }, facts: Sample.facts)
  }

  @Test(arguments: [
    ["Krum", "kRUM"], ["Krum", "Kr\u{200B}um "], ["Krum", "Ｋrum"], ["é", "e\u{301}"],
    ["A b", "ab"],
  ])
  func aNameIsThereOnce(names: [String]) throws {
    let board = try board(named: names)
    #expect(board.rows.map(\.entry.defense) == ["krum"])
    #expect(board.refused.flatMap(\.findings).map(\.rule.id) == ["S021"])
    #expect(board.refused.flatMap(\.findings).map(\.place) == ["/name"])
  }

  @Test func aContentIsThereOnce() throws {
    let same = Sample.rule("krum")
    let study = Sample.study(
      Sample.records,
      resolved: .array([Sample.combination(defenses: ["krum": same, "mean": same])])
    )
    let board = try board(named: ["One", "Two"], of: study)
    #expect(board.rows.map(\.entry.name) == ["One"])
    #expect(board.refused.flatMap(\.findings).map(\.rule.id) == ["S021"])
    #expect(board.refused.flatMap(\.findings).map(\.place) == ["/content"])
    #expect(try self.board(named: ["One", "Two"]).refused.isEmpty)
  }
}
