internal import Files
internal import SystemPackage

/// Our scripts that run inside a root, as files that can be mounted there.
package struct PortageScripts {
    /// Their directory in a root.
    package static let mountPoint = "/run/zentoo/bin"

    /// The file among a job's output in which `plan.py` describes the binary
    /// packages of the planned root.
    static let plannedPackages = "planned"
    /// The file in which `harvest.py` describes the packages of a root.
    static let harvestedPackages = "harvest"

    /// The scripts that replace a program of the root. The target directory is
    /// one where only the administrator of a machine installs programs, and the
    /// first in PATH, also in that of `/etc/profile`.
    static let replacements = [(name: "mount.sh", target: "/usr/local/sbin/mount")]

    private static let files: [(name: String, content: [UInt8])] = [
        ("adopt.py", PackageResources.adopt_py),
        ("depclean.sh", PackageResources.depclean_sh),
        ("described.py", PackageResources.described_py),
        ("distribute.py", PackageResources.distribute_py),
        ("emerge.py", PackageResources.emerge_py),
        ("flavour.py", PackageResources.flavour_py),
        ("harvest.py", PackageResources.harvest_py),
        ("hooks.sh", PackageResources.hooks_sh),
        ("merge.py", PackageResources.merge_py),
        ("merge_direct.py", PackageResources.merge_direct_py),
        ("merge_environment.py", PackageResources.merge_environment_py),
        ("merge_filter.py", PackageResources.merge_filter_py),
        ("merge_install.py", PackageResources.merge_install_py),
        ("merge_late.py", PackageResources.merge_late_py),
        ("merge_loop.py", PackageResources.merge_loop_py),
        ("merge_packages.py", PackageResources.merge_packages_py),
        ("merge_phases.py", PackageResources.merge_phases_py),
        ("merge_tested.txt", PackageResources.merge_tested_txt),
        ("mount.sh", PackageResources.mount_sh),
        ("patch.py", PackageResources.patch_py),
        ("plan.py", PackageResources.plan_py),
        ("session.sh", PackageResources.session_sh),
        ("shell.sh", PackageResources.shell_sh),
        ("unmerge.py", PackageResources.unmerge_py),
        ("userpatches.sh", PackageResources.userpatches_sh),
        ("witness.sh", PackageResources.witness_sh),
    ]

    /// Writes those that are missing or outdated to `directory`.
    ///
    /// - Parameter testedPortages: lines to add to `merge_tested.txt`.
    static func install(in directory: FilePath, testedPortages: [String]) throws {
        try Directory.create(directory)
        let lines = testedPortages.map { "\($0)\n" }.joined()
        for (name, standard) in files {
            let content = name == "merge_tested.txt" ? standard + Array(lines.utf8) : standard
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
