import Determinism
import Tensors

/// The signs of the rows, two bits for each value.
struct SignBits: Sendable {
  private let rowCount: Int
  private let wordCount: Int
  /// Which values are not zero, and which of them are negative; `wordCount` words for each row.
  private let nonzero: [UInt64]
  private let negative: [UInt64]

  init(_ values: Matrix<Float>, pool: WorkPool) {
    rowCount = values.rowCount
    let wordCount = (values.columnCount + 63) / 64
    self.wordCount = wordCount
    let words = pool.map(rowCount) { row in
      values.withRow(row) { row in
        var (nonzero, negative) = ([UInt64](), [UInt64]())
        nonzero.reserveCapacity(wordCount)
        negative.reserveCapacity(wordCount)
        for start in stride(from: 0, to: row.count, by: 64) {
          var (some, below): (UInt64, UInt64) = (0, 0)
          for bit in 0..<min(64, row.count - start) {
            let value = row[start + bit]
            some |= (value != 0 ? 1 : 0) << UInt64(bit)
            below |= (value < 0 ? 1 : 0) << UInt64(bit)
          }
          nonzero.append(some)
          negative.append(below)
        }
        return (nonzero, negative)
      }
    }
    nonzero = words.flatMap(\.0)
    negative = words.flatMap(\.1)
  }

  /// In how many more coordinates two rows have the same sign than opposite ones; a zero is neither.
  ///
  /// - Complexity: O(d / 64).
  func agreement(_ i: Int, _ j: Int) -> Int {
    let rows = (i * wordCount..<(i + 1) * wordCount, j * wordCount..<(j + 1) * wordCount)
    let (first, second) = (
      nonzero.span.extracting(rows.0), nonzero.span.extracting(rows.1)
    )
    let (firstNegative, secondNegative) = (
      negative.span.extracting(rows.0), negative.span.extracting(rows.1)
    )
    var surplus = 0
    for word in 0..<wordCount {
      let both = first[word] & second[word]
      let opposite = both & (firstNegative[word] ^ secondNegative[word])
      surplus &+= both.nonzeroBitCount &- 2 &* opposite.nonzeroBitCount
    }
    return surplus
  }

  /// For each row, with how many rows more it agrees than it disagrees, itself included.
  ///
  /// - Complexity: O(n² d / 64).
  func standings(pool: WorkPool) -> [Int] {
    let signs = pool.map(rowCount) { row in (0...row).map { agreement(row, $0).signum() } }
    var standings = [Int](repeating: 0, count: rowCount)
    for (row, others) in signs.enumerated() {
      for (other, sign) in others.enumerated() {
        standings[row] += sign
        if other != row { standings[other] += sign }
      }
    }
    return standings
  }
}
