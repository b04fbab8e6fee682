/// What one kind of machine is: `<cpu>-<portage>-<buildhooks>-<packages>`.
public struct Tuple: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Names `config/cpu/<cpu>`.
    public let cpu: ZentooName
    /// Names the branch `portage/<portage>`.
    public let portage: ZentooName
    /// Names the branch `buildhooks/<buildhooks>`.
    public let buildhooks: ZentooName
    /// Names the package set.
    public let packages: ZentooName
    /// The tuple as it is written, which is also a valid name.
    public let text: String

    /// Puts a tuple together.
    public init(
        cpu: ZentooName, portage: ZentooName, buildhooks: ZentooName, packages: ZentooName
    ) {
        self.cpu = cpu
        self.portage = portage
        self.buildhooks = buildhooks
        self.packages = packages
        text = "\(cpu)-\(portage)-\(buildhooks)-\(packages)"
    }

    /// The four parts in their order.
    public var parts: [String] { [cpu.text, portage.text, buildhooks.text, packages.text] }

    /// The tuple as it is written.
    public var description: String { text }

    /// In the order of their texts.
    public static func < (left: Tuple, right: Tuple) -> Bool { left.text < right.text }
}
