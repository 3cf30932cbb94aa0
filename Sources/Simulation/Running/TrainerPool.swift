import Federation
import Foundation
import Synchronization
import Tensors

/// The processes of trainers, kept from one trial to the next.
final class TrainerPool: Sendable {
  /// Which trials can follow each other in one process.
  private struct Kind: Hashable {
    let command: TrainerCommand
    let dimension: Int
    let rowCount: Int
  }

  private struct State {
    var idle: [Kind: [any TrainerProcess]] = [:]
    /// Those that a trial has.
    var busy: [ObjectIdentifier: any TrainerProcess] = [:]
    /// Places that are taken, by started or starting processes.
    var taken: [TrainerCommand: Int] = [:]
    var isClosed = false
  }

  private enum Place {
    case process(any TrainerProcess)
    case free
    case wait
  }

  private let state = Mutex(State())

  /// Returns a process that has begun no trial yet; waits where as many run as may.
  func take(
    _ task: TrainerTask, rowCount: Int, stop: StopSignal
  ) throws(TrainerError) -> any TrainerProcess {
    let kind = kind(task, rowCount)
    while true {
      if stop.isStopped { throw .stopped }
      switch place(for: kind, limit: task.settings.workerLimit ?? .max) {
      case .process(let process): return process
      case .free: return try start(kind, task.host)
      case .wait: Thread.sleep(forTimeInterval: 0.01)
      }
    }
  }

  private func kind(_ task: TrainerTask, _ rowCount: Int) -> Kind {
    Kind(
      command: task.settings.command, dimension: task.facts.layout.count, rowCount: rowCount)
  }

  private func place(for kind: Kind, limit: Int) -> Place {
    let (place, unfit) = state.withLock { state -> (Place, (any TrainerProcess)?) in
      if let process = state.idle[kind]?.popLast() {
        state.busy[ObjectIdentifier(process)] = process
        return (.process(process), nil)
      }
      guard state.taken[kind.command, default: 0] >= limit else {
        state.taken[kind.command, default: 0] += 1
        return (.free, nil)
      }
      // One that waits for trials of another size makes room.
      let other = state.idle.first { $0.key.command == kind.command && !$0.value.isEmpty }?.key
      guard let other, let process = state.idle[other]?.popLast() else { return (.wait, nil) }
      return (.free, process)
    }
    unfit?.end()
    return place
  }

  private func start(
    _ kind: Kind, _ host: any TrainerHost
  ) throws(TrainerError) -> any TrainerProcess {
    do throws(TrainerError) {
      let process = try host.start(
        kind.command, dimension: kind.dimension, rowCount: kind.rowCount)
      let isClosed = state.withLock { state in
        if !state.isClosed { state.busy[ObjectIdentifier(process)] = process }
        return state.isClosed
      }
      guard !isClosed else {
        process.end()
        throw .stopped
      }
      return process
    } catch {
      state.withLock { $0.taken[kind.command, default: 1] -= 1 }
      throw error
    }
  }

  /// Takes a process back: for another trial, or to be ended.
  func give(
    back process: any TrainerProcess, of task: TrainerTask, rowCount: Int, isKept: Bool
  ) {
    let kind = kind(task, rowCount)
    let isEnding = state.withLock { state in
      state.busy[ObjectIdentifier(process)] = nil
      if isKept && !state.isClosed {
        state.idle[kind, default: []].append(process)
        return false
      }
      return true
    }
    guard isEnding else { return }
    process.end()
    // Only now is there room for another one.
    state.withLock { $0.taken[kind.command, default: 1] -= 1 }
  }

  /// Ends all processes, those too that a trial still has.
  func close() {
    let (idle, busy) = state.withLock { state in
      state.isClosed = true
      defer { (state.idle, state.busy) = ([:], [:]) }
      return (state.idle.values.flatMap(\.self), Array(state.busy.values))
    }
    for process in busy { process.abort() }
    for process in idle { process.end() }
  }
}
