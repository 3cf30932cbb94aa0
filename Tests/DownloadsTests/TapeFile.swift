/// Writes archives of tar, as POSIX has them.
enum TapeFile {
  static func archive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    files.flatMap { member($0.name, $0.bytes) } + [UInt8](repeating: 0, count: 1_024)
  }

  /// One file with what stands in front of it; `kind` 48 is a regular file.
  static func member(_ name: String, _ bytes: [UInt8], kind: UInt8 = 48) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      for (index, byte) in text.utf8.enumerated() { block[place + index] = byte }
    }
    let digits = String(bytes.count, radix: 8)
    put(name, at: 0)
    put("0000644", at: 100)
    put(String(repeating: "0", count: 11 - digits.count) + digits, at: 124)
    put("        ", at: 148)
    block[156] = kind
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
    let padding = (512 - bytes.count % 512) % 512
    return block + bytes + [UInt8](repeating: 0, count: padding)
  }
}
