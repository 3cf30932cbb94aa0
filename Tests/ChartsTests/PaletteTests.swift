import Foundation
import Testing

@testable import Charts

@Suite struct PaletteTests {
  /// Red, green and blue in linear light.
  private func linear(_ color: String) -> [Double] {
    let digits = Array(color.dropFirst())
    return stride(from: 0, to: 6, by: 2).map {
      let value = Double(Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  private func dot(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func luminance(_ color: String) -> Double {
    dot(linear(color), [0.2126, 0.7152, 0.0722])
  }

  /// Of WCAG 2.
  private func contrast(_ one: String, _ other: String) -> Double {
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private func lab(_ rgb: [Double]) -> [Double] {
    let held = rgb.map { $0.clamped(to: 0...1) }
    let xyz = [
      dot(held, [0.4124, 0.3576, 0.1805]) / 0.9505, dot(held, [0.2126, 0.7152, 0.0722]),
      dot(held, [0.0193, 0.1192, 0.9505]) / 1.089,
    ]
    let f = xyz.map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16.0 / 116 }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  @Test func contrastsAreThoseOfKnownPairs() {
    #expect((contrast("#000000", "#ffffff") - 21).magnitude < 1e-9)
    // WCAG's own example of a gray that just passes.
    #expect((contrast("#767676", "#ffffff") - 4.54).magnitude < 0.01)
  }

  @Test(arguments: [Palette.light, .dark])
  func everythingStandsOut(palette: Palette) {
    #expect(palette.series.count == 8 && Set(palette.series).count == 8)
    for color in palette.series { #expect(contrast(color, palette.paper) >= 3, "\(color)") }
    #expect(contrast(palette.ink, palette.paper) >= 7)
    #expect(contrast(palette.muted, palette.paper) >= 4.5)
    #expect(palette.heat.count == 11 && palette.heatInk.count == 11)
    for (color, ink) in zip(palette.heat, palette.heatInk) {
      #expect(contrast(color, ink) >= 4.5, "\(color)")
    }
    // Without any color the order of steps is still seen, and the worst stands out most.
    let contrasts = palette.heat.map { contrast($0, palette.paper) }
    #expect(zip(contrasts, contrasts.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// Machado, Oliveira and Fernandes (2009), severity 1: protan, deutan, tritan.
  private static let deficiencies: [[[Double]]] = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [
      [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    [
      [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
      [-0.011820, 0.042940, 0.968881],
    ],
    [
      [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.303900],
    ],
  ]

  @Test(arguments: [Palette.light, .dark])
  func colorBlindReadersTellSeriesApart(palette: Palette) {
    for (kind, matrix) in Self.deficiencies.enumerated() {
      let seen = palette.series.map { color in lab(matrix.map { dot($0, linear(color)) }) }
      for one in seen.indices {
        for other in 0..<one {
          let distance = zip(seen[one], seen[other]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
            .squareRoot()
          #expect(distance >= 20, "\(kind): \(other) and \(one)")
        }
      }
    }
  }
}
