import Components
import Datasets
import Determinism
import Foundation
import Tensors
import Testing

@Suite struct LEAFSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  private func open(
    _ training: [String], test: [String]? = nil, _ given: [String: ArgumentValue] = [:],
    home: String = "", memory: Double = .infinity
  ) throws -> any DataSource {
    for (index, text) in training.enumerated() {
      try scratch.write(Array(text.utf8), to: home + "train/part_\(index).json")
    }
    for (index, text) in (test ?? [Self.numbers]).enumerated() {
      try scratch.write(Array(text.utf8), to: home + "test/part_\(index).json")
    }
    var given = given
    given["folder"] = .text(scratch.path)
    return try openDataset(dataset("leaf"), given, memory: memory)
  }

  static let numbers = """
    {"users": ["f1", "f0"], "num_samples": [2, 1], "hierarchies": [["a"], {"b": null}],
     "user_data": {"f1": {"x": [[1.0, 0.5], [0.25, -1e-1]], "y": [3, 0]},
                   "f0": {"y": [1], "x": [[0, 1]]}}}
    """

  @Test(arguments: ["", "data/"])
  func numbersHaveUsers(home: String) throws {
    let other = #"{"user_data": {"f9": {"x": [[7, 8]], "y": [2.0]}}}"#
    let source = try open([Self.numbers, other], home: home)
    #expect(source.shape == .vector(2))
    #expect(source.classCount == 4)
    #expect(source.userCount == 3)
    #expect(source.trainingCount == 4)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.inputs.values == [1, 0.5, 0.25, -0.1, 0, 1, 7, 8])
    #expect(data.training.labels == [3, 0, 1, 2])
    #expect(data.trainingUsers == [0, 0, 1, 2])
    #expect(data.test.labels == [3, 0, 1])
    let arrays = try #require(try source.canonicalArrays())
    #expect(
      arrays.map(\.name) == [
        "train-inputs", "train-labels", "test-inputs", "test-labels", "train-users",
      ])
    #expect(arrays[4].bytes == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0])
  }

  @Test func charactersAreNumberedAsLEAFDoes() throws {
    // In LEAF's list: '\n' 0, ' ' 1, '!' 2, '"' 3, '0' 11, 'A' 25, 'a' 53, 'z' 78, '}' 79.
    let text = #"""
      {"users": ["ROMEO"], "num_samples": [2],
       "user_data": {"ROMEO": {"x": ["\n !\"", "0Aaz"], "y": ["}", "\u0061"]}}}
      """#
    let source = try open([text], test: [text])
    #expect(source.shape == .vector(4))
    #expect(source.classCount == 80)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.inputs.values == [0, 1, 2, 3, 11, 25, 53, 78])
    #expect(data.training.labels == [79, 53])
  }

  @Test func femnistIsAnImage() throws {
    let pixels = (0..<784).map { "\(Double($0 % 2))" }.joined(separator: ", ")
    let text = #"{"user_data": {"f": {"x": [[\#(pixels)]], "y": [61]}}}"#
    let source = try open([text], test: [text], ["classes": .integer(62)])
    #expect(source.shape == .image(height: 28, width: 28, channels: 1))
    #expect(source.classCount == 62)
    #expect(try source.load(trainingCount: 0, seed: seed).training.inputs.values[1] == 1)
  }

  @Test func firstUsersAreTaken() throws {
    let source = try open(
      [Self.numbers, "{ damaged, but never read"],
      ["users": .integer(1), "test-users": .integer(2)])
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [3, 0])
    #expect(data.test.count == 3)
    #expect {
      try open([Self.numbers, Self.numbers.replacing("f", with: "g")], ["users": .integer(9)])
    } throws: { "\($0)".contains("train: holds 4 users, and 9 are asked for") }
  }

  /// Larger than the pieces that are read, with every kind of token across an edge.
  @Test func filesOfManyPiecesAreRead() throws {
    let users = (0..<3000).map { user in
      #""user \#(user) \u00e9\n": {"x": [[\#(user).125, -\#(user)e-1], [1, 2]], "y": [\#(user % 7), 0]}"#
    }
    let text = #"{"user_data": {"# + users.joined(separator: ",\n  ") + "}}"
    let source = try open([text])
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(source.userCount == 3000)
    #expect(data.training.labels == (0..<3000).flatMap { [$0 % 7, 0] })
    var expected: [Float] = []
    for user in 0..<3000 {
      expected += [Float(user) + 0.125, Float(-Double(user) / 10), 1, 2]
    }
    #expect(data.training.inputs.values == expected)
  }

  @Test(arguments: [
    (
      numbers.replacing("[2, 1]", with: "[2, 2]"),
      "user 'f0' has 1 examples, and 'num_samples' says 2"
    ),
    (numbers.replacing("[2, 1]", with: "[2]"), "'users' has 2 elements, and 'num_samples' has 1"),
    (numbers.replacing("[2, 1]", with: "[2, 1e400]"), "is no whole number"),
    (numbers.replacing("[2, 1]", with: "[2, -1]"), "'-1' is no whole number in 0..<"),
    (numbers.replacing("\"f0\"]", with: "\"f2\"]"), "user 'f2' has no examples"),
    (numbers.replacing("\"f0\":", with: "\"f1\":"), "user 'f1' is given twice"),
    (numbers.replacing("[3, 0]", with: "[3]"), "user 'f1' has 2 inputs ('x') and 1 labels ('y')"),
    (numbers.replacing("[3, 0]", with: "[3, -1]"), "'-1' is no whole number"),
    (numbers.replacing("[3, 0]", with: "[3, 0.5]"), "'0.5' is no whole number"),
    (numbers.replacing("[3, 0]", with: "[3, \"ab\"]"), "the label 'ab' is not one character"),
    (numbers.replacing("[0, 1]", with: "[0]"), "an input of 1 numbers, and the first has 2"),
    (numbers.replacing("[0, 1]", with: "[0, 1, 2]"), "an input of more than 2 numbers"),
    (numbers.replacing("[0, 1]", with: "\"ab\""), "an input of 2 characters"),
    (numbers.replacing("[0, 1]", with: "\"aé\""), "a character beyond ASCII"),
    (numbers.replacing("[0, 1]", with: "\"a*\""), "the character '*' is not in LEAF's alphabet"),
    (numbers.replacing("[0, 1]", with: "[0, NaN]"), "a number is needed, not 'NaN"),
    (numbers.replacing("[0, 1]", with: "[0, 1e39]"), "'1e39' is too large"),
    (numbers.replacing("[0, 1]", with: "[0, 01]"), "'01' is no number"),
    (numbers.replacing("[3, 0]", with: "[3, 0,]"), "a number is needed, not ']"),
    (numbers.replacing("\"y\": [1],", with: ""), "user 'f0' has 1 inputs ('x') and 0 labels"),
    (
      numbers.replacing("\"y\": [1],", with: "\"y\": [1], \"y\": [1],"),
      "the key 'y' is given twice"
    ),
    (numbers + "]", "something follows the end"),
    (String(numbers.dropLast(2)), "breaks off where"),
    (String(repeating: "[", count: 1000), "an object is needed"),
    (#"{"a": "# + String(repeating: "[", count: 1000), "nested too deeply"),
    (#"{"users": []}"#, "has no 'user_data'"),
    (#"{"user_data": {}}"#, "its files hold no examples"),
    ("", "breaks off where an object should be"),
  ])
  func whatIsWrongIsSaid(text: String, reason: String) throws {
    #expect { try open([text]) } throws: { "\($0)".contains(reason) }
  }

  @Test func placeIsSaid() throws {
    #expect(
      throws: DatasetError.malformed(
        path: scratch.path + "/train/part_0.json", reason: "byte 3: ':' is needed, not '}'")
    ) { try open(["{\"\"}"]) }
  }

  @Test func memoryIsMinded() throws {
    #expect { try open([Self.numbers], memory: 8 * 5) } throws: {
      "\($0)".contains("has more numbers up to here than the memory there is holds")
    }
  }

  /// Of what is no number, a compressed file holds a thousand times its own size.
  @Test(arguments: [
    (#"{"user_data": {"f1": {"y": [0, 0, 0], "x": []}}}"#, "labels"),
    (#"{"users": ["", "", ""]}"#, "users"),
    (#"{"num_samples": [0, 0, 0]}"#, "users"),
    (
      #"{"user_data": {"a": {"x": [], "y": []}, "b": {"x": [], "y": []}, "c": {"x": [], "y": []}}}"#,
      "users"
    ),
  ])
  func whatTakesNoNumbersIsMinded(text: String, what: String) throws {
    #expect { try open([text], memory: 8 * 2) } throws: { error in
      "\(error)".contains("has more \(what) up to here than the memory there is holds")
    }
  }

  @Test func foldersAreAskedFor() throws {
    #expect { try open([]) } throws: { "\($0)".contains("train: no such folder") }
    try scratch.write([], to: "train/README")
    #expect { try open([]) } throws: { "\($0)".contains("train: holds no JSON file") }
    #expect { try open([Self.numbers], ["classes": .integer(3)]) } throws: {
      "\($0)".contains("label 3 is not in 0..<3")
    }
  }

  @Test func everyCutAndFlippedByteIsHandled() throws {
    let sound = Array(Self.numbers.utf8)
    _ = try open([Self.numbers])
    let given: [String: ArgumentValue] = ["folder": .text(scratch.path)]
    for place in sound.indices {
      var bytes = sound
      bytes[place] ^= 0x41
      try scratch.write(bytes, to: "train/part_0.json")
      _ = try? openDataset(dataset("leaf"), given)
      try scratch.write(Array(sound[..<place]), to: "train/part_0.json")
      #expect(throws: DatasetError.self) { try openDataset(dataset("leaf"), given) }
    }
  }
}
