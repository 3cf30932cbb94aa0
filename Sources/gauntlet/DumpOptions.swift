import ArgumentParser
import Diagnostics
import Dumps
import Metrics
import Reporting
import Results
import Simulation
import Suite
import Synchronization

/// What `run` keeps of trials besides their results.
struct DumpOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write what the server receives in these rounds, such as 0,10,last, 0..9 or all, for 'replay'.",
      valueName: "rounds"))
  var dumpUpdates: String?

  @Option(help: ArgumentHelp("How to write it. (default: npy)", valueName: "format"))
  var dumpFormat: UpdateFormat?

  @Option(
    help: ArgumentHelp(
      "Where it goes. (default: 'dumps' in the folder for the results)", valueName: "folder"))
  var dumpDir: String?

  @Option(
    help: ArgumentHelp(
      "Write the model that each trial ends with, and triggered examples beside it, into 'models'.",
      valueName: "format"))
  var saveModels: ModelFormat?

  @Flag(help: "Write what the defense decides about each client in each round into verdicts.csv.")
  var verdicts = false

  enum UpdateFormat: String, CaseIterable, ExpressibleByArgument {
    case npy
    case npz
    case safetensors

    var format: DumpFormat {
      switch self {
      case .npy: .npy
      case .npz: .npz
      case .safetensors: .safetensors
      }
    }
  }

  enum ModelFormat: String, CaseIterable, ExpressibleByArgument {
    case npz
    case safetensors

    var format: DumpFormat { self == .npz ? .npz : .safetensors }
  }

  func validate() throws {
    _ = try selection()
    if dumpDir == "" { throw ValidationError("--dump-dir is empty") }
    if dumpDir != nil, dumpUpdates == nil {
      throw ValidationError("--dump-dir says where, and --dump-updates which rounds: give both")
    }
    if dumpFormat != nil, dumpUpdates == nil {
      throw ValidationError("--dump-format says how, and --dump-updates which rounds: give both")
    }
  }

  /// Refuses rounds that no trial of a plan has.
  func check(_ plan: Plan) throws {
    guard let selection = try selection(), let longest = plan.trials.map(\.rounds).max(),
      let round = selection.absent(from: longest)
    else { return }
    throw Failure(
      "--dump-updates: there is no round \(round): a trial has \(longest), and they count from 0")
  }

  private func selection() throws -> RoundSelection? {
    guard let dumpUpdates else { return nil }
    do {
      return try RoundSelection(dumpUpdates)
    } catch {
      throw ValidationError("--dump-updates \(error)")
    }
  }

  /// Makes what takes it during a run into a folder of results.
  func keeper(
    of plan: Plan, in folder: String, recorded: [TrialRecordV1], fresh: Bool
  ) throws -> RunKeeper {
    var observers: [any TrialObserver] = []
    if let rounds = try selection() {
      let target = dumpDir ?? UserPath.joined(folder, "dumps")
      let format = dumpFormat?.format ?? .npy
      observers.append(UpdateDumper(folder: target, format: format, rounds: rounds))
    }
    if let saveModels {
      observers.append(
        ModelDumper(folder: UserPath.joined(folder, "models"), format: saveModels.format))
    }
    if fresh { try VerdictsFile.remove(from: folder) }
    let settled = recorded.filter { $0.status == .ok }
    let lacksVerdicts = verdicts && !VerdictsFile.isThere(in: folder)
    if !settled.isEmpty, !observers.isEmpty || lacksVerdicts {
      Console.note(
        "\(counted(settled.count, "trial")) in \(folder) will not run again: what they make is not "
          + "written; --fresh runs all")
    }
    guard verdicts else { return RunKeeper(observers, file: nil, collector: nil) }
    let file = try VerdictsFile(
      in: folder, axes: plan.roundsLayout(.builtIn, metrics: .builtIn).axes, recorded: settled)
    let collector = VerdictCollector()
    return RunKeeper(observers + [collector], file: file, collector: collector)
  }
}

/// What takes models, updates and verdicts while trials run.
final class RunKeeper: Sendable {
  /// Whom the runner tells; `nil`: nobody.
  let observer: (any TrialObserver)?
  private let collector: VerdictCollector?
  private let file: Mutex<VerdictsFile?>

  init(
    _ observers: [any TrialObserver],
    file: sending VerdictsFile?, collector: VerdictCollector?
  ) {
    observer = observers.isEmpty ? nil : ObserverList(observers)
    self.collector = collector
    self.file = Mutex(file)
  }

  /// Writes the verdicts of a trial that is about to be recorded.
  func take(_ record: TrialRecordV1) throws {
    guard let found = collector?.take(record.identity), record.status == .ok else { return }
    try file.withLock { try $0?.append(found, of: record) }
  }
}
