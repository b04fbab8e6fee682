/// A cpu of which only gcc's name is known.
package enum NewCPU {
    /// Returns the make.conf fragment.
    package static func fragment(architecture: String) -> String {
        """
        # Made by 'git zentoo cpu new'. On a machine with this processor,
        # 'git zentoo cpu detect' tells more, such as CPU_FLAGS_X86.

        COMMON_FLAGS="-O2 -pipe -march=\(architecture)"
        CFLAGS="${COMMON_FLAGS}"
        CXXFLAGS="${COMMON_FLAGS}"
        FCFLAGS="${COMMON_FLAGS}"
        FFLAGS="${COMMON_FLAGS}"

        """
    }
}
