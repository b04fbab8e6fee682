import Engines

if CommandLine.arguments.dropFirst().first == LocalLauncher.flag {
    LocalLauncher.main(arguments: CommandLine.arguments.dropFirst(2))
}
