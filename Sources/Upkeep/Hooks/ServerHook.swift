internal import Git
internal import SystemPackage

/// A git hook that git-zentoo implements on a server (githooks(5)).
///
/// The file in the repository is a shim that finds the program and calls it.
package enum ServerHook: String, Sendable, Hashable, Codable, CaseIterable {
    /// May refuse a push before any reference is updated.
    case preReceive = "pre-receive"
    /// Queues the tuples that a push affects.
    case postReceive = "post-receive"

    /// The shim's text.
    var shim: [UInt8] {
        switch self {
        case .preReceive: PackageResources.pre_receive
        case .postReceive: PackageResources.post_receive
        }
    }

    /// Whether `text` is the shim of this or another version.
    static func isShim(_ text: [UInt8]) -> Bool {
        text.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: mark) }
    }

    private static let mark = Array("# Installed by 'git zentoo hook install'".utf8)
}

extension ServerHook {
    /// The state of a hook.
    package enum State: String, Sendable, Hashable, Codable {
        /// There is no hook.
        case missing
        /// The shim of this version.
        case installed
        /// The shim of another version.
        case outdated
        /// A foreign hook.
        case foreign
    }

    /// A hook of a repository.
    package struct Status: Sendable, Hashable, Codable {
        /// The hook.
        package let hook: ServerHook
        /// The path, whether or not it exists.
        package let path: String
        /// The state.
        package let state: State
        /// The foreign hook that the shim calls first.
        package let first: String?
    }
}
