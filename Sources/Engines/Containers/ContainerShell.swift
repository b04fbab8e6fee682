/// What anybody needs to start a shell over a stage's image that may do what a
/// job may do.
public enum ContainerShell {
    /// What people may call the image of a stage, by the stage's digest.
    public static func image(of digest: String) -> String { DockerImages.name(of: digest) }

    /// The capabilities that a job has, all others taken from it.
    public static let capabilities =
        Capabilities.ofPackages + Capabilities.ofSandboxes + [Capabilities.ofLoopback]

    /// What a daemon is told of security modules: AppArmor's profile forbids to
    /// mount, which all of Portage's sandboxes do.
    public static let securityOptions = ["apparmor=unconfined"]
}
