internal import Logging
internal import Subprocess
public import SystemPackage

/// A program to run and everything it is given: the one way this project
/// starts another process.
///
/// The environment is exactly `environment`: nothing of ours is inherited, so
/// that a stray `GIT_DIR` or `CFLAGS` never reaches a tool. Arguments are
/// passed as they are; there is never a shell in between.
public struct Invocation: Sendable, Hashable {
    /// What the program reads on its standard input.
    public enum Input: Sendable, Hashable {
        /// `/dev/null`.
        case none
        /// These bytes, then end of file.
        case bytes([UInt8])
        /// Nothing, and no end of it until we have ended, however that came:
        /// for a program that is to live no longer than we do. It cannot be
        /// told from ``none`` by a program that does not read.
        case held
        /// Our own standard input, for an interactive program.
        case inherited
    }

    /// A path, or a name looked up in `PATH` of `environment`.
    public var program: String
    /// The arguments after the program's name.
    public var arguments: [String]
    /// The whole environment of the program.
    public var environment: [String: String]
    /// Where it starts; ours when absent.
    public var workingDirectory: FilePath?
    /// What it reads.
    public var input: Input

    /// How long a cancelled program may take to end by itself before it is
    /// killed.
    public var grace: Duration

    /// Describes a run of `program`; nothing is started.
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

    /// What a tool needs to work and to speak a language we can read.
    public static let basicEnvironment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    ]

    /// The program and its arguments as one would type them.
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

    /// The same, as Subprocess wants it.
    ///
    /// A session of its own keeps Ctrl-C on our terminal from reaching the
    /// program before we have decided how it should end.
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

    /// The program's file. A name is looked up here: Subprocess starts a
    /// process for each directory that might have it, which costs more than
    /// many a program runs.
    private var executable: Executable {
        if program.utf8.contains(UInt8(ascii: "/")) { return .path(FilePath(program)) }
        let found = environment["PATH"].flatMap { SearchPath($0).find(program) }
        return found.map { .path($0) } ?? .name(program)
    }
}
