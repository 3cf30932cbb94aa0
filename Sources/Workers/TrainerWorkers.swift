public import Federation
import JSON

/// Trainers that are workers: programs that speak the worker protocol.
public struct TrainerWorkers: TrainerHost {
  public init() {}

  public func describe(
    _ command: TrainerCommand, _ setup: TrainerSetup
  ) throws(TrainerError) -> TrainerFacts {
    if let missing = command.worker.missing.first { throw .refused(missing.reason) }
    let worker = try TrainerWorker(command, arrays: [:])
    defer { worker.end() }
    var facts = try worker.greet(setup, describing: true)
    do throws(WorkerError) {
      facts.identity = try command.worker.trainerIdentity(name: facts.name, version: facts.version)
    } catch {
      throw TrainerError(error)
    }
    return facts
  }

  public func start(
    _ command: TrainerCommand, dimension: Int, rowCount: Int
  ) throws(TrainerError) -> any TrainerProcess {
    try TrainerWorker(
      command,
      arrays: ["global": dimension, "updates": dimension * rowCount, "result": dimension])
  }
}

extension TrainerCommand {
  /// The same as other workers are started.
  var worker: WorkerCommand {
    WorkerCommand(
      words, files: files, folder: folder ?? ".", timeout: timeout ?? 600,
      memory: memory.map { Int(min($0, 0x1p62)) },
      sandbox: sandbox.flatMap { .init(rawValue: $0) } ?? .none,
      transport: transport.flatMap { .init(rawValue: $0) } ?? .mapped, threads: threadCount)
  }
}

extension TrainerError {
  init(_ error: WorkerError) {
    switch error {
    case .declined(let reason): self = .refused(reason)
    case .lost(let reason): self = .fault(reason)
    }
  }
}
