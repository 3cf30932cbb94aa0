import Components
import Diagnostics
import Federation
import Synchronization

/// The workers that were described, so that each is started once for a whole plan.
final class WorkerSupplies: Sendable {
  private struct Key: Hashable {
    let arguments: [String: ArgumentValue]
    let folder: String
  }

  private let kind: WorkerReady.Kind
  private let component: ComponentID
  private let known = Mutex<[Key: (supply: WorkerSupply, identity: ComponentIdentity)]>([:])

  init(kind: WorkerReady.Kind, component: ComponentID) {
    self.kind = kind
    self.component = component
  }

  /// The supply of some parameters; one that failed is tried again.
  func supply(
    _ arguments: Arguments, in folder: String
  ) throws(ConfigurationError) -> (supply: WorkerSupply, identity: ComponentIdentity) {
    let key = Key(arguments: arguments.values, folder: folder)
    if let known = known.withLock({ $0[key] }) { return known }
    let supply = try WorkerSupply(arguments, of: component, kind: kind, in: folder)
    let identity = try supply.command.identity(of: supply.ready, component: component)
    known.withLock { $0[key] = (supply, identity) }
    return (supply, identity)
  }
}

extension WorkerSupply {
  /// The problem of a worker that wants what there is not.
  func unknown(need word: String, known: [String]) -> ConfigurationError.Problem {
    .invalid(
      component: "external",
      reason: "\(excerpt(command.text)): needs '\(excerpt(word))'"
        + suggestion(for: word, among: known.sorted()))
  }
}
