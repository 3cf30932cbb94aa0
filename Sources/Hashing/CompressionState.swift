/// The eight words of a hash under way, and the compression of one block into them (FIPS 180-4,
/// 6.2.2).
struct CompressionState: Sendable {
  private var a: UInt32 = 0x6a09_e667
  private var b: UInt32 = 0xbb67_ae85
  private var c: UInt32 = 0x3c6e_f372
  private var d: UInt32 = 0xa54f_f53a
  private var e: UInt32 = 0x510e_527f
  private var f: UInt32 = 0x9b05_688c
  private var g: UInt32 = 0x1f83_d9ab
  private var h: UInt32 = 0x5be0_cd19

  var words: [UInt32] { [a, b, c, d, e, f, g, h] }

  /// Returns the state after one block of 64 bytes.
  func compressing(_ block: Span<UInt8>) -> CompressionState {
    precondition(block.count == SHA256.blockSize, "a block has 64 bytes, got \(block.count)")
    var words = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 {
      words[index] =
        UInt32(block[4 * index]) &<< 24 | UInt32(block[4 * index + 1]) &<< 16
        | UInt32(block[4 * index + 2]) &<< 8 | UInt32(block[4 * index + 3])
    }
    for index in 16..<64 {
      words[index] =
        smallSigma1(words[index - 2]) &+ words[index - 7]
        &+ smallSigma0(words[index - 15]) &+ words[index - 16]
    }
    var next = self
    // Eight rounds at a time, after which every letter is back in its place.
    for index in stride(from: 0, to: 64, by: 8) {
      next.round8(words, from: index)
    }
    var sum = self
    sum.a &+= next.a
    sum.b &+= next.b
    sum.c &+= next.c
    sum.d &+= next.d
    sum.e &+= next.e
    sum.f &+= next.f
    sum.g &+= next.g
    sum.h &+= next.h
    return sum
  }

  @inline(__always)
  private mutating func round8(_ words: borrowing InlineArray<64, UInt32>, from index: Int) {
    let k = roundConstants
    step(a, b, c, &d, e, f, g, &h, k[index] &+ words[index])
    step(h, a, b, &c, d, e, f, &g, k[index + 1] &+ words[index + 1])
    step(g, h, a, &b, c, d, e, &f, k[index + 2] &+ words[index + 2])
    step(f, g, h, &a, b, c, d, &e, k[index + 3] &+ words[index + 3])
    step(e, f, g, &h, a, b, c, &d, k[index + 4] &+ words[index + 4])
    step(d, e, f, &g, h, a, b, &c, k[index + 5] &+ words[index + 5])
    step(c, d, e, &f, g, h, a, &b, k[index + 6] &+ words[index + 6])
    step(b, c, d, &e, f, g, h, &a, k[index + 7] &+ words[index + 7])
  }
}

/// One round: the new `e` is left in `d` and the new `a` in `h`, so nothing else moves.
@inline(__always)
private func step(
  _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
  _ h: inout UInt32, _ word: UInt32
) {
  let choice = g ^ (e & (f ^ g))
  let majority = (a & b) | (c & (a | b))
  let first = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ word
  d &+= first
  h = first &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
}

@inline(__always)
private func smallSigma0(_ x: UInt32) -> UInt32 {
  rotated(x, 7) ^ rotated(x, 18) ^ (x &>> 3)
}

@inline(__always)
private func smallSigma1(_ x: UInt32) -> UInt32 {
  rotated(x, 17) ^ rotated(x, 19) ^ (x &>> 10)
}

@inline(__always)
private func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 {
  x &>> count | x &<< (32 &- count)
}

/// The first 32 fractional bits of the cube roots of the first 64 primes.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
  0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
  0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
  0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
  0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
  0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
  0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
  0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
