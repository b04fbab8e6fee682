/// An error with hints for the user.
///
/// The errors of all modules conform, so that one function can print them: the
/// message as `fatal:`, each hint as a `hint:` line.
public protocol Explained: Error, CustomStringConvertible {
    /// The commands to type or settings to change, one per hint, without a full
    /// stop.
    var hints: [String] { get }
}
