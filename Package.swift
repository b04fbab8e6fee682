// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where the project itself is judged (.ci/run sets the
// variable), never for somebody who builds it with a later compiler.
let isStrict = Context.environment["ZENTOO_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// Imports run one way, from the foot of this list to its head: a target
// may depend only on those above it.
let package = Package(
    name: "git-zentoo",
    products: [.executable(name: "git-zentoo", targets: ["git-zentoo"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    ],
    targets: [
        // libgit2 as the system has it; imported by Git alone.
        .systemLibrary(
            name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),

        // What libgit2 calls while it starts and need not; linked with Git alone.
        .target(name: "CGit2Start"),

        // The few calls of Linux that Swift cannot make; imported by Engines alone.
        .systemLibrary(name: "CLinux"),

        // The one way to run a program.
        .target(
            name: "Exec", dependencies: [logging, subprocess, system], swiftSettings: settings),

        // Files and directories, locked, synced and replaced atomically.
        .target(name: "Files", dependencies: [system], swiftSettings: settings),

        // Repositories: objects, references, notes, tags, work trees. No Gentoo here.
        .target(
            name: "Git", dependencies: ["CGit2", "CGit2Start", "Exec", system],
            swiftSettings: settings),

        // Where a job runs: plain values in, an outcome out. No git, no Gentoo policy.
        .target(
            name: "Engines", dependencies: ["CLinux", "Exec", system],
            resources: [.embedInCode("Containers/runner.sh")], swiftSettings: settings),

        // What a site says: names, tuples, the files of config/, branches, composing.
        .target(
            name: "Sites", dependencies: ["Git", "Exec", "Files", system],
            swiftSettings: settings),

        // What was built: lines, notes, tags, the index, and every answer they give.
        .target(
            name: "Records", dependencies: ["Sites", "Git", "Exec", "Files", system],
            swiftSettings: settings),

        // Changes of a site's branches: importing, creating, setting.
        .target(
            name: "Edits", dependencies: ["Sites", "Git", "Exec", "Files", system],
            swiftSettings: settings),

        // Running Portage: machine, stages, plan, jobs, harvest, assembling, bootstrap.
        .target(
            name: "Builds",
            dependencies: [
                "Sites", "Records", "Edits", "Engines", "Git", "Exec", "Files", logging, system,
            ],
            resources: [
                .embedInCode("Portage/Scripts/adopt.py"),
                .embedInCode("Portage/Scripts/depclean.sh"),
                .embedInCode("Portage/Scripts/described.py"),
                .embedInCode("Portage/Scripts/distribute.py"),
                .embedInCode("Portage/Scripts/emerge.py"),
                .embedInCode("Portage/Scripts/flavour.py"),
                .embedInCode("Portage/Scripts/harvest.py"),
                .embedInCode("Portage/Scripts/hooks.sh"),
                .embedInCode("Portage/Scripts/merge.py"),
                .embedInCode("Portage/Scripts/merge_direct.py"),
                .embedInCode("Portage/Scripts/merge_environment.py"),
                .embedInCode("Portage/Scripts/merge_filter.py"),
                .embedInCode("Portage/Scripts/merge_install.py"),
                .embedInCode("Portage/Scripts/merge_late.py"),
                .embedInCode("Portage/Scripts/merge_loop.py"),
                .embedInCode("Portage/Scripts/merge_packages.py"),
                .embedInCode("Portage/Scripts/merge_phases.py"),
                .embedInCode("Portage/Scripts/merge_tested.txt"),
                .embedInCode("Portage/Scripts/mount.sh"),
                .embedInCode("Portage/Scripts/patch.py"),
                .embedInCode("Portage/Scripts/plan.py"),
                .embedInCode("Portage/Scripts/session.sh"),
                .embedInCode("Portage/Scripts/shell.sh"),
                .embedInCode("Portage/Scripts/unmerge.py"),
                .embedInCode("Portage/Scripts/userpatches.sh"),
                .embedInCode("Portage/Scripts/witness.sh"),
            ],
            swiftSettings: settings),

        // Roots to live in, patches made in them, the shells' integration.
        .target(
            name: "Roots",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Engines", "Git", "Exec", "Files", system,
            ],
            swiftSettings: settings),

        // A server's work: what a push may do, the queue, the worker.
        .target(
            name: "Server",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Engines", "Git", "Exec", "Files", system,
            ],
            swiftSettings: settings),

        // Keeping it whole: init, hooks in place, doctor, repair.
        .target(
            name: "Upkeep",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Engines", "Git", "Exec",
                "Files", system,
            ],
            resources: [
                // Links: the shims for repositories are those of hooks/.
                .embedInCode("Hooks/Shims/post-receive"),
                .embedInCode("Hooks/Shims/pre-receive"),
            ],
            swiftSettings: settings),

        // A file a subcommand; all that is read from or written to a terminal.
        .target(
            name: "Commands",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Upkeep",
                "Engines", "Git", "Exec", "Files", argumentParser, logging, system,
            ],
            swiftSettings: settings),

        // The entry point and nothing else.
        .executableTarget(
            name: "git-zentoo", dependencies: ["Commands", "Engines"],
            swiftSettings: settings),

        // Measures git-zentoo beside what else does the same work.
        .executableTarget(
            name: "zentoo-benchmark",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Upkeep",
                "Engines", "Git", "Exec", "Files", argumentParser, system,
            ],
            path: "Tests/Benchmarks", swiftSettings: settings),

        // What the test targets share: hermetic environments, temporary repositories.
        .target(
            name: "TestSupport", dependencies: ["Git", "Engines", "Exec", system],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "FilesTests", dependencies: ["Files", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "GitTests", dependencies: ["Git", "CGit2Start", "Exec", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "ZentooTests",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Upkeep",
                "TestSupport", "Git", "Engines", "Exec", "Files", "git-zentoo", system,
            ],
            exclude: ["Import/Snapshots", "Roots/Snapshots"],
            swiftSettings: settings),
        .testTarget(
            name: "ExecTests", dependencies: ["Exec", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "EnginesTests",
            dependencies: ["Engines", "Exec", "git-zentoo", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Upkeep",
                "Git", "Engines", "Exec", "Files", "TestSupport",
                "git-zentoo",
                argumentParser, system,
            ],
            exclude: ["Shells", "Snapshots"], swiftSettings: settings),
        // Whole runs of the real thing; skipped without config/demo/prepare.
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Sites", "Records", "Edits", "Builds", "Roots", "Server", "Upkeep",
                "Git", "Exec", "Files", "TestSupport", "git-zentoo", subprocess, system,
            ],
            swiftSettings: settings),
    ]
)
