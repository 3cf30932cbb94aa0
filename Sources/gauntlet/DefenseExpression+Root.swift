import BareRounds
import Components
import Datasets
import Reporting
import Tensors

extension DefenseExpression {
  /// Reads the update that the server's own data gives; `nil` where no component needs it.
  ///
  /// - Throws: `Failure` where it is missing or no vector of `columnCount` finite values.
  func rootUpdate(in file: String?, columnCount: Int) throws -> [Float]? {
    guard let reader = rootReader else {
      if let file { Console.note("gauntlet: \(file): is not read, as no method needs --root") }
      return nil
    }
    guard let file else {
      throw Failure("\(reader): needs what the server's own data gives; name it with --root")
    }
    let wanted = "has to be one vector of " + counted(columnCount, "finite value")
    let update = try NPYFile.readFloats(file) { rows, columns in
      rows == 1 && columns == columnCount ? nil : wanted
    }
    guard update.isFinite(row: 0) else { throw Failure("\(file): \(wanted)") }
    return update.row(0)
  }
}
