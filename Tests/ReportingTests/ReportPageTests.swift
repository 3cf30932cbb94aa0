import Gating
import Results
import Studies
import Testing

@testable import Reporting

@Suite struct ReportPageTests {
  private static let gate = GateFixtures.everything

  private static func page(_ study: Study...) -> String {
    ReportPage(study.map { .init($0) }, markedFlags: StudyTables.markedFlags).text()
  }

  private static func check(_ page: PageMarkup) {
    #expect(page.problems == [])
    let ids = Set(page.ids)
    #expect(ids.count == page.ids.count, "an id stands twice")
    #expect(Set(page.targets).subtracting(ids) == [])
    #expect(page["script"].count == 1 && page["style"].count == 1)
    for element in page.elements {
      for (name, value) in element.attributes {
        #expect(name != "style" && !name.hasPrefix("on") && name != "src" && name != "xmlns")
        if name == "href" { #expect(value.hasPrefix("#")) }
      }
    }
  }

  @Test func isWellFormedAndLoadsNothing() {
    Self.check(PageMarkup(Self.page(PageStudy.study)))
    Self.check(PageMarkup(Self.page(PageStudy.swept())))
    Self.check(
      PageMarkup(
        ReportPage([.init(PageStudy.study, gate: Self.gate)], markedFlags: []).text()))
  }

  @Test func twoStudiesShareOnePage() throws {
    let page = PageMarkup(Self.page(PageStudy.study, PageStudy.swept(), PageStudy.study))
    Self.check(page)
    #expect(page["h1"].map(\.text) == ["3 studies", "small", "small", "small"])
    let cell = try #require(page.element(id: "s3-cell-weak-mean"))
    #expect(cell.text.contains("weak / mean"))
  }

  @Test func thePolicyNamesStyleAndScript() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    let policy = try #require(
      page["meta"].first { $0.attributes["http-equiv"] != nil }?.attributes["content"])
    for (name, source) in [("style", "style-src"), ("script", "script-src")] {
      let digest = PageFrame.digest(try #require(page[name].first).text)
      #expect(policy.contains("\(source) 'sha256-\(digest)';"))
    }
    #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
  }

  @Test func equalValuesHaveEqualColors() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    let link = try #require(
      page.inside("map-accuracy-asr").first { $0.attributes["href"] == "#cell-weak-mean" })
    #expect(link.text == "0.8000.900")
    // 0.8 of 1 is two tenths from good; 0.9 of attack success is nine.
    #expect(colors(page, "cell-weak-mean") == ["c-h2", "c-h9"])
    #expect(colors(page, "cell-none-mean") == ["c-h1", "c-h0"])
    // The same accuracy in another map of another study.
    let other = PageMarkup(
      Self.page(TableStudy.study([PageStudy.record("other", "median", 0.8, 0.9)])))
    #expect(colors(other, "cell-other-median") == ["c-h2", "c-h9"])
  }

  private func colors(_ page: PageMarkup, _ cell: String) -> [String] {
    guard let place = page.elements.firstIndex(where: { $0.attributes["href"] == "#" + cell })
    else { return [] }
    return page.elements.filter { $0.name == "span" && $0.parents.last == place }
      .compactMap { $0.attributes["class"] }
  }

  @Test func whatHasNoNumberHasNoColor() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    func words(_ cell: String) -> String? {
      page.elements.first { $0.attributes["href"] == "#" + cell }?.text
    }
    #expect(colors(page, "cell-dead-mean") == ["c-h9", "word"])
    #expect(words("cell-dead-mean") == "0.100! flags: collapsedvoid! flags: collapsed")
    #expect(words("cell-flip-krum") == "timeouttimeout")
    #expect(words("cell-weak-bulyan") == "n/an/a")
    #expect(words("cell-dead-krum") == "not runnot run")
    #expect(words("cell-flip-mean") == "0.700/10.200/1")
    for cell in ["flip-krum", "weak-bulyan", "dead-krum"] {
      #expect(colors(page, "cell-" + cell) == ["word", "word"])
    }
  }

  @Test func cellsWithoutNumbersSayWhy() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    func text(_ cell: String) throws -> String {
      try #require(page.element(id: "cell-" + cell)).text
    }
    #expect(try text("dead-krum").contains("Not run."))
    #expect(try text("flip-krum").contains("Seed 1 timed out."))
    #expect(try text("flip-mean").contains("Seed 2 failed: the disk went away."))
    #expect(try text("weak-bulyan").contains("Not applicable: too few clients."))
    #expect(try !text("weak-mean").contains("Not "))
    #expect(try text("dead-mean").contains("void"))
  }

  /// A stealth score of an attack that hardly anybody could tell anyway would mislead.
  @Test func detectabilityStandsBesideStealth() throws {
    var record = PageStudy.record("weak", "mean", 0.8, 0.9, stealth: 0.25)
    record.metrics["stealth.detectability"] = 0.875
    let page = PageMarkup(Self.page(TableStudy.study([record])))
    let links = page.inside("map-stealth.score").filter {
      $0.attributes["href"] == "#cell-weak-mean"
    }
    #expect(links.map(\.text) == ["0.250D .88"])
    let caption = try #require(page.inside("map-stealth.score").first { $0.name == "caption" })
    #expect(caption.text.hasSuffix("; below it D, the AUROC of the best detector"))
    #expect(
      page.inside("cell-weak-mean").contains {
        $0.name == "tr" && $0.text.hasPrefix("stealth.detectability0.875")
      })
  }

  @Test func missingDetectorsAreExplained() {
    func text(_ record: TrialRecordV1) -> String? {
      PageMarkup(Self.page(TableStudy.study([record])))["p"].map(\.text)
        .first { $0.contains("operating characteristics") }
    }
    var record = PageStudy.record("weak", "mean", 0.8, 0.9)
    #expect(text(record)?.contains("Gauntlet before 0.6 did not record them") == true)
    record.absent["stealth.detectability"] = "nobody attacked"
    #expect(text(record)?.hasSuffix("are drawn: nobody attacked.") == true)
    record.roc = ["norm": (0...20).map { Double($0) / 20 }]
    #expect(text(record) == nil)
    #expect(
      text(PageStudy.record("none", "mean", 0.8, 0.9))?
        .hasSuffix("are drawn: no trial under attack came to its end.") == true)
  }

  @Test func costsAreDrawnAndNameTheirAttack() throws {
    let page = PageMarkup(Self.page(TableStudy.study(TableStudy.records)))
    #expect(page.inside("costs").contains { $0.name == "svg" })
    let row = try #require(
      page.inside("cost-table").first { $0.name == "tr" && $0.text.hasPrefix("mean") })
    #expect(row.text.hasPrefix("mean1.500weakmedian 1.500no attack 1.5001000"))
  }

  @Test func theReferenceIsMarked() {
    let page = PageMarkup(Self.page(PageStudy.study))
    let rows = page["tr"].filter { $0.attributes["class"] == "reference" }
    #expect(!rows.isEmpty && rows.allSatisfy { $0.text.hasPrefix("none reference") })
  }

  @Test func theWorstCaseNamesTheAttackAndIsNoMean() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    let rows = page.inside("worst-table").filter { $0.name == "tr" }.map(\.text)
    let krum = try #require(rows.first { $0.hasPrefix("krum") })
    #expect(krum.contains("0.440") && krum.contains("0.800") && krum.contains("strong"))
    let mean = try #require(rows.first { $0.hasPrefix("mean") })
    // A dead model is the worst accuracy, and its attack success is no success.
    #expect(mean.contains("0.100") && mean.contains("dead"))
    #expect(mean.contains("0.900") && mean.contains("weak") && !mean.contains("0.980"))
    // Means over attacks of krum: accuracy 0.63, success 0.55.
    #expect(!page["main"][0].text.contains(/0\.630|0\.550/))
  }

  @Test func curvesAreThereWhereTheyWereRead() throws {
    let page = PageMarkup(Self.page(PageStudy.study))
    #expect(page.inside("cell-weak-mean").contains { $0.name == "svg" })
    #expect(!page.inside("cell-weak-krum").contains { $0.name == "svg" })
  }

  @Test func warningsAndMissingCurvesAreTold() {
    var study = TableStudy.study(PageStudy.records)
    study.curves = CurveTable(absence: .missing)
    let page = PageMarkup(Self.page(study))
    let warnings = page["p"].filter { $0.attributes["class"] == "warning" }.map(\.text)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("No curves: "))
  }

  @Test(arguments: HostileTables.names) func namesStayText(name: String) {
    var costly = PageStudy.record(name, "m", 0.5, 0.5, axes: [name: "1"])
    costly.metrics["cost.seconds"] = 0.5
    costly.metrics["cost.bytes"] = 8
    let axes = ["1": [name: "1"], "2": [name: name + "2"]]
    let records =
      [costly]
      + axes.values.flatMap { axes in
        [
          PageStudy.record(name, name, 0.5, 0.5, axes: axes, flags: [name]),
          PageStudy.record(name + "'", name, 0.5, 0.5, axes: axes, flags: [name + "'"]),
          Fixtures.record(name, "x" + name, axes: axes, status: .error, message: name),
          Fixtures.record("none", "x" + name, axes: axes, status: .notApplicable, message: name),
        ]
      }
    var manifest = TableStudy.study(records).manifest
    manifest.scenario.name = name
    manifest.scenario.resolved = .array([.object([name: .string(name)])])
    manifest.invocation = [name]
    var results = ResultSet(manifest, records)
    results.warnings = [name]
    let study = Study(manifest, results, facts: TableStudy.facts)
    let text = Self.page(study, study)
    let page = PageMarkup(text)
    Self.check(page)
    for element in page.elements {
      #expect(element.name.allSatisfy { $0.isLowercase || $0.isNumber }, "\(element.name)")
    }
    for hazard: Unicode.Scalar in ["\u{1B}", "\u{202E}"] {
      let parts = text.unicodeScalars.split(separator: hazard, maxSplits: 1)
      #expect(parts.count == 1, "\(String(parts[0].suffix(100)))")
    }
  }

  @Test func equalStudiesGiveEqualBytes() {
    let reversed = PageStudy.records.map { record in
      var copy = record
      copy.metrics = [:]
      for (metric, value) in record.metrics.sorted(by: { $0.key > $1.key }) {
        copy.metrics[metric] = value
      }
      return copy
    }
    var study = TableStudy.study(reversed, resolved: PageStudy.resolved)
    study.curves = PageStudy.curves
    #expect(Self.page(study) == Self.page(PageStudy.study))
  }
}
