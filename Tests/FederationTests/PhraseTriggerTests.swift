import Components
import Datasets
import Determinism
import Federation
import Tensors
import Testing

@Suite struct PhraseTriggerTests {
  private let alphabet = Array(" abcdefgh".utf8)

  private func make(
    _ phrase: String?, times: Int = 1, at place: Int? = nil, window: Int = 6,
    isText: Bool = true
  ) throws(ConfigurationError) -> Trigger {
    let entry = try builtInTriggers.entry("phrase", kind: "trigger")
    var given: [String: ArgumentValue] = ["size": .integer(times)]
    if let phrase { given["phrase"] = .text(phrase) }
    if let place { given["at"] = .integer(place) }
    return try entry.make(
      Arguments(given, for: entry.manifest),
      TriggerSetup(
        shape: .vector(window), alphabet: isText ? alphabet : nil, seed: SeedPath(root: 1)))
  }

  /// What becomes of a text.
  private func text(_ text: String, with trigger: Trigger) -> String {
    var numbers = text.utf8.map { Float(alphabet.firstIndex(of: $0) ?? -1) }
    var random = SeedPath(root: 1).stream()
    var span = numbers.mutableSpan
    trigger.apply(to: &span, random: &random)
    return String(decoding: numbers.map { alphabet[Int($0)] }, as: UTF8.self)
  }

  private func message(_ body: () throws(ConfigurationError) -> Trigger) -> String? {
    #expect(throws: ConfigurationError.self) { try body() }?.description
  }

  @Test func theEndOfTheWindowIsThePlaceUnlessToldOtherwise() throws {
    let trigger = try make("hg")
    #expect(trigger.positions == [4, 5] && trigger.values == [8, 7] && trigger.isInserted)
    #expect(text("abcdef", with: trigger) == "cdefhg")
    #expect(try make("hg", at: 4) == trigger)
  }

  @Test func whatStandsBeforeMovesAndWhatFollowsStays() throws {
    #expect(text("abcdef", with: try make("hg", at: 2)) == "cdhgef")
    #expect(text("abcdef", with: try make("hg", at: 0)) == "hgcdef")
    #expect(text("abcdef", with: try make("habcde")) == "habcde")
    #expect(text("abcdef", with: try make("h a", times: 2)) == "h ah a")
  }

  @Test func aPartIsInsertedWhereItStands() throws {
    let whole = try make("hgf", at: 1)
    let part = whole.part(1..<3)
    #expect(part.positions == [2, 3] && part.values == [7, 6] && part.isInserted)
    #expect(text("abcdef", with: part) == "cdgfef")
    #expect(whole.part(0..<3) == whole)
  }

  @Test func itIsNoFixedPattern() throws {
    #expect(try !make("h").setsFixedFeatures)
    #expect(Trigger(positions: [0], values: [1]).setsFixedFeatures)
    #expect(!Trigger(drawing: 1, raises: [1]).setsFixedFeatures)
    #expect(try make("h", at: 0) != Trigger(positions: [0], values: [8]))
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(
      message { () throws(ConfigurationError) in try make("habcdef") }
        == "phrase: a phrase of 7 characters does not fit windows of 6")
    #expect(
      message { () throws(ConfigurationError) in try make("hg", times: 4) }
        == "phrase: a phrase of 2 characters, 4 times, does not fit windows of 6")
    #expect(
      message { () throws(ConfigurationError) in try make("hg", at: 5) }
        == "phrase: a phrase of 2 characters at 5 does not fit windows of 6")
    #expect(
      message { () throws(ConfigurationError) in try make("hg", times: 10_000_000) }
        == "phrase: a phrase of 2 characters, 10000000 times, does not fit windows of 6")
  }

  @Test func strangeCharactersAreNamed() {
    #expect(
      message { () throws(ConfigurationError) in try make("hXé\u{1b}X") }
        == "phrase: the phrase has 'X', '\\u{00E9}', '\\u{1B}', which the alphabet of the text has "
        + "not")
  }

  @Test func itNeedsAPhraseAndText() {
    #expect(
      message { () throws(ConfigurationError) in try make(nil) }
        == "phrase: phrase is missing, the text that is inserted")
    for times in [1, 2] {
      #expect(
        message { () throws(ConfigurationError) in try make("", times: times) }
          == "phrase: phrase is ''; it has to be a text")
    }
    #expect(
      message { () throws(ConfigurationError) in try make("h", isText: false) }
        == "phrase: a 'phrase' trigger is for text, and inputs of 6 are none")
  }
}
