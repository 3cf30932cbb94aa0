/// Reading and writing of arrays in the format of `numpy.save`.
///
/// The format: the magic `93 4e 55 4d 50 59` ("NUMPY" after one byte), the version, the length of
/// the header, the header (a Python dictionary with `descr`, `fortran_order` and `shape`), then the
/// bare elements.
///
/// - Note: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
public enum NPYFile {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}
