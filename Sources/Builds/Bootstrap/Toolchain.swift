internal import Sites

/// The packages in a root that determine its flavour: packages compiled before
/// and after a change of version of one of them are of different flavours.
enum Toolchain {
    static let packages: Set<String> = [
        "llvm-core/clang", "sys-devel/clang", "sys-devel/gcc", "sys-libs/glibc", "sys-libs/musl",
    ]

    /// Returns the first package of a plan that may change the root's compiler
    /// or libc. One that is installed in the same version does not change it.
    static func change(in entries: some Sequence<MergePlan.Entry>) -> MergePlan.Entry? {
        entries.first { entry in
            !entry.letters.contains("R")
                && CPV(entry.cpv).map { packages.contains($0.package) } ?? false
        }
    }
}
