/// The first draws of two streams, recorded from engine 1.
enum SeedPathPins {
  static let zero: [UInt64] = [151_221_937_274_985_084, 3_082_510_727_394_737_508]
  static let client: [UInt64] = [10_325_945_524_297_307_398, 13_868_633_957_012_332_185]
}
