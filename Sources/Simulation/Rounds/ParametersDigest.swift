import Hashing

/// SHA-256 over the bits of parameters, little-endian, in order; −0 and NaN payloads count.
public enum ParametersDigest {
  /// Returns 64 lower-case hexadecimal digits.
  public static func hexadecimal(of parameters: [Float]) -> String {
    var hash = SHA256()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * 4096)
    for start in stride(from: 0, to: parameters.count, by: 4096) {
      bytes.removeAll(keepingCapacity: true)
      for value in parameters[start..<min(start + 4096, parameters.count)] {
        let bits = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits &>> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits &>> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits &>> 24))
      }
      hash.update(bytes)
    }
    return Hexadecimal.string(hash.finalize())
  }
}
