import Foundation
import Hashing
public import Markup

/// A page that is one file: nothing is loaded, and only its own style and script run.
///
/// A content security policy names both by their digests, so that no text that slipped into the
/// page could run or load anything. Pictures are in the page itself.
public enum PageFrame {
  /// How the source of a picture in the page begins; its bytes follow in base 64.
  static let pictureSource = "data:image/png;base64,"

  /// The whole document.
  ///
  /// - Parameters:
  ///   - title: The title of the window.
  ///   - style: Style sheets, joined in their order; ``PageStyle/common`` first.
  ///   - script: Scripts, run after the page is there; ``PageScript/tables`` for sortable tables.
  ///   - body: The content; no element may have a `style` attribute or a handler.
  ///   - hasPictures: Whether it has pictures, whose bytes are in it.
  /// - Returns: the text of the file.
  /// - Precondition: neither styles nor scripts hold `</`, which could end their element.
  public static func document(
    title: String, style: [String], script: [String], body: [HTML], hasPictures: Bool = false
  ) -> String {
    let style = style.joined(separator: "\n")
    let script = script.joined(separator: "\n")
    precondition(!style.contains("</") && !script.contains("</"), "a style or script ends early")
    let policy =
      "default-src 'none'; style-src 'sha256-\(digest(style))'; "
      + (hasPictures ? "img-src data:; " : "")
      + (script.isEmpty ? "" : "script-src 'sha256-\(digest(script))'; ")
      + "base-uri 'none'; form-action 'none'"
    let head = HTML.tag(
      "head", [:],
      .tag("meta", ["charset": "utf-8"]),
      .tag("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .tag("meta", ["name": "referrer", "content": "no-referrer"]),
      .tag("title", [:], .text(Printable.escaped(title))),
      // What is hashed is what stands between the tags, to the byte.
      .markup("<style>\(style)</style>"))
    let end = script.isEmpty ? [] : [HTML.markup("<script>\(script)</script>")]
    let page = HTML.tag("html", ["lang": "en"], head, .tag("body", [:], all: body + end))
    return "<!doctype html>\n" + page.markup + "\n"
  }

  /// SHA-256 in base 64, as a policy names a source.
  static func digest(_ text: String) -> String {
    Data(SHA256.hash(Array(text.utf8))).base64EncodedString()
  }
}
