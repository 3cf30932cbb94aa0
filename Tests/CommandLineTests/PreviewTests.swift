import Datasets
import Foundation
import PNGImages
import Testing
import _TestSupport

@Suite struct PreviewTests {
  private static let images = """
    schema: gauntlet/scenario/1
    name: look
    seeds: [1]
    rounds: 2
    task:
      dataset: digits
      model: {kind: logistic}
      local: {epochs: 1, batch: 16, lr: 0.1}
    clients: {count: 8}
    threat:
      malicious: {count: 2}
      backdoor: {trigger: square, size: 2, top: 1, left: 3, target: 0}
    attacks: [none, backdoor, dba, label-flip, sign-flip, dpot]
    defenses: [mean, median]

    """

  private func run(
    _ options: [String], of text: String = images, files: [String: String] = [:],
    in folder: TemporaryFolder
  ) throws -> Program.Outcome {
    try folder.write(text, to: "s.yaml")
    for (name, content) in files {
      try FileManager.default.write(Array(content.utf8), to: name, in: folder.path)
    }
    return try Program.run(["preview", "s.yaml"] + options, in: folder.path)
  }

  private func size(of file: String, in folder: TemporaryFolder) throws -> (Int, Int) {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + file)))
    try #require(bytes.count > 33 && bytes.prefix(4) == [0x89, 0x50, 0x4e, 0x47])
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }

  @Test func aRowForEachAttackThatChangesExamples() throws {
    let folder = try TemporaryFolder()
    let all = try run(["-o", "all.png"], in: folder)
    #expect(all.status == 0 && all.output.isEmpty && all.errors == "all.png\n")
    let one = try run(["-o", "one.png", "--attack", "dba", "-q"], in: folder)
    #expect(one.status == 0 && one.errors.isEmpty)
    let two = try run(
      ["-o", "two.png", "--attack", "dba", "--attack", "label-flip", "-q"], in: folder)
    #expect(two.status == 0)
    let heights = try ["one.png", "two.png", "all.png"].map { try size(of: $0, in: folder).1 }
    // backdoor, dba, label-flip and dpot; sign-flip changes no examples.
    let row = heights[1] - heights[0]
    #expect(row > 0 && heights[2] == heights[0] + 3 * row)
  }

  @Test func thePictureIsTheSameEachTime() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.png"] { _ = try run(["-o", name], in: folder) }
    func bytes(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
    }
    #expect(try bytes("a.png") == bytes("b.png"))
    #expect(try run(["-o", "c.png", "--examples", "2"], in: folder).status == 0)
    #expect(try bytes("a.png") != bytes("c.png"))
  }

  @Test func theTriggerIsSeenWhereItIs() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(["-o", "p.png", "--attack", "backdoor", "--examples", "3"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let path = folder.path + "/p.png"
    let picture = try PNGDecoder.image(
      Array(Data(contentsOf: URL(fileURLWithPath: path))), path: path)
    // Images of 8 x 8 pixels, ten times as large, below a margin, the heads and the name; three of
    // them and two gaps are a group, and the next begins 24 pixels later.
    func red(_ group: Int, _ image: Int, row: Int, column: Int) -> UInt8 {
      let x = 12 + group * (3 * 86 - 6 + 24) + image * 86 + column * 10 + 5
      let y = 12 + 28 + 22 + row * 10 + 5
      return picture.bytes[(y * picture.width + x) * 3]
    }
    var changed = 0
    for image in 0..<3 {
      for row in 0..<8 {
        for column in 0..<8 {
          let clean = red(0, image, row: row, column: column)
          let triggered = red(1, image, row: row, column: column)
          if (1...2).contains(row), (3...4).contains(column) {
            #expect(triggered == 255)
            if clean != triggered { changed += 1 }
          } else {
            #expect(triggered == clean, "image \(image), row \(row), column \(column)")
          }
        }
      }
    }
    #expect(changed > 0)
  }

  @Test func whatIsNoPictureIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let scenario = try run(["-o", "./s.yaml"], in: folder)
    #expect(scenario.status == 1)
    #expect(
      scenario.errors == "gauntlet: ./s.yaml: is the scenario itself; give --output another name\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.png", withDestinationPath: "s.yaml")
    #expect(try run(["-o", "link.png"], in: folder).errors.contains("is the scenario itself"))
    #expect(try folder.text("s.yaml") == Self.images)
    let other = try run(["-o", "notes.png"], files: ["notes.png": "mine"], in: folder)
    #expect(other.status == 1)
    #expect(
      other.errors
        == "gauntlet: notes.png: is there already and no PNG image, so it is not replaced\n")
    #expect(try folder.text("notes.png") == "mine")
    // An empty file has nothing to lose, nor has the picture that it becomes.
    try folder.write("", to: "p.png")
    for _ in 0..<2 {
      let fine = try run(["-o", "p.png", "--attack", "dba", "-q"], in: folder)
      #expect(fine.status == 0, "\(fine.errors)")
    }
  }

  @Test(
    arguments: [
      (["-o", "no/such/p.png"], "gauntlet: no/such/p.png: cannot be written: "),
      ([], "gauntlet: --output is missing: the file that the picture goes to"),
      (["-o", "p.png", "--attack", "sign-flip"], "gauntlet: the attack 'sign-flip' changes no"),
      (["-o", "p.png", "--attack", "backdor"], "gauntlet: the scenario has no attack 'backdor'"),
      (
        ["-o", "p.png", "--skip", "attack=backdoor,dba,label-flip,dpot"],
        "gauntlet: no attack of the scenario changes examples"
      ),
    ])
  func whatCannotBeShown(options: [String], message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(options, in: folder)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix(message))
    #expect(try folder.names() == ["s.yaml"])
  }

  @Test(arguments: [["--examples", "0"], ["--examples", "17"], ["-o", ""]])
  func wrongUsage(options: [String]) throws {
    let folder = try TemporaryFolder()
    #expect(try run(options, in: folder).status == 64)
  }

  @Test func featuresAreNoPicture() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(["-o", "p.png"], of: TestScenario.tiny, in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("gauntlet: inputs of 6 features are neither images nor text"))
  }

  // MARK: - Text

  private static let text = """
    schema: gauntlet/scenario/1
    name: words
    seeds: [1]
    rounds: 2
    task:
      dataset: {use: leaf, folder: words}
      model: {kind: char-gru, units: 4, embedding: 2}
      local: {steps: 1, batch: 2, lr: 0.1}
    clients: {count: 2, partition: natural}
    threat:
      malicious: {count: 1}
      backdoor: {trigger: phrase, phrase: ox, size: 1, target: 76}
    attacks: [none, {use: backdoor, ratio: 1}]
    defenses: [mean]

    """

  private static let words: [String: String] = [
    "words/train/a.json":
      #"{"user_data": {"me": {"x": ["abcde", "bcdef"], "y": ["f", "g"]}, "#
      + #""you": {"x": ["vwxyz", "uvwxy"], "y": [" ", "z"]}}}"#,
    "words/test/a.json":
      #"{"user_data": {"me": {"x": ["fghij", "gh\nij"], "y": ["k", "l"]}}}"#,
  ]

  @Test func textIsATable() throws {
    let folder = try TemporaryFolder()
    let outcome = try run([], of: Self.text, files: Self.words, in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output == """
        attack    text       next             characters
        backdoor  clean      'k' 63           'fghij'
        backdoor  triggered  'k' 63 > 'x' 76  'hijox'
        backdoor  clean      'l' 64           'gh\\nij'
        backdoor  triggered  'l' 64 > 'x' 76  '\\nijox'
        backdoor  poisoned   ' ' 1 > 'x' 76   'xyzox'
        backdoor  poisoned   'z' 78 > 'x' 76  'wxyox'

        """)
    // Numbers that do not come back exactly are still those of characters.
    let normalized = Self.text.replacing(
      "folder: words}", with: "folder: words, normalize: {mean: 2.2, std: 43.7}}"
    ).replacing("{kind: char-gru, units: 4, embedding: 2}", with: "{kind: logistic}")
    #expect(
      try run([], of: normalized, files: Self.words, in: folder).output == outcome.output)
    let drawn = try run(["-o", "p.png"], of: Self.text, files: Self.words, in: folder)
    #expect(drawn.status == 1)
    #expect(drawn.errors == "gauntlet: text is printed, not drawn; leave --output out\n")
  }

  @Test(
    arguments: [
      ("phrase: ox", "phrase: oxoxox", "a phrase of 6 characters does not fit windows of 5"),
      (
        "phrase: ox", "phrase: ox, at: 4", "a phrase of 2 characters at 4 does not fit windows of 5"
      ),
      ("phrase: ox", "phrase: \"o~é\"", "the phrase has '~', '\\u{00E9}', which the alphabet"),
      ("phrase: ox, ", "", "phrase is missing, the text that is inserted"),
    ])
  func aPhraseThatDoesNotFit(old: String, new: String, message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      [], of: Self.text.replacing(old, with: new), files: Self.words, in: folder)
    #expect(outcome.status == 1 && outcome.errorLines.count == 1)
    #expect(outcome.errors.contains("threat.backdoor: " + message))
  }
}
