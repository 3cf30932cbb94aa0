import Components
import JSON

extension WorkerSupply {
  /// Describes the worker that the parameters of a component name.
  ///
  /// - Throws: ``ConfigurationError`` where it cannot be started or does not say who it is.
  convenience init(
    _ arguments: Arguments, of component: ComponentID, kind: WorkerReady.Kind, in folder: String
  ) throws(ConfigurationError) {
    let command = try WorkerCommand(arguments, of: component, in: folder)
    do throws(WorkerError) {
      try self.init(command, kind: kind, parameters: Self.parameters(arguments.text("params")))
    } catch {
      throw ConfigurationError(.invalid(component: component, reason: error.description))
    }
  }

  /// The free mapping of a scenario, which was read as JSON.
  private static func parameters(_ text: String) -> JSONValue {
    var scanner = JSONScanner(Array(text.utf8))
    return (try? scanner.value()) ?? .object([:])
  }
}
