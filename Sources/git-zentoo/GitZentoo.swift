internal import Commands
internal import Engines

/// The entry point; everything else is in Commands.
@main
struct GitZentoo {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        // The engine runs this program again to create namespaces. These calls
        // are not commands, and must be handled before there is a second
        // thread.
        switch arguments.first {
        case LocalLauncher.flag: LocalLauncher.main(arguments: arguments.dropFirst())
        case NamespaceLauncher.flag: NamespaceLauncher.main(arguments: arguments.dropFirst())
        default: await EntryPoint.main(arguments: Array(arguments))
        }
    }
}
