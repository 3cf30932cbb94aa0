import ArgumentParser
import Foundation

/// Finds options that take one value and are given two.
///
/// ArgumentParser keeps the last one, so that of two defenses one would vanish without a word.
struct RepeatedOptions {
  /// What a command says about its arguments, as ArgumentParser writes it down.
  private struct Dump: Decodable {
    struct Command: Decodable { let arguments: [Argument]? }
    struct Argument: Decodable {
      let kind: String
      let isRepeating: Bool
      let names: [Name]?
    }
    struct Name: Decodable {
      let kind: String
      let name: String

      var text: String { (kind == "long" ? "--" : "-") + name }
    }
    let command: Command
  }

  /// The options that take a value, by each of their names; `nil` stands for one that may be repeated.
  private let options: [String: String?]

  init(of command: any ParsableCommand.Type) {
    let dump = try? JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
    var options: [String: String?] = [:]
    for argument in dump?.command.arguments ?? [] where argument.kind == "option" {
      let names = (argument.names ?? []).map(\.text)
      // The long name stands for all of them.
      let shown = names.first { $0.hasPrefix("--") } ?? names.first
      for name in names { options.updateValue(argument.isRepeating ? nil : shown, forKey: name) }
    }
    self.options = options
  }

  /// The problem of arguments that the command has accepted; `nil` where there is none.
  func problem(in arguments: [String]) -> String? {
    var seen: Set<String> = []
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      let equals = argument.firstIndex(of: "=")
      let name = String(argument[..<(equals ?? argument.endIndex)])
      for option in letters(of: name).compactMap({ options[$0] }) {
        // What follows is its value, whatever it looks like.
        if equals == nil { rest = rest.dropFirst() }
        guard let option else { continue }
        guard seen.insert(option).inserted else {
          return "\(option) is given twice, and takes one value"
        }
      }
    }
    return nil
  }

  /// The names in an argument: `-qo` is `-q` and `-o`, where there is no `-qo`.
  private func letters(of name: String) -> [String] {
    guard options[name] == nil, name.hasPrefix("-"), !name.hasPrefix("--") else { return [name] }
    return name.dropFirst().map { "-\($0)" }
  }
}
