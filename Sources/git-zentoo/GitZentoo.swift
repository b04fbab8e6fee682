internal import Commands
internal import Engines

/// The entry point: everything else lives in Commands.
@main
struct GitZentoo {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        // The local engine runs this program again inside the namespaces it
        // has made; that call is no command, so it is taken before parsing.
        if arguments.first == LocalLauncher.flag {
            LocalLauncher.main(arguments: arguments.dropFirst())
        }
        await EntryPoint.main(arguments: Array(arguments))
    }
}
