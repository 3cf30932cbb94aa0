import Datasets

/// The speeches of a play as Project Gutenberg's plain texts have them, by role.
///
/// A role stands on a line of its own behind an empty line (`Ham.`, `FIRST LORD.`, `PUCK`), or in
/// capitals with a point before its text (`KING. Ay, that is …`). What follows is its speech until
/// the next role, act or scene; stage directions in brackets are left out. White space of any length
/// is one space, and what is no character of LEAF's 80 is left out.
struct SpokenText {
  /// The speeches of each role, in the order in which it speaks.
  private(set) var speeches: [String: [[UInt8]]] = [:]
  private var role: String?
  private var speech: [UInt8] = []
  private var isInDirection = false

  /// Takes a text apart.
  init(_ text: [UInt8]) {
    var isBehindEmpty = false
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      let line = Self.trimmed(bytes)
      if line.isEmpty {
        isBehindEmpty = true
        // Some directions are never closed.
        isInDirection = false
        continue
      }
      let isLast = index + 1 == lines.count || Self.trimmed(lines[index + 1]).isEmpty
      take(line, opens: isBehindEmpty, isFollowed: !isLast)
      isBehindEmpty = false
    }
    endSpeech()
  }

  private mutating func take(_ line: ArraySlice<UInt8>, opens: Bool, isFollowed: Bool) {
    if opens, Self.isHeading(line) {
      endSpeech()
      role = nil
      return
    }
    if opens, isFollowed, let name = Self.name(line) {
      endSpeech()
      role = name.uppercased()
      return
    }
    if opens, let end = Self.endOfName(line) {
      endSpeech()
      role = Self.text(line[..<end])
      append(line[(end + 1)...])
      return
    }
    append(line)
  }

  /// Adds a line of speech without what is in brackets.
  private mutating func append(_ line: ArraySlice<UInt8>) {
    if !speech.isEmpty, speech.last != 0x20 { speech.append(0x20) }
    for byte in line {
      switch byte {
      case UInt8(ascii: "["): isInDirection = true
      case UInt8(ascii: "]"): isInDirection = false
      default:
        guard !isInDirection, Self.isSpoken(byte) else { continue }
        let isSpace = byte == 0x20 || byte == 0x09
        if isSpace, speech.isEmpty || speech.last == 0x20 { continue }
        speech.append(isSpace ? 0x20 : byte)
      }
    }
  }

  private mutating func endSpeech() {
    while speech.last == 0x20 { speech.removeLast() }
    if let role, !speech.isEmpty { speeches[role, default: []].append(speech) }
    speech.removeAll(keepingCapacity: true)
    isInDirection = false
  }

  // MARK: - Lines

  private static func isSpoken(_ byte: UInt8) -> Bool {
    byte == 0x09 || LEAFAlphabet.number(byte) != nil
  }

  private static func isHeading(_ line: ArraySlice<UInt8>) -> Bool {
    let first = text(line.prefix(while: isLetter)).uppercased()
    return ["ACT", "SCENE", "PROLOGUE", "EPILOGUE", "INDUCTION"].contains(first)
      || line.elementsEqual("THE END".utf8)
  }

  /// The role on a line that holds nothing else.
  private static func name(_ line: ArraySlice<UInt8>) -> String? {
    let hasPoint = line.last == UInt8(ascii: ".")
    let name = hasPoint ? line.dropLast() : line
    guard (2...40).contains(name.count), let first = name.first, isCapital(first),
      name.allSatisfy({ isLetter($0) || isMark($0) }),
      hasPoint || name.allSatisfy({ isCapital($0) || isMark($0) })
    else { return nil }
    // A sentence has more small words.
    let words = name.split(separator: 0x20)
    guard words.count <= 4, words.allSatisfy({ $0.first.map(isCapital) == true || $0.count <= 3 })
    else { return nil }
    return text(name)
  }

  /// Where a role in capitals ends that stands before its text: the place of the last point.
  private static func endOfName(_ line: ArraySlice<UInt8>) -> Int? {
    let front = line.prefix { isCapital($0) || isMark($0) }
    guard let end = front.lastIndex(of: UInt8(ascii: ".")), end + 1 < line.endIndex,
      line[end + 1] == 0x20, (2...40).contains(end - line.startIndex),
      line.first.map(isCapital) == true
    else { return nil }
    return end
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    isCapital(byte) || (97...122).contains(byte)
  }
  private static func isMark(_ byte: UInt8) -> Bool { " '.-&".utf8.contains(byte) }
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop { $0 <= 0x20 }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    return bytes
  }
}
