/// What root of a job's root can do, by the names of capabilities(7).
enum Capabilities {
    /// Docker's defaults without NET_RAW, which packages are used to.
    static let ofPackages = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]
    /// What Portage's sandboxes need: SYS_ADMIN for its namespaces, SYS_PTRACE
    /// for `sandbox`.
    static let ofSandboxes = ["SYS_ADMIN", "SYS_PTRACE"]
    /// To set up a loopback interface in a namespace without a network.
    static let ofLoopback = "NET_ADMIN"
}
