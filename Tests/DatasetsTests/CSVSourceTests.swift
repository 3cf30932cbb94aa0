import Components
import Datasets
import Determinism
import Kernels
import Tensors
import Testing

@Suite struct CSVSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  private func open(
    _ text: String, test: String? = nil, _ given: [String: ArgumentValue] = [:],
    memory: Double = .infinity
  ) throws -> any DataSource {
    var given = given
    given["file"] = .text(try scratch.write(Array(text.utf8), to: "table.csv"))
    if let test { given["test"] = .text(try scratch.write(Array(test.utf8), to: "test.csv")) }
    return try openDataset(dataset("csv"), given, memory: memory)
  }

  @Test func tableAndTestFileAreRead() throws {
    let source = try open(
      "\u{feff}a,kind,b\r\n1,cat, 2.5 \r\n\r\n-3e1,\"a \"\"dog\"\"\",4\r\n0.1,cat,-0\r\n",
      test: "a,kind,b\n9,\"a \"\"dog\"\"\",8", ["label": .text("kind")])
    #expect(source.shape == .vector(2))
    #expect(source.classCount == 2)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.inputs.values == [1, 2.5, -30, 4, 0.1, 0])
    // 'a "dog"' comes before 'cat'.
    #expect(data.training.labels == [1, 0, 1])
    #expect(data.test.inputs.values == [9, 8])
    #expect(data.test.labels == [0])
    #expect(data.trainingUsers == nil)
  }

  @Test func numericLabelsAreSortedByValue() throws {
    let source = try open(
      "10;1\n2;2\n-1;3\n2.0;4\n", test: "10;0\n",
      ["label": .integer(1), "separator": .text("semicolon")])
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(source.classCount == 3)
    #expect(data.training.labels == [2, 1, 0, 1])
    #expect(data.test.labels == [2])
  }

  /// The letters of letter-recognition: the label is first, there is no header.
  @Test func shareOfEveryClassIsDrawnPerSeed() throws {
    let text = (0..<50).map { "\($0 < 30 ? "B" : "A"),\($0),1" }.joined(separator: "\n")
    let source = try open(text, ["label": .text("first"), "header": .text("false")])
    #expect(source.trainingCount == 40)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.test.labels.count { $0 == 1 } == 6)
    #expect(data.test.labels.count { $0 == 0 } == 4)
    #expect(data.training.count == 40)
    let all = (data.training.inputs.values + data.test.inputs.values).enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    #expect(all.sorted() == (0..<50).map(Float.init))
    #expect(try source.load(trainingCount: 0, seed: seed).test == data.test)
    #expect(try source.load(trainingCount: 0, seed: SeedPath(root: 2)).test != data.test)
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.name) == ["all-inputs", "all-labels"])
    #expect(arrays[1].bytes.prefix(1) == [1])
  }

  @Test func clientsKeepExamplesToTrainWith() throws {
    let text = "who,x,y\nann,1,0\nbob,2,1\nann,3,0\ncy,4,1\nann,5,1\nbob,6,0\n"
    let source = try open(text, ["client": .text("who"), "test-share": .real(0.9)])
    #expect(source.userCount == 3)
    let data = try source.load(trainingCount: 0, seed: seed)
    // All but one of each: two of ann's, one of bob's, none of cy's.
    #expect(data.trainingUsers?.sorted() == [0, 1, 2])
    #expect(data.test.count == 3)
    #expect(try source.canonicalArrays()?.last?.name == "train-users")
    #expect(try source.canonicalArrays()?.last?.shape == [6, 1])
  }

  @Test func columnsAreLeftOut() throws {
    let source = try open(
      "id,x,y\na,1,0\nb,2,1\n", test: "id,x,y\nc,3,0\n", ["omit": .list([.text("id")])])
    #expect(source.shape == .vector(1))
    #expect(try source.load(trainingCount: 0, seed: seed).training.inputs.values == [1, 2])
  }

  /// Lossless: each value is what the C library makes of it, rounded to single precision.
  @Test func numbersAreRoundedAsDoublesAre() throws {
    var random = SeedPath(root: 3).stream()
    var texts = [
      "0.1", "16777217", "16777217.000000001", "1e-45", "123456789012345678", "5.", ".5",
    ]
    for _ in 0..<500 {
      let digits = (0..<1 + random.index(below: 19)).map { _ in "\(random.index(below: 10))" }
      let point = random.index(below: digits.count + 1)
      texts.append(
        (random.index(below: 2) == 0 ? "-" : "") + digits[..<point].joined() + "."
          + digits[point...].joined())
    }
    let source = try open(
      texts.enumerated().map { "\($1),\($0 % 2)" }.joined(separator: "\n"), test: "1,0\n2,1")
    let expected = texts.map { text in
      let whole = (text.hasSuffix(".") ? text + "0" : text)
        .replacing("-.", with: "-0.").prefixed()
      return Float(Double(whole) ?? .nan)
    }
    #expect(try source.load(trainingCount: 0, seed: seed).training.inputs.values == expected)
  }

  @Test(
    arguments: [
      ("", [:], "has no records"),
      ("\n\n", [:], "has no records"),
      ("a,b\n", [:], "has a header, but no records"),
      ("a,b\n1,2,3\n", [:], "line 2: has 3 fields, and the first record has 2"),
      ("a,b\n1,2\n\"x\",2\n", [:], "line 3: column 'a' is 'x', which is no finite number"),
      ("a,b\nnan,2\n", [:], "line 2: column 'a' is 'nan'"),
      ("a,b\ninf,2\n", [:], "column 'a' is 'inf'"),
      ("a,b\n1e39,2\n", [:], "column 'a' is '1e39'"),
      ("a,b\n0x10,2\n", [:], "column 'a' is '0x10'"),
      ("a,b\n,2\n", [:], "column 'a' is empty"),
      ("1,\n", [:], "line 1: column 2 has no label"),
      ("a,b\n1,\"2\n", [:], "line 2: a quote is never closed"),
      ("a,b\n1,\"2\"3\n", [:], "something follows the closing quote of field 2"),
      ("1\n2\n", [:], "has no column left for features"),
      ("a,b\n1,2\n2,2\n", [:], "has one class alone, '2'"),
      ("a,b\n1,2\n2,3\n", [:], "too few examples to test on"),
      (
        "a,b\n1,2\n", ["label": .text("c")],
        "has no column 'c', which 'label' names; it has 'a', 'b'"
      ),
      ("1,2\n", ["label": .text("c")], "has 2 columns and no header; 'label' is 'c'"),
      ("1,2\n", ["label": .integer(3)], "'label' is '3'"),
      ("a,a\n1,2\n", ["label": .text("a")], "2 columns are called 'a'"),
      ("a,b\n1,2\n", ["client": .text("b")], "name one column twice"),
      ("a,b,c\n1,,3\n", ["client": .text("b")], "line 2: column 'b' has no client"),
    ] as [(String, [String: ArgumentValue], String)])
  func whatIsWrongIsSaid(text: String, given: [String: ArgumentValue], reason: String) throws {
    #expect { try open(text, given) } throws: { "\($0)".contains(reason) }
  }

  @Test func testFileHasTheSameColumns() throws {
    #expect { try open("a,b\n1,2\n3,4\n", test: "b,a\n1,2\n") } throws: {
      "\($0)".contains("test.csv: has other columns than")
    }
  }

  /// Texts that differ in bytes that are no UTF-8 would be one class.
  @Test func textsHaveToBeUTF8() throws {
    let bytes = Array("1,caf".utf8) + [0xe9, 0x0a] + Array("2,caf".utf8) + [0xe8, 0x0a]
    let path = try scratch.write(bytes, to: "latin.csv")
    let error = #expect(throws: DatasetError.self) {
      try openDataset(dataset("csv"), ["file": .text(path)], memory: .infinity)
    }
    #expect(error?.description.contains("line 1: a text is not UTF-8") == true)
  }

  @Test func memoryIsMinded() throws {
    #expect { try open("1,2,0\n3,4,1\n", memory: 8 * 3) } throws: {
      "\($0)".contains("line 2: has more numbers up to here than the memory there is holds")
    }
  }

  @Test func damagedBytesNeverTrap() throws {
    var random = SeedPath(root: 5).stream()
    let sound = Array("who,\"x,1\",y\nann,1,0\n\"b\"\"ob\",2e0,1\r\nann,3,0\n".utf8)
    for _ in 0..<400 {
      var bytes = sound
      for _ in 0..<3 {
        bytes[random.index(below: bytes.count)] =
          [0, 10, 13, 34, 44, 45, 46, 0xff][
            random.index(below: 8)]
      }
      bytes.removeLast(random.index(below: 5))
      let path = try scratch.write(bytes, to: "damaged.csv")
      _ = try? openDataset(dataset("csv"), ["file": .text(path), "client": .integer(1)])
    }
  }
}

extension String {
  fileprivate func prefixed() -> String { hasPrefix(".") ? "0" + self : self }
}
