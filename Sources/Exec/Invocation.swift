internal import Logging
internal import Subprocess
public import SystemPackage

/// A program to run, with its arguments, environment and input. All other
/// processes are started with it.
///
/// The environment is exactly `environment`: nothing is inherited from this
/// process, so that a stray `GIT_DIR` or `CFLAGS` never reaches a tool.
/// Arguments are passed unchanged; there is never a shell in between.
public struct Invocation: Sendable, Hashable {
    /// The standard input of the program.
    public enum Input: Sendable, Hashable {
        /// `/dev/null`.
        case none
        /// These bytes, then end of file.
        case bytes([UInt8])
        /// Nothing, and no end of file until this process ends, however it
        /// ends: for a program that must not outlive this process. A program
        /// that does not read cannot distinguish it from ``none``.
        case held
        /// The standard input of this process, for an interactive program.
        case inherited
    }

    /// A path, or a name looked up in `PATH` of `environment`.
    public var program: String
    /// The arguments after the program's name.
    public var arguments: [String]
    /// The whole environment of the program.
    public var environment: [String: String]
    /// The directory in which it starts; that of this process when nil.
    public var workingDirectory: FilePath?
    /// Its standard input.
    public var input: Input

    /// The time that a cancelled program has to end by itself before it is
    /// killed.
    public var grace: Duration

    /// Creates an invocation of `program`; nothing is started.
    public init(
        _ program: String, _ arguments: [String] = [],
        environment: [String: String] = Invocation.basicEnvironment,
        workingDirectory: FilePath? = nil, input: Input = .none, grace: Duration = .seconds(10)
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.grace = grace
    }

    /// The variables that a tool needs to work and to produce output that can
    /// be parsed.
    public static let basicEnvironment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    ]

    /// The program and its arguments as typed in a shell.
    public var commandLine: String {
        ([program] + arguments).map(Self.quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./=:,@%+^".utf8.contains(byte)
            }
        }
        if plain && !word.isEmpty { return word }
        let escaped = word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#)
        return "'\(escaped)'"
    }
}

extension Invocation {
    static let logger = Logger(label: "exec")

    /// Returns the invocation as a configuration of Subprocess.
    ///
    /// In a session of its own the program does not receive Ctrl-C from this
    /// process's terminal, so that this process decides how the program ends.
    func configuration(createSession: Bool) -> Configuration {
        var options = PlatformOptions()
        options.createSession = createSession
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: grace)]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment {
            variables[Environment.Key(stringLiteral: name)] = value
        }
        return Configuration(
            executable: executable,
            arguments: Arguments(arguments),
            environment: .custom(variables),
            workingDirectory: workingDirectory,
            platformOptions: options)
    }

    /// The program's file. A name is looked up here because Subprocess starts a
    /// process for each directory that might contain it, which takes longer
    /// than many of the programs run.
    private var executable: Executable {
        if program.utf8.contains(UInt8(ascii: "/")) { return .path(FilePath(program)) }
        let found = environment["PATH"].flatMap { SearchPath($0).find(program) }
        return found.map { .path($0) } ?? .name(program)
    }
}
