/// What one kind of machine is: `<cpu>-<portage>-<buildhooks>-<packages>`.
package struct Tuple: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Names `config/cpu/<cpu>`.
    package let cpu: ZentooName
    /// Names the branch `portage/<portage>`.
    package let portage: ZentooName
    /// Names the branch `buildhooks/<buildhooks>`.
    package let buildhooks: ZentooName
    /// Names the package set.
    package let packages: ZentooName
    /// The tuple as it is written, which is also a valid name.
    package let text: String

    /// Puts a tuple together.
    package init(
        cpu: ZentooName, portage: ZentooName, buildhooks: ZentooName, packages: ZentooName
    ) {
        self.cpu = cpu
        self.portage = portage
        self.buildhooks = buildhooks
        self.packages = packages
        text = "\(cpu)-\(portage)-\(buildhooks)-\(packages)"
    }

    /// Whether a text could be a tuple: a record's need not be one of today's
    /// names, so it is only held to what all names have in common.
    package static func hasForm(_ text: String) -> Bool {
        // Not a name's length: four of them make a tuple.
        text.split(separator: "-", omittingEmptySubsequences: false).count >= 4
            && ZentooName.hasForm(text)
    }

    /// The four parts in their order.
    package var parts: [String] { [cpu.text, portage.text, buildhooks.text, packages.text] }

    /// The tuple as it is written.
    package var description: String { text }

    /// In the order of their texts.
    package static func < (left: Tuple, right: Tuple) -> Bool { left.text < right.text }
}
