import Components
import Documents
import JSON
import Yams

extension ArgumentValue {
  /// Reads the one parameter that may be a mapping of anything, which becomes canonical JSON.
  init?(mapping node: Node, of parameter: String) {
    guard parameter == Self.freeMapping, case .mapping = node, let value = JSONValue(node) else {
      return nil
    }
    self = .text(CanonicalJSON.string(value))
  }

  /// The name of the parameter, in whatever component has it.
  static let freeMapping = "params"
}
