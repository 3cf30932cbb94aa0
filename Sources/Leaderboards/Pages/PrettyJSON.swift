import Results

/// JSON for people: two spaces of indentation, keys sorted, short values on one line.
enum PrettyJSON {
  static func text(_ value: JSONValue, indent: String = "") -> String {
    let line = CanonicalJSON.string(value)
    if indent.count + line.utf8.count <= 90 { return line }
    let inner = indent + "  "
    switch value {
    case .object(let members):
      let lines = members.sorted { $0.key < $1.key }.map {
        "\(inner)\(CanonicalJSON.string(.string($0.key))): \(text($0.value, indent: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let elements):
      let lines = elements.map { inner + text($0, indent: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    default: return line
    }
  }
}
