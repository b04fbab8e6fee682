import Exec
import SystemPackage
import TestSupport
import Testing

@testable import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct ProcessTests {
    @Test(.endsHangs) func signalIsDelivered() async {
        // A shell that runs the tests in the background ignores SIGINT in them.
        signal(SIGINT, SIG_DFL)
        var signals = TerminationSignals.watch().makeAsyncIterator()
        defer { for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) } }
        // Sent to the process: the threads that run tasks block all signals.
        kill(getpid(), SIGINT)
        #expect(await signals.next() == SIGINT)
    }

    @Test(
        arguments: [
            (nil, .nowhere), ("", .nowhere), ("0", .nowhere), ("False", .nowhere),
            ("1", .standardError), ("true", .standardError), ("/tmp/trace", .file("/tmp/trace")),
            ("trace", .unknown("trace")),
        ] as [(String?, Trace.Destination)])
    func traceAcceptsValuesOfGitTrace(value: String?, destination: Trace.Destination) {
        #expect(Trace.Destination(value) == destination)
    }

    @Test func platformReadsProcessEnvironment() {
        #expect(Platform.environment()["PATH"]?.isEmpty == false)
        #expect(Platform.workingDirectory().isAbsolute)
        #expect(Platform.executable().isAbsolute)
    }
}
