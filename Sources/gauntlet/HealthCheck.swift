import Datasets
import Diagnostics
import Foundation
import Markup
import Results
import Simulation
import Workers

/// One thing that `doctor` looks at.
struct HealthCheck {
  enum State: String {
    case ok
    /// Something optional is not there.
    case absent
    /// Something optional is there, and does not work as it is.
    case unusable
    case failed
  }

  let name: String
  let state: State
  let finding: String
  /// What to do about it.
  var remedy: String?

  init(_ name: String, _ state: State, _ finding: String, remedy: String? = nil) {
    self.name = name
    self.state = state
    self.finding = Printable.escaped(finding)
    self.remedy = remedy.map { Printable.escaped($0) }
  }

  var json: JSONValue {
    .object([
      "name": .string(name), "state": .string(state.rawValue), "finding": .string(finding),
      "remedy": remedy.map { .string($0) } ?? .null,
    ])
  }

  /// All checks, in the order in which they are shown.
  static func all() -> [HealthCheck] {
    let environment = ProcessInfo.processInfo.environment
    return [program, processor, memory(environment), bits, workingFolder, sharedMemory]
      + data(environment) + helpers
  }

  private static var program: HealthCheck {
    let manifest = RunInfo.tool
    return HealthCheck(
      "program", .ok,
      "gauntlet \(manifest.version), engine \(Engine.number), \(manifest.build) build, Swift "
        + "\(manifest.swift), \(ProcessorNeeds.isPortable ? "any processor" : "x86-64-v3")")
  }

  private static var processor: HealthCheck {
    let processor = ProcessorFeatures.current
    let threads = ProcessInfo.processInfo.activeProcessorCount
    return HealthCheck(
      "processor", .ok,
      "\(processor.name ?? "unknown"), \(threads) thread\(threads == 1 ? "" : "s")"
        + (processor.missing.isEmpty
          ? "" : ", without \(processor.missing.joined(separator: ", "))"))
  }

  private static func memory(_ environment: [String: String]) -> HealthCheck {
    do {
      let limit = try MemoryLimit.current(environment: environment)
      return HealthCheck(
        "memory", .ok, "\(MemoryAmount.text(limit.byteCount)) (\(limit.origin))")
    } catch {
      return HealthCheck("memory", .failed, "\(error)")
    }
  }

  private static var bits: HealthCheck {
    let name = "bits"
    do {
      for (jobs, perTrial) in [(1, 1), (2, 1), (3, 3)] {
        let digests = try SelfCheck.digests(jobs: jobs, threadsPerTrial: perTrial)
        let wrong = digests.filter { SelfCheck.recorded[$0.key] != $0.value }.keys.sorted()
        guard wrong.isEmpty, digests.count == SelfCheck.recorded.count else {
          return HealthCheck(
            name, .failed,
            "with \(jobs) thread\(jobs == 1 ? "" : "s"), other parameters than recorded in "
              + wrong.joined(separator: ", "),
            remedy: "results of this machine are not comparable; please report it, with this text")
        }
      }
      return HealthCheck(
        name, .ok,
        "\(SelfCheck.recorded.count) small federations end with the recorded parameters, with 1, "
          + "2 and 3 threads")
    } catch {
      return HealthCheck(name, .failed, "\(error)")
    }
  }

  private static var workingFolder: HealthCheck {
    let files = FileManager.default
    let folder = files.currentDirectoryPath
    guard files.isWritableFile(atPath: folder) else {
      return HealthCheck(
        "folder", .failed, "\(folder) cannot be written to",
        remedy: "start gauntlet elsewhere, or name a folder with --output")
    }
    let free =
      (try? files.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? NSNumber)?
      .doubleValue
    return HealthCheck(
      "folder", .ok,
      "\(folder) can be written to" + (free.map { ", \(MemoryAmount.text($0)) free" } ?? ""))
  }

  private static var sharedMemory: HealthCheck {
    let folder = "/dev/shm"
    let isUsable = FileManager.default.isWritableFile(atPath: folder)
    return HealthCheck(
      "shared memory", isUsable ? .ok : .absent,
      isUsable
        ? "\(folder) takes matrices for methods in other processes"
        : "\(folder) cannot be written to",
      remedy: isUsable ? nil : "matrices for methods in other processes go through temporary files")
  }

  private static func data(_ environment: [String: String]) -> [HealthCheck] {
    let folders = DataFolders(besideScenario: nil, environment: environment)
    var checks: [HealthCheck] = []
    if let named = environment["GAUNTLET_DATA"], !named.isEmpty {
      let isThere = FileManager.default.fileExists(atPath: named + "/.")
      checks.append(
        HealthCheck(
          "GAUNTLET_DATA", isThere ? .ok : .failed, isThere ? named : "\(named) is no folder",
          remedy: isThere ? nil : "name a folder with data sets, or unset the variable"))
    }
    let found = ["mnist", "fashion-mnist", "emnist"].filter { (try? folders.locate($0)) != nil }
    checks.append(
      HealthCheck(
        "data", .ok, (["digits (bundled)"] + found).joined(separator: ", "),
        remedy: found.isEmpty
          ? "IDX folders are looked for here, in GAUNTLET_DATA and where Debian puts them" : nil))
    return checks
  }

  /// Programs that some commands use and nothing needs.
  private static var helpers: [HealthCheck] {
    let numpy = "import sys, numpy; print(sys.version.split()[0] + ', NumPy ' + numpy.__version__)"
    return [
      helper(
        "python", ["python3", "-c", numpy], "Python ",
        without: "for defenses, attacks and trainers of your own: Python 3 with NumPy",
        unusable: "python3 is there, without NumPy that it can load"),
      sandbox,
      helper(
        "slurm", ["sbatch", "--version"], without: "for arrays of jobs: Slurm",
        unusable: "installed, not configured"),
    ]
  }

  /// That it is there says little: in many containers it can make nothing.
  private static var sandbox: HealthCheck {
    let purpose = "for methods of others behind bars: Bubblewrap (bwrap)"
    let version = helper(
      "sandbox", ["bwrap", "--version"], without: purpose,
      unusable: "bwrap is there, and does not start")
    guard version.state == .ok else { return version }
    let trial = helper(
      "sandbox", WorkerCommand.emptySandbox + ["true"], without: purpose,
      unusable: "bwrap is there, and can make no sandbox")
    return trial.state == .ok ? version : trial
  }

  private static func helper(
    _ name: String, _ words: [String], _ prefix: String = "", without purpose: String,
    unusable: String
  ) -> HealthCheck {
    switch ShortProgram.ending(of: words) {
    case .done(let line): HealthCheck(name, .ok, prefix + line)
    case .absent: HealthCheck(name, .absent, purpose)
    case .failed(let reason):
      HealthCheck(
        name, .unusable, unusable + (reason.map { ": \(Printable.excerpt($0, limit: 200))" } ?? ""),
        remedy: purpose)
    }
  }
}
