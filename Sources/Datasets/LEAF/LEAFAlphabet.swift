/// The characters of LEAF's Shakespeare, numbered as LEAF numbers them.
package enum LEAFAlphabet {
  static let characters = Array(
    "\n !\"&'(),-.0123456789:;>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz}".utf8)

  /// The number of each byte; −1: it is none of them.
  private static let numbers: [Int] = {
    var numbers = [Int](repeating: -1, count: 256)
    for (number, byte) in characters.enumerated() { numbers[Int(byte)] = number }
    return numbers
  }()

  package static func number(_ byte: UInt8) -> Int? {
    let number = numbers[Int(byte)]
    return number < 0 ? nil : number
  }
}
