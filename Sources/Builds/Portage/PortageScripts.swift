internal import Files
internal import SystemPackage

/// The programs of ours that run inside a root, as files that can be mounted
/// there.
package struct PortageScripts {
    /// Where they are seen in a root.
    package static let mountPoint = "/run/zentoo/bin"

    /// What of them is found in the place of a program of the root: where
    /// nothing but a machine's own administrator installs, and first in PATH,
    /// also in that of `/etc/profile`.
    static let replacements = [(name: "mount.sh", target: "/usr/local/sbin/mount")]

    private static let files: [(name: String, content: [UInt8])] = [
        ("adopt.py", PackageResources.adopt_py),
        ("depclean.sh", PackageResources.depclean_sh),
        ("distribute.py", PackageResources.distribute_py),
        ("emerge.py", PackageResources.emerge_py),
        ("flavour.py", PackageResources.flavour_py),
        ("harvest.py", PackageResources.harvest_py),
        ("hooks.sh", PackageResources.hooks_sh),
        ("mount.sh", PackageResources.mount_sh),
        ("patch.py", PackageResources.patch_py),
        ("plan.py", PackageResources.plan_py),
        ("session.sh", PackageResources.session_sh),
        ("shell.sh", PackageResources.shell_sh),
        ("unmerge.py", PackageResources.unmerge_py),
        ("userpatches.sh", PackageResources.userpatches_sh),
        ("witness.sh", PackageResources.witness_sh),
    ]

    /// Puts them below `directory` where they are not there already.
    static func install(in directory: FilePath) throws {
        try Directory.create(directory)
        for (name, content) in files {
            let path = directory.appending(name)
            let isProgram = replacements.contains { $0.name == name }
            if try FileContent.read(path) != content {
                try FileContent.write(
                    content, to: path,
                    permissions: FilePermissions(rawValue: isProgram ? 0o755 : 0o644),
                    ignoresMask: true)
            }
        }
    }
}
