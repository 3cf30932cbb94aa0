import Diagnostics
import Testing

@Suite struct UserPathTests {
  /// As `dirname` and `basename` of POSIX, but that nothing has no name.
  @Test(arguments: [
    ("x", ".", "x"), ("é", ".", "é"), ("b/", ".", "b"), ("a/b", "a", "b"), ("a//b//", "a", "b"),
    ("/a", "/", "a"), ("//a", "/", "a"), ("/", "/", ""), ("///", "/", ""), ("", ".", ""),
    (".", ".", "."), ("..", ".", ".."), ("../x", "..", "x"), ("./x", ".", "x"),
    ("a/b/c", "a/b", "c"), ("a\nb/c", "a\nb", "c"), ("a/\u{301}b", "a", "\u{301}b"),
    ("/\u{301}", "/", "\u{301}"), ("a\0/b", "a\0", "b"),
  ])
  func foldersAndNames(path: String, folder: String, name: String) {
    #expect(UserPath.folder(of: path) == folder)
    // By bytes: equality of strings sees through the composition of letters.
    #expect(Array(UserPath.name(of: path).utf8) == Array(name.utf8))
  }

  @Test func longPaths() {
    let deep = String(repeating: "z/", count: 2500)
    #expect(UserPath.folder(of: deep).utf8.count == 4997)
    #expect(UserPath.name(of: String(repeating: "y", count: 5000)).utf8.count == 5000)
  }

  @Test(arguments: [
    ("a", "b", "a/b"), ("a/", "b", "a/b"), ("/", "b", "/b"), ("", "b", "b"), ("a", "/b", "/b"),
    (".", "b", "./b"), ("x", "", "x/"), ("", "", ""),
  ])
  func joining(folder: String, path: String, joined: String) {
    #expect(UserPath.joined(folder, path) == joined)
  }
}
