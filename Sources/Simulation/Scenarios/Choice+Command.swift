import Components
import JSON

extension Choice {
  private static let prefix = "exec:"
  private static let component: ComponentID = "external"

  /// Refuses `external:f=2`, where a command is needed, with what to write instead.
  static func requireCommand(
    _ read: ComponentExpression, _ text: String
  ) throws(SyntaxError) {
    guard read.id == component else { return }
    var program = "python3 my.py"
    switch read.given["exec"] {
    case .list: return
    case .text(let words)?: program = words
    default: break
    }
    let others = read.given.filter { $0.key != "exec" }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value) " }
    throw SyntaxError(
      description: "'\(text)': a program of your own is written as exec: and its command, such as "
        + "'\(prefix)\(others.joined())\(program)'")
  }

  /// The command of an expression such as `exec:python3 my.py`; `nil` for any other.
  static func command(in expression: String) -> Substring? {
    expression.hasPrefix(prefix) ? expression.dropFirst(prefix.count) : nil
  }

  /// Reads `f=2 timeout=5 params.k=3 python3 my.py --fast`: parameters, as a shell has variables in
  /// front of a command, then the program and its arguments.
  ///
  /// Quotes, single or double, hold spaces together; nothing else has a meaning.
  init(command: Substring) throws(SyntaxError) {
    var words = try Self.words(of: command)[...]
    var given: [String: ArgumentValue] = [:]
    var mapping: [String: JSONValue] = [:]
    while let (name, value) = words.first.flatMap(Self.assignment) {
      words.removeFirst()
      guard let argument = ArgumentValue(text: value) else {
        throw SyntaxError(description: "'\(command)': \(name) is empty")
      }
      if name.hasPrefix(ArgumentValue.freeMapping + ".") {
        mapping[String(name.dropFirst(ArgumentValue.freeMapping.count + 1))] = argument.json
      } else {
        given[name] = argument
      }
    }
    guard !words.isEmpty else {
      throw SyntaxError(
        description: "'\(Self.prefix)\(command)' names no program, such as exec:python3 my.py")
    }
    if !mapping.isEmpty {
      given[ArgumentValue.freeMapping] = .text(CanonicalJSON.string(.object(mapping)))
    }
    given["exec"] = .list(words.map { .text($0) })
    self.init(Self.component, given)
  }

  /// The parts of `name=value`, where the name is one of a parameter.
  private static func assignment(_ word: String) -> (name: String, value: String)? {
    guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { return nil }
    let name = word[..<equals]
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }),
      name.first?.isLetter == true
    else { return nil }
    return (String(name), String(word[word.index(after: equals)...]))
  }

  private static func words(of command: Substring) throws(SyntaxError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in command {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else {
      throw SyntaxError(description: "'\(prefix)\(command)': a quote is not closed")
    }
    return words + [word].compactMap(\.self)
  }
}
