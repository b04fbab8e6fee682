internal import Git
internal import SystemPackage

/// A hook of git's that git-zentoo answers on a server (githooks(5)).
///
/// What lies in a repository is a shim: it finds the program and calls it.
package enum ServerHook: String, Sendable, Hashable, Codable, CaseIterable {
    /// May refuse a push before anything of it is seen.
    case preReceive = "pre-receive"
    /// Queues what a push changed.
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
    /// What becomes of a hook.
    package enum State: String, Sendable, Hashable, Codable {
        /// There is no hook.
        case missing
        /// The shim of this version.
        case installed
        /// The shim of another version.
        case outdated
        /// Somebody else's hook.
        case foreign
    }

    /// A hook of a repository.
    package struct Status: Sendable, Hashable, Codable {
        /// Which.
        package let hook: ServerHook
        /// Where it is, or would be.
        package let path: String
        /// What is there.
        package let state: State
        /// Somebody else's hook that the shim calls first.
        package let first: String?
    }
}
