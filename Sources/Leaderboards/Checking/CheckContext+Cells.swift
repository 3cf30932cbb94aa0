import Diagnostics
import Results

extension CheckContext {
  /// S006 to S009.
  func cells() -> [EntryFinding] {
    let settings = results.settings.filter { setting in
      setting.uses(of: entry.defense).contains { $0 != nil }
    }
    guard !settings.isEmpty else {
      let known = results.settings.flatMap { $0.variants.flatMap(\.defenses.keys) }
      return [
        EntryFinding(
          .cells, file: entryPath, place: "/defense",
          "the scenario of the results has no defense '\(excerpt(entry.defense))'"
            + suggestion(for: entry.defense, among: Set(known).sorted()))
      ]
    }
    let expected = settings.flatMap { $0.cells(of: entry.defense) }
    return strangers(expected) + gaps(expected) + seedCount()
  }

  /// Trials that no cell expects, and trials that are there twice.
  private func strangers(_ expected: [CellID]) -> [EntryFinding] {
    let known = Set(expected)
    var seen: Set<TrialPlace> = []
    return limited(
      lines.compactMap { number, record -> EntryFinding? in
        let isNew = seen.insert(TrialPlace(record)).inserted
        let isKnown = known.contains(record.cellID)
        if isNew, isKnown { return nil }
        // An axis of the defense is told by its own rule.
        if isNew, record.axes.keys.contains(where: isOwnParameter) { return nil }
        return EntryFinding(
          .cells, file: trialsPath, place: "\(number)",
          "\(excerpt(record.cell)), seed \(record.seed): "
            + (isNew ? "the scenario has no such cell" : "is there twice"))
      })
  }

  func isOwnParameter(_ axis: String) -> Bool { axis.hasPrefix("defenses.\(entry.defense).") }

  private func gaps(_ expected: [CellID]) -> [EntryFinding] {
    let seeds = Set(lines.map(\.record.seed))
    var notRun: [String] = []
    var failed: [EntryFinding] = []
    var uneven: [String] = []
    let byCell = Dictionary(grouping: lines, by: \.record.cellID)
    for cell in expected {
      let name = TrialRecordV1.cellName(
        attack: cell.attack, defense: cell.defense, axes: cell.axes)
      let own = byCell[cell] ?? []
      if own.isEmpty {
        notRun.append(name)
      } else if Set(own.map(\.record.seed)) != seeds {
        uneven.append(name)
      }
      for (number, record) in own {
        guard let problem = statusProblem(record) else { continue }
        failed.append(
          EntryFinding(
            .complete, file: trialsPath, place: "\(number)",
            "\(excerpt(record.cell)), seed \(record.seed): is \(record.status.rawValue)\(problem)"))
      }
    }
    var findings = limited(failed)
    if !notRun.isEmpty {
      findings.append(
        EntryFinding(
          .complete, file: trialsPath,
          "not run: \(names(notRun)) (\(notRun.count) of "
            + "\(expected.count) cells)"))
    }
    if !uneven.isEmpty {
      findings.append(
        EntryFinding(
          .seeds, file: trialsPath,
          "not all of the seeds \(names(seeds.sorted().map(String.init))): \(names(uneven))"))
    }
    let missing = Set(results.plan?.seeds ?? []).subtracting(seeds).sorted()
    if !missing.isEmpty {
      findings.append(
        EntryFinding(
          .seeds, file: trialsPath,
          "no trial has \(missing.count == 1 ? "the seed" : "the seeds") "
            + "\(names(missing.map(String.init))) of \(Entry.scenarioName)"))
    }
    return findings
  }

  /// What is wrong with a trial's status; `nil` if nothing is.
  ///
  /// Whether a trial can run is what the plan says, where there is one, not what the entry says.
  private func statusProblem(_ record: TrialRecordV1) -> String? {
    let place = TrialPlace(record)
    let isInfeasible = results.plan.flatMap { plan in
      // A trial that the plan does not know is told by its own rule.
      plan.keys[place] == nil ? nil : plan.infeasible.contains(place)
    }
    switch record.status {
    case .ok: return isInfeasible == true ? ", and the scenario says that it cannot run" : nil
    case .notApplicable:
      if (record.message ?? "").isEmpty { return " without a reason" }
      return isInfeasible == false ? ", and by the scenario it can run" : nil
    case .error, .timeout: return ""
    }
  }

  private func seedCount() -> [EntryFinding] {
    let count = Set(lines.map(\.record.seed)).count
    guard count < EntryRule.leastSeeds, !entry.isPreliminary else { return [] }
    return [
      EntryFinding(
        .fewSeeds, file: trialsPath,
        "there \(count == 1 ? "is 1 seed" : "are \(count) seeds"), and "
          + "\(EntryRule.leastSeeds) are the least")
    ]
  }
}
