import Components
import Federation
import Results
import Testing

@testable import Simulation

/// Parameters that came later, and the identity of trials that do not use them.
@Suite struct NeutralParameterTests {
  /// A trigger with a parameter, and one more that may be there.
  private static func entry(_ more: ParameterSpec...) -> TriggerEntry {
    TriggerEntry(
      manifest: ComponentManifest(
        id: "square", summary: "",
        parameters: [
          ParameterSpec("size", .integer(1...9), default: .integer(3), help: ""),
          ParameterSpec("value", .real(0...1), default: .real(1), help: ""),
          ParameterSpec(
            "corner", .choice(["bottom-right"]), default: .text("bottom-right"), help: ""),
        ] + more)
    ) { _, setup throws(ConfigurationError) in setup.trigger(at: [0], value: 1) }
  }

  private static let later = ParameterSpec(
    "later", .integer(0...9), default: .integer(0), help: "", neutral: .integer(0))
  private static let plain = ParameterSpec(
    "later", .integer(0...9), default: .integer(0), help: "")

  private func json(
    _ entry: TriggerEntry, _ given: [String: ArgumentValue] = [:]
  ) throws -> JSONValue {
    Chosen(entry, try Arguments(given, for: entry.manifest)).json
  }

  @Test func aNeutralValueIsLeftOut() throws {
    let before = try json(Self.entry())
    #expect(try json(Self.entry(Self.later)) == before)
    #expect(try json(Self.entry(Self.later), ["later": .integer(0)]) == before)
    #expect(try json(Self.entry(Self.later), ["later": .integer(2)]) != before)
    #expect(try json(Self.entry(Self.plain)) != before)
  }

  /// Keys of trials were made before triggers could stand anywhere, and hold for those that do not.
  @Test func theSquareIsKnownAsBefore() throws {
    let square = try builtInTriggers.entry("square", kind: "trigger")
    #expect(try json(square, ["size": .integer(3)]) == json(Self.entry()))
    #expect(
      try json(square, ["size": .integer(3), "top": .integer(0)]) != json(Self.entry()))
  }
}
