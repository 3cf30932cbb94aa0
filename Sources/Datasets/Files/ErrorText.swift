import Foundation

/// Returns the system's text for an error number, such as "No space left on device".
func errorText(_ code: Int32) -> String {
  unsafe String(cString: strerror(code))
}
