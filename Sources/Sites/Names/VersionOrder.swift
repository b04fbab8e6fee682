/// How one version stands to another.
package enum VersionOrder: Sendable, Hashable {
    /// It is the lesser one.
    case earlier
    /// Both are the same version.
    case same
    /// It is the greater one.
    case later

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .earlier : left > right ? .later : .same
    }
}
