internal import Sites

/// The packages that decide a flavour by being in the root: what is compiled
/// before one of them is another version is of another flavour than what is
/// compiled after it.
enum Toolchain {
    static let packages: Set<String> = [
        "llvm-core/clang", "sys-devel/clang", "sys-devel/gcc", "sys-libs/glibc", "sys-libs/musl",
    ]

    /// The first package of a plan that may bring another compiler or libc than
    /// the root has: one that is there in this very version brings none.
    static func change(in entries: some Sequence<MergePlan.Entry>) -> MergePlan.Entry? {
        entries.first { entry in
            !entry.letters.contains("R")
                && CPV(entry.cpv).map { packages.contains($0.package) } ?? false
        }
    }
}
