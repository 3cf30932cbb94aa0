import Results
import Studies
import Testing

@testable import Reporting

@Suite struct StudyTablesTests {
  private let tables = StudyTables(TableStudy.study(TableStudy.records))

  private func table(_ id: String) throws -> DataTable {
    try #require(tables.all().first { $0.id == id })
  }

  private func lines(_ table: DataTable) -> [String] {
    table.csv.split(separator: "\n").map(String.init)
  }

  /// t(0.975, 1) = 12.706 and s = 0.01 √2, so that half the interval is 0.127.
  @Test func aPivotHasAttacksDownAndDefensesAcross() throws {
    let pivot = try table("accuracy.stop")
    #expect(
      pivot.markdown.split(separator: "\n").dropFirst().dropLast() == [
        "| attack | mean | krum |", "|---|---:|---:|",
        "| none | 0.900 ± .127 | 0.850 ± .127 |",
        "| weak | 0.800 ± .127 | **0.820** ± .127 |",
        "| strong | **0.500** ± .127 | 0.150 ± .127&#33; |",
      ])
    #expect(
      pivot.caption.hasSuffix(
        "Scenario small, 2 seeds a cell, gauntlet 9.9.9, engine 7, trials.jsonl 0123456789ab."))
    #expect(pivot.caption.contains("Higher is better for the defender."))
  }

  @Test func successOnADeadModelIsVoidAndNotTheBest() throws {
    let pivot = try table("asr.stop")
    let strong = try #require(pivot.rows.last)
    guard case .missing("void", let reason) = strong.values[2] else {
      Issue.record("\(strong.values[2])")
      return
    }
    #expect(reason.hasPrefix("void: at the end of the window the model is dead"))
    let ranking = TableRanking(pivot)
    #expect(pivot.columns.indices.allSatisfy { ranking[2, $0] == nil }, "one figure is left")
    #expect(ranking[1, 2] == .best)
  }

  @Test func theWorstCaseNamesItsAttackAndTakesInWeakerTiers() throws {
    let rows = lines(try table("worst-case")).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let columns = rows[0].map(String.init)
    func column(_ name: String) throws -> [String] {
      let place = try #require(columns.firstIndex(of: name))
      return rows.dropFirst().map { String($0[place]) }
    }
    #expect(
      try column("tier") == ["all", "all", "all", "low", "low", "low", "high", "high", "high"])
    #expect(
      try column("defense") == [
        "mean", "krum", "bulyan", "mean", "krum", "bulyan", "mean", "krum", "bulyan",
      ])
    #expect(
      try column("accuracy_attack") == [
        "strong", "strong", "", "weak", "weak", "", "strong", "strong", "",
      ])
    // The success of the strong attack on krum is void.
    #expect(
      try column("asr_attack") == ["weak", "weak", "", "weak", "weak", "", "weak", "weak", ""])
    #expect(try column("attacks") == ["2", "2", "0", "1", "1", "0", "2", "2", "0"])
    #expect(try column("accuracy_mark")[2] == "–")
    let ranking = TableRanking(try table("worst-case"))
    #expect((0..<9).map { ranking[$0, 3]?.rawValue } == [1, nil, nil, nil, 1, nil, 1, nil, nil])
  }

  @Test func cellsHaveOneRowPerCellAndMetric() throws {
    let cells = lines(tables.cells())
    #expect(
      cells[0]
        == "attack,defense,metric,outcome,mean,sd,low,high,lower_bound,worst,worst_seed,seeds,trials,"
        + "implied,flags,reason")
    #expect(cells.count == 1 + 9 * 2)
    let krum = try #require(cells.first { $0.hasPrefix("weak,krum,asr.stop,") })
    let fields = krum.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = try fields[4...7].map { try #require(Double($0)) }
    // s = 0.02 √2, and 12.7062 s / √2 = 0.254124.
    for (number, expected) in zip(numbers, [0.3, 0.0282843, 0.0458759, 0.5541241]) {
      #expect(abs(number - expected) < 1e-6, "\(number)")
    }
    #expect(fields[8...13] == ["false", "0.32", "2", "2", "2", "false"])
    let bulyan = try #require(cells.first { $0.hasPrefix("weak,bulyan,asr.stop,") })
    #expect(
      bulyan == "weak,bulyan,asr.stop,not-applicable,,,,,false,,,0,1,false,,too few clients")
    let void = try #require(cells.first { $0.hasPrefix("strong,krum,asr.stop,") })
    #expect(void.hasPrefix("strong,krum,asr.stop,void,,,,,false,"))
  }

  /// Milliseconds: the median of the seeds' 1 and 2; strong against mean takes 5 and 7.
  @Test func costsNameTheAttackThatCostsMost() throws {
    var records = TableStudy.records
    for index in records.indices
    where records[index].attack == "strong" && records[index].defense == "mean" {
      records[index].metrics["cost.seconds"] = 0.003 + 0.002 * Double(records[index].seed)
    }
    let table = try #require(
      StudyTables(TableStudy.study(records)).all().first { $0.id == "costs" })
    #expect(
      lines(table) == [
        "defense,cost.seconds,cost.seconds_attack,cost.seconds_median,cost.seconds_clean,"
          + "cost.bytes,cost.bytes_attack,cost.bytes_median,cost.bytes_clean",
        "mean,6,strong,3.75,1.5,1000,weak,1000,1000", "krum,1.5,weak,1.5,1.5,1000,weak,1000,1000",
      ])
    #expect(table.caption.contains("within this table only (2 cores, x86_64)."))
  }

  /// What an entry of a leaderboard tells.
  @Test func aMachineThatIsNotToldHasNoCores() throws {
    var manifest = TableStudy.study([]).manifest
    manifest.machine = .init(cores: 0, arch: "", os: "")
    let study = Study(manifest, ResultSet(manifest, TableStudy.records), facts: TableStudy.facts)
    let table = try #require(StudyTables(study).all().first { $0.id == "costs" })
    #expect(table.caption.contains("on which machine is not told"))
    #expect(!table.caption.contains("0 cores"))
    let page = ReportPage([.init(study)], markedFlags: []).text()
    #expect(!page.contains("0 cores") && !page.contains(">machine<"))
  }

  /// Without a window accuracy.final stands for its end, and every table that takes it says so.
  @Test func anEmptyWindowIsTold() throws {
    func cell(_ attack: String, _ defense: String, _ accuracy: Double) -> [TrialRecordV1] {
      [-0.01, 0.02].enumerated().map { index, side in
        Fixtures.record(
          attack, defense, seed: index + 1,
          metrics: ["accuracy.final": accuracy + side * (defense == "krum" ? 2 : 1)])
      }
    }
    let records =
      cell("none", "mean", 0.9) + cell("none", "krum", 0.9) + cell("weak", "mean", 0.8)
      + cell("weak", "krum", 0.7) + cell("strong", "mean", 0.6) + cell("strong", "krum", 0.5)
    var facts = TableStudy.facts
    facts.metrics.append(
      .init(
        id: "accuracy.final", definition: "accuracy", unit: "fraction", better: .higher))
    let manifest = TableStudy.study([]).manifest
    let study = Study(manifest, ResultSet(manifest, records), facts: facts)
    #expect(study.accuracyMetric == "accuracy.final")
    let tables = StudyTables(study).all()
    for id in ["worst-case", "ranks", "smallest-difference"] {
      let table = try #require(tables.first { $0.id == id })
      #expect(table.caption.contains(StudyCaption.emptyWindow), "\(id)")
    }
    let page = ReportPage([.init(study)], markedFlags: []).text()
    // Below the worst cases, the ranks and the smallest difference.
    #expect(page.split(separator: StudyCaption.emptyWindow).count == 4)
    for table in self.tables.all() {
      #expect(!table.caption.contains(StudyCaption.emptyWindow), "\(table.id)")
    }
    #expect(TableStudy.study(TableStudy.records).accuracyMetric == "accuracy.stop")
  }

  @Test func flagsSayWhatTheyMean() throws {
    let flags = try table("flags")
    let few = try #require(flags.rows.first { $0.values[0] == .text("few-seeds") })
    #expect(
      few.values.dropFirst() == [
        .text("fewer than 5 seeds"), .integer(6), .integer(6), .text("all cells"),
      ])
    let dead = try #require(flags.rows.first { $0.values[0] == .text("collapsed") })
    #expect(dead.values.dropFirst(2) == [.integer(1), .integer(6), .text("strong / krum")])
  }

  @Test func anAxisAcross() throws {
    let axis = "threat.malicious"
    let study = TableStudy.study(
      ["10", "2"].flatMap { value in
        TableStudy.cell("weak", "mean", value == "2" ? 0.7 : 0.6, 0.5, axes: [axis: value])
          + TableStudy.cell("weak", "krum", 0.5, 0.5, axes: [axis: value])
      })
    let score = try #require(Score.shown.first)
    let table = try #require(StudyTables(study).pivot(score, across: axis))
    #expect(
      table.markdown.split(separator: "\n").dropFirst().dropLast() == [
        "| defense | attack | 2 | 10 |", "|---|---|---:|---:|",
        "| mean | weak | 0.700 ± .127 | 0.600 ± .127 |",
        "| krum | weak | 0.500 ± .127 | 0.500 ± .127 |",
      ])
    #expect(StudyTables(study).pivot(score, across: "nothing") == nil)
  }

  @Test func emptyStudiesHaveNoTables() {
    #expect(StudyTables(TableStudy.study([])).all().isEmpty)
    #expect(StudyTables(TableStudy.study([])).cells().rows.isEmpty)
  }

  @Test func changedFilesAreTold() {
    let study = TableStudy.study(TableStudy.records, altered: ["trials.jsonl"])
    for table in StudyTables(study).all() + [StudyTables(study).cells()] {
      #expect(table.caption.hasSuffix("Files of these results were changed after their run."))
    }
  }

  /// Every table of a study whose names are hostile can be written in every format.
  @Test func hostileNamesStayInTheirFields() {
    let study = TableStudy.study(
      HostileTables.names.filter { !$0.isEmpty }.flatMap {
        TableStudy.cell($0, "a|b\n<c>", 0.5, 0.5, axes: ["=axis": $0])
          + TableStudy.cell("none", "a|b\n<c>", 0.5, 0.5, axes: ["=axis": "1"])
      })
    for table in StudyTables(study).all() + [StudyTables(study).cells()] {
      #expect(table.id.wholeMatch(of: /[A-Za-z0-9.-]+/) != nil)
      let body = table.markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
      #expect(body.count == table.rows.count + 2)
      #expect(body.allSatisfy { $0.count { $0 == "|" } == table.columns.count + 1 })
      #expect(!table.markdown.contains("<c>") && !table.latex.contains("|"))
      #expect(!table.csv.contains("\n=") && !table.csv.contains(",="))
    }
  }
}

/// Tables of what an analysis of a study finds.
@Suite struct AnalysisTablesTests {
  /// Three attacks, all of which hurt `c` most and `a` least.
  private static let ranked = ["none", "x", "y", "z"].enumerated().flatMap { index, attack in
    ["a", "b", "c"].enumerated().flatMap { place, defense in
      TableStudy.cell(
        attack, defense, 0.9 - 0.1 * Double(index) - 0.05 * Double(place), 0.3 * Double(place))
    }
  }

  private func table(_ id: String, _ records: [TrialRecordV1]) throws -> DataTable {
    try #require(StudyTables(TableStudy.study(records)).all().first { $0.id == id })
  }

  @Test func ranksHaveTheBestFirst() throws {
    let table = try table("ranks", Self.ranked)
    let rows = table.csv.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0] == ["score", "defense", "mean_rank", "alike", "blocks"])
    #expect(rows[1...3].map { $0[2] } == ["1", "2", "3"])
    #expect(rows[1...3].map { $0[1] } == ["a", "b", "c"])
    // Nemenyi with three treatments and blocks: 2.343 √(3 · 4 / 18) = 1.913, so only a and c differ.
    let alike = rows[1...3].map { Set($0[3]) }
    #expect(!alike[0].isDisjoint(with: alike[1]) && !alike[1].isDisjoint(with: alike[2]))
    #expect(alike[0].isDisjoint(with: alike[2]))
    let ranking = TableRanking(table)
    #expect((0..<3).map { ranking[$0, 2]?.rawValue } == [1, 2, nil], "each score for itself")
    #expect(table.caption.contains("Nemenyi"))
  }

  /// The seeds of all defenses but one move together, so that pairs have no spread.
  @Test func differencesCountTheirPairs() throws {
    let varied = [0.5, 0.9].enumerated().map { index, value in
      Fixtures.record("x", "d", seed: index + 1, metrics: ["accuracy.stop": value])
    }
    let table = try table("smallest-difference", Self.ranked + varied)
    let row = try #require(table.rows.first)
    #expect(row.values[0] == .text("accuracy.stop"))
    #expect(row.values[5...6] == [.integer(3), .integer(0)])
    #expect(
      row.values[7...11] == [.integer(3), .integer(0), .integer(9), .integer(2), .integer(2)])
    #expect(table.rows.count == 1)
    let equal = StudyTables(TableStudy.study(Self.ranked)).all()
    #expect(!equal.contains { $0.id == "smallest-difference" })
  }

  @Test func sweepsHaveOneRowPerPoint() throws {
    let axis = "threat.malicious"
    let records = ["0.1", "0.2", "0.3"].enumerated().flatMap { index, value in
      ["none", "x", "y"].enumerated().flatMap { place, attack in
        TableStudy.cell(
          attack, "a", 0.9 - 0.2 * Double(index * place) / 2, 0.1, axes: [axis: value])
      }
    }
    let table = try table("sweep-accuracy.stop", records)
    let rows = table.rows.map { row in row.values.map { ValueText($0).main } }
    let worst = rows.filter { $0[3] == "worst case" }
    #expect(worst.map { $0[1] } == ["0.1", "0.2", "0.3"])
    #expect(worst.map { $0[5] } == ["0.900", "0.700", "0.500"])
    #expect(worst.map { $0[6] } == ["x", "y", "y"])
    #expect(worst.map { $0[7...8] } == [["2", "0"], ["2", "0"], ["2", "0"]])
    #expect(table.caption.contains("no curve falls because an attack joins it"))
    #expect(rows.count == 3 + 3 * 3)
    #expect(try self.table("sweep-asr.stop", records).rows.count == rows.count)
  }

  @Test func pitfallsAreAlwaysSix() throws {
    #expect(try table("pitfalls", Self.ranked).rows.count == 6)
  }

  @Test func tablesHaveIdsOfTheirOwn() {
    let ids = StudyTables(TableStudy.study(Self.ranked)).all().map(\.id)
    #expect(Set(ids).count == ids.count && ids.count >= 6)
  }
}
