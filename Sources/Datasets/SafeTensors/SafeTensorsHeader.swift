/// What the header of a file says of its arrays.
struct SafeTensorsHeader {
  /// An array, and what it takes to read its elements.
  struct Tensor {
    let name: String
    let header: NPYHeader
  }

  /// In the order of their bytes, which follow the header without a gap.
  let tensors: [Tensor]

  /// Reads the header, and leaves the file at the first byte of the arrays.
  init(of file: InputFile) throws(DatasetError) {
    func malformed(_ reason: String) -> DatasetError { .malformed(path: file.path, reason: reason) }
    guard let size = file.remainingCount else {
      throw .unreadable(path: file.path, reason: "such a file has to be a regular one")
    }
    let start = try file.read(8)
    guard start.count == 8 else {
      throw malformed(
        start.isEmpty
          ? "the file is empty"
          : "not a file that safetensors writes: shorter than its first number")
    }
    let length = start.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    // Other formats begin with letters, which make an absurd length.
    guard length <= UInt64(max(0, size - 8)) else {
      throw malformed(
        "not a file that safetensors writes, or a short one: it promises a header of \(length) bytes "
          + "and has \(max(0, size - 8))")
    }
    guard length <= UInt64(SafeTensorsFile.headerLimit) else {
      throw malformed(
        "header of \(length) bytes; at most \(SafeTensorsFile.headerLimit) are accepted")
    }
    let text = try file.read(Int(length))
    guard text.count == Int(length) else { throw malformed("short file: it ends in the header") }
    let entries: [SafeTensorsEntry]
    do throws(SafeTensorsScanner.Problem) {
      entries = try SafeTensorsScanner.entries(of: text)
    } catch {
      throw malformed("malformed header: \(error.reason)")
    }
    do throws(SafeTensorsScanner.Problem) {
      tensors = try Self.checked(entries, byteCount: size - 8 - Int(length))
    } catch {
      throw malformed(error.reason)
    }
  }

  /// Makes sure that the arrays take all bytes behind the header, each its own.
  private static func checked(
    _ entries: [SafeTensorsEntry], byteCount: Int
  ) throws(SafeTensorsScanner.Problem) -> [Tensor] {
    var tensors: [Tensor] = []
    var next = 0
    // Arrays without elements share their place with the one behind them.
    for entry in entries.sorted(by: { ($0.start, $0.end, $0.name) < ($1.start, $1.end, $1.name) }) {
      func problem(_ reason: String) -> SafeTensorsScanner.Problem {
        .init(reason: "array '\(entry.name)' \(reason)")
      }
      let header = try header(of: entry)
      guard entry.start <= entry.end, entry.end <= byteCount else {
        throw problem(
          "takes the bytes \(entry.start)..<\(entry.end), and the file has \(byteCount) behind its "
            + "header")
      }
      guard entry.start == next else {
        throw problem(
          entry.start < next
            ? "overlaps the one before it: it begins at byte \(entry.start), before \(next)"
            : "leaves a gap before it: it begins at byte \(entry.start), not \(next)")
      }
      guard entry.end - entry.start == header.byteCount else {
        throw problem(
          "has the shape \(header.shapeText), which takes \(header.byteCount) bytes, not "
            + "\(entry.end - entry.start)")
      }
      next = entry.end
      tensors.append(Tensor(name: entry.name, header: header))
    }
    guard next == byteCount else {
      throw .init(reason: "extra bytes: the arrays take \(next), and the file has \(byteCount)")
    }
    return tensors
  }

  private static func header(
    of entry: SafeTensorsEntry
  ) throws(SafeTensorsScanner.Problem) -> NPYHeader {
    guard let element = NPYElement(dtype: ["F32": "<f4", "F64": "<f8"][entry.type] ?? "") else {
      throw .init(
        reason:
          "array '\(entry.name)' holds elements of type '\(entry.type)'; accepted are F32 and "
          + "F64, as tensor.float() makes")
    }
    guard entry.shape.count <= NPZArray.dimensionLimit else {
      throw .init(
        reason: "array '\(entry.name)' has \(entry.shape.count) dimensions; at most "
          + "\(NPZArray.dimensionLimit) are read")
    }
    guard let header = NPYHeader(element: element, shape: entry.shape) else {
      throw .init(reason: "array '\(entry.name)' has an absurd size")
    }
    return header
  }
}
