import Federation
import Foundation
import Leaderboards
import Metrics
import Results
import Simulation
import Studies
import Suite

/// Reading entries of a leaderboard, with what only the program knows.
enum Entries {
  static func loader() -> EntryLoader {
    EntryLoader(
      ranges: .builtIn, engine: Engine.number, facts: .builtIn, digest: RunInfo.fileDigest,
      plan: plan)
  }

  static let toolName = "gauntlet \(Tool.version)"

  /// What a scenario makes with some seeds.
  private static func plan(_ scenario: String, _ seeds: [Int]) throws -> EntryPlan {
    let file = try ScenarioFile(path: scenario, catalog: .builtIn)
    let plan = try Plan(file, catalog: .builtIn, options: options(seeds))
    var keys: [TrialPlace: String] = [:]
    var infeasible: Set<TrialPlace> = []
    var standing: [String: Set<String>] = [:]
    for trial in plan.trials {
      let place = TrialPlace(cell: trial.cell, seed: Int(clamping: trial.seed))
      keys[place] = keys[place] ?? trial.key
      if trial.feasibility != .ready { infeasible.insert(place) }
      if standing[place.cell] == nil { standing[place.cell] = flags(plan.standing(of: trial)) }
    }
    let own = Set(file.variants.flatMap(\.scenario.seeds)).map { Int(clamping: $0) }
    return EntryPlan(
      keys: keys, infeasible: infeasible, standing: standing, seeds: own.sorted(),
      resolved: plan.resolved)
  }

  private static func flags(_ standing: DefenseStanding) -> Set<String> {
    let flags = [
      (OracleCount.id, standing.knowsExactCount), (UsesServerData.id, standing.usesServerData),
      (Stateful.id, standing.isStateful),
    ]
    return Set(flags.filter(\.1).map(\.0))
  }

  static func options(_ seeds: [Int], only: Selection? = nil) -> Plan.Options {
    Plan.Options(
      only: only, seeds: seeds.map { UInt64($0) },
      environment: ProcessInfo.processInfo.environment)
  }

  /// The folders of entries below a folder, sorted: those that hold an `entry.yaml`, and those that
  /// hold neither one nor results, which are no entries but look like ones.
  static func folders(in folder: String) throws -> [String] {
    try LoadedFiles.requireFolder(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return names.filter { !$0.hasPrefix(".") }.map {
      folder + (folder.hasSuffix("/") ? "" : "/") + $0
    }
    .filter { path in
      guard isFolder(path) else { return false }
      return exists(path + "/" + Entry.fileName)
        || !exists(path + "/" + ResultFolder.manifestName)
    }
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
  }
}
