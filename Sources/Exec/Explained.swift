/// An error that knows what the user can do about it.
///
/// Every module's errors conform, so that one place can show them all: what
/// is wrong as `fatal:`, each way out as a `hint:` line.
public protocol Explained: Error, CustomStringConvertible {
    /// What to type or change, one hint an element, without full stop.
    var hints: [String] { get }
}
