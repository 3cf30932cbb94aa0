import Foundation
import Markup

/// What the attacks do to examples, as a picture that `gauntlet preview` drew.
struct PreviewSection {
  let page: StudyPage
  /// The bytes of the PNG.
  let picture: [UInt8]

  func html() -> HTML {
    page.section(
      "preview", "What attackers train on",
      [
        .tag(
          "p", [:],
          .text(
            "A row for each attack that changes examples: test images as they are, the same with the "
              + "trigger, and images of an attacker as it trains on them, with their labels.")),
        .tag(
          "figure", ["class": "preview"],
          .tag(
            "img",
            [
              "src": PageFrame.pictureSource + Data(picture).base64EncodedString(),
              "alt": "Examples without and with triggers, and as attackers train on them.",
            ])),
      ])
  }
}
