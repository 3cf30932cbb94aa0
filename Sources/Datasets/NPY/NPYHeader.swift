/// What the header of a NumPy file says.
struct NPYHeader: Equatable {
  let element: NPYElement
  let isFortranOrder: Bool
  /// The extents, slowest first in C order; their product is sure not to overflow.
  let shape: [Int]

  private static let sizeLimit = 1 << 16

  /// Reads the header from the start of a file; elements are floats, or integers where those are taken.
  init(from file: some ByteSource, takesIntegers: Bool = false) throws(DatasetError) {
    do {
      try self.init(
        dictionary: try PythonLiteral(parsing: Self.text(from: file)), takesIntegers: takesIntegers)
    } catch let error as DatasetError {
      throw error
    } catch let error as PythonLiteral.SyntaxError {
      throw .malformed(path: file.path, reason: "malformed header: \(error.reason)")
    } catch let error as Refusal {
      throw .malformed(path: file.path, reason: error.reason)
    } catch {
      throw .malformed(path: file.path, reason: "malformed header")
    }
  }

  /// Says what elements in C order are, whose shape stands elsewhere; `nil` for an absurd size.
  ///
  /// - Precondition: No extent is negative.
  init?(element: NPYElement, shape: [Int]) {
    guard Self.isBearable(shape, elementSize: element.byteCount) else { return nil }
    self.element = element
    isFortranOrder = false
    self.shape = shape
  }

  /// Why a header is not accepted.
  private struct Refusal: Error {
    let reason: String
  }

  private static func text(from file: some ByteSource) throws -> [UInt8] {
    let start = try file.read(8)
    guard start.starts(with: NPYFile.magic) else {
      throw Refusal(
        reason: start.isEmpty
          ? "the file is empty" : "wrong magic: not a file that numpy.save writes (.npy)")
    }
    guard start.count == 8 else { throw Refusal(reason: "short file: it ends in the header") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw Refusal(
        reason: "format version \(start[6]).\(start[7]); accepted are 1.0, 2.0 and 3.0")
    }
    let width = start[6] == 1 ? 2 : 4
    let field = try file.read(width)
    guard field.count == width else { throw Refusal(reason: "short file: it ends in the header") }
    let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= sizeLimit else {
      throw Refusal(reason: "header of \(length) bytes; at most \(sizeLimit) are accepted")
    }
    let text = try file.read(length)
    guard text.count == length else { throw Refusal(reason: "short file: it ends in the header") }
    return text
  }

  private init(dictionary: PythonLiteral, takesIntegers: Bool) throws(Refusal) {
    guard case .dictionary(let entries) = dictionary else {
      throw Refusal(reason: "malformed header: not a dictionary")
    }
    let keys = ["descr", "fortran_order", "shape"]
    let found = entries.compactMap { entry in
      if case .string(let key) = entry.key { key } else { nil }
    }
    guard found.count == entries.count, found.sorted() == keys else {
      throw Refusal(
        reason: """
          malformed header: expected the keys \(keys.joined(separator: ", ")), found \
          \(found.sorted().joined(separator: ", "))
          """)
    }
    let values = keys.map { key in entries[found.firstIndex(of: key) ?? 0].value }
    element = try Self.element(values[0], takesIntegers)
    guard case .boolean(let isFortranOrder) = values[1] else {
      throw Refusal(reason: "malformed header: fortran_order is neither True nor False")
    }
    self.isFortranOrder = isFortranOrder
    shape = try Self.shape(values[2], elementSize: element.byteCount)
  }

  private static func element(
    _ literal: PythonLiteral, _ takesIntegers: Bool
  ) throws(Refusal) -> NPYElement {
    switch literal {
    case .string(let dtype):
      let known =
        takesIntegers ? NPYElement(numericDtype: dtype) : NPYElement(dtype: dtype)
      guard let element = known else {
        throw Refusal(reason: NPYElement.refusal(of: dtype, takesIntegers: takesIntegers))
      }
      return element
    case .sequence:
      throw Refusal(reason: "holds records with fields; accepted are float32 and float64")
    default: throw Refusal(reason: "malformed header: descr is not a type")
    }
  }

  private static func shape(_ literal: PythonLiteral, elementSize: Int) throws(Refusal) -> [Int] {
    guard case .sequence(let items) = literal else {
      throw Refusal(reason: "malformed header: shape is not a tuple")
    }
    var shape: [Int] = []
    for item in items {
      guard case .integer(let extent) = item, extent >= 0 else {
        throw Refusal(reason: "malformed header: shape holds something that is no size")
      }
      shape.append(extent)
    }
    guard isBearable(shape, elementSize: elementSize) else {
      throw Refusal(reason: "has shape \(text(shape)): absurd size")
    }
    return shape
  }

  /// Whether no product of extents overflows; extents of zero do not excuse absurd ones.
  private static func isBearable(_ shape: [Int], elementSize: Int) -> Bool {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      count = overflow ? .max : product
    }
    return count <= Int.max / (2 * elementSize)
  }
}
