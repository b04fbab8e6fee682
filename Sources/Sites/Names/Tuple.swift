/// The description of one kind of machine:
/// `<cpu>-<portage>-<buildhooks>-<packages>`.
package struct Tuple: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name of the file `config/cpu/<cpu>`.
    package let cpu: ZentooName
    /// The name of the branch `portage/<portage>`.
    package let portage: ZentooName
    /// The name of the branch `buildhooks/<buildhooks>`.
    package let buildhooks: ZentooName
    /// The name of the package set.
    package let packages: ZentooName
    /// The tuple as written.
    package let text: String

    /// Creates a tuple from its parts.
    package init(
        cpu: ZentooName, portage: ZentooName, buildhooks: ZentooName, packages: ZentooName
    ) {
        self.cpu = cpu
        self.portage = portage
        self.buildhooks = buildhooks
        self.packages = packages
        text = "\(cpu)-\(portage)-\(buildhooks)-\(packages)"
    }

    /// Returns whether a text could be a tuple. The parts of a recorded tuple
    /// need not exist any more, so only the rules for all names are checked.
    package static func hasForm(_ text: String) -> Bool {
        // The maximum length of a name does not apply, since a tuple contains
        // four.
        text.utf8.lazy.filter { $0 == UInt8(ascii: "-") }.count >= 3
            && ZentooName.hasForm(text)
    }

    /// The four parts in order.
    package var parts: [String] { [cpu.text, portage.text, buildhooks.text, packages.text] }

    /// The tuple as written.
    package var description: String { text }

    /// Orders by text.
    package static func < (left: Tuple, right: Tuple) -> Bool { left.text < right.text }
}
