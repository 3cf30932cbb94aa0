#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Returns the system's text for an error number, such as "No space left on device".
func errorText(_ code: Int32) -> String {
  unsafe String(cString: strerror(code))
}

/// Returns why a file cannot be made at a path, with the folder that is missing.
func writingErrorText(_ code: Int32, path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return errorText(code) }
  switch code {
  case ENOENT: return "there is no folder '\(path[..<slash])'"
  case ENOTDIR: return "'\(path[..<slash])' is no folder"
  default: return errorText(code)
  }
}
