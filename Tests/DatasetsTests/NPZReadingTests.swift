import Datasets
import Foundation
import Testing

@Suite struct NPZReadingTests {
  /// What `npz_files.py` counts up.
  static func counting(_ shape: Int...) -> NPZArray {
    NPZArray(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) + 0.25 })
  }

  /// Whether two archives hold the same arrays under the same names in the same order.
  static func isSame(
    _ arrays: [(name: String, array: NPZArray)], _ others: [(name: String, array: NPZArray)]
  ) -> Bool {
    arrays.map(\.name) == others.map(\.name) && arrays.map(\.array) == others.map(\.array)
  }

  static let arrays = [
    ("vector", counting(5)), ("matrix", counting(2, 3)), ("layer/weights", counting(2, 3, 4)),
    ("fortran", counting(2, 3, 2, 2)), ("value", counting()), ("empty", counting(0, 4)),
    ("größe", counting(1, 1, 1, 1, 1, 1, 1, 2)),
  ]

  static let plain = [("matrix", counting(2, 3)), ("vector", counting(5))]

  @Test(arguments: ["arrays", "arrays-deflated"])
  func everyShapeTypeAndOrderIsRead(name: String) throws {
    #expect(try Self.isSame(NPZFile.read(Fixture.path(name + ".npz")), Self.arrays))
  }

  @Test(arguments: ["commented", "descriptors", "zip64"])
  func everyKindOfArchiveIsRead(name: String) throws {
    #expect(try Self.isSame(NPZFile.read(Fixture.path(name + ".npz")), Self.plain))
  }

  @Test func archiveWithoutArraysIsRead() throws {
    #expect(try Self.isSame(NPZFile.read(Fixture.path("no-arrays.npz")), []))
  }

  @Test(arguments: [
    ("bzip2", ": compressed by method 12; accepted are stored and deflated"),
    ("int64-member", ", array 'labels': holds int64 ('<i8'); accepted are float32 and float64"),
    ("nine-d", ", array 'a': has 9 dimensions; at most 8 are read"),
    ("no-array", ": holds 'notes.txt', which is no array (.npy)"),
    ("twice", ": holds two arrays named 'matrix'"),
    ("absolute", ": holds '/etc/a.npy', a path out of the archive's folder"),
    ("parent", ": holds 'a/../../b.npy', a path out of the archive's folder"),
    ("control", ": holds a name that is not UTF-8 or has control characters"),
    ("wide-member", ", array 'w': row 0, column 0 is 2.5e+198, outside single precision"),
    ("wide-layer", ", array 'w': element (0, 0, 0) is 2.5e+198, outside single precision"),
  ])
  func refusalSaysWhatWasFound(name: String, message: String) throws {
    let path = try Fixture.path("refused-\(name).npz")
    let error = #expect(throws: DatasetError.self) { try NPZFile.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path + message), "\(text)")
  }

  func failure(reading bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, to: "a.npz")
    let error = #expect(throws: DatasetError.self) { try NPZFile.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path))
    return String(text.dropFirst(path.count))
  }

  @Test func otherFilesAreNamed() throws {
    #expect(try failure(reading: []) == ": the file is empty")
    #expect(
      try failure(reading: Fixture.bytes("vector.npy"))
        == ": holds a single array (.npy), not an archive")
    #expect(
      try failure(reading: Fixture.bytes("arrays.npz").dropLast())
        == ": short file: the directory at its end is missing")
    #expect(
      try failure(reading: Array("something else".utf8))
        == ": not an archive that numpy.savez writes (.npz)")
    #expect(throws: DatasetError.fileNotFound(path: "/none/such.npz")) {
      try NPZFile.read("/none/such.npz")
    }
    #expect(
      throws: DatasetError.unreadable(
        path: "/dev/null", reason: "an archive has to be a regular file")
    ) { try NPZFile.read("/dev/null") }
  }

  /// Overwrites bytes of an archive.
  func changed(_ name: String, _ changes: [Int: UInt8]) throws -> [UInt8] {
    var bytes = try Fixture.bytes(name)
    for (place, byte) in changes { bytes[place] = byte }
    return bytes
  }

  /// Where the directory of `descriptors.npz` begins, found by the signature of its entries.
  func directoryStart(_ bytes: [UInt8]) throws -> Int {
    try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
  }

  @Test func damageIsNamed() throws {
    let name = "descriptors.npz"
    let bytes = try Fixture.bytes(name)
    let directory = try directoryStart(bytes)
    // Offsets within an entry: flags 8, checksum 16, sizes 20 and 24, disk 34, offset 42.
    for (change, message) in [
      ([directory + 8: 9], ": is encrypted or a patch, which is not read"),
      ([directory + 34: 1], ": is part of an archive of several disks, which is not read"),
      (
        [directory + 16: ~bytes[directory + 16]],
        ", array 'matrix': damaged archive: the data differs from its checksum (CRC-32)"
      ),
      (
        [directory + 26: 64],
        ": damaged archive: the directory promises more bytes than the archive can hold"
      ),
      (
        [directory + 22: 64],
        ": damaged archive: the directory promises more bytes than the archive holds"
      ),
      (
        [directory + 42: 1],
        ", array 'matrix': damaged archive: the header of the data is not where it should be"
      ),
      (
        [directory + 44: 1],
        ", array 'matrix': damaged archive: the data lies outside of the archive"
      ),
      ([directory: 0], ": damaged archive: the directory is not where it should be"),
      (
        [30: UInt8(ascii: "M")],
        ", array 'matrix': damaged archive: the header of the data has another name than the "
          + "directory says"
      ),
      (
        [bytes.count - 22 + 12: 1],
        ": damaged archive: the directory does not end where it should"
      ),
    ] as [([Int: UInt8], String)] {
      #expect(try failure(reading: changed(name, change)) == message)
    }
    // The data of an array is one byte shorter than its shape asks for.
    let shorter = bytes[directory + 24] - 1
    let text = try failure(reading: changed(name, [directory + 24: shorter]))
    #expect(
      text == ", array 'matrix': short file: 2 x 3 elements of 4 bytes expect 24 bytes, found 23")
  }

  /// Whatever is damaged: it is refused, or it makes no difference to any array.
  @Test(arguments: ["arrays", "arrays-deflated", "descriptors", "zip64", "commented"])
  func everyFlippedOrMissingByteIsHandled(name: String) throws {
    let whole = try Fixture.bytes(name + ".npz")
    var shorter: [[UInt8]] = []
    var damaged: [[UInt8]] = []
    for index in whole.indices {
      shorter.append(Array(whole.prefix(index)))
      for damage in [1, 0x20, 0xff] as [UInt8] {
        damaged.append(whole)
        damaged[damaged.count - 1][index] ^= damage
      }
    }
    #expect(try readable(shorter).isEmpty)
    let expected = try NPZFile.read(Fixture.path(name + ".npz"))
    let found = try readable(damaged)
    // Times and versions, for example, say nothing about arrays.
    #expect(!found.isEmpty && found.allSatisfy { Self.isSame($0, expected) })
  }

  /// Numbers that are as large as they can be, at every place.
  @Test(arguments: ["descriptors", "zip64"], [2, 4, 8])
  func everyHugeNumberIsHandled(name: String, byteCount: Int) throws {
    let whole = try Fixture.bytes(name + ".npz")
    var damaged: [[UInt8]] = []
    for index in 0...(whole.count - byteCount) {
      for top in [0x7f, 0xff] as [UInt8] {
        let number = [UInt8](repeating: 0xff, count: byteCount - 1) + [top]
        damaged.append(whole)
        damaged[damaged.count - 1].replaceSubrange(index..<index + byteCount, with: number)
      }
    }
    let expected = try NPZFile.read(Fixture.path(name + ".npz"))
    let found = try readable(damaged)
    // Times and versions, for example, say nothing about arrays.
    #expect(!found.isEmpty && found.allSatisfy { Self.isSame($0, expected) })
  }

  /// What those archives hold that can be read.
  func readable(_ archives: [[UInt8]]) throws -> [[(name: String, array: NPZArray)]] {
    let scratch = try Scratch()
    return try archives.compactMap { bytes in
      let path = try scratch.write(bytes, to: "a.npz")
      return try? NPZFile.read(path)
    }
  }
}
