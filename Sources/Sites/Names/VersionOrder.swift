/// The order of one version relative to another.
package enum VersionOrder: Sendable, Hashable {
    /// It is the lower version.
    case earlier
    /// Both are the same version.
    case same
    /// It is the higher version.
    case later

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .earlier : left > right ? .later : .same
    }
}
