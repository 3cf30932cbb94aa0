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
    let missing = command.missing
    guard missing.isEmpty else {
      throw ConfigurationError(
        missing.map { .invalid(component: component, reason: "\($0.key): \($0.reason)") })
    }
    let parameters = JSONValue(text: arguments.text("params"))
    do throws(WorkerError) {
      try self.init(command, kind: kind, parameters: parameters)
    } catch {
      throw ConfigurationError(
        .invalid(
          component: component, reason: "\(Self.key(of: error, parameters)): \(error.description)"))
    }
  }

  /// The key that an error is about: one that the program was told and names, else the program.
  private static func key(of error: WorkerError, _ parameters: JSONValue) -> String {
    guard case .declined(let reason) = error, case .object(let members) = parameters else {
      return "exec"
    }
    let named = members.keys.sorted().first { reason.contains("parameter '\($0)'") }
    return named.map { "params.\($0)" } ?? "exec"
  }
}
