/// The settings for starting a shell over a stage's image with the privileges
/// of a job.
public enum ContainerShell {
    /// Returns the user-visible name of a stage's image.
    public static func image(of digest: String) -> String { DockerImages.name(of: digest) }

    /// The capabilities of a job; all others are dropped.
    public static let capabilities =
        Capabilities.ofPackages + Capabilities.ofSandboxes + [Capabilities.ofLoopback]

    /// The daemon's options for security modules: AppArmor's default profile
    /// forbids mounts, which all of Portage's sandboxes need.
    public static let securityOptions = ["apparmor=unconfined"]
}
